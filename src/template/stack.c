/* template/stack.c - the sections of a template, its nested stacks, and the tables in both. */
#include "template/stack.h"

#include "base/arena.h"
#include "template/evaluate.h"
#include "template/file.h"
#include "template/foreach.h"
#include "template/serverless.h"
#include "template/table.h"

#include <string.h>

bool stack_is_table(const struct node *resource)
{
    struct span type = node_text_at(resource, "Type");

    return span_is(type, "AWS::DynamoDB::Table") || span_is(type, "AWS::DynamoDB::GlobalTable") ||
           span_is(type, "AWS::Serverless::SimpleTable");
}

/* The CDK calls the file "OrdersStack.template.json". */
static struct span name_from_file(struct span file)
{
    static const char tail[] = ".template.json";
    size_t start = file.size;
    size_t tail_size = sizeof(tail) - 1;

    while (start > 0 && file.data[start - 1] != '/')
        start--;
    if (file.size - start <= tail_size ||
        memcmp(file.data + file.size - tail_size, tail, tail_size) != 0)
        return (struct span){ 0 };
    return (struct span){ file.data + start, file.size - start - tail_size };
}

static void take_sections(struct stack *stack, const struct node *root)
{
    stack->parameters = node_get(root, "Parameters");
    stack->mappings = node_get(root, "Mappings");
    stack->conditions = node_get(root, "Conditions");
    stack->resources = node_get(root, "Resources");
    stack->outputs = node_get(root, "Outputs");
}

/* Parameters that are declared are known, whether or not a table needs them. */
static void note_parameters(const struct stack *stack)
{
    for (size_t i = 0; node_is(stack->parameters, NODE_MAP) && i < stack->parameters->count; i++)
        (void)reading_given(stack->reading, stack->parameters->keys[i].text);
}

static struct stack *new_stack(struct reading *reading, struct span file, const struct node *root)
{
    struct stack *stack = NEW(reading->arena, struct stack, 1);

    stack->reading = reading;
    stack->file = file;
    stack->root = root;
    return stack;
}

struct error *stack_open(struct reading *reading, struct span file, const struct node *root,
                         struct stack **stack)
{
    struct stack **last = &reading->stacks;
    struct stack *made = new_stack(reading, file, root);

    made->name = name_from_file(file);
    made->is_serverless = serverless_is(root);
    if (made->is_serverless)
        TRY(serverless_open(made, &root));
    take_sections(made, root);
    TRY(foreach_expand(made, &made->resources));
    note_parameters(made);
    while (*last)
        last = &(*last)->next;
    *last = made;
    *stack = made;
    return NULL;
}

/* "https://.../HASH.json" of an asset: the manifest beside the template knows the file. */
static struct error *asset_path(struct stack *stack, struct span url, struct span *path)
{
    struct arena *arena = stack->reading->arena;
    struct stack *root = stack;
    struct span hash = url;
    struct span base;
    const struct node *assets;

    while (root->parent)
        root = root->parent;
    base = name_from_file(root->file);
    for (size_t i = 0; i < url.size; i++)
        if (url.data[i] == '/')
            hash = (struct span){ url.data + i + 1, url.size - i - 1 };
    if (base.size == 0 || hash.size <= 5)
        return NULL;
    hash.size -= 5; /* ".json" */
    base = file_beside(arena, root->file, arena_print(arena, "%.*s.assets.json", SPAN_PRINT(base)));
    if (stack->reading->settings->is_alone || !file_exists(arena, base))
        return NULL;
    TRY(reading_document(stack->reading, base, &assets));
    *path = node_text_at(node_get(node_find(node_get(assets, "files"), hash), "source"), "path");
    return NULL;
}

/* Where the nested template is; absent: not among the files that are here. */
static struct error *nested_path(struct stack *stack, struct span id, const struct node *resource,
                                 struct span *path)
{
    struct span key = stack_key(stack, id, SPAN("TemplateURL"));
    const struct given *given = reading_given(stack->reading, key);
    const struct node *properties = node_get(resource, "Properties");
    const struct node *url;

    if (given) {
        *path = given->value;
        return NULL;
    }
    *path = node_text_at(node_get(resource, "Metadata"), "aws:asset:path");
    if (path->size == 0) {
        TRY(evaluate(stack, NULL, node_get(properties, "TemplateURL"), &url));
        if (node_is(url, NODE_TEXT) && !memmem(url->text.data, url->text.size, "://", 3))
            *path = url->text;
        else if (node_is(url, NODE_TEXT))
            TRY(asset_path(stack, url->text, path));
    }
    if (path->size == 0)
        return reading_ask(stack->reading, resource->place,
                           SPAN("the template of this nested stack is not here (an empty value "
                                "leaves it out)"),
                           key);
    *path = file_beside(stack->reading->arena, stack->file, *path);
    return NULL;
}

struct error *stack_nested(struct stack *stack, struct span id, const struct node *resource,
                           struct stack **nested)
{
    struct arena *arena = stack->reading->arena;
    struct nested_stack *known = stack->nested;
    const struct node *root;
    struct span path;

    while (known && !span_equal(known->id, id))
        known = known->next;
    if (!known) {
        known = NEW(arena, struct nested_stack, 1);
        if (stack->depth >= STACK_DEPTH_MAX)
            return fail(arena, ERR_VALIDATION,
                        "%.*s: nested stacks more than %d deep: does one hold itself?",
                        SPAN_PRINT(place_print(arena, resource->place)), STACK_DEPTH_MAX);
        TRY(nested_path(stack, id, resource, &path));
        known->id = id;
        known->stack = new_stack(stack->reading, path, NULL);
        known->stack->parent = stack;
        known->stack->depth = stack->depth + 1;
        known->stack->region = stack->region;
        known->stack->account = stack->account;
        known->stack->given = node_get(node_get(resource, "Properties"), "Parameters");
        if (path.size > 0) {
            TRY(reading_document(stack->reading, path, &root));
            known->stack->root = root;
            take_sections(known->stack, root);
            TRY(foreach_expand(known->stack, &known->stack->resources));
        }
        known->next = stack->nested;
        stack->nested = known;
    }
    *nested = known->stack;
    return NULL;
}

static struct error *collect(struct stack *stack);

static struct error *collect_resource(struct stack *stack, struct span id,
                                      const struct node *resource)
{
    const struct node *condition = node_get(resource, "Condition");
    bool is_nested = span_is(node_text_at(resource, "Type"), "AWS::CloudFormation::Stack");
    bool holds = true;
    struct stack *nested;

    if (!stack_is_table(resource) && !is_nested)
        return NULL;
    if (condition)
        TRY(evaluate_condition(stack, NULL, condition, &holds));
    if (!holds)
        return NULL;
    if (!is_nested)
        return table_define(stack, id, resource);
    TRY(stack_nested(stack, id, resource, &nested));
    return collect(nested);
}

static struct error *collect(struct stack *stack)
{
    const struct node *resources = stack->resources;

    for (size_t i = 0; node_is(resources, NODE_MAP) && i < resources->count; i++)
        TRY(collect_resource(stack, resources->keys[i].text, &resources->values[i]));
    return NULL;
}

/* Templates that a folder has for others to nest are none of their own. */
static bool is_nested_file(struct reading *reading, struct span file)
{
    for (struct stack *stack = reading->stacks; stack; stack = stack->next)
        for (size_t i = 0; node_is(stack->resources, NODE_MAP) && i < stack->resources->count;
             i++) {
            const struct node *resource = &stack->resources->values[i];
            struct span path;

            if (span_is(node_text_at(resource, "Type"), "AWS::CloudFormation::Stack") &&
                !nested_path(stack, stack->resources->keys[i].text, resource, &path) &&
                path.size > 0 && !span_equal(stack->file, file) && span_equal(path, file))
                return true;
        }
    return false;
}

struct error *stack_tables(struct reading *reading)
{
    for (struct stack *stack = reading->stacks; stack; stack = stack->next)
        if (!reading->stacks->next || !is_nested_file(reading, stack->file))
            TRY(collect(stack));
    return NULL;
}
