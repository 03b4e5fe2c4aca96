/* ops/batch_get_item.c - BatchGetItem: up to 100 items by their keys, from several tables. */
#include "operations.h"

#include "base/arena.h"
#include "engine/authorize.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "item/check.h"
#include "ops/key_set.h"
#include "ops/parameters.h"
#include "ops/projection_input.h"
#include "ops/usage.h"
#include "ops/voice.h"

/* spec: at most 16 MB come back at once, the rest as UnprocessedKeys */
enum { BATCH_KEYS_MAX = 100, ANSWER_BYTES_MAX = 16 << 20 };

/* One table of the batch. */
struct part {
    const struct keys_and_attributes *in;
    struct span name; /* as the request names it */
    struct read_plan plan;
    struct span *keys; /* bytes, one a key */
    struct usage usage;
    size_t read_count; /* keys read so far */
};

static struct projection_input projection_input_of(const struct keys_and_attributes *in)
{
    return (struct projection_input){ in->projection_expression, in->expression_attribute_names,
                                      in->attributes_to_get };
}

static struct error *check_counts(struct request *req, const struct batch_get_request_map *tables)
{
    size_t keys = 0;

    for (size_t i = 0; i < tables->count; i++)
        keys += tables->entries[i].value.keys->count;
    if (keys > BATCH_KEYS_MAX)
        return fail(req->arena, ERR_VALIDATION,
                    "Too many items requested for the BatchGetItem call");
    return NULL;
}

/* spec: expression and older parameters must not be mixed even across tables */
static struct error *check_mixing(struct request *req, const struct batch_get_request_map *tables)
{
    struct projection_input all = { 0 };

    for (size_t i = 0; i < tables->count; i++) {
        const struct keys_and_attributes *in = &tables->entries[i].value;

        if (in->projection_expression.data)
            all.projection_expression = in->projection_expression;
        if (in->attributes_to_get)
            all.attributes_to_get = in->attributes_to_get;
    }
    return projection_input_check_mixing(req, &all);
}

static struct error *check_part(struct request *req, struct voice voice, struct part *part)
{
    struct projection_input input = projection_input_of(part->in);

    for (size_t i = 0; i < part->in->keys->count; i++)
        TRY(voice_say(req->arena, voice,
                      item_check(req->arena, voice.wording, &part->in->keys->items[i])));
    return voice_say(req->arena, voice,
                     projection_input_compile(req, voice, &input, &part->plan.projection));
}

static struct error *bind_part(struct request *req, struct part *part)
{
    const struct item_list *keys = part->in->keys;
    struct key_set *seen = key_set_open(req->arena, keys->count);

    TRY(parameters_check_scalar_keys(req->arena, part->plan.table, NULL, part->plan.projection));
    part->keys = NEW(req->arena, struct span, keys->count);
    for (size_t i = 0; i < keys->count; i++) {
        TRY(key_from_key(req->arena, &part->plan.table->keys, &keys->items[i], &part->keys[i]));
        if (!key_set_add(seen, part->plan.table->space, part->keys[i]))
            return fail(req->arena, ERR_VALIDATION,
                        "Provided list of item keys contains duplicates");
    }
    return NULL;
}

/* Reads on until the answer is full. */
static struct error *read_part(struct request *req, struct part *part, struct item_list *items,
                               uint64_t *answer_bytes)
{
    const struct item_list *keys = part->in->keys;

    items->items = NEW(req->arena, struct item, keys->count);
    for (; part->read_count < keys->count; part->read_count++) {
        struct read_result found;

        part->plan.key = part->keys[part->read_count];
        part->plan.key_attributes = &keys->items[part->read_count];
        TRY(exec_read(req, &part->plan, &found));
        if (*answer_bytes + found.read_bytes > ANSWER_BYTES_MAX)
            return NULL;
        *answer_bytes += found.read_bytes;
        usage_add_read(req->arena, &part->usage, &part->plan, &found);
        if (found.items.count > 0)
            items->items[items->count++] = found.items.items[0];
    }
    return NULL;
}

/* The keys not read, with the parameters of their table. */
static const struct batch_get_request_map *unprocessed(struct arena *arena,
                                                       const struct part *parts, size_t count)
{
    struct batch_get_request_map *map = NEW(arena, struct batch_get_request_map, 1);

    map->entries = NEW(arena, struct batch_get_request_map_entry, count);
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &parts[i];
        struct item_list *rest;

        if (part->read_count == part->in->keys->count)
            continue;
        rest = NEW(arena, struct item_list, 1);
        rest->items = part->in->keys->items + part->read_count;
        rest->count = part->in->keys->count - part->read_count;
        map->entries[map->count] = (struct batch_get_request_map_entry){ part->name, *part->in };
        map->entries[map->count++].value.keys = rest;
    }
    return map;
}

static struct error *run(struct request *req, struct part *parts, size_t count,
                         struct batch_get_item_output *out)
{
    struct batch_get_response_map *responses = NEW(req->arena, struct batch_get_response_map, 1);
    uint64_t answer_bytes = 0;

    responses->entries = NEW(req->arena, struct batch_get_response_map_entry, count);
    responses->count = count;
    for (size_t i = 0; i < count; i++) {
        responses->entries[i].key = parts[i].name;
        parts[i].usage.table = parts[i].plan.table;
        parts[i].usage.table_name = parts[i].name;
        TRY(read_part(req, &parts[i], &responses->entries[i].value, &answer_bytes));
    }
    out->responses = responses;
    out->unprocessed_keys = unprocessed(req->arena, parts, count);
    return NULL;
}

struct error *batch_get_item(struct request *req, const struct batch_get_item_input *in,
                             struct batch_get_item_output *out)
{
    const struct batch_get_request_map *tables = in->request_items;
    struct voice voice = voice_of_read(req);
    struct part *parts = NEW(req->arena, struct part, tables->count);
    struct usage *usages = NEW(req->arena, struct usage, tables->count);

    TRY(check_counts(req, tables));
    TRY(check_mixing(req, tables));
    for (size_t i = 0; i < tables->count; i++) {
        const struct keys_and_attributes *part = &tables->entries[i].value;

        parts[i] = (struct part){ .in = part, .name = tables->entries[i].key };
        parts[i].plan =
            (struct read_plan){ .kind = READ_GET, .is_consistent = part->consistent_read };
        TRY(check_part(req, voice, &parts[i]));
    }
    for (size_t i = 0; i < tables->count; i++)
        TRY(catalog_find(req, parts[i].name, &parts[i].plan.table));
    for (size_t i = 0; i < tables->count; i++)
        TRY(bind_part(req, &parts[i]));
    for (size_t i = 0; i < tables->count; i++)
        TRY(authorize_reads(req, &parts[i].plan, parts[i].in->keys));

    TRY(run(req, parts, tables->count, out));

    for (size_t i = 0; i < tables->count; i++)
        usages[i] = parts[i].usage;
    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, tables->count);
    return NULL;
}
