/* expr/key_condition.h - the inside of a key condition, for the legacy KeyConditions too. */
#pragma once

#include "expr/expression.h"

struct arena;

enum key_operator { KEY_EQ, KEY_LT, KEY_LE, KEY_GT, KEY_GE, KEY_BETWEEN, KEY_BEGINS_WITH };

/* One attribute against literals. */
struct key_test {
    struct span name;
    enum key_operator operation;
    const struct value *value; /* BETWEEN: the lower bound */
    const struct value *high;  /* BETWEEN */
};

/* Names are distinct. */
struct key_condition {
    size_t count;
    struct key_test *tests;
};

struct node; /* expr/syntax.h */

/* Is node a condition of that kind: a top-level attribute against literals? */
bool key_test_make(const struct node *node, struct key_test *test);

/* Only strings, numbers and binaries can be keys: what is wrong with any table is told before there
 * is one. spec: operand types are checked before the table is looked up */
MUST_USE struct error *key_condition_check_types(struct arena *arena,
                                                 const struct key_condition *condition);
