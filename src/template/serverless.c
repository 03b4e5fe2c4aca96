/* template/serverless.c - puts together what "resources" holds: one map, a list of them, files. */
#include "template/serverless.h"

#include "base/arena.h"
#include "template/evaluate.h"

static const char *const sections[] = { "Resources", "Parameters", "Mappings", "Conditions",
                                        "Outputs" };

bool serverless_is(const struct node *root)
{
    return !node_get(root, "Resources") && node_get(root, "service") &&
           (node_get(root, "provider") || node_get(root, "resources"));
}

static struct error *merge(struct stack *stack, const struct node *part, struct node *merged)
{
    struct arena *arena = stack->reading->arena;

    for (size_t i = 0; i < COUNT(sections); i++) {
        const struct node *section;

        TRY(evaluate(stack, NULL, node_get(part, sections[i]), &section));
        for (size_t j = 0; node_is(section, NODE_MAP) && j < section->count; j++) {
            node_put(arena, &merged[i], "", &section->values[j]);
            merged[i].keys[merged[i].count - 1] = section->keys[j];
        }
    }
    return NULL;
}

struct error *serverless_open(struct stack *stack, const struct node **template)
{
    struct arena *arena = stack->reading->arena;
    struct node merged[COUNT(sections)];
    struct node *made = NEW(arena, struct node, 1);
    const struct node *resources;

    *made = node_new(NODE_MAP, stack->root->place);
    for (size_t i = 0; i < COUNT(sections); i++)
        merged[i] = node_new(NODE_MAP, stack->root->place);
    TRY(evaluate(stack, NULL, node_get(stack->root, "resources"), &resources));
    if (node_is(resources, NODE_MAP))
        TRY(merge(stack, resources, merged));
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++) {
        const struct node *part;

        TRY(evaluate(stack, NULL, &resources->values[i], &part));
        TRY(merge(stack, part, merged));
    }
    for (size_t i = 0; i < COUNT(sections); i++)
        node_put(arena, made, sections[i], &merged[i]);
    *template = made;
    return NULL;
}
