/* ops/condition_input.h - the condition of a write, out of ConditionExpression or out of the older
 * Expected. */
#pragma once

#include "expr/expression.h"
#include "ops/voice.h"
#include "plan/plan.h"

#include "shapes.h"

struct condition_input {
    struct span condition_expression;
    struct span update_expression; /* UpdateItem's; absent for others */
    const struct string_map *names;
    const struct item *values;
    const struct expected_attribute_map *expected;
    enum conditional_operator joined_by;
    const char *expressions_are_null; /* see scope_check */
};

/* The older parameters first, then both expressions in one scope, as the service checks them.
 * Fills plan->condition, and plan->update from an UpdateExpression. Errors are in voice's envelope.
 */
MUST_USE struct error *condition_input_compile(struct request *req, struct voice voice,
                                               const struct condition_input *in,
                                               struct write_plan *plan);
