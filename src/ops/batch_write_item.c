/* ops/batch_write_item.c - BatchWriteItem: up to 25 puts and deletes, each for itself. */
#include "operations.h"

#include "base/arena.h"
#include "engine/authorize.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "item/check.h"
#include "item/size.h"
#include "ops/collection_metrics.h"
#include "ops/key_set.h"
#include "ops/usage.h"
#include "ops/voice.h"
#include "ops/write_keys.h"

enum { BATCH_WRITES_MAX = 25 };

/* One put or delete. */
struct entry {
    size_t table; /* which of RequestItems */
    const struct write_request *in;
    struct item item;
    struct write_plan plan;
};

struct batch {
    size_t count;
    struct entry *entries;
};

static struct error *make_entry(struct request *req, const struct write_request *in,
                                struct entry *entry)
{
    struct voice voice = voice_of_batch(req);
    bool is_put = in->put_request != NULL;

    if (is_put == (in->delete_request != NULL))
        return fail(req->arena, ERR_VALIDATION,
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly "
                    "one of the supported datatypes");
    entry->item = is_put ? *in->put_request->item : *in->delete_request->key;
    entry->plan.kind = is_put ? WRITE_PUT : WRITE_DELETE;
    entry->plan.new_item = is_put ? &entry->item : NULL;
    entry->plan.key_attributes = is_put ? NULL : &entry->item;
    TRY(voice_say(req->arena, voice, item_check(req->arena, voice.wording, &entry->item)));
    if (is_put && item_bytes(&entry->item) > ITEM_BYTES_MAX)
        return fail(req->arena, ERR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return NULL;
}

static struct error *make_entries(struct request *req,
                                  const struct batch_write_item_request_map *tables,
                                  struct batch *batch)
{
    size_t count = 0;

    for (size_t i = 0; i < tables->count; i++)
        count += tables->entries[i].value.count;
    if (count > BATCH_WRITES_MAX)
        return fail(req->arena, ERR_VALIDATION,
                    "Too many items requested for the BatchWriteItem call");
    batch->entries = NEW(req->arena, struct entry, count);
    for (size_t i = 0; i < tables->count; i++) {
        const struct write_requests *requests = &tables->entries[i].value;

        for (size_t k = 0; k < requests->count; k++) {
            struct entry *entry = &batch->entries[batch->count++];

            entry->table = i;
            entry->in = &requests->items[k];
            TRY(make_entry(req, &requests->items[k], entry));
        }
    }
    return NULL;
}

/* spec: in a batch a put whose key does not fit is refused like a Key that does not fit */
static struct error *bind_entry(struct request *req, struct entry *entry)
{
    const struct key_schema *keys = &entry->plan.table->keys;

    if (entry->plan.kind == WRITE_DELETE)
        return write_keys_from_key(req, &entry->plan);
    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++) {
        const struct value *value = item_find(&entry->item, keys->parts[i].name);

        if (value == NULL || value->type != keys->parts[i].type)
            return fail(req->arena, ERR_VALIDATION,
                        "The provided key element does not match the schema");
    }
    return write_keys_from_item(req, &entry->plan);
}

static struct error *bind_entries(struct request *req,
                                  const struct batch_write_item_request_map *tables,
                                  struct batch *batch)
{
    struct key_set *seen = key_set_open(req->arena, batch->count);

    for (size_t i = 0; i < batch->count; i++)
        TRY(catalog_find(req, tables->entries[batch->entries[i].table].key,
                         &batch->entries[i].plan.table));
    for (size_t i = 0; i < batch->count; i++) {
        struct entry *entry = &batch->entries[i];

        TRY(bind_entry(req, entry));
        if (!key_set_add(seen, entry->plan.table->space, entry->plan.key))
            return fail(req->arena, ERR_VALIDATION,
                        "Provided list of item keys contains duplicates");
    }
    return NULL;
}

/* spec: a write that meets a transaction is left to the client, as one that was throttled */
static struct batch_write_item_request_map *
unprocessed_open(struct arena *arena, const struct batch_write_item_request_map *tables)
{
    struct batch_write_item_request_map *rest = NEW(arena, struct batch_write_item_request_map, 1);

    rest->entries = NEW(arena, struct batch_write_item_request_map_entry, tables->count);
    rest->count = tables->count;
    for (size_t i = 0; i < tables->count; i++) {
        rest->entries[i].key = tables->entries[i].key;
        rest->entries[i].value.items =
            NEW(arena, struct write_request, tables->entries[i].value.count);
    }
    return rest;
}

static const struct batch_write_item_request_map *
unprocessed_close(struct batch_write_item_request_map *rest)
{
    size_t kept = 0;

    for (size_t i = 0; i < rest->count; i++)
        if (rest->entries[i].value.count > 0)
            rest->entries[kept++] = rest->entries[i];
    rest->count = kept;
    return rest;
}

static struct error *write_entries(struct request *req, const struct batch_write_item_input *in,
                                   struct batch *batch, struct usage *usages,
                                   struct batch_write_item_output *out)
{
    const struct batch_write_item_request_map *tables = in->request_items;
    struct collection_metrics *metrics = collection_metrics_open(
        req->arena, in->return_item_collection_metrics, tables->count, BATCH_WRITES_MAX);
    struct batch_write_item_request_map *rest = unprocessed_open(req->arena, tables);

    for (size_t i = 0; i < batch->count; i++) {
        struct entry *entry = &batch->entries[i];
        struct write_result done;
        struct error *error = exec_write(req, &entry->plan, &done);

        usages[entry->table].table = entry->plan.table;
        if (error && error->code == ERR_TRANSACTION_CONFLICT) {
            struct write_requests *requests = &rest->entries[entry->table].value;

            requests->items[requests->count++] = *entry->in;
            continue;
        }
        TRY(error);
        usage_add_write(req->arena, &usages[entry->table], &entry->plan, &done);
        collection_metrics_add(metrics, tables->entries[entry->table].key, &entry->plan, &done);
    }
    out->unprocessed_items = unprocessed_close(rest);
    out->item_collection_metrics = collection_metrics_close(metrics);
    return NULL;
}

struct error *batch_write_item(struct request *req, const struct batch_write_item_input *in,
                               struct batch_write_item_output *out)
{
    const struct batch_write_item_request_map *tables = in->request_items;
    struct usage *usages = NEW(req->arena, struct usage, tables->count);
    struct batch batch = { 0 };

    for (size_t i = 0; i < tables->count; i++)
        usages[i].table_name = tables->entries[i].key;
    TRY(make_entries(req, tables, &batch));
    TRY(exec_begin_write(req));
    TRY(bind_entries(req, tables, &batch));
    TRY(authorize_writes(req, &batch.entries->plan, sizeof(*batch.entries), batch.count));

    TRY(write_entries(req, in, &batch, usages, out));

    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, tables->count);
    return NULL;
}
