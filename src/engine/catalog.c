/* engine/catalog.c - one session's catalog: read from the store, kept current, changed by
 * exec_control. */
#include "engine/catalog.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"
#include "engine/catalog_document.h"
#include "engine/catalog_edit.h"
#include "engine/catalog_internal.h"
#include "engine/counter.h"
#include "engine/session.h"

#include <string.h>

enum { LOADING_BYTES_MAX = 64 << 20, ENTRIES_AT_FIRST = 16, KEY_TEXT_BYTES = 32 };

/* A load on its way. */
struct loading {
    struct catalog *catalog;
    struct arena *arena;
    struct catalog_entry *entries;
    size_t count;
    size_t capacity;
};

static const struct span version_key = { "catalog-version", 15 };
static const struct span space_key = { "next-space", 10 };

struct catalog *catalog_open(struct session *session)
{
    struct catalog *catalog = memory_new(sizeof(*catalog));

    catalog->session = session;
    return catalog;
}

void catalog_close(struct catalog *catalog)
{
    catalog_map_fini(&catalog->map);
    memory_free(catalog);
}

static struct error *damaged(struct catalog *catalog, struct span key)
{
    const char *name = memrchr(key.data, '\0', key.size);
    struct span text =
        name ? (struct span){ name + 1, key.size - (size_t)(name + 1 - key.data) } : key;

    log_line(LOG_ERROR, "catalog: the description of table %.*s is damaged or of a newer version",
             SPAN_PRINT(text));
    catalog->damaged = (struct error){ .code = ERR_INTERNAL_SERVER_ERROR,
                                       .message = SPAN("Internal server error") };
    return &catalog->damaged;
}

/* The table that the catalog already holds for this key, if it is still the same. */
static struct table *keep_unchanged(struct loading *loading, const struct store_entry *stored)
{
    struct catalog_map *map = &loading->catalog->map;
    const char *end = memchr(stored->key.data, '\0', stored->key.size);
    struct span namespace = { stored->key.data, 0 };
    struct span name = { 0 };
    size_t at;

    if (end == NULL)
        return NULL;
    namespace.size = (size_t)(end - stored->key.data);
    name = (struct span){ end + 1, stored->key.size - namespace.size - 1 };
    at = catalog_map_position(map, namespace, name);
    if (at == map->count || map->entries[at].version != stored->size ||
        !span_equal(map->entries[at].table->name, name) ||
        !span_equal(map->entries[at].table->namespace, namespace))
        return NULL;
    map->entries[at].is_kept = true;
    return map->entries[at].table;
}

static struct error *load_table(struct loading *loading, const struct store_entry *stored)
{
    struct table *table = NULL;
    struct table read;

    if (!loading->catalog->is_forgotten)
        table = keep_unchanged(loading, stored);
    if (table == NULL) {
        arena_reset(loading->arena);
        if (!catalog_document_read(loading->arena, stored->value, &read))
            return damaged(loading->catalog, stored->key);
        table = table_clone(&read);
    }
    if (loading->count == loading->capacity) {
        loading->capacity = loading->capacity ? loading->capacity * 2 : ENTRIES_AT_FIRST;
        loading->entries =
            memory_grow(loading->entries, loading->capacity * sizeof(*loading->entries));
    }
    loading->entries[loading->count++] =
        (struct catalog_entry){ .table = table, .version = stored->size };
    return NULL;
}

static struct error *load_tables(struct loading *loading)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_entry stored = { 0 };
    struct store_cursor *cursor;
    struct error *error;

    TRY(store_seek(loading->catalog->session->connection, SPACE_CATALOG, &all, false, &cursor));
    for (;;) {
        error = store_next(cursor, &stored);
        if (error || stored.key.data == NULL)
            break;
        error = load_table(loading, &stored);
        if (error)
            break;
    }
    store_end(cursor);
    return error;
}

/* After a failure: the tables that were read only now go, the map is as it was. */
static void give_up(struct loading *loading)
{
    struct catalog_map *map = &loading->catalog->map;

    for (size_t i = 0; i < loading->count; i++) {
        struct table *table = loading->entries[i].table;
        size_t at = catalog_map_position(map, table->namespace, table->name);

        if (at == map->count || map->entries[at].table != table)
            memory_free(table);
    }
    for (size_t i = 0; i < map->count; i++)
        map->entries[i].is_kept = false;
    memory_free(loading->entries);
}

static struct error *load(struct catalog *catalog)
{
    struct loading loading = { .catalog = catalog, .arena = arena_open(LOADING_BYTES_MAX) };
    struct error *error = load_tables(&loading);

    if (error)
        give_up(&loading);
    else
        catalog_map_replace_all(&catalog->map, loading.entries, loading.count);
    arena_close(loading.arena);
    return error;
}

bool catalog_is_current(const struct catalog *catalog)
{
    return catalog->is_loaded && session_is_alone(catalog->session, catalog->alone_since);
}

struct error *catalog_refresh(struct session *session)
{
    struct catalog *catalog = session->catalog;
    int64_t version;

    catalog_map_free_retired(&catalog->map);
    if (catalog_is_current(catalog))
        return NULL;
    TRY(counter_read(session, version_key, &version));
    if (!catalog->is_loaded || version != catalog->version)
        TRY(load(catalog));
    catalog->version = version;
    catalog->alone_since = session->alone_since;
    catalog->is_loaded = true;
    catalog->is_forgotten = false;
    return NULL;
}

void catalog_forget(struct session *session)
{
    session->catalog->is_loaded = false;
    session->catalog->is_forgotten = true;
}

/* Once more in a transaction, or many times: readers elsewhere only see the last one. */
static struct error *bump_version(struct session *session)
{
    session->catalog->version++;
    return counter_write(session, version_key, session->catalog->version);
}

static struct span key_of(struct arena *arena, const struct table *table)
{
    return arena_print(arena, "%.*s%c%.*s", SPAN_PRINT(table->namespace), '\0',
                       SPAN_PRINT(table->name));
}

struct error *catalog_put(struct session *session, const struct table *table,
                          const struct table **published)
{
    struct catalog *catalog = session->catalog;
    struct store_entry entry = { .size = catalog->version + 1 };
    struct table *clone;

    arena_reset(session->scratch);
    entry.key = key_of(session->scratch, table);
    entry.value = catalog_document_write(session->scratch, table);
    TRY(store_put(session->connection, SPACE_CATALOG, &entry));
    TRY(bump_version(session));
    clone = table_clone(table);
    catalog_map_put(&catalog->map, clone, catalog->version);
    *published = clone;
    return NULL;
}

struct error *catalog_remove(struct session *session, const struct table *table)
{
    struct catalog *catalog = session->catalog;

    arena_reset(session->scratch);
    TRY(store_delete(session->connection, SPACE_CATALOG, key_of(session->scratch, table)));
    TRY(bump_version(session));
    catalog_map_remove(&catalog->map,
                       catalog_map_position(&catalog->map, table->namespace, table->name));
    return NULL;
}

struct error *catalog_new_space(struct session *session, uint32_t *space)
{
    int64_t next;

    TRY(counter_read(session, space_key, &next));
    if (next < SPACE_FIRST_FREE)
        next = SPACE_FIRST_FREE;
    *space = (uint32_t)next;
    return counter_write(session, space_key, next + 1);
}

struct error *catalog_drop_space(struct session *session, uint32_t space)
{
    struct store_entry entry = { .value = SPAN("dropped"), .size = space };
    char key[4] = { (char)(space >> 24), (char)(space >> 16), (char)(space >> 8), (char)space };

    entry.key = (struct span){ key, sizeof(key) };
    tally_drop(&session->tally, space);
    return store_put(session->connection, SPACE_DROPPED, &entry);
}
