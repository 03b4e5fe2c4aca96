/* cloud/policy/context.c - a short list of keys, searched from its beginning. */
#include "cloud/policy/context.h"

#include "base/arena.h"
#include "cloud/policy/text.h"

enum { FIRST_FACTS = 32 };

void context_init(struct policy_context *context, struct arena *arena)
{
    *context = (struct policy_context){ .arena = arena };
}

static struct policy_fact *find(const struct policy_context *context, struct span key)
{
    for (size_t i = 0; i < context->count; i++) {
        if (text_same(context->facts[i].key, key))
            return &context->facts[i];
    }
    return NULL;
}

static struct policy_fact *place(struct policy_context *context, struct span key)
{
    struct policy_fact *fact = find(context, key);

    if (fact == NULL) {
        if (context->count == context->capacity) {
            size_t capacity = context->capacity ? context->capacity * 2 : FIRST_FACTS;

            context->facts = arena_grow(context->arena, context->facts,
                                        context->capacity * sizeof(*context->facts),
                                        capacity * sizeof(*context->facts));
            context->capacity = capacity;
        }
        fact = &context->facts[context->count++];
    }
    *fact = (struct policy_fact){ .key = key };
    return fact;
}

void context_add(struct policy_context *context, struct span key, struct span value)
{
    struct policy_fact *fact;

    if (value.data == NULL)
        return;
    fact = place(context, key);
    fact->values.count = 1;
    fact->values.items = NEW(context->arena, struct span, 1);
    fact->values.items[0] = value;
}

void context_add_list(struct policy_context *context, struct span key,
                      const struct string_list *values)
{
    place(context, key)->values = *values;
}

void context_add_unknown(struct policy_context *context, struct span key)
{
    place(context, key)->is_unknown = true;
}

const struct policy_fact *context_find(const struct policy_context *context, struct span key)
{
    return find(context, key);
}
