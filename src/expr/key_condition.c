/* expr/key_condition.c - compiling a KeyConditionExpression: only some conditions are key ones. */
#include "expr/key_condition.h"

#include "base/arena.h"
#include "expr/syntax.h"

#include <assert.h>

struct shaping {
    struct arena *arena;
    struct key_condition *condition;
};

static struct error *refuse(const struct shaping *shaping, const char *rule)
{
    return problem_fail(shaping->arena, EXPRESSION_KEY, "%s", rule);
}

static size_t count_tests(const struct node *node)
{
    if (node->kind == NODE_AND)
        return count_tests(node->operands) + count_tests(node->operands->next);
    return 1;
}

static const char *operator_name(const struct shaping *shaping, const struct node *node)
{
    if (node->kind == NODE_CALL)
        return arena_print(shaping->arena, "%.*s", SPAN_PRINT(node->name)).data;
    return node_operator(node->kind);
}

/* False when keys can't be tested so. */
static bool find_operation(const struct node *node, enum key_operator *operation)
{
    switch (node->kind) {
    case NODE_EQ: *operation = KEY_EQ; return true;
    case NODE_LT: *operation = KEY_LT; return true;
    case NODE_LE: *operation = KEY_LE; return true;
    case NODE_GT: *operation = KEY_GT; return true;
    case NODE_GE: *operation = KEY_GE; return true;
    case NODE_BETWEEN: *operation = KEY_BETWEEN; return true;
    case NODE_CALL: *operation = KEY_BEGINS_WITH; return node->function == FUNCTION_BEGINS_WITH;
    case NODE_PATH:
    case NODE_LITERAL:
    case NODE_PLUS:
    case NODE_MINUS:
    case NODE_NE:
    case NODE_IN:
    case NODE_AND:
    case NODE_OR:
    case NODE_NOT: break;
    }
    return false;
}

/* value < key is key > value. */
static enum key_operator turned(enum key_operator operation)
{
    switch (operation) {
    case KEY_LT: return KEY_GT;
    case KEY_LE: return KEY_GE;
    case KEY_GT: return KEY_LT;
    case KEY_GE: return KEY_LE;
    case KEY_EQ:
    case KEY_BETWEEN:
    case KEY_BEGINS_WITH: break;
    }
    return operation;
}

/* One path, of one step, and literals. */
static struct error *check_operands(const struct shaping *shaping, const struct node *node)
{
    bool must_be_first = node->kind == NODE_BETWEEN || node->kind == NODE_CALL;
    const struct node *key = NULL;

    for (const struct node *operand = node->operands; operand; operand = operand->next) {
        if (operand->kind == NODE_CALL)
            return refuse(shaping, "KeyConditionExpressions cannot contain nested operations");
        if (must_be_first && operand == node->operands && operand->kind != NODE_PATH)
            return problem_fail(shaping->arena, EXPRESSION_KEY,
                                "Invalid condition in KeyConditionExpression: %s operator must "
                                "have the key attribute as its first operand",
                                operator_name(shaping, node));
        if (operand->kind != NODE_PATH)
            continue;
        if (key)
            return refuse(shaping, "Invalid condition in KeyConditionExpression: Multiple "
                                   "attribute names used in one condition");
        if (operand->path.count > 1)
            return refuse(shaping, "KeyConditionExpressions cannot have conditions on nested "
                                   "attributes");
        key = operand;
    }
    if (key == NULL)
        return refuse(shaping, "Invalid condition in KeyConditionExpression: No key attribute "
                               "specified");
    return NULL;
}

static const struct node *find_key(const struct node *node)
{
    const struct node *key = NULL;
    bool is_first = node->kind == NODE_BETWEEN || node->kind == NODE_CALL;

    for (const struct node *operand = node->operands; operand; operand = operand->next) {
        if (operand->kind == NODE_LITERAL)
            continue;
        if (operand->kind != NODE_PATH || operand->path.count > 1 || key)
            return NULL;
        key = operand;
    }
    return is_first && key != node->operands ? NULL : key;
}

bool key_test_make(const struct node *node, struct key_test *test)
{
    const struct node *key;

    *test = (struct key_test){ 0 };
    if (!find_operation(node, &test->operation))
        return false;
    key = find_key(node);
    if (key == NULL)
        return false;
    test->name = key->path.steps[0].name;
    if (key != node->operands)
        test->operation = turned(test->operation);
    test->value = key == node->operands ? key->next->value : node->operands->value;
    if (test->operation == KEY_BETWEEN)
        test->high = key->next->next->value;
    assert(test->value);
    return true;
}

static struct error *add_test(struct shaping *shaping, const struct node *node)
{
    struct key_condition *condition = shaping->condition;
    enum key_operator operation;
    struct key_test test;
    bool is_test;

    if (!find_operation(node, &operation))
        return problem_fail(shaping->arena, EXPRESSION_KEY,
                            "Invalid operator used in KeyConditionExpression: %s",
                            operator_name(shaping, node));
    TRY(check_operands(shaping, node));
    is_test = key_test_make(node, &test);
    assert(is_test);
    for (size_t i = 0; i < condition->count; i++) {
        if (span_equal(condition->tests[i].name, test.name))
            return refuse(shaping, "KeyConditionExpressions must only contain one condition per "
                                   "key");
    }
    condition->tests[condition->count++] = test;
    return NULL;
}

static struct error *shape(struct shaping *shaping, const struct node *node)
{
    if (node->kind != NODE_AND)
        return add_test(shaping, node);
    TRY(shape(shaping, node->operands));
    return shape(shaping, node->operands->next);
}

static bool can_be_key(const struct value *value)
{
    return value->type == VALUE_S || value->type == VALUE_N || value->type == VALUE_B;
}

struct error *key_condition_check_types(struct arena *arena, const struct key_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++) {
        const struct key_test *test = &condition->tests[i];

        if (!can_be_key(test->value) || (test->high && !can_be_key(test->high)))
            return fail(arena, ERR_VALIDATION,
                        "One or more parameter values were invalid: Condition parameter type does "
                        "not match schema type");
    }
    return NULL;
}

struct error *key_condition_compile(struct scope *scope, struct span text,
                                    struct key_condition **condition)
{
    struct shaping shaping = { .arena = scope_arena(scope) };
    struct syntax syntax;

    *condition = NULL;
    if (text.data == NULL)
        return NULL;
    TRY(syntax_parse(scope, EXPRESSION_KEY, text, &syntax));
    shaping.condition = NEW(shaping.arena, struct key_condition, 1);
    shaping.condition->tests = NEW(shaping.arena, struct key_test, count_tests(syntax.condition));
    TRY(shape(&shaping, syntax.condition));
    TRY(key_condition_check_types(shaping.arena, shaping.condition));
    *condition = shaping.condition;
    return NULL;
}
