/* expr/projection.h - the inside of a projection, for those who make one without a text. */
#pragma once

#include "expr/expression.h"

struct path_tree;

struct projection {
    size_t count;
    const struct path *paths; /* in the order written */
    const struct path_tree *tree;
    const struct span *columns; /* not NULL: what each path leads to stands under its column's name
                                   at the top, as PartiQL has it, and not where it was; no tree */
};

/* The paths must not overlap or conflict; the array is kept. */
struct projection *projection_new(struct arena *arena, const struct path *paths, size_t count);

/* Columns: the paths may meet. Of two columns with one name the later counts. */
struct projection *projection_of_columns(struct arena *arena, const struct path *paths,
                                         const struct span *columns, size_t count);
