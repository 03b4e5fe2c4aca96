/* engine/index_upkeep.c - keeping index entries in step with an item. */
#include "engine/index_upkeep.h"

#include "engine/capacity.h"
#include "engine/session.h"
#include "item/json.h"

static bool is_same_key(const struct index_change *change)
{
    return change->old_entry.key.data && change->new_entry.key.data &&
           span_equal(change->old_entry.key, change->new_entry.key);
}

/* The same attributes and values, in whatever order they were written. */
static bool is_same_entry(const struct index_change *change)
{
    return is_same_key(change) && change->old_entry.bytes == change->new_entry.bytes &&
           item_equal(&change->old_entry.item, &change->new_entry.item);
}

void index_change_make(struct arena *arena, const struct table *table, const struct index *index,
                       struct span table_key, const struct item *old_item,
                       const struct item *new_item, struct index_change *change)
{
    *change = (struct index_change){ 0 };
    if (old_item)
        change->old_entry = index_entry_make(arena, table, index, old_item, table_key);
    if (new_item)
        change->new_entry = index_entry_make(arena, table, index, new_item, table_key);
    change->is_unchanged = is_same_entry(change);
}

struct error *index_change_store(struct session *session, const struct index *index,
                                 const struct index_change *change)
{
    const struct index_entry *old = &change->old_entry;
    const struct index_entry *new = &change->new_entry;

    if (change->is_unchanged)
        return NULL;
    tally_add(&session->tally, index->space, !!new->key.data - !!old->key.data,
              (int64_t) new->bytes - (int64_t)old->bytes);
    if (old->key.data && !is_same_key(change))
        TRY(store_delete(session->connection, index->space, old->key));
    if (new->key.data) {
        buffer_empty(&session->encoding);
        item_write(&new->item, &session->encoding);
        TRY(store_put(session->connection, index->space,
                      &(struct store_entry){ new->key, buffer_span(&session->encoding),
                                             (int64_t) new->bytes }));
    }
    return NULL;
}

uint64_t index_change_wcus(const struct index_change *change)
{
    const struct index_entry *old = &change->old_entry;
    const struct index_entry *new = &change->new_entry;
    uint64_t wcus = 0;

    if (change->is_unchanged)
        return 0;
    if (is_same_key(change))
        return capacity_wcus(old->bytes > new->bytes ? old->bytes : new->bytes);
    if (old->key.data)
        wcus += capacity_wcus(old->bytes);
    if (new->key.data)
        wcus += capacity_wcus(new->bytes);
    return wcus;
}
