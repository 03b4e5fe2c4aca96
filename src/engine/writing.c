/* engine/writing.c - condition, new item, limits and units of one write; then table, indexes and
 * collection in one go. */
#include "engine/writing.h"

#include "base/arena.h"
#include "engine/capacity.h"
#include "engine/index_upkeep.h"
#include "engine/record.h"
#include "engine/remember.h"
#include "engine/session.h"
#include "item/check.h"
#include "item/json.h"
#include "item/size.h"

/* spec: item collections of a table with local indexes, 10 GB */
#define COLLECTION_BYTES_MAX (10LL << 30)

static bool needs_old_attributes(const struct write_plan *plan)
{
    return plan->condition || plan->kind == WRITE_UPDATE || plan->table->index_count > 0;
}

static struct error *load_old(struct writing *w)
{
    struct arena *arena = w->req->arena;
    struct item *old = &w->result->old_item;
    struct store_entry stored = { 0 };

    TRY(store_get(w->session->connection, w->plan->table->space, w->plan->key, &stored));
    if (stored.value.data == NULL)
        return NULL;
    w->old_bytes = (size_t)stored.size;
    w->old_item = old;
    *old = (struct item){ .json = arena_copy(arena, stored.value) };
    if (needs_old_attributes(w->plan))
        item_parse(arena, old->json, old);
    return NULL;
}

static struct error *condition_failed(const struct writing *w)
{
    struct error *error =
        fail(w->req->arena, ERR_CONDITIONAL_CHECK_FAILED, "The conditional request failed");

    if (w->plan->returns_old_on_failure && w->old_item)
        error->members =
            arena_print(w->req->arena, ",\"Item\":%.*s", SPAN_PRINT(w->old_item->json));
    return error;
}

static struct error *check_condition(const struct writing *w)
{
    const struct item none = { 0 };

    if (w->plan->is_insert && w->old_item)
        return fail(w->req->arena, ERR_DUPLICATE_ITEM, "Duplicate primary key exists in table");
    if (w->plan->condition == NULL ||
        condition_holds(w->req->arena, w->plan->condition, w->old_item ? w->old_item : &none))
        return NULL;
    return condition_failed(w);
}

static struct error *update_item_now(struct writing *w)
{
    struct arena *arena = w->req->arena;
    const struct item *base = w->old_item ? w->old_item : w->plan->key_attributes;
    struct item *updated = &w->result->new_item;

    if (w->plan->update)
        TRY(update_apply(arena, w->plan->update, base, updated));
    else
        *updated = *base;
    updated->json = (struct span){ 0 };
    TRY(item_check(arena, WORDING_NEWER, updated));
    for (size_t i = 0; i < w->plan->table->index_count; i++) {
        const struct index *index = &w->plan->table->indexes[i];

        TRY(key_check_index(arena, &index->keys, index->name, updated, true));
    }
    w->new_item = updated;
    return NULL;
}

static struct error *make_new(struct writing *w)
{
    switch (w->plan->kind) {
    case WRITE_PUT:
        w->result->new_item = *w->plan->new_item;
        w->new_item = &w->result->new_item;
        break;
    case WRITE_UPDATE: TRY(update_item_now(w)); break;
    case WRITE_CHECK:
        w->new_item = w->old_item;
        w->new_bytes = w->old_bytes;
        return NULL;
    case WRITE_DELETE: return NULL;
    }
    w->new_bytes = item_bytes(w->new_item);
    return NULL;
}

/* spec: an item counts together with its projections into local indexes */
static struct error *check_size(const struct writing *w)
{
    size_t bytes = w->new_bytes;

    if (w->new_item == NULL || w->plan->kind == WRITE_CHECK)
        return NULL;
    for (size_t i = 0; w->changes && i < w->plan->table->local_index_count; i++)
        bytes += w->changes[i].new_entry.bytes;
    if (bytes <= ITEM_BYTES_MAX)
        return NULL;
    return fail(w->req->arena, ERR_VALIDATION,
                w->plan->kind == WRITE_UPDATE
                    ? "Item size to update has exceeded the maximum allowed size"
                    : "Item size has exceeded the maximum allowed size");
}

/* What the item and its local index entries add to the item collection. */
static int64_t collection_growth(const struct writing *w)
{
    int64_t growth = (int64_t)w->new_bytes - (int64_t)w->old_bytes;

    for (size_t i = 0; i < w->plan->table->local_index_count; i++)
        growth += (int64_t)w->changes[i].new_entry.bytes - (int64_t)w->changes[i].old_entry.bytes;
    return growth;
}

/* What the members prepared before this one in its transaction add to its collection. */
static int64_t growth_before(const struct writing *w)
{
    int64_t growth = 0;

    for (size_t i = 0; i < w->earlier_count; i++) {
        const struct writing *other = &w->earlier[i];

        if (other->collection_key.data && other->plan->table == w->plan->table &&
            span_equal(other->collection_key, w->collection_key))
            growth += other->collection_growth;
    }
    return growth;
}

static struct error *check_collection(struct writing *w)
{
    const struct table *table = w->plan->table;
    const struct item *item = w->new_item ? w->new_item : w->old_item;
    int64_t limit = engine_options(w->session->engine)->collection_bytes_max;
    struct store_entry stored = { 0 };

    if (table->collection_space == 0)
        return NULL;
    if (item == NULL)
        item = w->plan->key_attributes;
    w->collection_key =
        key_prefix(w->req->arena, &table->keys, item_find(item, table->keys.parts[0].name));
    TRY(store_get(w->session->connection, table->collection_space, w->collection_key, &stored));
    w->collection_growth = collection_growth(w);
    w->collection_bytes =
        (stored.value.data ? stored.size : 0) + growth_before(w) + w->collection_growth;
    w->result->collection_bytes = w->collection_bytes;
    if (w->collection_growth > 0 && w->collection_bytes > (limit ? limit : COLLECTION_BYTES_MAX))
        return fail(w->req->arena, ERR_ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED,
                    "Collection size exceeded.");
    return NULL;
}

static struct error *store_item(struct writing *w)
{
    struct session *session = w->session;
    const struct table *table = w->plan->table;
    struct store_entry entry = { .key = w->plan->key, .size = (int64_t)w->new_bytes };

    tally_add(&session->tally, table->space, !!w->new_item - !!w->old_item,
              (int64_t)w->new_bytes - (int64_t)w->old_bytes);
    if (w->new_item == NULL)
        return w->old_item ? store_delete(session->connection, table->space, entry.key) : NULL;
    buffer_empty(&session->encoding);
    item_write(w->new_item, &session->encoding);
    entry.value = buffer_span(&session->encoding);
    return store_put(session->connection, table->space, &entry);
}

static struct error *store_collection(struct writing *w)
{
    uint32_t space = w->plan->table->collection_space;
    struct store_entry entry = { .key = w->collection_key,
                                 .value = SPAN(""),
                                 .size = w->collection_bytes };

    if (space == 0 || w->collection_growth == 0)
        return NULL;
    return w->collection_bytes > 0 ? store_put(w->session->connection, space, &entry)
                                   : store_delete(w->session->connection, space, entry.key);
}

static void count_units(struct writing *w)
{
    const struct table *table = w->plan->table;
    struct write_result *result = w->result;

    result->wcus = capacity_wcus(w->old_bytes > w->new_bytes ? w->old_bytes : w->new_bytes);
    if (w->changes == NULL)
        return;
    result->indexes = NEW(w->req->arena, struct index_units, table->index_count);
    for (size_t i = 0; i < table->index_count; i++) {
        uint64_t wcus = index_change_wcus(&w->changes[i]);

        if (wcus > 0)
            result->indexes[result->index_count++] =
                (struct index_units){ &table->indexes[i], wcus };
    }
}

static void compare_indexes(struct writing *w)
{
    const struct table *table = w->plan->table;

    if (table->index_count == 0 || w->plan->kind == WRITE_CHECK)
        return;
    w->changes = NEW(w->req->arena, struct index_change, table->index_count);
    for (size_t i = 0; i < table->index_count; i++)
        index_change_make(w->req->arena, table, &table->indexes[i], w->plan->key, w->old_item,
                          w->new_item, &w->changes[i]);
}

struct error *writing_prepare(struct writing *w)
{
    *w->result = (struct write_result){ 0 };
    TRY(load_old(w));
    TRY(check_condition(w));
    TRY(make_new(w));
    TRY(check_size(w)); /* before index entries are made of it */
    compare_indexes(w);
    TRY(check_size(w));
    if (w->plan->kind != WRITE_CHECK)
        TRY(check_collection(w));
    count_units(w);
    return NULL;
}

struct error *writing_apply(struct writing *w)
{
    const struct table *table = w->plan->table;

    if (w->plan->kind == WRITE_CHECK)
        return NULL;
    remember_write(w);
    TRY(store_item(w));
    TRY(store_collection(w));
    for (size_t i = 0; i < table->index_count; i++)
        TRY(index_change_store(w->session, &table->indexes[i], &w->changes[i]));
    return record_change(w->session, table, w->old_item, w->new_item, w->plan->by_service);
}
