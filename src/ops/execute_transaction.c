/* ops/execute_transaction.c - ExecuteTransaction: up to 100 PartiQL statements, all reads or all
 * writes, and all of them or none: the plans of TransactGetItems and TransactWriteItems. */
#include "operations.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "item/check.h"
#include "item/size.h"
#include "ops/fingerprint.h"
#include "ops/transaction.h"
#include "partiql/bind.h"

struct members {
    const struct parameterized_statements *in;
    struct statement *statements;
    size_t count;
    bool are_reads;
};

static struct error *refuse(struct request *req, size_t member, const char *rule)
{
    return fail(req->arena, ERR_VALIDATION, "Validation failed in TransactStatements[%zu]: %s",
                member, rule);
}

static struct error *parse(struct request *req, struct members *members)
{
    size_t reads = 0;

    members->statements = NEW(req->arena, struct statement, members->count);
    for (size_t i = 0; i < members->count; i++) {
        const struct parameterized_statement *in = &members->in->items[i];

        TRY(statement_parse(req->arena, in->statement, in->parameters, &members->statements[i]));
        reads += statement_is_read(&members->statements[i]);
    }
    for (size_t i = 0; i < members->count; i++) {
        if (members->statements[i].returning != RETURNING_NOTHING)
            return refuse(req, i, "RETURNING clause is not supported in ExecuteTransaction.");
        if (members->statements[i].index.data)
            return refuse(req, i, "Reads on indices are not supported within transactions.");
    }
    if (reads > 0 && reads < members->count)
        return fail(req->arena, ERR_VALIDATION,
                    "ExecuteTransaction API does not support both read and write operations in "
                    "the same request.");
    members->are_reads = reads > 0;
    return NULL;
}

/* --- reads --- */

static struct error *make_read(struct request *req, const struct statement *statement,
                               struct transact_read *member)
{
    struct statement_reads reads;
    const struct table *table;

    TRY(catalog_find(req, statement->table, &table));
    TRY(statement_bind_read(req->arena, statement, table, NULL, &reads));
    if (!reads.is_whole_key)
        return fail(req->arena, ERR_VALIDATION,
                    "Select statements within ExecuteTransaction must specify the primary key in "
                    "the where clause.");
    member->plan = reads.plans[0];
    member->plan.is_consistent = true;
    member->table_name = statement->table;
    return NULL;
}

static const struct item_response_list *
responses_of(struct arena *arena, const struct read_result *results, size_t count)
{
    struct item_response_list *responses = NEW(arena, struct item_response_list, 1);

    responses->items = NEW(arena, struct item_response, count);
    responses->count = count;
    for (size_t i = 0; i < count; i++)
        if (results[i].items.count > 0)
            responses->items[i].item = &results[i].items.items[0];
    return responses;
}

static struct error *read_all(struct request *req, const struct execute_transaction_input *in,
                              const struct members *members, struct execute_transaction_output *out)
{
    size_t count = members->count;
    struct transact_read_plan plan = { count, NEW(req->arena, struct transact_read, count) };
    struct read_result *results = NEW(req->arena, struct read_result, count);
    struct usage *usages = NEW(req->arena, struct usage, count);

    for (size_t i = 0; i < count; i++)
        TRY(make_read(req, &members->statements[i], &plan.members[i]));
    TRY(transaction_bind_reads(req, &plan));

    TRY(exec_transact_read(req, &plan, results));

    out->responses = responses_of(req->arena, results, count);
    count = transaction_count_reads(req->arena, &plan, results, usages);
    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, count);
    return NULL;
}

/* --- writes --- */

static struct error *make_write(struct request *req, const struct statement *statement,
                                const struct parameterized_statement *in,
                                struct transact_write *member)
{
    const struct table *table;

    TRY(catalog_find(req, statement->table, &table));
    TRY(statement_bind_write(req->arena, statement, table, &member->plan));
    member->table_name = statement->table;
    member->plan.returns_old_on_failure = in->return_values_on_condition_check_failure ==
                                          RETURN_VALUES_ON_CONDITION_CHECK_FAILURE_ALL_OLD;
    if (member->plan.kind != WRITE_PUT)
        return NULL;
    TRY(item_check(req->arena, WORDING_OLDER, member->plan.new_item));
    if (item_bytes(member->plan.new_item) > ITEM_BYTES_MAX)
        return fail(req->arena, ERR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return NULL;
}

/* spec: a change in any other parameter makes it another request */
static struct span content_of(struct request *req, const struct execute_transaction_input *in)
{
    struct span content;
    struct buffer out;

    if (in->client_request_token.data == NULL)
        return (struct span){ 0 };
    buffer_init(&out);
    fingerprint_add_text(&out, req->operation);
    fingerprint_add_number(&out, in->return_consumed_capacity);
    for (size_t i = 0; i < in->transact_statements->count; i++) {
        const struct parameterized_statement *member = &in->transact_statements->items[i];
        size_t parameters = member->parameters ? member->parameters->count : 0;

        fingerprint_add_text(&out, member->statement);
        fingerprint_add_number(&out, member->return_values_on_condition_check_failure);
        fingerprint_add_number(&out, parameters);
        for (size_t k = 0; k < parameters; k++)
            fingerprint_add_value(req->arena, &out, &member->parameters->items[k]);
    }
    content = arena_copy(req->arena, buffer_span(&out));
    buffer_fini(&out);
    return content;
}

static struct error *write_all(struct request *req, const struct execute_transaction_input *in,
                               const struct members *members,
                               struct execute_transaction_output *out)
{
    size_t count = members->count;
    struct transact_write_plan plan = { .count = count,
                                        .members = NEW(req->arena, struct transact_write, count),
                                        .token = in->client_request_token,
                                        .content = content_of(req, in) };
    struct transact_write_result done;
    struct usage *usages = NEW(req->arena, struct usage, count);

    TRY(exec_begin_write(req));
    for (size_t i = 0; i < count; i++)
        TRY(make_write(req, &members->statements[i], &members->in->items[i], &plan.members[i]));
    TRY(transaction_bind_writes(req, &plan));

    TRY(exec_transact_write(req, &plan, &done));

    count = transaction_count_writes(req->arena, &plan, &done, usages);
    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, count);
    return NULL;
}

struct error *execute_transaction(struct request *req, const struct execute_transaction_input *in,
                                  struct execute_transaction_output *out)
{
    struct members members = { .in = in->transact_statements,
                               .count = in->transact_statements->count };

    TRY(parse(req, &members));
    if (members.are_reads)
        return read_all(req, in, &members, out);
    return write_all(req, in, &members, out);
}
