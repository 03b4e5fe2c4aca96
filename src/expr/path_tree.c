/* expr/path_tree.c - putting paths into one tree. */
#include "expr/path_tree.h"

#include "base/arena.h"

#include <assert.h>

enum { CHILDREN_UNHASHED_MAX = 16 };

struct path_tree *path_tree_new(struct arena *arena)
{
    return NEW(arena, struct path_tree, 1);
}

/* --- children that are names --- */

/* The slot of that name, or the free one where it would go. */
static size_t slot_of(const struct path_tree *tree, struct span name)
{
    size_t mask = tree->slot_count - 1;
    size_t at = (size_t)(span_hash(name) >> 32) & mask;

    while (tree->slots[at] && !span_equal(tree->slots[at]->step.name, name))
        at = (at + 1) & mask;
    return at;
}

static struct path_tree *find(const struct path_tree *tree, struct span name)
{
    if (tree->slots)
        return tree->slots[slot_of(tree, name)];
    for (struct path_tree *child = tree->children; child; child = child->next) {
        if (span_equal(child->step.name, name))
            return child;
    }
    return NULL;
}

const struct path_tree *path_tree_find(const struct path_tree *tree, struct span name)
{
    return find(tree, name);
}

/* Twice as many slots as there are children, at least. */
static void enter(struct arena *arena, struct path_tree *tree, struct path_tree *added)
{
    if (tree->child_count <= CHILDREN_UNHASHED_MAX)
        return;
    if (tree->child_count * 2 <= tree->slot_count) {
        tree->slots[slot_of(tree, added->step.name)] = added;
        return;
    }
    tree->slot_count = tree->slot_count ? tree->slot_count * 2 : CHILDREN_UNHASHED_MAX * 4;
    tree->slots = NEW(arena, struct path_tree *, tree->slot_count);
    for (struct path_tree *child = tree->children; child; child = child->next)
        tree->slots[slot_of(tree, child->step.name)] = child;
}

static struct path_tree *add_name(struct arena *arena, struct path_tree *tree,
                                  const struct path_step *step)
{
    struct path_tree *child = find(tree, step->name);

    if (child)
        return child;
    child = NEW(arena, struct path_tree, 1);
    child->step = *step;
    child->position = tree->child_count++;
    if (tree->last)
        tree->last->next = child;
    else
        tree->children = child;
    tree->last = child;
    enter(arena, tree, child);
    return child;
}

/* --- children that are indexes --- */

static struct path_tree *add_index(struct arena *arena, struct path_tree *tree,
                                   const struct path_step *step)
{
    struct path_tree **place = &tree->children;
    struct path_tree *child;

    while (*place && (*place)->step.index < step->index)
        place = &(*place)->next;
    if (*place && (*place)->step.index == step->index)
        return *place;
    child = NEW(arena, struct path_tree, 1);
    child->step = *step;
    child->position = tree->child_count++;
    child->next = *place;
    *place = child;
    return child;
}

void path_tree_add(struct arena *arena, struct path_tree *root, const struct path *path,
                   size_t leaf)
{
    struct path_tree *tree = root;

    for (size_t i = 0; i < path->count; i++) {
        const struct path_step *step = &path->steps[i];

        assert(!tree->is_leaf);
        assert(tree->children == NULL || tree->children->step.is_index == step->is_index);
        tree = step->is_index ? add_index(arena, tree, step) : add_name(arena, tree, step);
    }
    assert(!tree->is_leaf && tree->children == NULL);
    tree->is_leaf = true;
    tree->leaf = leaf;
}

static const struct path_tree *find_step(const struct path_tree *tree, const struct path_step *step)
{
    const struct path_tree *child = tree->children;

    if (!step->is_index)
        return find(tree, step->name);
    while (child && child->step.index < step->index)
        child = child->next;
    return child && child->step.index == step->index ? child : NULL;
}

bool path_tree_fits(const struct path_tree *root, const struct path *path)
{
    const struct path_tree *tree = root;

    for (size_t i = 0; i < path->count; i++) {
        const struct path_step *step = &path->steps[i];

        if (tree->is_leaf)
            return false;
        if (tree->children && tree->children->step.is_index != step->is_index)
            return false;
        tree = find_step(tree, step);
        if (tree == NULL)
            return true;
    }
    return false;
}
