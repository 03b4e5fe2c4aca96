/* expr/projection.h - the inside of a projection, for those who make one without a text. */
#pragma once

#include "expr/expression.h"

struct path_tree;

/* Trees of paths that may meet: each tree has those that don't. */
struct projection_layer {
    struct path_tree *tree; /* leaves are positions among the paths */
    struct projection_layer *next;
};

struct projection {
    size_t count;
    const struct path *paths;     /* in the order written */
    const struct path_tree *tree; /* where the parts stay in their places */
    const struct span *columns;   /* NULL: they do. Otherwise PartiQL's way: what a path leads to
                                     stands at the top, under its column's name */
    const struct projection_layer *layers; /* columns */
};

/* The paths must not overlap or conflict; the array is kept. */
struct projection *projection_new(struct arena *arena, const struct path *paths, size_t count);

/* The paths may meet. Of two columns with one name the later counts. */
struct projection *projection_of_columns(struct arena *arena, const struct path *paths,
                                         const struct span *columns, size_t count);
