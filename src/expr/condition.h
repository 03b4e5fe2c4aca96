/* expr/condition.h - the inside of a compiled condition: tests that say which test comes next.
 *
 * AND, OR and NOT are gone: each test names the test to go to when it holds and the one when it
 * does not, until one of the two ends. Running needs no memory and no recursion. */
#pragma once

#include "expr/expression.h"
#include "expr/path.h"

#include <stdint.h>

struct arena;

enum test_kind {
    TEST_EQ,
    TEST_NE,
    TEST_LT,
    TEST_LE,
    TEST_GT,
    TEST_GE,
    TEST_BETWEEN,
    TEST_IN,
    TEST_EXISTS,
    TEST_NOT_EXISTS,
    TEST_TYPE,
    TEST_BEGINS_WITH,
    TEST_CONTAINS,
    TEST_NOT_CONTAINS /* of the legacy parameters: the attribute exists and does not contain */
};

enum { TEST_HOLDS = UINT16_MAX, TEST_FAILS = UINT16_MAX - 1, TESTS_MAX = UINT16_MAX - 2 };

/* A literal, or what stands at a path, or the size of either. */
struct operand {
    const struct value *value; /* NULL: path */
    struct path path;
    bool is_size;
};

struct test {
    enum test_kind kind;
    uint16_t if_true; /* a position among the tests, always further on, or one of the ends */
    uint16_t if_false;
    size_t operand_count;
    struct operand *operands;
};

/* Begins with the first test. Tests stand in the order of the text. */
struct condition {
    size_t count;
    struct test *tests;
};

struct node; /* expr/syntax.h */

/* Of a checked tree with at most EXPRESSION_OPERATORS_MAX operators. */
struct condition *condition_new(struct arena *arena, const struct node *tree);

/* Does one test hold, its successors aside? */
bool test_holds(const struct test *test, const struct item *item);
