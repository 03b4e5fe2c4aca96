/* ops/execute_statement.c - ExecuteStatement: one PartiQL statement. */
#include "operations.h"

#include "base/arena.h"
#include "ops/statement_run.h"

struct error *execute_statement(struct request *req, const struct execute_statement_input *in,
                                struct execute_statement_output *out)
{
    const struct statement_call call = {
        .text = in->statement,
        .parameters = in->parameters,
        .is_consistent = in->consistent_read,
        .returns_old_on_failure = in->return_values_on_condition_check_failure ==
                                  RETURN_VALUES_ON_CONDITION_CHECK_FAILURE_ALL_OLD,
        .limit = in->has_limit ? (uint64_t)in->limit : 0,
        .next_token = in->next_token,
    };
    struct statement_answer *answer = NEW(req->arena, struct statement_answer, 1);
    struct statement statement;

    TRY(statement_parse(req->arena, in->statement, in->parameters, &statement));

    TRY(statement_run(req, &statement, &call, answer));

    out->items = &answer->items;
    out->last_evaluated_key = answer->last_key;
    out->next_token = answer->next_token;
    out->consumed_capacity = usage_report(req->arena, in->return_consumed_capacity, &answer->usage);
    return NULL;
}
