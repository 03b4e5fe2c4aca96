/* expr/update.h - the inside of a compiled update. */
#pragma once

#include "expr/expression.h"
#include "expr/syntax.h"

struct path_tree;

struct update {
    size_t count;
    const struct action **actions; /* in the order written */
    const struct path_tree *tree;  /* of their targets */
    const struct projection *targets;
    bool is_legacy; /* AttributeUpdates: lists can be added to, and errors are worded otherwise */
};

/* The actions from first on, whose targets must not overlap or conflict. */
struct update *update_new(struct arena *arena, const struct action *first, size_t count,
                          bool is_legacy);

/* The value of the right-hand side of a SET, all of it taken from the old item. */
MUST_USE struct error *update_evaluate(struct arena *arena, const struct node *node,
                                       const struct item *old, struct value *result);

/* "Item size to update has exceeded the maximum allowed size" */
MUST_USE struct error *update_refuse_size(struct arena *arena);

/* Two sets of one type: all members of both, and the members of a that b hasn't. */
void update_unite(struct arena *arena, const struct value *a, const struct value *b,
                  struct value *result);
void update_subtract(struct arena *arena, const struct value *a, const struct value *b,
                     struct value *result);
