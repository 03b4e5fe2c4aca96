/* expr/condition.c - compiling conditions and filters: from the tree to tests in a row. */
#include "expr/condition.h"

#include "base/arena.h"
#include "expr/syntax.h"

#include <assert.h>

struct lowering {
    struct arena *arena;
    struct test *tests;
    size_t next; /* tests are made from the last to the first: a test's successors are known */
};

static size_t count_tests(const struct node *node)
{
    if (node->kind == NODE_NOT)
        return count_tests(node->operands);
    if (node->kind == NODE_AND || node->kind == NODE_OR)
        return count_tests(node->operands) + count_tests(node->operands->next);
    return 1;
}

static enum test_kind test_kind_of(const struct node *node)
{
    switch (node->kind) {
    case NODE_EQ: return TEST_EQ;
    case NODE_NE: return TEST_NE;
    case NODE_LT: return TEST_LT;
    case NODE_LE: return TEST_LE;
    case NODE_GT: return TEST_GT;
    case NODE_GE: return TEST_GE;
    case NODE_BETWEEN: return TEST_BETWEEN;
    case NODE_IN: return TEST_IN;
    case NODE_CALL: break;
    case NODE_PATH:
    case NODE_LITERAL:
    case NODE_PLUS:
    case NODE_MINUS:
    case NODE_AND:
    case NODE_OR:
    case NODE_NOT: assert(!"a test");
    }
    switch (node->function) {
    case FUNCTION_ATTRIBUTE_EXISTS: return TEST_EXISTS;
    case FUNCTION_ATTRIBUTE_NOT_EXISTS: return TEST_NOT_EXISTS;
    case FUNCTION_ATTRIBUTE_TYPE: return TEST_TYPE;
    case FUNCTION_BEGINS_WITH: return TEST_BEGINS_WITH;
    case FUNCTION_CONTAINS: return TEST_CONTAINS;
    case FUNCTION_UNKNOWN:
    case FUNCTION_SIZE:
    case FUNCTION_IF_NOT_EXISTS:
    case FUNCTION_LIST_APPEND: assert(!"a function that is a test");
    }
    return TEST_EXISTS;
}

static struct operand operand_of(const struct node *node)
{
    struct operand operand = { 0 };

    if (node->kind == NODE_CALL) {
        assert(node->function == FUNCTION_SIZE);
        operand.is_size = true;
        node = node->operands;
    }
    if (node->kind == NODE_LITERAL)
        operand.value = node->value;
    else
        operand.path = node->path;
    return operand;
}

static void lower_test(struct lowering *to, const struct node *node, uint16_t if_true,
                       uint16_t if_false)
{
    struct test *test = &to->tests[--to->next];
    size_t i = 0;

    test->kind = test_kind_of(node);
    test->if_true = if_true;
    test->if_false = if_false;
    test->operand_count = node->operand_count;
    test->operands = NEW(to->arena, struct operand, node->operand_count);
    for (const struct node *operand = node->operands; operand; operand = operand->next)
        test->operands[i++] = operand_of(operand);
}

static void lower(struct lowering *to, const struct node *node, uint16_t if_true, uint16_t if_false)
{
    const struct node *left = node->operands;

    if (node->kind == NODE_NOT) {
        lower(to, left, if_false, if_true);
    } else if (node->kind == NODE_AND) {
        lower(to, left->next, if_true, if_false);
        lower(to, left, (uint16_t)to->next, if_false);
    } else if (node->kind == NODE_OR) {
        lower(to, left->next, if_true, if_false);
        lower(to, left, if_true, (uint16_t)to->next);
    } else {
        lower_test(to, node, if_true, if_false);
    }
}

struct condition *condition_new(struct arena *arena, const struct node *tree)
{
    struct condition *condition = NEW(arena, struct condition, 1);
    struct lowering to = { .arena = arena, .next = count_tests(tree) };

    assert(to.next <= TESTS_MAX);
    condition->count = to.next;
    condition->tests = to.tests = NEW(arena, struct test, to.next);
    lower(&to, tree, TEST_HOLDS, TEST_FAILS);
    assert(to.next == 0);
    return condition;
}

struct error *condition_compile(struct scope *scope, enum expression_kind kind, struct span text,
                                struct condition **condition)
{
    struct syntax syntax;

    *condition = NULL;
    if (text.data == NULL)
        return NULL;
    TRY(syntax_parse(scope, kind, text, &syntax));
    *condition = condition_new(scope_arena(scope), syntax.condition);
    return NULL;
}

static bool schema_has(const struct key_schema *schema, struct span name)
{
    for (size_t i = 0; i < schema->hash_count + schema->range_count; i++) {
        if (span_equal(schema->parts[i].name, name))
            return true;
    }
    return false;
}

/* Is the operand an attribute of the schema, or something inside one? */
static bool is_key(const struct operand *operand, const struct key_schema *schema, bool nested_only)
{
    return operand->value == NULL && (!nested_only || operand->path.count > 1) &&
           schema_has(schema, operand->path.steps[0].name);
}

struct span condition_find_key(const struct condition *condition, const struct key_schema *schema,
                               bool nested_only)
{
    for (size_t i = 0; condition && i < condition->count; i++) {
        const struct test *test = &condition->tests[i];

        for (size_t k = 0; k < test->operand_count; k++) {
            if (is_key(&test->operands[k], schema, nested_only))
                return test->operands[k].path.steps[0].name;
        }
    }
    return (struct span){ NULL, 0 };
}
