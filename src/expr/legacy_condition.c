/* expr/legacy_condition.c - Expected, QueryFilter, ScanFilter and KeyConditions: one comparison an
 * attribute, joined by AND or OR. */
#include "expr/legacy.h"

#include "base/arena.h"
#include "expr/condition.h"
#include "expr/key_condition.h"
#include "item/check.h"

enum { KEY_CONDITIONS_MAX = 2, NOT_INDEXABLE = -1 };

#define TYPE(name) (1u << VALUE_##name)
#define TYPES_SCALAR (TYPE(S) | TYPE(N) | TYPE(B))
#define TYPES_ALL (~0u)

static const struct operator_row {
    enum test_kind test;
    size_t values_min;
    size_t values_max;
    unsigned types;    /* of the values */
    int key_operation; /* an enum key_operator, or NOT_INDEXABLE */
} operators[] = {
    [COMPARISON_OPERATOR_ABSENT] = { TEST_EQ, 1, 1, TYPES_ALL, KEY_EQ },
    [COMPARISON_OPERATOR_EQ] = { TEST_EQ, 1, 1, TYPES_ALL, KEY_EQ },
    [COMPARISON_OPERATOR_NE] = { TEST_NE, 1, 1, TYPES_ALL, NOT_INDEXABLE },
    [COMPARISON_OPERATOR_LT] = { TEST_LT, 1, 1, TYPES_SCALAR, KEY_LT },
    [COMPARISON_OPERATOR_LE] = { TEST_LE, 1, 1, TYPES_SCALAR, KEY_LE },
    [COMPARISON_OPERATOR_GT] = { TEST_GT, 1, 1, TYPES_SCALAR, KEY_GT },
    [COMPARISON_OPERATOR_GE] = { TEST_GE, 1, 1, TYPES_SCALAR, KEY_GE },
    [COMPARISON_OPERATOR_BETWEEN] = { TEST_BETWEEN, 2, 2, TYPES_SCALAR, KEY_BETWEEN },
    [COMPARISON_OPERATOR_IN] = { TEST_IN, 1, SIZE_MAX, TYPES_SCALAR, NOT_INDEXABLE },
    [COMPARISON_OPERATOR_BEGINS_WITH] = { TEST_BEGINS_WITH, 1, 1, TYPE(S) | TYPE(B),
                                          KEY_BEGINS_WITH },
    [COMPARISON_OPERATOR_CONTAINS] = { TEST_CONTAINS, 1, 1, TYPES_SCALAR, NOT_INDEXABLE },
    [COMPARISON_OPERATOR_NOT_CONTAINS] = { TEST_NOT_CONTAINS, 1, 1, TYPES_SCALAR, NOT_INDEXABLE },
    [COMPARISON_OPERATOR_NULL] = { TEST_NOT_EXISTS, 0, 0, TYPES_ALL, NOT_INDEXABLE },
    [COMPARISON_OPERATOR_NOT_NULL] = { TEST_EXISTS, 0, 0, TYPES_ALL, NOT_INDEXABLE },
};

/* One comparison: an attribute, an operator and its values. */
struct comparison {
    struct span name;
    enum comparison_operator operation;
    struct value_list values; /* the array is the comparison's own, so it can be checked */
};

struct comparisons {
    struct arena *arena;
    enum wording wording;
    size_t count;
    struct comparison *items;
};

static struct comparisons comparisons_new(struct arena *arena, enum wording wording, size_t count)
{
    return (struct comparisons){ .arena = arena,
                                 .wording = wording,
                                 .items = NEW(arena, struct comparison, count) };
}

static void add(struct comparisons *to, struct span name, enum comparison_operator operation,
                const struct value *values, size_t count)
{
    struct comparison *comparison = &to->items[to->count++];

    comparison->name = name;
    comparison->operation = operation;
    comparison->values.count = count;
    comparison->values.items = NEW(to->arena, struct value, count);
    for (size_t i = 0; i < count; i++)
        comparison->values.items[i] = values[i];
}

static void add_condition(struct comparisons *to, struct span name,
                          const struct api_condition *condition)
{
    static const struct value_list none = { 0 };
    const struct value_list *values = condition->attribute_value_list;

    if (values == NULL)
        values = &none;
    add(to, name, condition->comparison_operator, values->items, values->count);
}

/* --- checks --- */

static struct error *invalid(struct arena *arena, const char *rule, struct span name)
{
    return fail(arena, ERR_VALIDATION,
                "One or more parameter values were invalid: %s for Attribute: %.*s", rule,
                SPAN_PRINT(name));
}

static struct error *check_joined_by(struct arena *arena, enum conditional_operator joined_by,
                                     size_t count)
{
    if (joined_by == CONDITIONAL_OPERATOR_ABSENT || count > 1)
        return NULL;
    return fail(arena, ERR_VALIDATION,
                "One or more parameter values were invalid: ConditionalOperator %s",
                count == 0 ? "cannot be used without Filter or Expected"
                           : "can only be used when Filter or Expected has two or more elements");
}

static struct error *check_values(const struct comparisons *comparisons)
{
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct value_list *values = &comparisons->items[i].values;

        for (size_t k = 0; k < values->count; k++)
            TRY(value_check(comparisons->arena, comparisons->wording, &values->items[k]));
    }
    return NULL;
}

static struct error *check_types(struct arena *arena, const struct comparison *comparison)
{
    struct span name = comparison_operator_texts[comparison->operation];
    const struct value *values = comparison->values.items;

    for (size_t i = 1; i < comparison->values.count; i++) {
        if (values[i].type != values[0].type)
            return fail(arena, ERR_VALIDATION,
                        "One or more parameter values were invalid: AttributeValues inside "
                        "AttributeValueList must be of same type");
    }
    if (comparison->values.count > 0 &&
        (operators[comparison->operation].types >> values[0].type & 1) == 0)
        return fail(arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: ComparisonOperator %.*s is not "
                    "valid for %s AttributeValue type",
                    SPAN_PRINT(name), value_type_name(values[0].type));
    return NULL;
}

static struct error *check_comparison(struct arena *arena, const struct comparison *comparison)
{
    const struct operator_row *row = &operators[comparison->operation];
    const struct value_list *values = &comparison->values;
    struct span name = comparison_operator_texts[comparison->operation];
    bool is_ordered;

    if (values->count < row->values_min || values->count > row->values_max)
        return fail(arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Invalid number of argument(s) for "
                    "the %.*s ComparisonOperator",
                    SPAN_PRINT(name));
    TRY(check_types(arena, comparison));
    if (comparison->operation == COMPARISON_OPERATOR_BETWEEN &&
        value_compare(&values->items[0], &values->items[1], &is_ordered) > 0)
        return fail(arena, ERR_VALIDATION,
                    "The BETWEEN condition was provided a range where the lower bound is greater "
                    "than the upper bound");
    return NULL;
}

static struct error *check_comparisons(const struct comparisons *comparisons)
{
    for (size_t i = 0; i < comparisons->count; i++)
        TRY(check_comparison(comparisons->arena, &comparisons->items[i]));
    return NULL;
}

/* --- Expected --- */

/* Which of the members may stand together. */
static struct error *check_expected(struct arena *arena, struct span name,
                                    const struct expected_attribute_value *expected)
{
    enum comparison_operator operation = expected->comparison_operator;
    bool needs_value = operators[operation].values_min > 0;

    if (expected->attribute_value_list && expected->value)
        return invalid(arena, "Value and AttributeValueList cannot be used together", name);
    if (operation != COMPARISON_OPERATOR_ABSENT) {
        if (expected->has_exists)
            return invalid(arena, "Exists and ComparisonOperator cannot be used together", name);
        if (needs_value && !expected->attribute_value_list && !expected->value)
            return fail(arena, ERR_VALIDATION,
                        "One or more parameter values were invalid: Value or AttributeValueList "
                        "must be used with ComparisonOperator: %.*s for Attribute: %.*s",
                        SPAN_PRINT(comparison_operator_texts[operation]), SPAN_PRINT(name));
        return NULL;
    }
    if (expected->attribute_value_list)
        return invalid(arena, "AttributeValueList can only be used with a ComparisonOperator",
                       name);
    if (expected->has_exists && !expected->exists)
        return expected->value ? invalid(arena, "Value cannot be used when Exists is false", name)
                               : NULL;
    if (expected->value == NULL)
        return invalid(arena,
                       expected->has_exists ? "Value must be provided when Exists is true"
                                            : "Value must be provided when Exists is null",
                       name);
    return NULL;
}

static void add_expected(struct comparisons *to, struct span name,
                         const struct expected_attribute_value *expected)
{
    enum comparison_operator operation = expected->comparison_operator;
    struct api_condition condition = { expected->attribute_value_list, operation };

    if (operation == COMPARISON_OPERATOR_ABSENT)
        operation = expected->value ? COMPARISON_OPERATOR_EQ : COMPARISON_OPERATOR_NULL;
    if (expected->value || expected->attribute_value_list == NULL)
        add(to, name, operation, expected->value, expected->value ? 1 : 0);
    else
        add_condition(to, name, &condition);
}

/* --- conditions --- */

static void make_test(struct arena *arena, const struct comparison *comparison, struct test *test)
{
    struct path_step *step = NEW(arena, struct path_step, 1);

    step->name = comparison->name;
    test->kind = operators[comparison->operation].test;
    test->operand_count = comparison->values.count + 1;
    test->operands = NEW(arena, struct operand, test->operand_count);
    test->operands[0].path = (struct path){ 1, step };
    for (size_t i = 0; i < comparison->values.count; i++)
        test->operands[i + 1].value = &comparison->values.items[i];
}

static struct condition *make_condition(const struct comparisons *comparisons,
                                        enum conditional_operator joined_by)
{
    struct condition *condition = NEW(comparisons->arena, struct condition, 1);
    bool is_or = joined_by == CONDITIONAL_OPERATOR_OR;

    condition->count = comparisons->count;
    condition->tests = NEW(comparisons->arena, struct test, condition->count);
    for (size_t i = 0; i < condition->count; i++) {
        bool is_last = i + 1 == condition->count;
        uint16_t next = (uint16_t)(i + 1);
        struct test *test = &condition->tests[i];

        make_test(comparisons->arena, &comparisons->items[i], test);
        test->if_true = is_or || is_last ? TEST_HOLDS : next;
        test->if_false = is_or && !is_last ? next : TEST_FAILS;
    }
    return condition;
}

static struct error *check_count(struct arena *arena, size_t count)
{
    if (count > TESTS_MAX)
        return fail(arena, ERR_VALIDATION, "Too many conditions: %zu", count);
    return NULL;
}

struct error *legacy_expected(struct arena *arena, enum wording wording,
                              const struct expected_attribute_map *expected,
                              enum conditional_operator joined_by, struct condition **condition)
{
    size_t count = expected ? expected->count : 0;
    struct comparisons comparisons = comparisons_new(arena, wording, count);

    *condition = NULL;
    TRY(check_count(arena, count));
    for (size_t i = 0; i < count; i++) {
        TRY(check_expected(arena, expected->entries[i].key, &expected->entries[i].value));
        add_expected(&comparisons, expected->entries[i].key, &expected->entries[i].value);
    }
    TRY(check_values(&comparisons));
    TRY(check_comparisons(&comparisons));
    TRY(check_joined_by(arena, joined_by, count));
    if (count > 0)
        *condition = make_condition(&comparisons, joined_by);
    return NULL;
}

static struct comparisons comparisons_of_filter(struct arena *arena, enum wording wording,
                                                const struct filter_condition_map *filter)
{
    size_t count = filter ? filter->count : 0;
    struct comparisons comparisons = comparisons_new(arena, wording, count);

    for (size_t i = 0; i < count; i++)
        add_condition(&comparisons, filter->entries[i].key, &filter->entries[i].value);
    return comparisons;
}

struct error *legacy_check_filter_values(struct arena *arena, enum wording wording,
                                         const struct filter_condition_map *filter)
{
    struct comparisons comparisons = comparisons_of_filter(arena, wording, filter);

    return check_values(&comparisons);
}

struct error *legacy_filter(struct arena *arena, enum wording wording,
                            const struct filter_condition_map *filter,
                            enum conditional_operator joined_by, struct condition **condition)
{
    struct comparisons comparisons = comparisons_of_filter(arena, wording, filter);
    size_t count = comparisons.count;

    *condition = NULL;
    TRY(check_count(arena, count));
    TRY(check_values(&comparisons));
    TRY(check_comparisons(&comparisons));
    TRY(check_joined_by(arena, joined_by, count));
    if (count > 0)
        *condition = make_condition(&comparisons, joined_by);
    return NULL;
}

/* --- key conditions --- */

static struct error *make_key_test(struct arena *arena, const struct comparison *comparison,
                                   struct key_test *test)
{
    int operation = operators[comparison->operation].key_operation;

    if (operation == NOT_INDEXABLE)
        return fail(arena, ERR_VALIDATION,
                    "Attempted conditional constraint is not an indexable operation");
    test->name = comparison->name;
    test->operation = (enum key_operator)operation;
    test->value = &comparison->values.items[0];
    if (test->operation == KEY_BETWEEN)
        test->high = &comparison->values.items[1];
    return NULL;
}

static struct comparisons comparisons_of_keys(struct arena *arena, enum wording wording,
                                              const struct key_conditions *conditions)
{
    size_t count = conditions ? conditions->count : 0;
    struct comparisons comparisons = comparisons_new(arena, wording, count);

    for (size_t i = 0; i < count; i++)
        add_condition(&comparisons, conditions->entries[i].key, &conditions->entries[i].value);
    return comparisons;
}

struct error *legacy_check_key_values(struct arena *arena, enum wording wording,
                                      const struct key_conditions *conditions)
{
    struct comparisons comparisons = comparisons_of_keys(arena, wording, conditions);

    return check_values(&comparisons);
}

struct error *legacy_key_conditions(struct arena *arena, enum wording wording,
                                    const struct key_conditions *conditions,
                                    struct key_condition **condition)
{
    struct comparisons comparisons = comparisons_of_keys(arena, wording, conditions);
    struct key_condition *made;

    *condition = NULL;
    if (conditions == NULL)
        return NULL;
    TRY(check_values(&comparisons));
    if (conditions->count == 0 || conditions->count > KEY_CONDITIONS_MAX)
        return fail(arena, ERR_VALIDATION, "Conditions can be of length 1 or 2 only");
    TRY(check_comparisons(&comparisons));
    made = NEW(arena, struct key_condition, 1);
    made->tests = NEW(arena, struct key_test, comparisons.count);
    for (; made->count < comparisons.count; made->count++)
        TRY(make_key_test(arena, &comparisons.items[made->count], &made->tests[made->count]));
    TRY(key_condition_check_types(arena, made));
    *condition = made;
    return NULL;
}
