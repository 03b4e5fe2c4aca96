/* template/shape.c - walks a table of members beside a tree. */
#include "template/shape.h"

#include "base/arena.h"

#include <assert.h>

struct error *shape_value(const struct shaping *shaping, const struct node *node,
                          const struct node **value)
{
    if (shaping->stack)
        return evaluate(shaping->stack, NULL, node, value);
    *value = node && node->is_null ? NULL : node;
    return NULL;
}

struct error *shape_get(const struct shaping *shaping, const struct node *map, const char *name,
                        const struct node **value)
{
    return shape_value(shaping, node_get(map, name), value);
}

static struct error *refuse(const struct shaping *shaping, const struct node *node,
                            struct span path, const char *needed)
{
    struct arena *arena = shaping->reading->arena;

    return fail(arena, ERR_VALIDATION, "%.*s: %.*s: %.*s: %s is needed here: write one",
                SPAN_PRINT(place_print(arena, node->place)), SPAN_PRINT(shaping->id),
                SPAN_PRINT(path), needed);
}

static struct error *scalar(const struct shaping *shaping, struct span path,
                            const struct member *member, const struct node *value,
                            struct node **out)
{
    if (value->kind != NODE_TEXT)
        return refuse(shaping, value, path, "a text");
    if (member->kind == MEMBER_NUMBER && !node_is_number(value->text))
        return refuse(shaping, value, path, "a number");
    if (member->kind == MEMBER_BOOLEAN && !node_says(value, "true") && !node_says(value, "false"))
        return refuse(shaping, value, path, "true or false");
    *out = node_copy(shaping->reading->arena, value);
    (*out)->is_plain = member->kind != MEMBER_TEXT;
    return NULL;
}

static struct error *texts(const struct shaping *shaping, struct span path,
                           const struct node *value, struct node **out)
{
    static const struct member text = { "", NULL, MEMBER_TEXT, NULL, NULL };
    struct arena *arena = shaping->reading->arena;

    if (value->kind != NODE_LIST)
        return refuse(shaping, value, path, "a list");
    *out = NEW(arena, struct node, 1);
    **out = node_new(NODE_LIST, value->place);
    for (size_t i = 0; i < value->count; i++) {
        const struct node *entry;
        struct node *made;

        TRY(shape_value(shaping, &value->values[i], &entry));
        if (!entry)
            continue;
        TRY(scalar(shaping, path, &text, entry, &made));
        node_add(arena, *out, made);
    }
    return NULL;
}

static struct error *object(const struct shaping *shaping, struct span path,
                            const struct member *member, const struct node *value,
                            struct node **out)
{
    if (value->kind == NODE_LIST && value->count == 0)
        return NULL;
    if (value->kind == NODE_LIST && value->count == 1)
        value = &value->values[0];
    if (value->is_null)
        return NULL;
    if (value->kind != NODE_MAP)
        return refuse(shaping, value, path, "a map");
    return shape_map(shaping, path, value, member->members, out);
}

/* Entries are called by their names in paths. */
static struct error *list(const struct shaping *shaping, struct span path,
                          const struct member *member, const struct node *value, struct node **out)
{
    struct arena *arena = shaping->reading->arena;

    if (value->kind != NODE_LIST)
        return refuse(shaping, value, path, "a list");
    *out = NEW(arena, struct node, 1);
    **out = node_new(NODE_LIST, value->place);
    for (size_t i = 0; i < value->count; i++) {
        const struct node *entry;
        struct span name;
        struct node *made;

        TRY(shape_value(shaping, &value->values[i], &entry));
        if (!entry)
            continue;
        if (entry->kind != NODE_MAP)
            return refuse(shaping, entry, path, "a map");
        name = node_text_at(entry, "IndexName");
        TRY(shape_map(
            shaping,
            name.data ? arena_print(arena, "%.*s.%.*s", SPAN_PRINT(path), SPAN_PRINT(name)) : path,
            entry, member->members, &made));
        if (made)
            node_add(arena, *out, made);
    }
    if ((*out)->count == 0)
        *out = NULL;
    return NULL;
}

/* What is switched off is not worth a word. */
static bool is_off(const struct shaping *shaping, const struct node *node)
{
    static const char *const switches[] = { "Enabled", "SSEEnabled", "enabled" };
    const struct node *value;

    if (shape_value(shaping, node, &value))
        return false; /* it can't be known, so it is left out aloud */
    if (value && value->kind == NODE_LIST && value->count == 1)
        value = &value->values[0];
    if (!value || node_says(value, "false") || (value->kind != NODE_TEXT && value->count == 0))
        return true;
    for (size_t i = 0; i < COUNT(switches); i++)
        if (node_says(node_get(value, switches[i]), "false"))
            return true;
    return false;
}

static const struct member *find(const struct member *members, struct span name)
{
    for (; members->name; members++)
        if (span_is(name, members->name))
            return members;
    return NULL;
}

static struct error *shape_member(const struct shaping *shaping, struct span path,
                                  const struct member *member, const struct node *value,
                                  struct node **out)
{
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_NUMBER:
    case MEMBER_BOOLEAN: return scalar(shaping, path, member, value, out);
    case MEMBER_TEXTS: return texts(shaping, path, value, out);
    case MEMBER_OBJECT: return object(shaping, path, member, value, out);
    case MEMBER_LIST: return list(shaping, path, member, value, out);
    case MEMBER_LEFT_OUT:
    case MEMBER_OWN: break;
    }
    return NULL;
}

/* A property can be given whole: --parameter Orders.BillingMode=PROVISIONED. */
static const struct node *given_member(const struct shaping *shaping, struct span path,
                                       struct span name, const struct node *node)
{
    struct arena *arena = shaping->reading->arena;
    const struct given *given;
    struct node *made;

    if (path.size > 0)
        return node;
    given = reading_given(shaping->reading, arena_print(arena, "%.*s.%.*s", SPAN_PRINT(shaping->id),
                                                        SPAN_PRINT(name)));
    if (!given)
        return node;
    made = node_of_text(arena, node->place, given->value);
    made->via =
        arena_print(arena, "%.*s from %.*s", SPAN_PRINT(given->key), SPAN_PRINT(given->source));
    return made;
}

struct error *shape_map(const struct shaping *shaping, struct span path, const struct node *node,
                        const struct member *members, struct node **out)
{
    struct arena *arena = shaping->reading->arena;

    assert(node->kind == NODE_MAP);
    *out = NULL;
    for (size_t i = 0; i < node->count; i++) {
        struct span name = node->keys[i].text;
        const struct member *member = find(members, name);
        const char *to = member && member->to ? member->to : NULL;
        struct span below =
            arena_print(arena, "%.*s%s%.*s", SPAN_PRINT(path), path.size > 0 ? "." : "",
                        SPAN_PRINT(to ? span_from(to) : name));
        const struct node *value = given_member(shaping, path, name, &node->values[i]);
        struct node *made = NULL;

        if (member && member->kind == MEMBER_OWN)
            continue;
        if (!member || member->kind == MEMBER_LEFT_OUT) {
            if (!is_off(shaping, value))
                definition_leave_out(arena, shaping->definition, below, node->keys[i].place,
                                     member ? member->why : "not known to this version");
            continue;
        }
        TRY(shape_value(shaping, value, &value));
        if (value)
            TRY(shape_member(shaping, below, member, value, &made));
        if (!made)
            continue;
        if (!*out) {
            *out = NEW(arena, struct node, 1);
            **out = node_new(NODE_MAP, node->place);
        }
        node_put(arena, *out, to ? to : member->name, made);
    }
    return NULL;
}

void shape_add_key(struct arena *arena, struct node *schema, const struct node *name,
                   const char *type)
{
    struct node entry = node_new(NODE_MAP, name->place);

    node_put(arena, &entry, "AttributeName", name);
    node_put(arena, &entry, "KeyType", node_of_text(arena, name->place, span_from(type)));
    node_add(arena, schema, &entry);
}

/* Units of nothing are how some tools write that a table is paid per request. */
static void drop_throughput(struct node *table)
{
    const struct node *units = node_get(table, "ProvisionedThroughput");

    if (!node_says(node_get(units, "ReadCapacityUnits"), "0") ||
        !node_says(node_get(units, "WriteCapacityUnits"), "0"))
        return;
    for (size_t i = 0; i < table->count; i++)
        if (span_is(table->keys[i].text, "ProvisionedThroughput"))
            table->values[i].is_null = true;
}

static struct node *without_nulls(struct arena *arena, const struct node *map)
{
    struct node *kept = NEW(arena, struct node, 1);

    *kept = node_new(NODE_MAP, map->place);
    kept->via = map->via;
    for (size_t i = 0; i < map->count; i++)
        if (!map->values[i].is_null)
            node_put(arena, kept, arena_copy(arena, map->keys[i].text).data, &map->values[i]);
    return kept;
}

static void drop_nothings(struct arena *arena, struct node *create)
{
    const struct node *indexes = node_get(create, "GlobalSecondaryIndexes");

    for (size_t i = 0; node_is(indexes, NODE_LIST) && i < indexes->count; i++) {
        drop_throughput(&indexes->values[i]);
        indexes->values[i] = *without_nulls(arena, &indexes->values[i]);
    }
    drop_throughput(create);
}

struct error *shape_finish(const struct shaping *shaping, const struct node *name,
                           struct node *create)
{
    struct arena *arena = shaping->reading->arena;
    struct definition *definition = shaping->definition;

    if (name->text.size == 0)
        return fail(arena, ERR_VALIDATION, "%.*s: %.*s: its name is empty: give it one",
                    SPAN_PRINT(place_print(arena, name->place)), SPAN_PRINT(shaping->id));
    if (!node_is(node_get(create, "KeySchema"), NODE_LIST))
        return fail(arena, ERR_VALIDATION, "%.*s: %.*s: a table without KeySchema: add it",
                    SPAN_PRINT(place_print(arena, create->place)), SPAN_PRINT(shaping->id));
    drop_nothings(arena, create);
    node_put(arena, create, "TableName", name);
    definition->kind = DEFINITION_TEMPLATE;
    definition->knows_time_to_live = true;
    definition->knows_recovery = true;
    definition->name = name->text;
    definition_fill(arena, definition, without_nulls(arena, create));
    return NULL;
}
