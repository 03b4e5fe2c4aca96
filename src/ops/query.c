/* ops/query.c - Query: a page of one partition of a table or index, in sort key order. */
#include "operations.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "ops/page_input.h"
#include "ops/parameters.h"
#include "ops/usage.h"

static struct error *check_mixing(struct request *req, const struct query_input *in)
{
    const struct parameter legacy[] = { { "AttributesToGet", in->attributes_to_get },
                                        { "QueryFilter", in->query_filter },
                                        { "ConditionalOperator", in->conditional_operator },
                                        { "KeyConditions",
                                          in->key_conditions && in->key_condition_expression.data },
                                        { NULL, false } };
    const struct parameter expressions[] = {
        { "ProjectionExpression", in->projection_expression.data },
        { "FilterExpression", in->filter_expression.data },
        { "KeyConditionExpression", in->key_condition_expression.data },
        { NULL, false },
    };

    return parameters_check_mixing(req->arena, legacy, expressions);
}

static struct error *compile(struct request *req, const struct query_input *in,
                             const struct page_input *page, struct item *start,
                             struct read_plan *plan, struct key_condition **key_condition)
{
    struct voice voice = voice_of_read(req);

    TRY(page_input_check_first(req, voice, page, plan));
    if (in->exclusive_start_key)
        TRY(page_start_check_values(req, voice, start));
    if (in->key_conditions == NULL && in->key_condition_expression.data == NULL)
        return fail(req->arena, ERR_VALIDATION,
                    "Either the KeyConditions or KeyConditionExpression parameter must be "
                    "specified in the request.");
    TRY(page_input_compile(req, voice, page, plan, key_condition));
    return page_input_check_select(req, page);
}

static bool is_before(struct span a, struct span b)
{
    return b.data == NULL || span_compare(a, b) < 0;
}

static struct error *fail_start(struct request *req, const char *text)
{
    return fail(req->arena, ERR_VALIDATION, "%s", text);
}

/* A table without a sort key has no second page: its start key is shown back, as Java prints it. */
static struct error *fail_restart(struct request *req, const struct item *start)
{
    const struct attribute *key = &start->attributes[0];
    struct buffer shown;
    struct span text;

    buffer_init(&shown);
    if (key->value.type == VALUE_B)
        buffer_append_base64(&shown, key->value.text);
    else
        buffer_append_span(&shown, key->value.text);
    text = arena_copy(req->arena, buffer_span(&shown));
    buffer_fini(&shown);
    return fail(req->arena, ERR_VALIDATION,
                "The provided exclusive start key is invalid: ExclusiveStartKey: "
                "{%.*s=AttributeValue: {%s:%.*s}}",
                SPAN_PRINT(key->name), value_type_name(key->value.type), SPAN_PRINT(text));
}

static struct error *bind_start(struct request *req, const struct item *start,
                                const struct key_selection *selection, struct read_plan *plan)
{
    struct span_range range = selection->range;
    struct error *error;

    if (!page_start_has_all_names(plan, start))
        return fail_start(req, "The provided starting key is invalid");
    error = page_start_key(req, plan, start, &plan->start_after);
    if (error)
        return fail_prefixed(req->arena, "The provided starting key is invalid: ", error);
    if (plan->index == NULL && plan->table->keys.range_count == 0)
        return fail_restart(req, start);
    if (selection->is_single && plan->index == NULL)
        return fail_start(req, "The query can return at most one row and cannot be restarted");
    if (!span_starts_with(plan->start_after, selection->prefix))
        return fail_start(req, "The provided starting key is outside query boundaries based on "
                               "provided conditions");
    if (is_before(plan->start_after, range.low) || !is_before(plan->start_after, range.high))
        return fail_start(req, "The provided starting key does not match the range key predicate");
    return NULL;
}

static void answer(struct request *req, const struct query_input *in, const struct read_plan *plan,
                   struct read_result *found, struct query_output *out)
{
    struct usage usage = { .table_name = in->table_name };

    if (!plan->is_count_only)
        out->items = &found->items;
    out->count = (int64_t)found->count;
    out->scanned_count = (int64_t)found->scanned_count;
    out->has_count = out->has_scanned_count = true;
    out->last_evaluated_key = found->last_key;
    usage_add_read(req->arena, &usage, plan, found);
    out->consumed_capacity = usage_report(req->arena, in->return_consumed_capacity, &usage);
}

struct error *query(struct request *req, const struct query_input *in, struct query_output *out)
{
    const struct page_input page = {
        .filter_expression = in->filter_expression,
        .projection_expression = in->projection_expression,
        .key_condition_expression = in->key_condition_expression,
        .names = in->expression_attribute_names,
        .values = in->expression_attribute_values,
        .filter = in->query_filter,
        .key_conditions = in->key_conditions,
        .joined_by = in->conditional_operator,
        .attributes_to_get = in->attributes_to_get,
        .select = in->select,
        .has_index = in->index_name.data,
        .is_query = true,
    };
    struct item start = in->exclusive_start_key ? *in->exclusive_start_key : (struct item){ 0 };
    struct read_plan plan = { .kind = READ_QUERY,
                              .is_consistent = in->consistent_read,
                              .is_backward = in->has_scan_index_forward && !in->scan_index_forward,
                              .limit = in->has_limit ? (uint64_t)in->limit : 0 };
    struct read_result *found = NEW(req->arena, struct read_result, 1);
    struct key_condition *key_condition = NULL;
    struct key_selection selection;

    TRY(check_mixing(req, in));
    TRY(compile(req, in, &page, &start, &plan, &key_condition));
    TRY(catalog_find(req, in->table_name, &plan.table));
    TRY(catalog_find_index(req, plan.table, in->index_name, &plan.index));
    TRY(page_input_bind(req, &page, &plan));
    TRY(key_condition_bind(req->arena, key_condition, page_keys(&plan), &selection));
    plan.key_condition = key_condition;
    plan.range = selection.range;
    if (in->exclusive_start_key)
        TRY(bind_start(req, &start, &selection, &plan));

    TRY(exec_read(req, &plan, found));

    answer(req, in, &plan, found, out);
    return NULL;
}
