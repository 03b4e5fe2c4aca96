/* ops/get_item.c - GetItem: one item by its key. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "item/check.h"
#include "ops/parameters.h"
#include "ops/projection_input.h"
#include "ops/usage.h"
#include "ops/voice.h"

struct error *get_item(struct request *req, const struct get_item_input *in,
                       struct get_item_output *out)
{
    struct voice voice = voice_of_read(req);
    const struct projection_input projection_input = {
        .projection_expression = in->projection_expression,
        .names = in->expression_attribute_names,
        .attributes_to_get = in->attributes_to_get,
    };
    struct item key = *in->key;
    struct read_plan plan = { .kind = READ_GET,
                              .key_attributes = &key,
                              .is_consistent = in->consistent_read };
    struct read_result found;
    struct usage usage = { .table_name = in->table_name };

    TRY(projection_input_check_mixing(req, &projection_input));
    TRY(voice_say(req->arena, voice, item_check(req->arena, voice.wording, &key)));
    TRY(voice_say(req->arena, voice,
                  projection_input_compile(req, voice, &projection_input, &plan.projection)));
    TRY(catalog_find(req, in->table_name, &plan.table));
    TRY(parameters_check_scalar_keys(req->arena, plan.table, NULL, plan.projection));
    TRY(key_from_key(req->arena, &plan.table->keys, &key, &plan.key));

    TRY(exec_read(req, &plan, &found));

    if (found.items.count > 0)
        out->item = &found.items.items[0];
    usage_add_read(req->arena, &usage, &plan, &found);
    out->consumed_capacity = usage_report(req->arena, in->return_consumed_capacity, &usage);
    return NULL;
}
