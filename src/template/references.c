/* template/references.c - Ref, Fn::GetAtt, Fn::Sub, Fn::ImportValue: what a template calls by name.
 */
#include "template/evaluate.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/table.h"

#include <string.h>

#define ACCOUNT "000000000000" /* as the server's own tables have it */
#define REGION "us-east-1"

static struct error *ask(const struct call *call, const char *what, struct span key)
{
    struct arena *arena = call->stack->reading->arena;

    return reading_ask(call->stack->reading, call->node->place,
                       arena_print(arena, "%s %.*s", what, SPAN_PRINT(key)), key);
}

static const struct node *given_text(const struct call *call, const struct given *given)
{
    return call_text(call, given->value,
                     arena_print(call->stack->reading->arena, "%.*s from %.*s",
                                 SPAN_PRINT(given->key), SPAN_PRINT(given->source)));
}

/* "a, b" is two parts where the parameter is a list. */
static const struct node *as_list(const struct call *call, const struct node *value)
{
    struct arena *arena = call->stack->reading->arena;
    struct node *list = NEW(arena, struct node, 1);
    struct span rest = value->text;

    *list = node_new(NODE_LIST, value->place);
    list->via = value->via;
    while (rest.size > 0) {
        const char *comma = memchr(rest.data, ',', rest.size);
        struct span part = { rest.data, comma ? (size_t)(comma - rest.data) : rest.size };
        size_t used = comma ? part.size + 1 : part.size;

        while (part.size > 0 && part.data[0] == ' ')
            part = (struct span){ part.data + 1, part.size - 1 };
        while (part.size > 0 && part.data[part.size - 1] == ' ')
            part.size--;
        node_add(arena, list, call_text(call, part, value->via));
        rest = (struct span){ rest.data + used, rest.size - used };
    }
    return list;
}

static struct error *check_allowed(const struct call *call, const struct node *declared,
                                   const struct given *given)
{
    const struct node *allowed = node_get(declared, "AllowedValues");
    struct arena *arena = call->stack->reading->arena;

    if (!node_is(allowed, NODE_LIST))
        return NULL;
    for (size_t i = 0; i < allowed->count; i++)
        if (span_equal(node_text(&allowed->values[i]), given->value))
            return NULL;
    return fail(arena, ERR_VALIDATION,
                "%.*s: parameter %.*s may not be '%.*s', which %.*s gives: use one of its "
                "AllowedValues",
                SPAN_PRINT(place_print(arena, allowed->place)), SPAN_PRINT(given->key),
                SPAN_PRINT(given->value), SPAN_PRINT(given->source));
}

static bool is_from_ssm(struct span type)
{
    return span_starts_with(type, SPAN("AWS::SSM::Parameter::"));
}

static struct error *default_of(const struct call *call, struct span name,
                                const struct node *declared, const struct node **value)
{
    struct arena *arena = call->stack->reading->arena;
    const struct node *preset = node_get(declared, "Default");

    if (is_from_ssm(node_text_at(declared, "Type")))
        return reading_ask(
            call->stack->reading, declared->place,
            arena_print(arena, "parameter %.*s is kept in the Parameter Store", SPAN_PRINT(name)),
            name);
    if (!node_is(preset, NODE_TEXT))
        return reading_ask(call->stack->reading, declared->place,
                           arena_print(arena, "parameter %.*s has no value", SPAN_PRINT(name)),
                           name);
    *value = call_text(call, preset->text,
                       arena_print(arena, "parameter %.*s at %.*s", SPAN_PRINT(name),
                                   SPAN_PRINT(place_line(arena, preset->place))));
    return NULL;
}

static struct error *parameter_find(const struct call *call, struct span name,
                                    const struct node *declared, const struct node **value)
{
    struct stack *stack = call->stack;
    struct span type = node_text_at(declared, "Type");
    const struct given *given = stack->parent ? NULL : reading_given(stack->reading, name);
    const struct node *passed = stack->parent ? node_find(stack->given, name) : NULL;

    if (passed) {
        TRY(evaluate_whole(stack->parent, &call->trail, passed, value));
        if (!*value)
            return ask(call, "nothing is passed for parameter", name);
    } else if (given) {
        TRY(check_allowed(call, declared, given));
        *value = given_text(call, given);
    } else {
        TRY(default_of(call, name, declared, value));
    }
    if ((*value)->kind == NODE_TEXT &&
        (span_is(type, "CommaDelimitedList") || span_starts_with(type, SPAN("List<"))))
        *value = as_list(call, *value);
    return NULL;
}

static struct span first_of(struct span a, struct span b, struct span c)
{
    return a.size > 0 ? a : b.size > 0 ? b : c;
}

/* What every stack knows of itself; absent: no such thing, or nobody knows. */
static struct span pseudo_parameter(const struct stack *stack, struct span name)
{
    const struct definition_settings *settings = stack->reading->settings;
    struct arena *arena = stack->reading->arena;
    struct span region = first_of(stack->region, settings->region, SPAN(REGION));

    if (span_is(name, "AWS::Region"))
        return region;
    if (span_is(name, "AWS::AccountId"))
        return first_of(stack->account, SPAN(ACCOUNT), (struct span){ 0 });
    if (span_is(name, "AWS::Partition"))
        return span_starts_with(region, SPAN("cn-"))       ? SPAN("aws-cn")
               : span_starts_with(region, SPAN("us-gov-")) ? SPAN("aws-us-gov")
                                                           : SPAN("aws");
    if (span_is(name, "AWS::URLSuffix"))
        return span_starts_with(region, SPAN("cn-")) ? SPAN("amazonaws.com.cn")
                                                     : SPAN("amazonaws.com");
    if (span_is(name, "AWS::StackName"))
        return stack->name;
    if (span_is(name, "AWS::StackId") && stack->name.size > 0)
        return arena_print(arena, "arn:aws:cloudformation:%.*s:" ACCOUNT ":stack/%.*s/stator",
                           SPAN_PRINT(region), SPAN_PRINT(stack->name));
    return (struct span){ 0 };
}

/* What the id of a resource is, which its Ref gives. */
static struct error *resource_find(const struct call *call, struct span name,
                                   const struct node *resource, const struct node **value)
{
    const struct given *given = reading_given(call->stack->reading, name);

    if (given) {
        *value = given_text(call, given);
        return NULL;
    }
    if (stack_is_table(resource))
        return table_name(call->stack, &call->trail, name, resource, value);
    return ask(call, "not known before the deployment: the id of resource", name);
}

struct error *reference_find(const struct call *call, struct span name, const struct node **value)
{
    struct stack *stack = call->stack;
    const struct node *declared = node_find(stack->parameters, name);
    const struct node *resource = node_find(stack->resources, name);
    const struct given *given;
    struct span text;

    if (span_is(name, "AWS::NoValue"))
        return NULL;
    if (declared)
        return parameter_find(call, name, declared, value);
    if (resource)
        return resource_find(call, name, resource, value);
    given = reading_given(stack->reading, name);
    text = pseudo_parameter(stack, name);
    if (given)
        *value = given_text(call, given);
    else if (text.size > 0)
        *value = call_text(call, text, name);
    else if (span_starts_with(name, SPAN("AWS::")))
        return ask(call, "not known before the deployment:", name);
    else
        return call_refuse(call, "there is no parameter or resource '%.*s': mend the name",
                           SPAN_PRINT(name));
    return NULL;
}

struct error *function_ref(const struct call *call, const struct node **value)
{
    if (!node_is(call->argument, NODE_TEXT))
        return call_refuse(call, "needs a name: write one");
    return reference_find(call, call->argument->text, value);
}

static struct error *output_find(const struct call *call, struct span id,
                                 const struct node *resource, struct span name,
                                 const struct node **value)
{
    struct stack *nested;
    const struct node *output;

    TRY(stack_nested(call->stack, id, resource, &nested));
    output = node_get(node_find(nested->outputs, name), "Value");
    if (!output)
        return call_refuse(call, "the nested stack in %.*s has no output '%.*s': mend the name",
                           SPAN_PRINT(nested->file), SPAN_PRINT(name));
    return evaluate_whole(nested, &call->trail, output, value);
}

static struct error *table_attribute(const struct call *call, struct span id,
                                     const struct node *resource, const struct node **value)
{
    struct arena *arena = call->stack->reading->arena;
    const struct node *name;

    TRY(table_name(call->stack, &call->trail, id, resource, &name));
    *value =
        call_text(call,
                  arena_print(arena, "arn:%.*s:dynamodb:%.*s:%.*s:table/%.*s",
                              SPAN_PRINT(pseudo_parameter(call->stack, SPAN("AWS::Partition"))),
                              SPAN_PRINT(pseudo_parameter(call->stack, SPAN("AWS::Region"))),
                              SPAN_PRINT(pseudo_parameter(call->stack, SPAN("AWS::AccountId"))),
                              SPAN_PRINT(name->text)),
                  name->via);
    return NULL;
}

struct error *attribute_find(const struct call *call, struct span id, struct span attribute,
                             const struct node **value)
{
    struct stack *stack = call->stack;
    const struct node *resource = node_find(stack->resources, id);
    struct span key = stack_key(stack, id, attribute);
    const struct given *given = reading_given(stack->reading, key);

    if (given) {
        *value = given_text(call, given);
        return NULL;
    }
    if (!resource)
        return call_refuse(call, "there is no resource '%.*s': mend the name", SPAN_PRINT(id));
    if (stack_is_table(resource) && span_is(attribute, "Arn"))
        return table_attribute(call, id, resource, value);
    if (span_is(node_text_at(resource, "Type"), "AWS::CloudFormation::Stack") &&
        span_starts_with(attribute, SPAN("Outputs.")))
        return output_find(call, id, resource,
                           (struct span){ attribute.data + 8, attribute.size - 8 }, value);
    return ask(call, "not known before the deployment:", key);
}

struct error *function_get_att(const struct call *call, const struct node **value)
{
    const struct node *argument = call->argument;
    const struct node *attribute;
    const char *dot;

    if (node_is(argument, NODE_LIST) && argument->count == 2 &&
        node_is(&argument->values[0], NODE_TEXT)) {
        TRY(evaluate_text(call->stack, &call->trail, &argument->values[1], &attribute));
        return attribute_find(call, argument->values[0].text, attribute->text, value);
    }
    dot = node_is(argument, NODE_TEXT) && argument->text.size > 0
              ? memchr(argument->text.data, '.', argument->text.size)
              : NULL;
    if (!dot)
        return call_refuse(call, "needs a resource and an attribute: write RESOURCE.ATTRIBUTE");
    return attribute_find(
        call, (struct span){ argument->text.data, (size_t)(dot - argument->text.data) },
        (struct span){ dot + 1, (size_t)(argument->text.data + argument->text.size - dot) - 1 },
        value);
}

/* "${X}", "${X.Arn}" or a name of Sub's own map. */
static struct error *placeholder_find(const struct call *call, const struct node *own,
                                      struct span name, const struct node **value)
{
    const char *dot = memchr(name.data, '.', name.size);
    const struct node *mine = node_find(own, name);

    *value = NULL;
    if (mine)
        TRY(evaluate(call->stack, &call->trail, mine, value));
    else if (dot)
        TRY(attribute_find(call, (struct span){ name.data, (size_t)(dot - name.data) },
                           (struct span){ dot + 1, (size_t)(name.data + name.size - dot) - 1 },
                           value));
    else
        TRY(reference_find(call, name, value));
    if (!node_is(*value, NODE_TEXT))
        return call_refuse(call, "${%.*s} is no text: name one", SPAN_PRINT(name));
    return NULL;
}

/* Spaces around the name are no part of it. */
static struct span trim(struct span name)
{
    while (name.size > 0 && name.data[0] == ' ')
        name = (struct span){ name.data + 1, name.size - 1 };
    while (name.size > 0 && name.data[name.size - 1] == ' ')
        name.size--;
    return name;
}

/* The next "${...}" of text: what stands before it, its name, what stands behind it. */
static bool next_placeholder(struct span text, struct span *before, struct span *name,
                             struct span *rest)
{
    const char *open = memmem(text.data, text.size, "${", 2);
    const char *close = open ? memchr(open, '}', text.size - (size_t)(open - text.data)) : NULL;

    if (!close)
        return false;
    *before = (struct span){ text.data, (size_t)(open - text.data) };
    *name = (struct span){ open + 2, (size_t)(close - open) - 2 };
    *rest = (struct span){ close + 1, text.size - (size_t)(close - text.data) - 1 };
    return true;
}

static struct error *substitute(const struct call *call, struct span text, const struct node *own,
                                struct buffer *out, struct span *via)
{
    struct span before;
    struct span name;
    struct span rest;

    while (next_placeholder(text, &before, &name, &rest)) {
        const struct node *found;

        buffer_append_span(out, before);
        text = rest;
        if (name.size > 0 && name.data[0] == '!') { /* "${!X}" is the text "${X}" */
            buffer_append_literal(out, "${");
            buffer_append(out, name.data + 1, name.size - 1);
            buffer_append_char(out, '}');
            continue;
        }
        TRY(placeholder_find(call, own, trim(name), &found));
        buffer_append_span(out, found->text);
        *via = via_join(call->stack->reading->arena, *via, found->via);
    }
    buffer_append_span(out, text);
    return NULL;
}

struct error *function_sub(const struct call *call, const struct node **value)
{
    const struct node *argument = call->argument;
    const struct node *own = NULL;
    const struct node *text;
    struct span via = { 0 };
    struct buffer buffer;
    struct error *error;

    if (node_is(argument, NODE_LIST) && argument->count == 2) {
        own = &argument->values[1];
        argument = &argument->values[0];
    }
    TRY(evaluate_text(call->stack, &call->trail, argument, &text));
    buffer_init(&buffer);
    error = substitute(call, text->text, own, &buffer, &via);
    if (!error)
        *value = call_text(call, arena_copy(call->stack->reading->arena, buffer_span(&buffer)),
                           via_join(call->stack->reading->arena, text->via, via));
    buffer_fini(&buffer);
    return error;
}

/* Among the outputs of the other stacks that are read along with this one. */
static struct error *export_find(const struct call *call, struct span name,
                                 const struct node **value)
{
    for (struct stack *stack = call->stack->reading->stacks; stack; stack = stack->next) {
        const struct node *outputs = stack->outputs;

        for (size_t i = 0; node_is(outputs, NODE_MAP) && i < outputs->count; i++) {
            const struct node *label = node_get(node_get(&outputs->values[i], "Export"), "Name");
            const struct node *text;

            if (!label || evaluate_text(stack, &call->trail, label, &text))
                continue; /* whose own name is unknown is not the one that is wanted */
            if (span_equal(text->text, name))
                return evaluate_whole(stack, &call->trail, node_get(&outputs->values[i], "Value"),
                                      value);
        }
    }
    return ask(call, "no stack that was read exports", name);
}

struct error *function_import_value(const struct call *call, const struct node **value)
{
    const struct node *name;
    const struct given *given;

    TRY(evaluate_text(call->stack, &call->trail, call->argument, &name));
    given = reading_given(call->stack->reading, name->text);
    if (given) {
        *value = given_text(call, given);
        return NULL;
    }
    return export_find(call, name->text, value);
}

struct error *dynamic_expand(struct stack *stack, const struct node *text,
                             const struct node **value)
{
    struct arena *arena = stack->reading->arena;
    struct span rest = text->text;
    struct span via = text->via;
    struct node *made = node_copy(arena, text);

    made->text = SPAN("");
    for (;;) {
        const char *open = memmem(rest.data, rest.size, "{{resolve:", 10);
        const char *close =
            open ? memmem(open, rest.size - (size_t)(open - rest.data), "}}", 2) : NULL;
        struct span key = { open ? open + 2 : NULL, close ? (size_t)(close - open) - 2 : 0 };
        const struct given *given = close ? reading_given(stack->reading, key) : NULL;

        if (!close)
            break;
        if (!given)
            return reading_ask(stack->reading, text->place, SPAN("a value that is kept elsewhere"),
                               key);
        made->text = arena_print(arena, "%.*s%.*s%.*s", SPAN_PRINT(made->text),
                                 (int)(open - rest.data), rest.data, SPAN_PRINT(given->value));
        via = via_join(arena, via, given->source);
        rest = (struct span){ close + 2, rest.size - (size_t)(close - rest.data) - 2 };
    }
    made->text = arena_print(arena, "%.*s%.*s", SPAN_PRINT(made->text), SPAN_PRINT(rest));
    made->via = via;
    *value = made;
    return NULL;
}
