/* template/functions.c - the intrinsic functions that work on texts, lists and conditions. */
#include "template/evaluate.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 1 << 16 };

/* The function's arguments are a list of so many. */
static struct error *check_count(const struct call *call, size_t least, size_t most)
{
    if (node_is(call->argument, NODE_LIST) && !call->argument->tag.data &&
        call->argument->count >= least && call->argument->count <= most)
        return NULL;
    return call_refuse(call, "needs a list of %zu: write so many", least);
}

static struct error *text_argument(const struct call *call, size_t i, const struct node **value)
{
    return evaluate_text(call->stack, &call->trail, &call->argument->values[i], value);
}

static struct error *list_argument(const struct call *call, const struct node *argument,
                                   const struct node **value)
{
    TRY(evaluate(call->stack, &call->trail, argument, value));
    if (!node_is(*value, NODE_LIST))
        return call_refuse(call, "needs a list: write one");
    return NULL;
}

struct error *function_join(const struct call *call, const struct node **value)
{
    struct arena *arena = call->stack->reading->arena;
    const struct node *between;
    const struct node *list;
    const struct node **parts;
    struct span via = { 0 };
    struct buffer buffer;
    size_t count = 0;

    TRY(check_count(call, 2, 2));
    TRY(text_argument(call, 0, &between));
    TRY(list_argument(call, &call->argument->values[1], &list));
    parts = NEW(arena, const struct node *, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        TRY(evaluate(call->stack, &call->trail, &list->values[i], &parts[count]));
        if (!parts[count])
            continue; /* AWS::NoValue */
        if (parts[count]->kind != NODE_TEXT)
            return call_refuse(call, "part %zu is no text: write texts", i + 1);
        via = via_join(arena, via, parts[count++]->via);
    }
    buffer_init(&buffer);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_span(&buffer, between->text);
        buffer_append_span(&buffer, parts[i]->text);
    }
    *value = call_text(call, arena_copy(arena, buffer_span(&buffer)), via);
    buffer_fini(&buffer);
    return NULL;
}

struct error *function_select(const struct call *call, const struct node **value)
{
    const struct node *index;
    const struct node *list;
    size_t at;

    TRY(check_count(call, 2, 2));
    TRY(text_argument(call, 0, &index));
    TRY(list_argument(call, &call->argument->values[1], &list));
    if (!node_is_number(index->text) || index->text.data[0] == '-' || index->text.size > 9)
        return call_refuse(call, "'%.*s' is no index: write a number from 0",
                           SPAN_PRINT(index->text));
    at = strtoul(arena_copy(call->stack->reading->arena, index->text).data, NULL, 10);
    if (at >= list->count)
        return call_refuse(call, "index %zu of a list of %zu: write a smaller one", at,
                           list->count);
    return evaluate(call->stack, &call->trail, &list->values[at], value);
}

static struct node *split(const struct call *call, struct span text, struct span at,
                          struct span via)
{
    struct arena *arena = call->stack->reading->arena;
    struct node *list = NEW(arena, struct node, 1);

    *list = node_new(NODE_LIST, call->node->place);
    list->via = via;
    for (;;) {
        const char *found = memmem(text.data, text.size, at.data, at.size);
        size_t size = found && list->count < PARTS_MAX ? (size_t)(found - text.data) : text.size;

        node_add(arena, list, call_text(call, (struct span){ text.data, size }, via));
        if (size == text.size)
            return list;
        text = (struct span){ text.data + size + at.size, text.size - size - at.size };
    }
}

struct error *function_split(const struct call *call, const struct node **value)
{
    const struct node *at;
    const struct node *text;

    TRY(check_count(call, 2, 2));
    TRY(text_argument(call, 0, &at));
    TRY(text_argument(call, 1, &text));
    if (at->text.size == 0)
        return call_refuse(call, "the delimiter is empty: write one");
    *value = split(call, text->text, at->text, text->via);
    return NULL;
}

struct error *function_length(const struct call *call, const struct node **value)
{
    const struct node *list;

    TRY(list_argument(call, call->argument, &list));
    *value =
        call_text(call, arena_print(call->stack->reading->arena, "%zu", list->count), list->via);
    return NULL;
}

struct error *function_base64(const struct call *call, const struct node **value)
{
    const struct node *text;
    struct buffer buffer;

    TRY(evaluate_text(call->stack, &call->trail, call->argument, &text));
    buffer_init(&buffer);
    buffer_append_base64(&buffer, text->text);
    *value =
        call_text(call, arena_copy(call->stack->reading->arena, buffer_span(&buffer)), text->via);
    buffer_fini(&buffer);
    return NULL;
}

struct error *function_find_in_map(const struct call *call, const struct node **value)
{
    const struct node *names[3];
    const struct node *found = call->stack->mappings;
    const struct node *options;

    TRY(check_count(call, 3, 4));
    for (size_t i = 0; i < 3; i++)
        TRY(text_argument(call, i, &names[i]));
    for (size_t i = 0; i < 3 && found; i++)
        found = node_find(found, names[i]->text);
    options = call->argument->count == 4 ? &call->argument->values[3] : NULL;
    if (!found)
        found = node_get(options, "DefaultValue");
    if (!found)
        return call_refuse(call, "Mappings have no %.*s, %.*s, %.*s: add it",
                           SPAN_PRINT(names[0]->text), SPAN_PRINT(names[1]->text),
                           SPAN_PRINT(names[2]->text));
    TRY(evaluate(call->stack, &call->trail, found, value));
    if (node_is(*value, NODE_TEXT)) {
        struct arena *arena = call->stack->reading->arena;
        struct span via = arena_print(arena, "mapping %.*s at %.*s", SPAN_PRINT(names[0]->text),
                                      SPAN_PRINT(place_line(arena, found->place)));

        for (size_t i = 0; i < 3; i++)
            via = via_join(arena, via, names[i]->via);
        *value = call_text(call, (*value)->text, via);
    }
    return NULL;
}

static const struct node *truth(const struct call *call, bool is_true, struct span via)
{
    return call_text(call, is_true ? SPAN("true") : SPAN("false"), via);
}

struct error *function_equals(const struct call *call, const struct node **value)
{
    const struct node *a;
    const struct node *b;

    TRY(check_count(call, 2, 2));
    TRY(text_argument(call, 0, &a));
    TRY(text_argument(call, 1, &b));
    *value = truth(call, span_equal(a->text, b->text),
                   via_join(call->stack->reading->arena, a->via, b->via));
    return NULL;
}

/* The first argument that is as wanted settles And and Or. */
static struct error *any(const struct call *call, bool wanted, size_t least, bool *is_found)
{
    TRY(check_count(call, least, 10));
    *is_found = false;
    for (size_t i = 0; i < call->argument->count && !*is_found; i++) {
        const struct node *part;

        TRY(text_argument(call, i, &part));
        if (!node_says(part, "true") && !node_says(part, "false"))
            return call_refuse(call, "part %zu is no condition: write one", i + 1);
        *is_found = node_says(part, "true") == wanted;
    }
    return NULL;
}

struct error *function_and(const struct call *call, const struct node **value)
{
    bool is_found;

    TRY(any(call, false, 2, &is_found));
    *value = truth(call, !is_found, (struct span){ 0 });
    return NULL;
}

struct error *function_or(const struct call *call, const struct node **value)
{
    bool is_found;

    TRY(any(call, true, 2, &is_found));
    *value = truth(call, is_found, (struct span){ 0 });
    return NULL;
}

struct error *function_not(const struct call *call, const struct node **value)
{
    bool is_found;

    TRY(any(call, true, 1, &is_found));
    *value = truth(call, !is_found, (struct span){ 0 });
    return NULL;
}

struct error *function_condition(const struct call *call, const struct node **value)
{
    bool holds;

    TRY(evaluate_condition(call->stack, &call->trail, call->argument, &holds));
    *value = truth(call, holds, (struct span){ 0 });
    return NULL;
}

struct error *function_if(const struct call *call, const struct node **value)
{
    struct arena *arena = call->stack->reading->arena;
    const struct node *name;
    bool holds;

    TRY(check_count(call, 3, 3));
    name = &call->argument->values[0];
    TRY(evaluate_condition(call->stack, &call->trail, name, &holds));
    TRY(evaluate(call->stack, &call->trail, &call->argument->values[holds ? 1 : 2], value));
    if (*value) {
        struct node *chosen = node_copy(arena, *value);

        chosen->via = via_join(arena,
                               arena_print(arena, "condition %.*s is %s", SPAN_PRINT(name->text),
                                           holds ? "true" : "false"),
                               chosen->via);
        *value = chosen;
    }
    return NULL;
}
