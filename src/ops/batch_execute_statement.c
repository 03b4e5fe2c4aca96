/* ops/batch_execute_statement.c - BatchExecuteStatement: up to 25 statements, each of which
 * succeeds or fails by itself. */
#include "operations.h"

#include "base/arena.h"
#include "ops/statement_run.h"

/* What the errors of a member are called. */
static const struct short_code {
    enum error_code code;
    enum batch_statement_error_code_enum name;
} short_codes[] = {
    { ERR_ACCESS_DENIED, BATCH_STATEMENT_ERROR_CODE_ENUM_ACCESS_DENIED },
    { ERR_CONDITIONAL_CHECK_FAILED, BATCH_STATEMENT_ERROR_CODE_ENUM_CONDITIONAL_CHECK_FAILED },
    { ERR_DUPLICATE_ITEM, BATCH_STATEMENT_ERROR_CODE_ENUM_DUPLICATE_ITEM },
    { ERR_ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED,
      BATCH_STATEMENT_ERROR_CODE_ENUM_ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED },
    { ERR_PROVISIONED_THROUGHPUT_EXCEEDED,
      BATCH_STATEMENT_ERROR_CODE_ENUM_PROVISIONED_THROUGHPUT_EXCEEDED },
    { ERR_REQUEST_LIMIT_EXCEEDED, BATCH_STATEMENT_ERROR_CODE_ENUM_REQUEST_LIMIT_EXCEEDED },
    { ERR_RESOURCE_NOT_FOUND, BATCH_STATEMENT_ERROR_CODE_ENUM_RESOURCE_NOT_FOUND },
    { ERR_THROTTLING, BATCH_STATEMENT_ERROR_CODE_ENUM_THROTTLING_ERROR },
    { ERR_TRANSACTION_CONFLICT, BATCH_STATEMENT_ERROR_CODE_ENUM_TRANSACTION_CONFLICT },
    { ERR_VALIDATION, BATCH_STATEMENT_ERROR_CODE_ENUM_VALIDATION_ERROR },
};

struct member {
    const struct batch_statement_request *in;
    struct statement statement;
    struct error *error; /* NULL: fine so far */
};

/* ABSENT: the whole batch fails with it. */
static enum batch_statement_error_code_enum short_code_of(enum error_code code)
{
    for (size_t i = 0; i < sizeof(short_codes) / sizeof(short_codes[0]); i++) {
        if (short_codes[i].code == code)
            return short_codes[i].name;
    }
    return BATCH_STATEMENT_ERROR_CODE_ENUM_ABSENT;
}

/* The item that a failed condition brings along in the error's further members. */
static const struct item *item_of(struct arena *arena, const struct error *error)
{
    struct span prefix = SPAN(",\"Item\":");
    struct item *item;

    if (error->members.data == NULL || !span_starts_with(error->members, prefix))
        return NULL;
    item = NEW(arena, struct item, 1);
    item->json =
        (struct span){ error->members.data + prefix.size, error->members.size - prefix.size };
    return item;
}

static struct error *report_error(struct request *req, struct error *error,
                                  struct batch_statement_response *response)
{
    struct batch_statement_error *report = NEW(req->arena, struct batch_statement_error, 1);

    report->code = short_code_of(error->code);
    if (report->code == BATCH_STATEMENT_ERROR_CODE_ENUM_ABSENT)
        return error;
    report->message = error->message;
    report->item = item_of(req->arena, error);
    response->error = report;
    return NULL;
}

static struct error *check_mixing(struct request *req, const struct member *members, size_t count)
{
    bool has_read = false;
    bool has_write = false;

    for (size_t i = 0; i < count; i++) {
        if (members[i].error)
            continue;
        has_read |= statement_is_read(&members[i].statement);
        has_write |= !statement_is_read(&members[i].statement);
    }
    if (has_read && has_write)
        return fail(req->arena, ERR_VALIDATION,
                    "Read and write requests together in the same batch is not supported.");
    return NULL;
}

static struct error *run_member(struct request *req, struct member *member, struct usage *usage,
                                struct batch_statement_response *response)
{
    const struct batch_statement_request *in = member->in;
    const struct statement_call call = {
        .text = in->statement,
        .parameters = in->parameters,
        .is_consistent = in->consistent_read,
        .returns_old_on_failure = in->return_values_on_condition_check_failure ==
                                  RETURN_VALUES_ON_CONDITION_CHECK_FAILURE_ALL_OLD,
        .is_member = true,
    };
    struct statement_answer answer = { 0 };

    if (member->error == NULL)
        member->error = statement_run(req, &member->statement, &call, &answer);
    if (member->error)
        return report_error(req, member->error, response);
    response->table_name = answer.usage.table->name;
    if (answer.items.count > 0)
        response->item = &answer.items.items[0];
    *usage = answer.usage;
    return NULL;
}

static struct error *run_all(struct request *req, struct member *members, size_t count,
                             const struct batch_execute_statement_input *in,
                             struct batch_execute_statement_output *out)
{
    struct parti_ql_batch_response *responses = NEW(req->arena, struct parti_ql_batch_response, 1);
    struct usage *usages = NEW(req->arena, struct usage, count);
    size_t usage_count = 0;

    responses->count = count;
    responses->items = NEW(req->arena, struct batch_statement_response, count);
    for (size_t i = 0; i < count; i++) {
        TRY(run_member(req, &members[i], &usages[usage_count], &responses->items[i]));
        usage_count += members[i].error == NULL;
    }
    out->responses = responses;
    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, usage_count);
    return NULL;
}

struct error *batch_execute_statement(struct request *req,
                                      const struct batch_execute_statement_input *in,
                                      struct batch_execute_statement_output *out)
{
    size_t count = in->statements->count;
    struct member *members = NEW(req->arena, struct member, count);

    for (size_t i = 0; i < count; i++) {
        members[i].in = &in->statements->items[i];
        members[i].error = statement_parse(req->arena, members[i].in->statement,
                                           members[i].in->parameters, &members[i].statement);
    }
    TRY(check_mixing(req, members, count));
    return run_all(req, members, count, in, out);
}
