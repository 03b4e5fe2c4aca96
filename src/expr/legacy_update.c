/* expr/legacy_update.c - AttributeUpdates and AttributesToGet: whole attributes by name. */
#include "expr/legacy.h"

#include "base/arena.h"
#include "expr/projection.h"
#include "expr/path_tree.h"
#include "expr/update.h"
#include "item/check.h"

#define TYPE(name) (1u << VALUE_##name)
#define TYPES_SET (TYPE(SS) | TYPE(NS) | TYPE(BS))

static struct path whole_attribute(struct arena *arena, struct span name)
{
    struct path_step *step = NEW(arena, struct path_step, 1);

    step->name = name;
    return (struct path){ 1, step };
}

static struct error *refuse_type(struct arena *arena, const char *rule, enum value_type type)
{
    return fail(arena, ERR_VALIDATION, "One or more parameter values were invalid: %s the type %s",
                rule, value_type_name(type));
}

/* value is NULL where there is none. */
static struct error *check_action(struct arena *arena, enum attribute_action action,
                                  const struct value *value)
{
    unsigned types = TYPES_SET;

    if (value == NULL) {
        if (action == ATTRIBUTE_ACTION_DELETE)
            return NULL;
        return fail(arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Only DELETE action is allowed when "
                    "no attribute value is specified");
    }
    if (action == ATTRIBUTE_ACTION_ADD)
        types |= TYPE(N) | TYPE(L);
    if ((types >> value->type & 1) != 0)
        return NULL;
    if (action == ATTRIBUTE_ACTION_DELETE)
        return refuse_type(arena, "DELETE action with value is not supported for", value->type);
    if (action == ATTRIBUTE_ACTION_ADD)
        return refuse_type(arena, "ADD action is not supported for", value->type);
    return NULL;
}

static enum action_kind action_kind_of(enum attribute_action action, bool has_value)
{
    switch (action) {
    case ATTRIBUTE_ACTION_ADD: return ACTION_ADD;
    case ATTRIBUTE_ACTION_DELETE: return has_value ? ACTION_DELETE : ACTION_REMOVE;
    case ATTRIBUTE_ACTION_PUT:
    case ATTRIBUTE_ACTION_ABSENT: break;
    }
    return ACTION_SET;
}

static struct error *make_action(struct arena *arena, enum wording wording,
                                 const struct attribute_updates_entry *entry, struct action *action)
{
    const struct attribute_value_update *wanted = &entry->value;

    action->target = whole_attribute(arena, entry->key);
    action->kind = action_kind_of(wanted->action, wanted->value != NULL);
    if (wanted->value) {
        struct node *node = NEW(arena, struct node, 1);
        struct value *value = NEW(arena, struct value, 1);

        *value = *wanted->value;
        TRY(value_check(arena, wording, value));
        node->kind = NODE_LITERAL;
        node->value = value;
        action->value = node;
    }
    return check_action(arena, wanted->action, wanted->value);
}

struct error *legacy_updates(struct arena *arena, enum wording wording,
                             const struct attribute_updates *updates, struct update **update)
{
    struct action *actions;

    *update = NULL;
    if (updates == NULL || updates->count == 0)
        return NULL;
    actions = NEW(arena, struct action, updates->count);
    for (size_t i = 0; i < updates->count; i++) {
        TRY(make_action(arena, wording, &updates->entries[i], &actions[i]));
        if (i > 0)
            actions[i - 1].next = &actions[i];
    }
    *update = update_new(arena, actions, updates->count, true);
    return NULL;
}

struct error *legacy_attributes_to_get(struct arena *arena, const struct string_list *names,
                                       struct projection **projection)
{
    struct path_tree *seen = path_tree_new(arena);
    struct path *paths;

    *projection = NULL;
    if (names == NULL)
        return NULL;
    paths = NEW(arena, struct path, names->count);
    for (size_t i = 0; i < names->count; i++) {
        if (path_tree_find(seen, names->items[i]))
            return fail(arena, ERR_VALIDATION,
                        "One or more parameter values were invalid: Duplicate value in "
                        "attribute name: %.*s",
                        SPAN_PRINT(names->items[i]));
        paths[i] = whole_attribute(arena, names->items[i]);
        path_tree_add(arena, seen, &paths[i], i);
    }
    *projection = projection_new(arena, paths, names->count);
    return NULL;
}
