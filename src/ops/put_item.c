/* ops/put_item.c - PutItem: store one whole item, replacing any item with the same key. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "item/check.h"
#include "item/size.h"
#include "ops/condition_input.h"
#include "ops/parameters.h"
#include "ops/usage.h"
#include "ops/write_keys.h"

static struct error *check_mixing(struct request *req, const struct put_item_input *in)
{
    const struct parameter legacy[] = { { "Expected", in->expected },
                                        { "ConditionalOperator", in->conditional_operator },
                                        { NULL, false } };
    const struct parameter expressions[] = {
        { "ConditionExpression", in->condition_expression.data }, { NULL, false }
    };

    return parameters_check_mixing(req->arena, legacy, expressions);
}

/* What can be said of the item without knowing the table. */
static struct error *check_item(struct request *req, struct voice voice,
                                const struct put_item_input *in, struct item *item)
{
    TRY(voice_say(req->arena, voice, item_check(req->arena, voice.wording, item)));
    if (in->return_values != RETURN_VALUE_ABSENT && in->return_values != RETURN_VALUE_NONE &&
        in->return_values != RETURN_VALUE_ALL_OLD)
        return fail(req->arena, ERR_VALIDATION, "ReturnValues can only be ALL_OLD or NONE");
    if (item_bytes(item) > ITEM_BYTES_MAX)
        return fail(req->arena, ERR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return NULL;
}

static struct error *compile_condition(struct request *req, struct voice voice,
                                       const struct put_item_input *in, struct write_plan *plan)
{
    const struct condition_input condition_input = {
        .condition_expression = in->condition_expression,
        .names = in->expression_attribute_names,
        .values = in->expression_attribute_values,
        .expected = in->expected,
        .joined_by = in->conditional_operator,
        .expressions_are_null = "ConditionExpression is null",
    };

    return condition_input_compile(req, voice, &condition_input, plan);
}

struct error *put_item(struct request *req, const struct put_item_input *in,
                       struct put_item_output *out)
{
    struct voice voice = voice_of_write(req);
    struct item item = *in->item;
    struct write_plan plan = { .kind = WRITE_PUT, .new_item = &item };
    struct write_result *done = NEW(req->arena, struct write_result, 1);
    struct usage usage = { .table_name = in->table_name };

    TRY(voice_say(req->arena, voice, check_mixing(req, in)));
    TRY(check_item(req, voice, in, &item));
    TRY(compile_condition(req, voice, in, &plan));
    TRY(exec_begin_write(req));
    TRY(catalog_find(req, in->table_name, &plan.table));
    TRY(write_keys_from_item(req, &plan));
    plan.returns_old_on_failure = in->return_values_on_condition_check_failure ==
                                  RETURN_VALUES_ON_CONDITION_CHECK_FAILURE_ALL_OLD;

    TRY(exec_write(req, &plan, done));

    if (in->return_values == RETURN_VALUE_ALL_OLD && done->old_item.json.data)
        out->attributes = &done->old_item;
    usage_add_write(req->arena, &usage, &plan, done);
    out->consumed_capacity = usage_report(req->arena, in->return_consumed_capacity, &usage);
    out->item_collection_metrics =
        parameters_collection_metrics(req->arena, in->return_item_collection_metrics, &plan, done);
    return NULL;
}
