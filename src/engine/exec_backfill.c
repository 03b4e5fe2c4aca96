/* engine/exec_backfill.c - one pass over stored items, each put where it belongs. */
#include "engine/exec_backfill.h"

#include "base/arena.h"
#include "engine/index_entry.h"
#include "engine/session.h"
#include "item/json.h"

/* A stored item, in the session's scratch arena. */
struct stored_item {
    struct span key;
    struct item item;
    int64_t bytes;
};

static struct stored_item take(struct arena *arena, const struct store_entry *stored)
{
    struct stored_item taken = { .bytes = stored->size };

    arena_reset(arena);
    taken.key = arena_copy(arena, stored->key);
    taken.item.json = arena_copy(arena, stored->value);
    item_parse(arena, taken.item.json, &taken.item);
    return taken;
}

/* *bytes: what the entry takes; 0 when the item isn't in the index. */
static struct error *put_entry(struct session *session, const struct table *table,
                               const struct index *index, const struct stored_item *stored,
                               size_t *bytes)
{
    struct index_entry made =
        index_entry_make(session->scratch, table, index, &stored->item, stored->key);

    *bytes = made.bytes;
    if (made.key.data == NULL)
        return NULL;
    buffer_empty(&session->encoding);
    item_write(&made.item, &session->encoding);
    return store_put(
        session->connection, index->space,
        &(struct store_entry){ made.key, buffer_span(&session->encoding), (int64_t)made.bytes });
}

struct error *exec_backfill(struct session *session, const struct table *table,
                            const struct index *index)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_entry stored = { 0 };
    struct store_cursor *cursor;
    struct error *error;

    TRY(store_seek(session->connection, table->space, &all, false, &cursor));
    for (;;) {
        struct stored_item taken;
        size_t bytes;

        error = store_next(cursor, &stored);
        if (error || stored.key.data == NULL)
            break;
        taken = take(session->scratch, &stored);
        error = put_entry(session, table, index, &taken, &bytes);
        if (error)
            break;
    }
    store_end(cursor);
    return error;
}

static struct error *grow_collection(struct session *session, const struct table *table,
                                     const struct stored_item *stored, int64_t bytes)
{
    struct span key = key_prefix(session->scratch, &table->keys,
                                 item_find(&stored->item, table->keys.parts[0].name));
    struct store_entry collection = { 0 };

    TRY(store_get(session->connection, table->collection_space, key, &collection));
    if (collection.value.data)
        bytes += collection.size;
    return store_put(session->connection, table->collection_space,
                     &(struct store_entry){ key, SPAN(""), bytes });
}

static struct error *fill_item(struct session *session, const struct table *table,
                               const struct store_entry *stored)
{
    struct stored_item taken;
    int64_t collection_bytes;

    if (table->index_count == 0)
        return store_put(session->connection, table->space, stored);
    taken = take(session->scratch, stored);
    collection_bytes = taken.bytes;
    TRY(store_put(session->connection, table->space,
                  &(struct store_entry){ taken.key, taken.item.json, taken.bytes }));
    for (size_t i = 0; i < table->index_count; i++) {
        size_t bytes;

        TRY(put_entry(session, table, &table->indexes[i], &taken, &bytes));
        if (!table->indexes[i].is_global)
            collection_bytes += (int64_t)bytes;
    }
    if (table->collection_space == 0)
        return NULL;
    return grow_collection(session, table, &taken, collection_bytes);
}

struct error *exec_fill(struct session *session, const struct table *table, uint32_t source_space)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_entry stored = { 0 };
    struct store_cursor *cursor;
    struct error *error;

    TRY(store_seek(session->connection, source_space, &all, false, &cursor));
    for (;;) {
        error = store_next(cursor, &stored);
        if (error || stored.key.data == NULL)
            break;
        error = fill_item(session, table, &stored);
        if (error)
            break;
    }
    store_end(cursor);
    return error;
}
