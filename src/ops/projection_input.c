/* ops/projection_input.c - compiling what of an item is wanted. */
#include "ops/projection_input.h"

#include "expr/legacy.h"
#include "ops/parameters.h"

struct error *projection_input_check_mixing(struct request *req, const struct projection_input *in)
{
    const struct parameter legacy[] = { { "AttributesToGet", in->attributes_to_get },
                                        { NULL, false } };
    const struct parameter expressions[] = {
        { "ProjectionExpression", in->projection_expression.data }, { NULL, false }
    };

    return parameters_check_mixing(req->arena, legacy, expressions);
}

struct error *projection_input_compile(struct request *req, struct voice voice,
                                       const struct projection_input *in,
                                       const struct projection **projection)
{
    struct projection *compiled = NULL;

    if (in->attributes_to_get) {
        TRY(legacy_attributes_to_get(req->arena, in->attributes_to_get, &compiled));
    } else if (in->projection_expression.data || in->names) {
        struct scope *scope = scope_open(req->arena, voice.wording, in->names, NULL);

        TRY(scope_check(scope, in->projection_expression.data, "ProjectionExpression is null"));
        TRY(projection_compile(scope, in->projection_expression, &compiled));
        TRY(scope_check_all_used(scope));
    }
    *projection = compiled;
    return NULL;
}
