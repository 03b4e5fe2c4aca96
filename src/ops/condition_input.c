/* ops/condition_input.c - compiling what a write depends on. */
#include "ops/condition_input.h"

#include "expr/legacy.h"

static struct error *compile(struct request *req, struct voice voice,
                             const struct condition_input *in, struct condition **condition,
                             struct update **update)
{
    bool has_expression = in->condition_expression.data || in->update_expression.data;
    struct item values = in->values ? *in->values : (struct item){ 0 };
    struct scope *scope;

    TRY(legacy_expected(req->arena, voice.wording, in->expected, in->joined_by, condition));
    scope = scope_open(req->arena, voice.wording, in->names, in->values ? &values : NULL);
    TRY(scope_check(scope, has_expression, in->expressions_are_null));
    if (in->update_expression.data)
        TRY(update_compile(scope, in->update_expression, update));
    if (in->condition_expression.data)
        TRY(condition_compile(scope, EXPRESSION_CONDITION, in->condition_expression, condition));
    return scope_check_all_used(scope);
}

struct error *condition_input_compile(struct request *req, struct voice voice,
                                      const struct condition_input *in, struct write_plan *plan)
{
    struct condition *condition = NULL;
    struct update *update = NULL;

    TRY(voice_say(req->arena, voice, compile(req, voice, in, &condition, &update)));
    plan->condition = condition;
    plan->update = update;
    return NULL;
}
