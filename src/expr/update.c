/* expr/update.c - compiling an update, and applying it along the paths that it writes to. */
#include "expr/update.h"

#include "base/arena.h"
#include "expr/path_tree.h"
#include "expr/projection.h"
#include "item/check.h"
#include "item/number.h"
#include "item/size.h"

#include <assert.h>
#include <string.h>

struct update *update_new(struct arena *arena, const struct action *first, size_t count,
                          bool is_legacy)
{
    struct update *update = NEW(arena, struct update, 1);
    struct path_tree *tree = path_tree_new(arena);
    struct path *paths = NEW(arena, struct path, count);
    size_t i = 0;

    update->count = count;
    update->actions = NEW(arena, const struct action *, count);
    for (const struct action *action = first; action; action = action->next) {
        path_tree_add(arena, tree, &action->target, i);
        paths[i] = action->target;
        update->actions[i++] = action;
    }
    assert(i == count);
    update->tree = tree;
    update->targets = projection_new(arena, paths, count);
    update->is_legacy = is_legacy;
    return update;
}

struct error *update_compile(struct scope *scope, struct span text, struct update **update)
{
    struct syntax syntax;

    *update = NULL;
    if (text.data == NULL)
        return NULL;
    TRY(syntax_parse(scope, EXPRESSION_UPDATE, text, &syntax));
    *update = update_new(scope_arena(scope), syntax.actions, syntax.path_count, false);
    return NULL;
}

const struct projection *update_targets(const struct update *update)
{
    return update->targets;
}

/* --- applying --- */

struct application {
    struct arena *arena;
    const struct update *update;
    const struct item *old;
    size_t bytes; /* of the values made so far: all of them will be in the item */
};

/* What becomes of one element. */
struct outcome {
    bool is_present;
    struct value value;
};

static struct error *refuse_path(const struct application *run)
{
    return fail(run->arena, ERR_VALIDATION,
                "The document path provided in the update expression is invalid for update");
}

static struct error *refuse_type(const struct application *run)
{
    if (run->update->is_legacy)
        return fail(run->arena, ERR_VALIDATION, "Type mismatch for attribute to update");
    return fail(run->arena, ERR_VALIDATION,
                "An operand in the update expression has an incorrect data type");
}

static bool is_set(enum value_type type)
{
    return type == VALUE_SS || type == VALUE_NS || type == VALUE_BS;
}

/* Before the item is whole: the values that an expression of 4 KB calls for may be a thousand times
 * as large as an item may be. */
static struct error *count_bytes(struct application *run, const struct value *made)
{
    run->bytes += value_bytes(made);
    return run->bytes > ITEM_BYTES_MAX ? update_refuse_size(run->arena) : NULL;
}

/* Levels of nesting: 1 for a scalar or a set. */
static size_t levels_of(const struct value *value)
{
    size_t deepest = 0;

    for (uint32_t i = 0; i < value->count && (value->type == VALUE_L || value->type == VALUE_M);
         i++) {
        const struct value *inner =
            value->type == VALUE_L ? &value->list[i] : &value->attributes[i].value;
        size_t levels = levels_of(inner);

        if (levels > deepest)
            deepest = levels;
    }
    return deepest + 1;
}

static struct error *set(const struct application *run, const struct action *action,
                         struct value *result)
{
    TRY(update_evaluate(run->arena, action->value, run->old, result));
    if ((result->type == VALUE_L || result->type == VALUE_M) &&
        action->target.count - 1 + levels_of(result) > ITEM_LEVELS_MAX)
        return fail(run->arena, ERR_VALIDATION,
                    "Nesting Levels have exceeded supported limits: Attributes in the item have "
                    "nested levels beyond supported limit");
    return NULL;
}

static struct error *add(const struct application *run, const struct value *old,
                         const struct value *added, struct value *result)
{
    if (old == NULL) {
        *result = *added;
        return NULL;
    }
    if (old->type != added->type)
        return refuse_type(run);
    if (is_set(old->type)) {
        update_unite(run->arena, old, added, result);
        return NULL;
    }
    if (old->type == VALUE_L) { /* AttributeUpdates alone */
        *result = (struct value){ .type = VALUE_L, .count = old->count + added->count };
        result->list = NEW(run->arena, struct value, result->count);
        if (old->count > 0)
            memcpy(result->list, old->list, old->count * sizeof(*old->list));
        if (added->count > 0)
            memcpy(result->list + old->count, added->list, added->count * sizeof(*added->list));
        return NULL;
    }
    assert(old->type == VALUE_N);
    *result = (struct value){ .type = VALUE_N };
    return number_add(run->arena, old->text, added->text, &result->text);
}

static struct error *subtract(const struct application *run, const struct value *old,
                              const struct value *removed, struct outcome *outcome)
{
    if (old == NULL)
        return NULL;
    if (old->type != removed->type)
        return refuse_type(run);
    update_subtract(run->arena, old, removed, &outcome->value);
    outcome->is_present = outcome->value.count > 0;
    return NULL;
}

static struct error *act(struct application *run, const struct action *action,
                         const struct value *old, struct outcome *outcome)
{
    outcome->is_present = action->kind != ACTION_REMOVE;
    switch (action->kind) {
    case ACTION_SET:
        TRY(set(run, action, &outcome->value));
        return count_bytes(run, &outcome->value);
    case ACTION_REMOVE: return NULL;
    case ACTION_ADD:
        TRY(add(run, old, action->value->value, &outcome->value));
        return count_bytes(run, &outcome->value);
    case ACTION_DELETE:
        outcome->is_present = false;
        return subtract(run, old, action->value->value, outcome);
    case ACTION_KIND_COUNT: break;
    }
    return NULL;
}

static struct error *edit(struct application *run, const struct path_tree *tree,
                          const struct value *old, struct outcome *outcome);

/* The attributes of a map, or of the item, with those changed that tree leads to; new ones stand
 * behind. */
static struct error *edit_attributes(struct application *run, const struct path_tree *tree,
                                     const struct item *old, struct item *edited)
{
    bool *is_done = NEW(run->arena, bool, tree->child_count);
    struct attribute *to = NEW(run->arena, struct attribute, old->count + tree->child_count);
    size_t count = 0;

    for (size_t i = 0; i < old->count; i++) {
        const struct attribute *from = &old->attributes[i];
        const struct path_tree *child = path_tree_find(tree, from->name);
        struct outcome outcome = { true, from->value };

        if (child) {
            outcome = (struct outcome){ 0 };
            is_done[child->position] = true;
            TRY(edit(run, child, &from->value, &outcome));
        }
        if (outcome.is_present)
            to[count++] = (struct attribute){ from->name, outcome.value };
    }
    for (const struct path_tree *child = tree->children; child; child = child->next) {
        struct outcome outcome = { 0 };

        if (is_done[child->position])
            continue;
        TRY(edit(run, child, NULL, &outcome));
        if (outcome.is_present)
            to[count++] = (struct attribute){ child->step.name, outcome.value };
    }
    edited->count = count;
    edited->attributes = to;
    return NULL;
}

/* Elements past the end are appended in the order of their indexes; removed ones close up. */
static struct error *edit_elements(struct application *run, const struct path_tree *tree,
                                   const struct value *old, struct value *edited)
{
    const struct path_tree *child = tree->children;
    uint32_t count = 0;

    edited->list = NEW(run->arena, struct value, (size_t)old->count + tree->child_count);
    for (uint32_t i = 0; i < old->count; i++) {
        struct outcome outcome = { true, old->list[i] };

        if (child && child->step.index == i) {
            outcome = (struct outcome){ 0 };
            TRY(edit(run, child, &old->list[i], &outcome));
            child = child->next;
        }
        if (outcome.is_present)
            edited->list[count++] = outcome.value;
    }
    for (; child; child = child->next) {
        struct outcome outcome = { 0 };

        TRY(edit(run, child, NULL, &outcome));
        if (outcome.is_present)
            edited->list[count++] = outcome.value;
    }
    edited->count = count;
    return NULL;
}

/* What becomes of the element at tree, which was old (NULL: there was none). */
static struct error *edit(struct application *run, const struct path_tree *tree,
                          const struct value *old, struct outcome *outcome)
{
    struct item from;
    struct item map;

    if (tree->is_leaf)
        return act(run, run->update->actions[tree->leaf], old, outcome);
    if (old == NULL || old->type != (tree->children->step.is_index ? VALUE_L : VALUE_M))
        return refuse_path(run);
    outcome->is_present = true;
    outcome->value = (struct value){ .type = old->type };
    if (old->type == VALUE_L)
        return edit_elements(run, tree, old, &outcome->value);
    from = (struct item){ .count = old->count, .attributes = old->attributes };
    TRY(edit_attributes(run, tree, &from, &map));
    outcome->value.count = (uint32_t)map.count;
    outcome->value.attributes = map.attributes;
    return NULL;
}

struct error *update_apply(struct arena *arena, const struct update *update, const struct item *old,
                           struct item *updated)
{
    static const struct item nothing = { 0 };
    struct application run = { arena, update, old ? old : &nothing, 0 };

    *updated = (struct item){ 0 };
    return edit_attributes(&run, update->tree, run.old, updated);
}
