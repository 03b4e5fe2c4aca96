/* engine/exec_backfill.c - one pass over a table's items, each put into the new index. */
#include "engine/exec_backfill.h"

#include "base/arena.h"
#include "engine/index_entry.h"
#include "engine/session.h"
#include "item/json.h"

static struct error *backfill_item(struct session *session, const struct table *table,
                                   const struct index *index, const struct store_entry *stored)
{
    struct arena *arena = session->scratch;
    struct item item = { 0 };
    struct index_entry made;
    struct span key;

    arena_reset(arena);
    key = arena_copy(arena, stored->key);
    item.json = arena_copy(arena, stored->value);
    item_parse(arena, item.json, &item);
    made = index_entry_make(arena, table, index, &item, key);
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
        error = store_next(cursor, &stored);
        if (error || stored.key.data == NULL)
            break;
        error = backfill_item(session, table, index, &stored);
        if (error)
            break;
    }
    store_end(cursor);
    return error;
}
