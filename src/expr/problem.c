/* expr/problem.c - noting problems of an expression and choosing the one to report. */
#include "expr/problem.h"

#include "base/arena.h"

const char *expression_kind_name(enum expression_kind kind)
{
    switch (kind) {
    case EXPRESSION_CONDITION: return "ConditionExpression";
    case EXPRESSION_FILTER: return "FilterExpression";
    case EXPRESSION_KEY: return "KeyConditionExpression";
    case EXPRESSION_PROJECTION: return "ProjectionExpression";
    case EXPRESSION_UPDATE: return "UpdateExpression";
    }
    return "";
}

static PRINTF_LIKE(3, 0) struct error *fail_kind(struct arena *arena, enum expression_kind kind,
                                                 const char *format, va_list arguments)
{
    struct span text = arena_vprint(arena, format, arguments);

    return fail(arena, ERR_VALIDATION, "Invalid %s: %.*s", expression_kind_name(kind),
                SPAN_PRINT(text));
}

struct error *problem_fail(struct arena *arena, enum expression_kind kind, const char *format, ...)
{
    va_list arguments;
    struct error *error;

    va_start(arguments, format);
    error = fail_kind(arena, kind, format, arguments);
    va_end(arguments);
    return error;
}

void problem_note(struct problems *problems, enum problem problem, const char *format, ...)
{
    va_list arguments;

    if (problems->first[problem])
        return;
    va_start(arguments, format);
    problems->first[problem] = problems->is_bare
                                   ? fail_with(problems->arena, ERR_VALIDATION,
                                               arena_vprint(problems->arena, format, arguments))
                                   : fail_kind(problems->arena, problems->kind, format, arguments);
    va_end(arguments);
}

bool problem_is_noted(const struct problems *problems, enum problem problem)
{
    return problems->first[problem] != NULL;
}

/* spec: check order of expressions; conditions and updates differ */
static const enum problem condition_order[PROBLEM_COUNT] = {
    PROBLEM_COUNT_OF_OPERATORS,
    PROBLEM_PATH,
    PROBLEM_PARENTHESES,
    PROBLEM_FUNCTION,
    PROBLEM_MISUSE,
    PROBLEM_RESERVED,
    PROBLEM_UNDEFINED,
    PROBLEM_OPERAND_COUNT,
    PROBLEM_DISTINCT,
    PROBLEM_SECTION,
    PROBLEM_UNDEFINED_VALUE,
    PROBLEM_OVERLAP,
    PROBLEM_CONFLICT,
    PROBLEM_OPERATOR_TYPE,
    PROBLEM_OPERAND_TYPE,
};

static const enum problem update_order[PROBLEM_COUNT] = {
    PROBLEM_COUNT_OF_OPERATORS, PROBLEM_PATH,          PROBLEM_PARENTHESES,  PROBLEM_RESERVED,
    PROBLEM_FUNCTION,           PROBLEM_MISUSE,        PROBLEM_SECTION,      PROBLEM_UNDEFINED,
    PROBLEM_UNDEFINED_VALUE,    PROBLEM_OVERLAP,       PROBLEM_CONFLICT,     PROBLEM_OPERAND_COUNT,
    PROBLEM_DISTINCT,           PROBLEM_OPERATOR_TYPE, PROBLEM_OPERAND_TYPE,
};

struct error *problem_first(const struct problems *problems)
{
    const enum problem *order =
        problems->kind == EXPRESSION_UPDATE ? update_order : condition_order;

    for (size_t i = 0; i < PROBLEM_COUNT; i++) {
        if (problems->first[order[i]])
            return problems->first[order[i]];
    }
    return NULL;
}
