/* engine/session_reset.c - all tables made empty at once, whatever they hold. */
#include "base/arena.h"
#include "base/memory.h"
#include "engine/catalog_edit.h"
#include "engine/catalog_internal.h"
#include "engine/session.h"
#include "engine/stream.h"

enum { ARENA_BYTES_MAX = 1 << 20 };

static bool is_named(struct span namespace, const struct string_list *namespaces)
{
    if (namespaces == NULL)
        return true;
    for (size_t i = 0; i < namespaces->count; i++)
        if (span_equal(namespaces->items[i], namespace))
            return true;
    return false;
}

/* The old space is left to session_sweep. */
static struct error *exchange(struct session *session, uint32_t *space)
{
    if (*space == 0)
        return NULL;
    TRY(catalog_drop_space(session, *space));
    return catalog_new_space(session, space);
}

static struct error *empty(struct session *session, const struct table *table)
{
    struct table *emptied = table_clone(table);
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    const struct table *published;
    struct error *error = exchange(session, &emptied->space);

    if (error == NULL)
        error = exchange(session, &emptied->collection_space);
    for (size_t i = 0; i < emptied->index_count && error == NULL; i++)
        error = exchange(session, &emptied->indexes[i].space);
    if (error == NULL)
        error = exchange(session, &emptied->ttl_space);
    if (error == NULL)
        error = stream_empty(session, arena, emptied);
    if (error == NULL)
        error = catalog_put(session, emptied, &published);
    arena_close(arena);
    memory_free(emptied);
    return error;
}

struct error *session_reset(struct session *session, const struct string_list *namespaces,
                            uint64_t *count)
{
    const struct catalog_map *map = &session->catalog->map;

    *count = 0;
    TRY(session_write(session));
    for (size_t i = 0; i < map->count; i++) { /* a table keeps its place when it is replaced */
        const struct table *table = map->entries[i].table;
        struct error *error;

        if (!is_named(table->namespace, namespaces))
            continue;
        error = empty(session, table);
        if (error)
            return session_spoil(session, error);
        ++*count;
    }
    return NULL;
}
