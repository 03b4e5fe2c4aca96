/* template/foreach.c - writes the body of Fn::ForEach once for each value. */
#include "template/foreach.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/evaluate.h"

#include <string.h>

enum { MADE_MAX = 1000, EXPAND_DEPTH_MAX = 8 };

struct binding {
    struct arena *arena;
    struct span name;
    struct span value;
};

/* "${Name}" and "&{Name}" become the value. */
static struct span replace(const struct binding *binding, struct span text)
{
    struct span marks[2] = { arena_print(binding->arena, "${%.*s}", SPAN_PRINT(binding->name)),
                             arena_print(binding->arena, "&{%.*s}", SPAN_PRINT(binding->name)) };
    struct buffer buffer;
    size_t at = 0;

    if (!memchr(text.data, '{', text.size))
        return text;
    buffer_init(&buffer);
    while (at < text.size) {
        struct span rest = { text.data + at, text.size - at };

        if (span_starts_with(rest, marks[0]) || span_starts_with(rest, marks[1])) {
            buffer_append_span(&buffer, binding->value);
            at += marks[0].size;
        } else {
            buffer_append_char(&buffer, text.data[at++]);
        }
    }
    text = arena_copy(binding->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text;
}

static bool is_reference(const struct binding *binding, const struct node *node)
{
    if (node->kind == NODE_TEXT)
        return span_is(node->tag, "Ref") && span_equal(node->text, binding->name);
    return node->kind == NODE_MAP && node->count == 1 && span_is(node->keys[0].text, "Ref") &&
           span_equal(node_text(&node->values[0]), binding->name);
}

static struct node substitute(const struct binding *binding, const struct node *node)
{
    struct node made = *node;

    if (is_reference(binding, node)) {
        made = *node_of_text(binding->arena, node->place, binding->value);
        return made;
    }
    if (node->kind == NODE_TEXT) {
        if (node->text.size > 0)
            made.text = replace(binding, node->text);
        return made;
    }
    made.values = NEW(binding->arena, struct node, node->count);
    made.keys = node->kind == NODE_MAP ? NEW(binding->arena, struct node, node->count) : NULL;
    for (size_t i = 0; i < node->count; i++) {
        made.values[i] = substitute(binding, &node->values[i]);
        if (made.keys)
            made.keys[i] = substitute(binding, &node->keys[i]);
    }
    return made;
}

struct expansion {
    struct stack *stack;
    size_t made;
    size_t depth;
    struct node *out;
};

static struct error *expand_into(struct expansion *expansion, const struct node *map);

static struct error *loop(struct expansion *expansion, const struct node *loop)
{
    struct stack *stack = expansion->stack;
    struct arena *arena = stack->reading->arena;
    const struct node *collection;

    if (!node_is(loop, NODE_LIST) || loop->count != 3 || !node_is(&loop->values[0], NODE_TEXT) ||
        loop->values[2].kind != NODE_MAP)
        return fail(arena, ERR_VALIDATION,
                    "%.*s: Fn::ForEach needs a name, a list of values and a map: write them",
                    SPAN_PRINT(place_print(arena, loop->place)));
    TRY(evaluate_whole(stack, NULL, &loop->values[1], &collection));
    for (size_t i = 0; node_is(collection, NODE_LIST) && i < collection->count; i++) {
        struct binding binding = { arena, loop->values[0].text, node_text(&collection->values[i]) };
        struct node *body = NEW(arena, struct node, 1);

        if (!binding.value.data || ++expansion->made > MADE_MAX)
            return fail(arena, ERR_VALIDATION,
                        "%.*s: Fn::ForEach goes over texts, %d at most: write such",
                        SPAN_PRINT(place_print(arena, loop->place)), MADE_MAX);
        *body = substitute(&binding, &loop->values[2]);
        TRY(expand_into(expansion, body));
    }
    return NULL;
}

static struct error *expand_into(struct expansion *expansion, const struct node *map)
{
    struct arena *arena = expansion->stack->reading->arena;

    if (++expansion->depth > EXPAND_DEPTH_MAX)
        return fail(arena, ERR_VALIDATION, "%.*s: Fn::ForEach nested too deep: unfold it",
                    SPAN_PRINT(place_print(arena, map->place)));
    for (size_t i = 0; i < map->count; i++) {
        if (span_starts_with(map->keys[i].text, SPAN("Fn::ForEach::"))) {
            TRY(loop(expansion, &map->values[i]));
        } else {
            node_put(arena, expansion->out, "", &map->values[i]);
            expansion->out->keys[expansion->out->count - 1] = map->keys[i];
        }
    }
    expansion->depth--;
    return NULL;
}

struct error *foreach_expand(struct stack *stack, const struct node **map)
{
    struct expansion expansion = { .stack = stack };
    bool has_loop = false;

    for (size_t i = 0; node_is(*map, NODE_MAP) && i < (*map)->count; i++)
        has_loop = has_loop || span_starts_with((*map)->keys[i].text, SPAN("Fn::ForEach::"));
    if (!has_loop)
        return NULL;
    expansion.out = NEW(stack->reading->arena, struct node, 1);
    *expansion.out = node_new(NODE_MAP, (*map)->place);
    TRY(expand_into(&expansion, *map));
    *map = expansion.out;
    return NULL;
}
