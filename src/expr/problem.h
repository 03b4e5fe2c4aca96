/* expr/problem.h - what is wrong with an expression, and which of several things is told.
 *
 * The service checks a whole expression for one kind of problem, then for the next. So all that is
 * found is noted by kind, the first of each kept, and the kind checked first is reported. */
#pragma once

#include "base/error.h"
#include "expr/expression.h"

struct arena;

enum problem {
    PROBLEM_COUNT_OF_OPERATORS,
    PROBLEM_PATH, /* too long, or an index out of range */
    PROBLEM_PARENTHESES,
    PROBLEM_FUNCTION, /* unknown, or not for this kind of expression */
    PROBLEM_MISUSE,
    PROBLEM_RESERVED,
    PROBLEM_SECTION,
    PROBLEM_UNDEFINED,
    PROBLEM_UNDEFINED_VALUE, /* of updates; elsewhere values and names go together */
    PROBLEM_OPERAND_COUNT,
    PROBLEM_OVERLAP,
    PROBLEM_CONFLICT,
    PROBLEM_DISTINCT,
    PROBLEM_OPERATOR_TYPE, /* of updates; elsewhere operators and functions go together */
    PROBLEM_OPERAND_TYPE,
    PROBLEM_COUNT
};

struct problems {
    struct arena *arena;
    enum expression_kind kind;
    bool is_bare; /* of a PartiQL statement: no "Invalid ConditionExpression: " before the text */
    struct error *first[PROBLEM_COUNT];
};

/* "ConditionExpression", ... */
const char *expression_kind_name(enum expression_kind kind);

/* An error with "Invalid ConditionExpression: " before its text. */
MUST_USE PRINTF_LIKE(3, 4) struct error *problem_fail(struct arena *arena,
                                                      enum expression_kind kind, const char *format,
                                                      ...);

/* Notes a problem, unless there is one of its kind. */
PRINTF_LIKE(3, 4)
void problem_note(struct problems *problems, enum problem problem, const char *format, ...);

/* Is one of its kind noted already? For whom the text would cost much. */
bool problem_is_noted(const struct problems *problems, enum problem problem);

/* The problem that is checked first; NULL when there is none. */
MUST_USE struct error *problem_first(const struct problems *problems);
