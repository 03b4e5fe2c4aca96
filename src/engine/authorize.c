/* engine/authorize.c - one question to the policies, and the doors' questions. */
#include "engine/authorize.h"

#include "base/arena.h"
#include "engine/authorize_ask.h"
#include "engine/catalog.h"

/* A text that was accepted when the policy was put on the table; one that isn't is as none. */
static const struct policy *resource_policy(struct request *req, const struct subject *subject)
{
    const struct table *table = subject->table;
    struct json_source source = { .text = table ? table->resource_policy : (struct span){ 0 } };
    struct policy *policy;
    struct span problem;
    yyjson_val *json;

    if (source.text.size == 0)
        return NULL;
    json = json_source_parse(req->arena, &source, &problem);
    policy = NEW(req->arena, struct policy, 1);
    return json && policy_parse(req->arena, &source, json, POLICY_RESOURCE, policy, &problem)
               ? policy
               : NULL;
}

struct error *authorize_ask(struct request *req, const struct subject *subject, bool *depends)
{
    struct policy_context context;
    const struct policy_question question = {
        .action = subject->action,
        .resource = subject->resource,
        .resource_account = subject->account,
        .resource_policy = resource_policy(req, subject),
        .context = &context,
    };
    struct policy_decision decision;

    facts_collect(req, subject, &context);
    decision = policy_decide(req->caller, &question);
    *depends = *depends || decision.outcome == POLICY_DEPENDS;
    if (decision.outcome != POLICY_DENIED)
        return NULL;
    return fail_with(req->arena, ERR_ACCESS_DENIED,
                     policy_denial(req->arena, req->caller, &question, &decision));
}

/* Nothing is unknown any more. */
static struct error *ask_finally(struct request *req, const struct subject *subject)
{
    bool depends = false;
    struct error *error = authorize_ask(req, subject, &depends);

    if (error || !depends)
        return error;
    return fail(req->arena, ERR_INTERNAL_SERVER_ERROR, "Internal server error");
}

static bool is_statement(const struct request *req)
{
    return span_is(req->operation, "ExecuteStatement") ||
           span_is(req->operation, "BatchExecuteStatement") ||
           span_is(req->operation, "ExecuteTransaction");
}

static struct span read_action(const struct request *req)
{
    if (is_statement(req))
        return SPAN("PartiQLSelect");
    return span_is(req->operation, "TransactGetItems") ? SPAN("GetItem") : req->operation;
}

/* EXISTS reads an item, as a SELECT does. */
static struct span statement_action(enum write_kind kind)
{
    switch (kind) {
    case WRITE_PUT: return SPAN("PartiQLInsert");
    case WRITE_UPDATE: return SPAN("PartiQLUpdate");
    case WRITE_DELETE: return SPAN("PartiQLDelete");
    case WRITE_CHECK: break;
    }
    return SPAN("PartiQLSelect");
}

static struct span member_action(enum write_kind kind)
{
    switch (kind) {
    case WRITE_PUT: return SPAN("PutItem");
    case WRITE_UPDATE: return SPAN("UpdateItem");
    case WRITE_DELETE: return SPAN("DeleteItem");
    case WRITE_CHECK: break;
    }
    return SPAN("ConditionCheckItem");
}

static struct span write_action(const struct request *req, const struct write_plan *plan)
{
    if (is_statement(req))
        return statement_action(plan->kind);
    return span_is(req->operation, "TransactWriteItems") ? member_action(plan->kind)
                                                         : req->operation;
}

static bool is_settled(const struct request *req)
{
    return req->caller == NULL || req->is_authorized || req->is_batch_authorized;
}

static struct error *ask_read(struct request *req, const struct read_plan *plan,
                              const struct touched *touched)
{
    const struct subject subject = {
        .action = read_action(req),
        .resource = plan->index ? plan->index->arn : plan->table->arn,
        .account = plan->table->account,
        .table = plan->table,
        .has_projection = plan->projection != NULL,
        .has_index = plan->index != NULL,
        .touched = touched,
    };

    return ask_finally(req, &subject);
}

static struct error *ask_write(struct request *req, const struct write_plan *plan,
                               const struct touched *touched)
{
    const struct subject subject = {
        .action = write_action(req, plan),
        .resource = plan->table->arn,
        .account = plan->table->account,
        .table = plan->table,
        .returned = plan->returned,
        .touched = touched,
    };

    return ask_finally(req, &subject);
}

struct error *authorize_read(struct request *req, const struct read_plan *plan)
{
    struct touched touched = { 0 };

    if (is_settled(req))
        return NULL;
    touched_add_read(req->arena, &touched, plan);
    return ask_read(req, plan, &touched);
}

struct error *authorize_write(struct request *req, const struct write_plan *plan)
{
    struct touched touched = { 0 };

    if (is_settled(req))
        return NULL;
    touched_add_write(req->arena, &touched, plan);
    return ask_write(req, plan, &touched);
}

struct error *authorize_reads(struct request *req, const struct read_plan *plan,
                              const struct item_list *keys)
{
    struct touched touched = { 0 };

    if (req->caller == NULL || req->is_authorized)
        return NULL;
    for (size_t i = 0; i < keys->count; i++) {
        struct read_plan one = *plan;

        one.key_attributes = &keys->items[i];
        touched_add_read(req->arena, &touched, &one);
    }
    req->is_batch_authorized = true;
    return ask_read(req, plan, &touched);
}

struct error *authorize_writes(struct request *req, const struct write_plan *first, size_t stride,
                               size_t count)
{
    const struct write_plan *plan = first;
    struct touched touched = { 0 };

    if (req->caller == NULL || req->is_authorized)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct write_plan *next =
            (const struct write_plan *)(const void *)((const char *)plan + stride);

        touched_add_write(req->arena, &touched, plan);
        if (i + 1 == count || next->table != plan->table) {
            TRY(ask_write(req, plan, &touched));
            touched = (struct touched){ 0 };
        }
        plan = next;
    }
    req->is_batch_authorized = true;
    return NULL;
}

struct error *authorize_control(struct request *req, const struct control_plan *plan)
{
    const struct table *table = plan->old_table ? plan->old_table : plan->table;
    const struct touched nothing = { 0 };
    struct subject subject = { .action = req->operation, .table = table, .touched = &nothing };

    if (is_settled(req))
        return NULL;
    subject.account = plan->old_table ? table->account : req->account;
    subject.resource = plan->old_table ? table->arn : authorize_table_arn(req, table->name);
    return ask_finally(req, &subject);
}

struct error *authorize_select(struct request *req, struct span table, struct span index)
{
    return authorize_resource(req, SPAN("PartiQLSelect"), table, index);
}

struct error *authorize_statement(struct request *req, struct span table, enum write_kind kind)
{
    return authorize_resource(req, statement_action(kind), table, (struct span){ 0 });
}
