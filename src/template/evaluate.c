/* template/evaluate.c - finds the functions in a template and has them evaluated. */
#include "template/evaluate.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_MAX = 1 << 20,
    STEP_BYTES = 256, /* of text count as one more step */
    TRAIL_MAX = 200,
    TEXT_BYTES_MAX = 1 << 20,
    VIA_BYTES_MAX = 300,
    CYCLE_SHOWN_MAX = 6
};

struct function {
    const char *name;
    struct error *(*run)(const struct call *call, const struct node **value);
};

static const struct function functions[] = {
    /* sorted by name, found by binary search */
    { "Condition", function_condition },
    { "Fn::And", function_and },
    { "Fn::Base64", function_base64 },
    { "Fn::Equals", function_equals },
    { "Fn::FindInMap", function_find_in_map },
    { "Fn::GetAtt", function_get_att },
    { "Fn::If", function_if },
    { "Fn::ImportValue", function_import_value },
    { "Fn::Join", function_join },
    { "Fn::Length", function_length },
    { "Fn::Not", function_not },
    { "Fn::Or", function_or },
    { "Fn::Select", function_select },
    { "Fn::Split", function_split },
    { "Fn::Sub", function_sub },
    { "Ref", function_ref },
};

static int by_name(const void *name, const void *function)
{
    return span_compare(*(const struct span *)name,
                        span_from(((const struct function *)function)->name));
}

/* {"Fn::Join": ...}, {"Ref": ...} or !Join ...; false when node is none. */
static bool is_call(struct stack *stack, const struct node *node, struct call *call)
{
    struct arena *arena = stack->reading->arena;

    *call = (struct call){ .stack = stack, .node = node };
    if (node->tag.data) {
        struct node *argument = node_copy(arena, node);

        argument->tag = (struct span){ 0 };
        call->argument = argument;
        call->name = span_is(node->tag, "Ref") || span_is(node->tag, "Condition")
                         ? node->tag
                         : arena_print(arena, "Fn::%.*s", SPAN_PRINT(node->tag));
        return true;
    }
    if (node->kind != NODE_MAP || node->count != 1)
        return false;
    call->name = node->keys[0].text;
    call->argument = &node->values[0];
    return span_is(call->name, "Ref") || span_is(call->name, "Condition") ||
           span_starts_with(call->name, SPAN("Fn::"));
}

struct node *call_text(const struct call *call, struct span text, struct span via)
{
    struct node *node = node_of_text(call->stack->reading->arena, call->node->place, text);

    node->via = via;
    return node;
}

struct error *call_refuse(const struct call *call, const char *format, ...)
{
    struct arena *arena = call->stack->reading->arena;
    va_list arguments;
    struct span why;

    va_start(arguments, format);
    why = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return fail(arena, ERR_VALIDATION, "%.*s: %.*s: %.*s",
                SPAN_PRINT(place_print(arena, call->node->place)), SPAN_PRINT(call->name),
                SPAN_PRINT(why));
}

struct span via_join(struct arena *arena, struct span a, struct span b)
{
    if (a.size == 0)
        return b;
    if (b.size == 0 || a.size > VIA_BYTES_MAX || memmem(a.data, a.size, b.data, b.size))
        return a;
    return arena_print(arena, "%.*s, %.*s", SPAN_PRINT(a), SPAN_PRINT(b));
}

/* The places that the value goes through until it comes back to itself. */
static struct error *refuse_cycle(struct stack *stack, const struct trail *trail,
                                  const struct node *node)
{
    struct arena *arena = stack->reading->arena;
    struct buffer buffer;
    struct span way;
    size_t shown = 0;

    buffer_init(&buffer);
    for (; trail && trail->node != node && shown < CYCLE_SHOWN_MAX; trail = trail->up, shown++) {
        buffer_append_span(&buffer, shown > 0 ? SPAN(", ") : SPAN(" by way of "));
        buffer_append_span(&buffer, place_line(arena, trail->node->place));
    }
    way = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return fail(arena, ERR_VALIDATION,
                "%.*s: a cycle: this value needs itself%.*s: break it, or give one of the values "
                "with --parameter",
                SPAN_PRINT(place_print(arena, node->place)), SPAN_PRINT(way));
}

static struct error *enter(struct stack *stack, const struct trail *up, const struct node *node,
                           struct trail *trail)
{
    struct arena *arena = stack->reading->arena;

    *trail = (struct trail){ up, stack, node, up ? up->depth + 1 : 0 };
    for (const struct trail *at = up; at; at = at->up)
        if (at->node == node && at->stack == stack)
            return refuse_cycle(stack, up, node);
    if (trail->depth > TRAIL_MAX || ++stack->reading->steps > STEPS_MAX)
        return fail(arena, ERR_VALIDATION, "%.*s: too many values that need other values: %s",
                    SPAN_PRINT(place_print(arena, node->place)), "simplify the template");
    return NULL;
}

struct error *evaluate_charge(struct stack *stack, const struct node *made)
{
    struct arena *arena = stack->reading->arena;

    stack->reading->steps += made->text.size / STEP_BYTES;
    if (made->text.size > TEXT_BYTES_MAX)
        return fail(arena, ERR_VALIDATION, "%.*s: a text of more than a megabyte: no table has one",
                    SPAN_PRINT(place_print(arena, made->place)));
    return NULL;
}

static struct error *run_call(struct call *call, const struct trail *trail,
                              const struct node **value)
{
    const struct function *function =
        bsearch(&call->name, functions, COUNT(functions), sizeof(*functions), by_name);

    TRY(enter(call->stack, trail, call->node, &call->trail));
    if (!function)
        return call_refuse(call, "not evaluated here: give the property that needs it with "
                                 "--parameter 'RESOURCE.PROPERTY=VALUE'");
    if (call->argument->is_null)
        return call_refuse(call, "nothing behind it: write its arguments");
    TRY(function->run(call, value));
    return *value ? evaluate_charge(call->stack, *value) : NULL;
}

struct error *evaluate(struct stack *stack, const struct trail *trail, const struct node *node,
                       const struct node **value)
{
    struct call call;

    *value = NULL;
    if (!node || node->is_null)
        return NULL;
    if (is_call(stack, node, &call))
        return run_call(&call, trail, value);
    if (node->kind == NODE_TEXT && stack->is_serverless && variables_has(node->text)) {
        struct trail here;

        TRY(enter(stack, trail, node, &here));
        return variables_expand(stack, &here, node, value);
    }
    if (node->kind == NODE_TEXT && memmem(node->text.data, node->text.size, "{{resolve:", 10))
        return dynamic_expand(stack, node, value);
    *value = node;
    return NULL;
}

struct error *evaluate_whole(struct stack *stack, const struct trail *trail,
                             const struct node *node, const struct node **value)
{
    struct arena *arena = stack->reading->arena;
    const struct node *head;
    struct node *whole;
    struct trail here;

    TRY(evaluate(stack, trail, node, &head));
    *value = head;
    if (!head || head->kind == NODE_TEXT)
        return NULL;
    TRY(enter(stack, trail, node, &here));
    whole = NEW(arena, struct node, 1);
    *whole = node_new(head->kind, head->place);
    whole->via = head->via;
    for (size_t i = 0; i < head->count; i++) {
        const struct node *member;

        TRY(evaluate_whole(stack, &here, &head->values[i], &member));
        if (!member)
            continue;
        if (head->kind == NODE_MAP)
            node_put(arena, whole, arena_copy(arena, head->keys[i].text).data, member);
        else
            node_add(arena, whole, member);
    }
    *value = whole;
    return NULL;
}

struct error *evaluate_text(struct stack *stack, const struct trail *trail, const struct node *node,
                            const struct node **value)
{
    struct arena *arena = stack->reading->arena;

    TRY(evaluate(stack, trail, node, value));
    if (!node_is(*value, NODE_TEXT))
        return fail(arena, ERR_VALIDATION, "%.*s: a text is needed here: write one",
                    SPAN_PRINT(place_print(arena, node->place)));
    return NULL;
}

struct error *evaluate_condition(struct stack *stack, const struct trail *trail,
                                 const struct node *name, bool *holds)
{
    struct arena *arena = stack->reading->arena;
    const struct node *condition = node_find(stack->conditions, node_text(name));
    const struct node *value;

    if (!condition)
        return fail(arena, ERR_VALIDATION,
                    "%.*s: there is no condition '%.*s': define it under Conditions",
                    SPAN_PRINT(place_print(arena, name->place)), SPAN_PRINT(node_text(name)));
    TRY(evaluate(stack, trail, condition, &value));
    *holds = node_says(value, "true");
    if (!*holds && !node_says(value, "false"))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: condition '%.*s' is neither true nor false: make it one of "
                    "Fn::Equals, Fn::And, Fn::Or and Fn::Not",
                    SPAN_PRINT(place_print(arena, condition->place)), SPAN_PRINT(name->text));
    return NULL;
}
