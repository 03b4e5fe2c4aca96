/* expr/path_tree.c - putting paths into one tree. */
#include "expr/path_tree.h"

#include "base/arena.h"

#include <assert.h>

struct path_tree *path_tree_new(struct arena *arena)
{
    return NEW(arena, struct path_tree, 1);
}

/* Does a child with step a come before the place of step b? Names keep the order of adding. */
static bool goes_on(const struct path_step *a, const struct path_step *b)
{
    if (b->is_index)
        return a->index < b->index;
    return !span_equal(a->name, b->name);
}

static bool is_same(const struct path_step *a, const struct path_step *b)
{
    return b->is_index ? a->index == b->index : span_equal(a->name, b->name);
}

/* The child of that step, made where there is none. */
static struct path_tree *descend(struct arena *arena, struct path_tree *tree,
                                 const struct path_step *step)
{
    struct path_tree **place = &tree->children;
    struct path_tree *child;

    assert(!tree->is_leaf);
    while (*place && goes_on(&(*place)->step, step))
        place = &(*place)->next;
    if (*place && is_same(&(*place)->step, step))
        return *place;
    child = NEW(arena, struct path_tree, 1);
    child->step = *step;
    child->next = *place;
    *place = child;
    tree->child_count++;
    return child;
}

void path_tree_add(struct arena *arena, struct path_tree *root, const struct path *path,
                   size_t leaf)
{
    struct path_tree *tree = root;

    for (size_t i = 0; i < path->count; i++)
        tree = descend(arena, tree, &path->steps[i]);
    assert(!tree->is_leaf && tree->children == NULL);
    tree->is_leaf = true;
    tree->leaf = leaf;
}
