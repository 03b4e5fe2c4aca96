/* ops/update_item.c - UpdateItem: change an item's attributes, or make the item. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "expr/legacy.h"
#include "item/check.h"
#include "ops/condition_input.h"
#include "ops/parameters.h"
#include "ops/update_parts.h"
#include "ops/usage.h"
#include "ops/write_keys.h"

static struct error *check_mixing(struct request *req, const struct update_item_input *in)
{
    const struct parameter legacy[] = { { "AttributeUpdates", in->attribute_updates },
                                        { "Expected", in->expected },
                                        { "ConditionalOperator", in->conditional_operator },
                                        { NULL, false } };
    const struct parameter expressions[] = {
        { "UpdateExpression", in->update_expression.data },
        { "ConditionExpression", in->condition_expression.data },
        { NULL, false },
    };

    return parameters_check_mixing(req->arena, legacy, expressions);
}

static struct error *compile(struct request *req, struct voice voice,
                             const struct update_item_input *in, struct write_plan *plan)
{
    const struct condition_input condition_input = {
        .condition_expression = in->condition_expression,
        .update_expression = in->update_expression,
        .names = in->expression_attribute_names,
        .values = in->expression_attribute_values,
        .expected = in->expected,
        .joined_by = in->conditional_operator,
        .expressions_are_null = "UpdateExpression and ConditionExpression are null",
    };
    struct update *update = NULL;

    TRY(voice_say(req->arena, voice,
                  legacy_updates(req->arena, voice.wording, in->attribute_updates, &update)));
    TRY(condition_input_compile(req, voice, &condition_input, plan));
    if (update)
        plan->update = update;
    return NULL;
}

static const struct item *returned(struct arena *arena, enum return_value wanted,
                                   const struct write_plan *plan, struct write_result *done)
{
    switch (wanted) {
    case RETURN_VALUE_ABSENT:
    case RETURN_VALUE_NONE: return NULL;
    case RETURN_VALUE_ALL_OLD: return done->old_item.json.data ? &done->old_item : NULL;
    case RETURN_VALUE_ALL_NEW: return &done->new_item;
    case RETURN_VALUE_UPDATED_OLD: return update_parts_written(arena, plan, &done->old_item);
    case RETURN_VALUE_UPDATED_NEW: return update_parts_written(arena, plan, &done->new_item);
    }
    return NULL;
}

struct error *update_item(struct request *req, const struct update_item_input *in,
                          struct update_item_output *out)
{
    struct voice voice = voice_of_write(req);
    struct item key = *in->key;
    struct write_plan plan = { .kind = WRITE_UPDATE, .key_attributes = &key };
    struct write_result *done = NEW(req->arena, struct write_result, 1);
    struct usage usage = { .table_name = in->table_name };

    TRY(voice_say(req->arena, voice, check_mixing(req, in)));
    TRY(voice_say(req->arena, voice, item_check(req->arena, voice.wording, &key)));
    TRY(compile(req, voice, in, &plan));
    TRY(exec_begin_write(req));
    TRY(catalog_find(req, in->table_name, &plan.table));
    TRY(write_keys_check_update(req, &plan));
    TRY(write_keys_from_key(req, &plan));
    plan.returns_old_on_failure = in->return_values_on_condition_check_failure ==
                                  RETURN_VALUES_ON_CONDITION_CHECK_FAILURE_ALL_OLD;

    TRY(exec_write(req, &plan, done));

    out->attributes = returned(req->arena, in->return_values, &plan, done);
    usage_add_write(req->arena, &usage, &plan, done);
    out->consumed_capacity = usage_report(req->arena, in->return_consumed_capacity, &usage);
    out->item_collection_metrics =
        parameters_collection_metrics(req->arena, in->return_item_collection_metrics, &plan, done);
    return NULL;
}
