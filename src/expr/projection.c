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

struct projection *projection_of_columns(struct arena *arena, const struct path *paths,
                                         const struct span *columns, size_t count)
{
    struct projection *projection = NEW(arena, struct projection, 1);

    *projection = (struct projection){ .count = count, .paths = paths, .columns = columns };
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

/* The place of that name among those selected so far, or the next one. */
static struct attribute *place_of(struct item *selected, struct span name)
{
    for (size_t i = 0; i < selected->count; i++) {
        if (span_equal(selected->attributes[i].name, name))
            return &selected->attributes[i];
    }
    return &selected->attributes[selected->count++];
}

static void select_columns(struct arena *arena, const struct projection *projection,
                           const struct item *item, struct item *selected)
{
    selected->attributes = NEW(arena, struct attribute, projection->count);
    for (size_t i = 0; i < projection->count; i++) {
        const struct value *value = path_find(&projection->paths[i], item);

        if (value)
            *place_of(selected, projection->columns[i]) =
                (struct attribute){ projection->columns[i], *value };
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
