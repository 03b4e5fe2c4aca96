/* engine/remember.c - the item and the index entries that a write replaces, told to cloud/lag. */
#include "engine/remember.h"

#include "engine/index_upkeep.h"
#include "engine/session.h"
#include "engine/writing.h"
#include "item/json.h"

static void remember_item(const struct writing *w, struct lag_change *change)
{
    change->is_first = true;
    change->is_removal = w->new_item == NULL;
    change->space = w->plan->table->space;
    change->key = w->plan->key;
    change->size_before = (int64_t)w->old_bytes;
    change->before = (struct span){ 0 };
    if (w->old_item)
        change->before = w->result->old_item.json;
    lag_record(w->session->engine->lag, change);
    change->is_first = false;
}

static void remember_entry(const struct writing *w, const struct index *index, struct span key,
                           const struct index_entry *before, struct lag_change *change)
{
    struct buffer *encoding = &w->session->encoding;

    change->space = index->space;
    change->key = key;
    change->before = (struct span){ 0 };
    change->size_before = 0;
    if (before) {
        buffer_empty(encoding);
        item_write(&before->item, encoding);
        change->before = buffer_span(encoding);
        change->size_before = (int64_t)before->bytes;
    }
    lag_record(w->session->engine->lag, change);
}

/* An item that moves within the index leaves one key and comes to another. */
static void remember_index(const struct writing *w, const struct index *index,
                           const struct index_change *entries, struct lag_change *change)
{
    const struct index_entry *old = &entries->old_entry;
    const struct index_entry *new = &entries->new_entry;
    bool stays = old->key.data && new->key.data &&span_equal(old->key, new->key);

    if (entries->is_unchanged)
        return;
    change->is_removal = !stays;
    if (old->key.data)
        remember_entry(w, index, old->key, old, change);
    change->is_removal = false;
    if (new->key.data && !stays)
        remember_entry(w, index, new->key, NULL, change);
}

void remember_write(const struct writing *w)
{
    struct engine *engine = w->session->engine;
    const struct table *table = w->plan->table;
    struct lag_change change = { .writer = w->session,
                                 .item_key = w->plan->key,
                                 .operation = w->req->operation };

    if (!lag_is_on(engine->lag) || (w->old_item == NULL && w->new_item == NULL))
        return;
    change.now_ms = clock_now_ms(&engine->clock);
    w->session->is_recorded = true;
    remember_item(w, &change);
    for (size_t i = 0; i < table->index_count; i++)
        remember_index(w, &table->indexes[i], &w->changes[i], &change);
}
