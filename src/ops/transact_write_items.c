/* ops/transact_write_items.c - TransactWriteItems: up to 100 puts, updates, deletes and checks, all
 * of them or none. */
#include "operations.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/exec.h"
#include "item/check.h"
#include "item/size.h"
#include "ops/collection_metrics.h"
#include "ops/condition_input.h"
#include "ops/fingerprint.h"
#include "ops/transaction.h"

/* One member's parameters, whichever of the four actions it is. */
struct action {
    enum write_kind kind;
    struct span table_name;
    const struct item *item; /* the new one, or the key */
    struct condition_input input;
    enum return_values_on_condition_check_failure on_failure;
};

static struct action action_of_put(const struct put *in)
{
    return (struct action){
        .kind = WRITE_PUT,
        .table_name = in->table_name,
        .item = in->item,
        .input = { .condition_expression = in->condition_expression,
                   .names = in->expression_attribute_names,
                   .values = in->expression_attribute_values,
                   .expressions_are_null = "ConditionExpression is null" },
        .on_failure = in->return_values_on_condition_check_failure,
    };
}

static struct action action_of_update(const struct api_update *in)
{
    return (struct action){
        .kind = WRITE_UPDATE,
        .table_name = in->table_name,
        .item = in->key,
        .input = { .condition_expression = in->condition_expression,
                   .update_expression = in->update_expression,
                   .names = in->expression_attribute_names,
                   .values = in->expression_attribute_values,
                   .expressions_are_null = "UpdateExpression and ConditionExpression are null" },
        .on_failure = in->return_values_on_condition_check_failure,
    };
}

static struct action action_of_delete(const struct delete *in)
{
    return (struct action){
        .kind = WRITE_DELETE,
        .table_name = in->table_name,
        .item = in->key,
        .input = { .condition_expression = in->condition_expression,
                   .names = in->expression_attribute_names,
                   .values = in->expression_attribute_values,
                   .expressions_are_null = "ConditionExpression is null" },
        .on_failure = in->return_values_on_condition_check_failure,
    };
}

static struct action action_of_check(const struct condition_check *in)
{
    return (struct action){
        .kind = WRITE_CHECK,
        .table_name = in->table_name,
        .item = in->key,
        .input = { .condition_expression = in->condition_expression,
                   .names = in->expression_attribute_names,
                   .values = in->expression_attribute_values,
                   .expressions_are_null = "ConditionExpression is null" },
        .on_failure = in->return_values_on_condition_check_failure,
    };
}

static struct error *read_action(struct request *req, const struct transact_write_item *in,
                                 struct action *action)
{
    if (!!in->put + !!in->update + !!in->delete + !!in->condition_check != 1)
        return fail(req->arena, ERR_VALIDATION,
                    "TransactItems can only contain one of Check, Put, Update or Delete");
    if (in->put)
        *action = action_of_put(in->put);
    else if (in->update)
        *action = action_of_update(in->update);
    else if (in->delete)
        *action = action_of_delete(in->delete);
    else
        *action = action_of_check(in->condition_check);
    return NULL;
}

static struct error *make_member(struct request *req, const struct action *action,
                                 struct transact_write *member)
{
    struct voice voice = voice_of_batch(req);
    struct item *item = NEW(req->arena, struct item, 1);
    bool is_put = action->kind == WRITE_PUT;

    *item = *action->item;
    member->table_name = action->table_name;
    member->plan = (struct write_plan){
        .kind = action->kind,
        .new_item = is_put ? item : NULL,
        .key_attributes = is_put ? NULL : item,
        .returns_old_on_failure =
            action->on_failure == RETURN_VALUES_ON_CONDITION_CHECK_FAILURE_ALL_OLD,
    };
    TRY(voice_say(req->arena, voice, item_check(req->arena, voice.wording, item)));
    if (is_put && item_bytes(item) > ITEM_BYTES_MAX)
        return fail(req->arena, ERR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return condition_input_compile(req, voice, &action->input, &member->plan);
}

/* spec: a change in any other parameter makes it another request */
static struct span content_of(struct request *req, const struct transact_write_items_input *in,
                              const struct action *actions)
{
    struct span content;
    struct buffer out;

    if (in->client_request_token.data == NULL)
        return (struct span){ 0 };
    buffer_init(&out);
    fingerprint_add_text(&out, req->operation);
    fingerprint_add_number(&out, in->return_consumed_capacity);
    fingerprint_add_number(&out, in->return_item_collection_metrics);
    for (size_t i = 0; i < in->transact_items->count; i++) {
        const struct action *action = &actions[i];

        fingerprint_add_number(&out, action->kind);
        fingerprint_add_text(&out, action->table_name);
        fingerprint_add_item(req->arena, &out, action->item);
        fingerprint_add_text(&out, action->input.condition_expression);
        fingerprint_add_text(&out, action->input.update_expression);
        fingerprint_add_names(req->arena, &out, action->input.names);
        fingerprint_add_item(req->arena, &out, action->input.values);
        fingerprint_add_number(&out, action->on_failure);
    }
    content = arena_copy(req->arena, buffer_span(&out));
    buffer_fini(&out);
    return content;
}

static struct error *make_plan(struct request *req, const struct transact_write_items_input *in,
                               struct transact_write_plan *plan)
{
    struct action *actions;

    plan->count = in->transact_items->count;
    plan->members = NEW(req->arena, struct transact_write, plan->count);
    actions = NEW(req->arena, struct action, plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        TRY(read_action(req, &in->transact_items->items[i], &actions[i]));
        TRY(make_member(req, &actions[i], &plan->members[i]));
    }
    plan->token = in->client_request_token;
    plan->content = content_of(req, in, actions);
    return NULL;
}

/* A replay has written nothing: it has no metrics. */
static void report(struct request *req, const struct transact_write_items_input *in,
                   const struct transact_write_plan *plan, const struct transact_write_result *done,
                   struct transact_write_items_output *out)
{
    struct usage *usages = NEW(req->arena, struct usage, plan->count);
    struct collection_metrics *metrics = collection_metrics_open(
        req->arena, in->return_item_collection_metrics, plan->count, plan->count);
    size_t tables = transaction_count_writes(req->arena, plan, done, usages);

    for (size_t i = 0; i < plan->count && done->half_rcus == NULL; i++) {
        const struct transact_write *member = &plan->members[i];

        if (member->plan.kind != WRITE_CHECK)
            collection_metrics_add(metrics, member->table_name, &member->plan, &done->members[i]);
    }
    out->item_collection_metrics = collection_metrics_close(metrics);
    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, tables);
}

struct error *transact_write_items(struct request *req, const struct transact_write_items_input *in,
                                   struct transact_write_items_output *out)
{
    struct transact_write_plan plan = { 0 };
    struct transact_write_result done;

    TRY(make_plan(req, in, &plan));
    TRY(exec_begin_write(req));
    TRY(transaction_bind_writes(req, &plan));

    TRY(exec_transact_write(req, &plan, &done));

    report(req, in, &plan, &done, out);
    return NULL;
}
