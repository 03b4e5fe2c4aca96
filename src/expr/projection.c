/* expr/projection.c - selecting parts of an item. */
#include "expr/projection.h"

#include "base/arena.h"
#include "expr/path_tree.h"
#include "expr/syntax.h"

struct projection *projection_new(struct arena *arena, const struct path *paths, size_t count)
{
    struct projection *projection = NEW(arena, struct projection, 1);
    struct path_tree *tree = path_tree_new(arena);

    for (size_t i = 0; i < count; i++)
        path_tree_add(arena, tree, &paths[i], i);
    *projection = (struct projection){ .count = count, .paths = paths, .tree = tree };
    return projection;
}

/* The last column of each name, in the order written: their number. */
static size_t keep_columns(struct arena *arena, const struct path *paths,
                           const struct span *columns, size_t count, struct path *kept_paths,
                           struct span *kept_columns)
{
    struct path_tree *names = path_tree_new(arena);
    bool *is_kept = NEW(arena, bool, count);
    size_t kept = 0;

    for (size_t i = count; i-- > 0;) {
        struct path_step step = { .name = columns[i] };

        if (path_tree_find(names, columns[i]))
            continue;
        path_tree_add(arena, names, &(struct path){ 1, &step }, i);
        is_kept[i] = true;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_kept[i])
            continue;
        kept_paths[kept] = paths[i];
        kept_columns[kept++] = columns[i];
    }
    return kept;
}

static void add_to_layer(struct arena *arena, struct projection_layer **layers,
                         const struct path *path, size_t leaf)
{
    while (*layers && !path_tree_fits((*layers)->tree, path))
        layers = &(*layers)->next;
    if (*layers == NULL) {
        *layers = NEW(arena, struct projection_layer, 1);
        (*layers)->tree = path_tree_new(arena);
    }
    path_tree_add(arena, (*layers)->tree, path, leaf);
}

struct projection *projection_of_columns(struct arena *arena, const struct path *paths,
                                         const struct span *columns, size_t count)
{
    struct projection *projection = NEW(arena, struct projection, 1);
    struct path *kept_paths = NEW(arena, struct path, count);
    struct span *kept_columns = NEW(arena, struct span, count);
    struct projection_layer *layers = NULL;

    projection->count = keep_columns(arena, paths, columns, count, kept_paths, kept_columns);
    projection->paths = kept_paths;
    projection->columns = kept_columns;
    for (size_t i = 0; i < projection->count; i++)
        add_to_layer(arena, &layers, &kept_paths[i], i);
    projection->layers = layers;
    return projection;
}

struct error *projection_compile(struct scope *scope, struct span text,
                                 struct projection **projection)
{
    struct arena *arena = scope_arena(scope);
    struct syntax syntax;
    struct path *paths;
    size_t count = 0;

    *projection = NULL;
    if (text.data == NULL)
        return NULL;
    TRY(syntax_parse(scope, EXPRESSION_PROJECTION, text, &syntax));
    paths = NEW(arena, struct path, syntax.path_count);
    for (const struct node *node = syntax.paths; node; node = node->next)
        paths[count++] = node->path;
    *projection = projection_new(arena, paths, count);
    return NULL;
}

size_t projection_paths(const struct projection *projection, const struct path **paths)
{
    *paths = projection->paths;
    return projection->count;
}

static bool select_value(struct arena *arena, const struct path_tree *tree,
                         const struct value *value, struct value *selected);

/* For each child its attribute in from, or NULL. Of few children each looks for its attribute, of
 * many each attribute for its child, which is found by hash. */
static const struct value **find_attributes(struct arena *arena, const struct path_tree *tree,
                                            const struct item *from)
{
    const struct value **found = NEW(arena, const struct value *, tree->child_count);

    if (tree->slots == NULL) {
        for (const struct path_tree *child = tree->children; child; child = child->next)
            found[child->position] = item_find(from, child->step.name);
        return found;
    }
    for (size_t i = 0; i < from->count; i++) {
        const struct path_tree *child = path_tree_find(tree, from->attributes[i].name);

        if (child)
            found[child->position] = &from->attributes[i].value;
    }
    return found;
}

/* The attributes that the children of tree select: their number. */
static size_t select_attributes(struct arena *arena, const struct path_tree *tree,
                                const struct item *from, struct attribute **selected)
{
    const struct value **found = find_attributes(arena, tree, from);
    size_t count = 0;

    *selected = NEW(arena, struct attribute, tree->child_count);
    for (const struct path_tree *child = tree->children; child; child = child->next) {
        const struct value *value = found[child->position];

        if (value && select_value(arena, child, value, &(*selected)[count].value))
            (*selected)[count++].name = child->step.name;
    }
    return count;
}

static size_t select_elements(struct arena *arena, const struct path_tree *tree,
                              const struct value *from, struct value **selected)
{
    size_t count = 0;

    *selected = NEW(arena, struct value, tree->child_count);
    for (const struct path_tree *child = tree->children; child; child = child->next) {
        if (child->step.index < from->count)
            count +=
                select_value(arena, child, &from->list[child->step.index], &(*selected)[count]);
    }
    return count;
}

/* False when nothing of value is selected. */
static bool select_value(struct arena *arena, const struct path_tree *tree,
                         const struct value *value, struct value *selected)
{
    bool wants_list;

    if (tree->is_leaf) {
        *selected = *value;
        return true;
    }
    wants_list = tree->children->step.is_index;
    if (value->type != (wants_list ? VALUE_L : VALUE_M))
        return false;
    *selected = (struct value){ .type = value->type };
    if (wants_list) {
        selected->count = (uint32_t)select_elements(arena, tree, value, &selected->list);
    } else {
        struct item map = { .count = value->count, .attributes = value->attributes };

        selected->count = (uint32_t)select_attributes(arena, tree, &map, &selected->attributes);
    }
    return selected->count > 0;
}

/* --- columns --- */

static void find_leaves(struct arena *arena, const struct path_tree *tree,
                        const struct value *value, const struct value **leaves);

static void find_leaves_of_map(struct arena *arena, const struct path_tree *tree,
                               const struct item *map, const struct value **leaves)
{
    const struct value **found = find_attributes(arena, tree, map);

    for (const struct path_tree *child = tree->children; child; child = child->next) {
        if (found[child->position])
            find_leaves(arena, child, found[child->position], leaves);
    }
}

/* What the paths in tree lead to, each at its path's position. */
static void find_leaves(struct arena *arena, const struct path_tree *tree,
                        const struct value *value, const struct value **leaves)
{
    if (tree->is_leaf) {
        leaves[tree->leaf] = value;
    } else if (value->type == VALUE_M && !tree->children->step.is_index) {
        struct item map = { .count = value->count, .attributes = value->attributes };

        find_leaves_of_map(arena, tree, &map, leaves);
    } else if (value->type == VALUE_L && tree->children->step.is_index) {
        for (const struct path_tree *child = tree->children; child; child = child->next) {
            if (child->step.index < value->count)
                find_leaves(arena, child, &value->list[child->step.index], leaves);
        }
    }
}

static void select_columns(struct arena *arena, const struct projection *projection,
                           const struct item *item, struct item *selected)
{
    const struct value **leaves = NEW(arena, const struct value *, projection->count);

    for (const struct projection_layer *layer = projection->layers; layer; layer = layer->next)
        find_leaves_of_map(arena, layer->tree, item, leaves);
    selected->attributes = NEW(arena, struct attribute, projection->count);
    for (size_t i = 0; i < projection->count; i++) {
        if (leaves[i])
            selected->attributes[selected->count++] =
                (struct attribute){ projection->columns[i], *leaves[i] };
    }
}

void projection_apply(struct arena *arena, const struct projection *projection,
                      const struct item *item, struct item *selected)
{
    *selected = (struct item){ 0 };
    if (projection->columns) {
        select_columns(arena, projection, item, selected);
        return;
    }
    selected->count = select_attributes(arena, projection->tree, item, &selected->attributes);
}
