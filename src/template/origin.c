/* template/origin.c - where the parts of a definition were written, and what it leaves out. */
#include "template/definition.h"

#include "base/arena.h"

struct definition *definition_add(struct arena *arena, struct definition_list *list)
{
    if (list->count == list->capacity) {
        size_t bytes = list->capacity * sizeof(*list->items);

        list->capacity = 2 * list->capacity + 8;
        list->items = arena_grow(arena, list->items, bytes, list->capacity * sizeof(*list->items));
    }
    list->items[list->count] = (struct definition){ 0 };
    return &list->items[list->count++];
}

static void add(struct arena *arena, struct definition *definition, struct origin origin)
{
    struct origin_list *list = &definition->origins;

    if (list->count == list->capacity) {
        size_t bytes = list->capacity * sizeof(*list->items);

        list->capacity = 2 * list->capacity + 32;
        list->items = arena_grow(arena, list->items, bytes, list->capacity * sizeof(*list->items));
    }
    list->items[list->count++] = origin;
}

/* What is told of a list is told of all that is in it. */
static struct span via_of(const struct node *node)
{
    struct span via = node->via;

    for (size_t i = 0; via.size == 0 && node->kind != NODE_TEXT && i < node->count; i++)
        via = via_of(&node->values[i]);
    return via;
}

static struct span name_of(const struct node *entry)
{
    struct span name = node_text_at(entry, "IndexName");

    return name.data ? name : node_text_at(entry, "AttributeName");
}

/* Members by their names, entries of a list by theirs. */
static void collect(struct arena *arena, struct definition *definition, struct span prefix,
                    const struct node *node)
{
    for (size_t i = 0; node->kind != NODE_TEXT && i < node->count; i++) {
        const struct node *value = &node->values[i];
        struct span name = node->kind == NODE_MAP ? node->keys[i].text : name_of(value);
        struct span path = prefix.size == 0 ? name
                                            : arena_print(arena, "%.*s.%.*s", SPAN_PRINT(prefix),
                                                          SPAN_PRINT(name));

        if (name.size == 0)
            continue;
        add(arena, definition, (struct origin){ path, value->place, via_of(value) });
        collect(arena, definition, path, value);
    }
}

void definition_fill(struct arena *arena, struct definition *definition, const struct node *create)
{
    definition->create = node_json(json_build(arena), create);
    add(arena, definition, (struct origin){ SPAN(""), create->place, create->via });
    collect(arena, definition, SPAN(""), create);
}

void definition_add_origin(struct arena *arena, struct definition *definition, struct span path,
                           const struct node *node)
{
    add(arena, definition, (struct origin){ path, node->place, via_of(node) });
}

void definition_leave_out(struct arena *arena, struct definition *definition, struct span path,
                          struct place place, const char *why)
{
    struct left_out_list *list = &definition->left_out;

    if (list->count == list->capacity) {
        size_t bytes = list->capacity * sizeof(*list->items);

        list->capacity = 2 * list->capacity + 4;
        list->items = arena_grow(arena, list->items, bytes, list->capacity * sizeof(*list->items));
    }
    list->items[list->count++] = (struct left_out){ path, place, why };
}

const struct origin *definition_origin(const struct definition *definition, struct span path)
{
    const struct origin *best = NULL;

    for (size_t i = 0; i < definition->origins.count; i++) {
        const struct origin *origin = &definition->origins.items[i];
        struct span start = origin->path;
        bool is_part = start.size == 0 || span_equal(path, start) ||
                       (span_starts_with(path, start) && path.data[start.size] == '.');

        if (is_part && (!best || start.size >= best->path.size))
            best = origin;
    }
    return best;
}
