/* ops/projection_input.h - what GetItem and one table of BatchGetItem select, out of
 * ProjectionExpression or out of the older AttributesToGet. */
#pragma once

#include "expr/expression.h"
#include "ops/voice.h"

struct projection_input {
    struct span projection_expression;
    const struct string_map *names;
    const struct string_list *attributes_to_get;
};

MUST_USE struct error *projection_input_check_mixing(struct request *req,
                                                     const struct projection_input *in);

/* *projection is NULL when whole items are wanted. Errors are bare. */
MUST_USE struct error *projection_input_compile(struct request *req, struct voice voice,
                                                const struct projection_input *in,
                                                const struct projection **projection);
