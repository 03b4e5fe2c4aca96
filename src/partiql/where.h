/* partiql/where.h - inside partiql/: a WHERE clause as the conditions that its ANDs join, so that
 * those on key attributes can be taken out. */
#pragma once

#include "expr/key_condition.h"
#include "expr/syntax.h"

struct arena;

struct where {
    struct arena *arena;
    size_t count;
    const struct node **parts; /* in the order of the text */
    bool *is_taken;
};

/* The values that an attribute may have where a condition holds. */
struct choice {
    size_t count; /* 0: any */
    const struct value **values;
};

/* tree may be NULL. */
void where_split(struct arena *arena, const struct node *tree, struct where *where);

/* Takes out `name = literal`; NULL when there is none. */
const struct value *where_take_equality(struct where *where, struct span name);

/* The same, or `name IN [...]`, or equalities on name that ORs join. */
struct choice where_take_choice(struct where *where, struct span name);

/* Takes out a condition on name that a range of keys can stand for. */
bool where_take_test(struct where *where, struct span name, struct key_test *test);

/* What hasn't been taken; NULL when nothing is left. */
const struct node *where_rest(const struct where *where);

/* --- trees made here --- */

/* attribute_exists(name) or attribute_not_exists(name). */
const struct node *where_existence(struct arena *arena, struct span name, bool exists);

/* Either may be NULL. */
const struct node *where_join(struct arena *arena, enum node_kind kind, const struct node *left,
                              const struct node *right);
