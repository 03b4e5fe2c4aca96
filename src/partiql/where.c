/* partiql/where.c - taking conditions on keys out of a WHERE clause. */
#include "partiql/where.h"

#include "base/arena.h"

static size_t count_parts(const struct node *node, enum node_kind joined_by)
{
    if (node->kind != joined_by)
        return 1;
    return count_parts(node->operands, joined_by) + count_parts(node->operands->next, joined_by);
}

static void add_parts(struct where *where, const struct node *node)
{
    if (node->kind == NODE_AND) {
        add_parts(where, node->operands);
        add_parts(where, node->operands->next);
        return;
    }
    where->parts[where->count++] = node;
}

void where_split(struct arena *arena, const struct node *tree, struct where *where)
{
    size_t count = tree ? count_parts(tree, NODE_AND) : 0;

    *where = (struct where){ .arena = arena };
    where->parts = NEW(arena, const struct node *, count);
    where->is_taken = NEW(arena, bool, count);
    if (tree)
        add_parts(where, tree);
}

/* The literal that node says name is equal to; NULL when it says something else. */
static const struct value *equality(const struct node *node, struct span name)
{
    struct key_test test;

    if (node->kind != NODE_EQ || !key_test_make(node, &test) || !span_equal(test.name, name))
        return NULL;
    return test.value;
}

const struct value *where_take_equality(struct where *where, struct span name)
{
    for (size_t i = 0; i < where->count; i++) {
        const struct value *value = where->is_taken[i] ? NULL : equality(where->parts[i], name);

        if (value) {
            where->is_taken[i] = true;
            return value;
        }
    }
    return NULL;
}

/* --- several values --- */

static void choose(struct choice *choice, const struct value *value)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->values[i]->type == value->type && value_equal(choice->values[i], value))
            return;
    }
    choice->values[choice->count++] = value;
}

static bool is_path_of(const struct node *node, struct span name)
{
    return node->kind == NODE_PATH && node->path.count == 1 &&
           span_equal(node->path.steps[0].name, name);
}

/* Does node say nothing but which values name may have? They are counted. */
static bool is_choice(const struct node *node, struct span name, size_t *count)
{
    if (node->kind == NODE_OR)
        return is_choice(node->operands, name, count) &&
               is_choice(node->operands->next, name, count);
    if (node->kind != NODE_IN) {
        *count += 1;
        return equality(node, name) != NULL;
    }
    if (!is_path_of(node->operands, name))
        return false;
    for (const struct node *value = node->operands->next; value; value = value->next) {
        if (value->kind != NODE_LITERAL)
            return false;
        *count += 1;
    }
    return true;
}

static void add_values(struct choice *choice, const struct node *node, struct span name)
{
    if (node->kind == NODE_OR) {
        add_values(choice, node->operands, name);
        add_values(choice, node->operands->next, name);
    } else if (node->kind == NODE_IN) {
        for (const struct node *value = node->operands->next; value; value = value->next)
            choose(choice, value->value);
    } else {
        choose(choice, equality(node, name));
    }
}

struct choice where_take_choice(struct where *where, struct span name)
{
    const struct value *single = where_take_equality(where, name);
    struct choice choice = { 0 };

    if (single) {
        choice.values = NEW(where->arena, const struct value *, 1);
        choose(&choice, single);
        return choice;
    }
    for (size_t i = 0; i < where->count; i++) {
        size_t count = 0;

        if (where->is_taken[i] || !is_choice(where->parts[i], name, &count))
            continue;
        where->is_taken[i] = true;
        choice.values = NEW(where->arena, const struct value *, count);
        add_values(&choice, where->parts[i], name);
        break;
    }
    return choice;
}

bool where_take_test(struct where *where, struct span name, struct key_test *test)
{
    for (size_t i = 0; i < where->count; i++) {
        if (where->is_taken[i] || !key_test_make(where->parts[i], test) ||
            !span_equal(test->name, name))
            continue;
        where->is_taken[i] = true;
        return true;
    }
    return false;
}

/* --- trees --- */

static struct node *node_of(struct arena *arena, enum node_kind kind)
{
    struct node *node = NEW(arena, struct node, 1);

    node->kind = kind;
    return node;
}

/* An operand is linked to the next one, so each tree gets copies of its own. */
static struct node *operand_of(struct arena *arena, const struct node *node)
{
    struct node *copy = NEW(arena, struct node, 1);

    *copy = *node;
    copy->next = NULL;
    return copy;
}

const struct node *where_join(struct arena *arena, enum node_kind kind, const struct node *left,
                              const struct node *right)
{
    struct node *node;

    if (left == NULL || right == NULL)
        return left ? left : right;
    node = node_of(arena, kind);
    node->operands = operand_of(arena, left);
    node->last = node->operands->next = operand_of(arena, right);
    node->operand_count = 2;
    return node;
}

const struct node *where_rest(const struct where *where)
{
    const struct node *rest = NULL;

    for (size_t i = 0; i < where->count; i++) {
        if (!where->is_taken[i])
            rest = where_join(where->arena, NODE_AND, rest, where->parts[i]);
    }
    return rest;
}

const struct node *where_existence(struct arena *arena, struct span name, bool exists)
{
    struct node *call = node_of(arena, NODE_CALL);
    struct node *path = node_of(arena, NODE_PATH);

    path->path.count = 1;
    path->path.steps = NEW(arena, struct path_step, 1);
    path->path.steps[0].name = name;
    call->function = exists ? FUNCTION_ATTRIBUTE_EXISTS : FUNCTION_ATTRIBUTE_NOT_EXISTS;
    call->operands = call->last = path;
    call->operand_count = 1;
    return call;
}
