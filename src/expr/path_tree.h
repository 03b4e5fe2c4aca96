/* expr/path_tree.h - several paths as one tree, so that an item is walked once for all of them. */
#pragma once

#include "expr/path.h"

#include <stddef.h>

struct arena;

/* One element of the item that paths lead to or through. */
struct path_tree {
    struct path_step step;
    bool is_leaf;
    size_t leaf;     /* is_leaf: the position of the path that ends here */
    size_t position; /* among its siblings, in the order of adding */
    size_t child_count;
    struct path_tree *children; /* names in the order of the paths, or indexes, ascending */
    struct path_tree *last;     /* of the children, where they are names */
    struct path_tree *next;
    struct path_tree **slots; /* children by the hash of their name, when there are many */
    size_t slot_count;
};

/* The item itself. The paths must not overlap or conflict. */
struct path_tree *path_tree_new(struct arena *arena);
void path_tree_add(struct arena *arena, struct path_tree *root, const struct path *path,
                   size_t leaf);

/* Can path be added: does it neither overlap nor conflict with those in the tree? */
bool path_tree_fits(const struct path_tree *root, const struct path *path);

/* The child of that name; NULL when there is none. The children are names. */
const struct path_tree *path_tree_find(const struct path_tree *tree, struct span name);
