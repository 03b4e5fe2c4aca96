/* expr/update_values.c - what updates calculate: sums, defaults, longer lists, sets. */
#include "expr/update.h"

#include "base/arena.h"
#include "item/check.h"
#include "item/number.h"
#include "item/size.h"

#include <assert.h>
#include <string.h>

static struct error *refuse_type(struct arena *arena)
{
    return fail(arena, ERR_VALIDATION,
                "An operand in the update expression has an incorrect data type");
}

struct error *update_refuse_size(struct arena *arena)
{
    return fail(arena, ERR_VALIDATION, "Item size to update has exceeded the maximum allowed size");
}

static struct error *sum(struct arena *arena, const struct node *node, const struct item *old,
                         struct value *result)
{
    struct value a;
    struct value b;

    TRY(update_evaluate(arena, node->operands, old, &a));
    TRY(update_evaluate(arena, node->operands->next, old, &b));
    if (a.type != VALUE_N || b.type != VALUE_N)
        return refuse_type(arena);
    *result = (struct value){ .type = VALUE_N };
    if (node->kind == NODE_PLUS)
        return number_add(arena, a.text, b.text, &result->text);
    return number_subtract(arena, a.text, b.text, &result->text);
}

static struct error *append(struct arena *arena, const struct node *call, const struct item *old,
                            struct value *result)
{
    struct value a;
    struct value b;

    TRY(update_evaluate(arena, call->operands, old, &a));
    TRY(update_evaluate(arena, call->operands->next, old, &b));
    if (a.type != VALUE_L || b.type != VALUE_L)
        return refuse_type(arena);
    if (value_bytes(&a) + value_bytes(&b) > ITEM_BYTES_MAX) /* and all of it will be in the item */
        return update_refuse_size(arena);
    *result = (struct value){ .type = VALUE_L, .count = a.count + b.count };
    result->list = NEW(arena, struct value, result->count);
    if (a.count > 0)
        memcpy(result->list, a.list, a.count * sizeof(*a.list));
    if (b.count > 0)
        memcpy(result->list + a.count, b.list, b.count * sizeof(*b.list));
    return NULL;
}

static struct error *call(struct arena *arena, const struct node *node, const struct item *old,
                          struct value *result)
{
    const struct value *found;

    if (node->function == FUNCTION_LIST_APPEND)
        return append(arena, node, old, result);
    assert(node->function == FUNCTION_IF_NOT_EXISTS);
    found = path_find(&node->operands->path, old);
    if (found == NULL)
        return update_evaluate(arena, node->operands->next, old, result);
    *result = *found;
    return NULL;
}

struct error *update_evaluate(struct arena *arena, const struct node *node, const struct item *old,
                              struct value *result)
{
    const struct value *found;

    switch (node->kind) {
    case NODE_LITERAL: *result = *node->value; return NULL;
    case NODE_PATH:
        found = path_find(&node->path, old);
        if (found == NULL)
            return fail(arena, ERR_VALIDATION,
                        "The provided expression refers to an attribute that does not exist in "
                        "the item");
        *result = *found;
        return NULL;
    case NODE_CALL: return call(arena, node, old, result);
    case NODE_PLUS:
    case NODE_MINUS: return sum(arena, node, old, result);
    case NODE_EQ:
    case NODE_NE:
    case NODE_LT:
    case NODE_LE:
    case NODE_GT:
    case NODE_GE:
    case NODE_BETWEEN:
    case NODE_IN:
    case NODE_AND:
    case NODE_OR:
    case NODE_NOT: break;
    }
    assert(!"a value");
    return NULL;
}

/* --- sets --- */

/* Members found by hash; numbers are canonical, so equal ones are equal text. */
struct member_table {
    struct span *slots; /* absent: free */
    size_t mask;
};

static struct member_table table_new(struct arena *arena, size_t member_count)
{
    size_t size = 4;

    while (size < member_count * 2)
        size *= 2;
    return (struct member_table){ NEW(arena, struct span, size), size - 1 };
}

/* The slot that holds member, or the free one where it would go. */
static struct span *table_find(const struct member_table *table, struct span member)
{
    size_t at = (size_t)(span_hash(member) >> 32) & table->mask;

    while (table->slots[at].data && !span_equal(table->slots[at], member))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static struct span member_at(const struct value *set, uint32_t i)
{
    struct span member = set->members[i];

    if (member.data == NULL)
        member.data = ""; /* an empty member isn't an absent one */
    return member;
}

static struct member_table table_of(struct arena *arena, const struct value *set)
{
    struct member_table table = table_new(arena, set->count);

    for (uint32_t i = 0; i < set->count; i++)
        *table_find(&table, member_at(set, i)) = member_at(set, i);
    return table;
}

void update_unite(struct arena *arena, const struct value *a, const struct value *b,
                  struct value *result)
{
    struct member_table table = table_of(arena, a);

    *result = (struct value){ .type = a->type, .count = a->count };
    result->members = NEW(arena, struct span, (size_t)a->count + b->count);
    memcpy(result->members, a->members, a->count * sizeof(*a->members));
    for (uint32_t i = 0; i < b->count; i++) {
        if (table_find(&table, member_at(b, i))->data == NULL)
            result->members[result->count++] = b->members[i];
    }
}

void update_subtract(struct arena *arena, const struct value *a, const struct value *b,
                     struct value *result)
{
    struct member_table table = table_of(arena, b);

    *result = (struct value){ .type = a->type };
    result->members = NEW(arena, struct span, a->count);
    for (uint32_t i = 0; i < a->count; i++) {
        if (table_find(&table, member_at(a, i))->data == NULL)
            result->members[result->count++] = a->members[i];
    }
}
