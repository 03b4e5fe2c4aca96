/* expr/projection.h - the inside of a projection, for those who make one without a text. */
#pragma once

#include "expr/expression.h"

struct path_tree;

struct projection {
    size_t count;
    const struct path *paths; /* in the order written */
    const struct path_tree *tree;
};

/* The paths must not overlap or conflict; the array is kept. */
struct projection *projection_new(struct arena *arena, const struct path *paths, size_t count);
