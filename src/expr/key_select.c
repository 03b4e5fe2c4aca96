/* expr/key_select.c - binding a key condition to a schema: which entries' keys it selects. */
#include "expr/key_condition.h"

#include "base/arena.h"

struct binding {
    struct arena *arena;
    const struct key_schema *schema;
    const struct key_test *tests[KEY_PARTS_MAX]; /* for each part of the schema, or NULL */
    size_t part_count;
};

static void find_tests(struct binding *binding, const struct key_condition *condition)
{
    for (size_t i = 0; i < binding->part_count; i++) {
        for (size_t k = 0; k < condition->count; k++) {
            if (span_equal(condition->tests[k].name, binding->schema->parts[i].name))
                binding->tests[i] = &condition->tests[k];
        }
    }
}

static size_t count_found(const struct binding *binding)
{
    size_t count = 0;

    for (size_t i = 0; i < binding->part_count; i++)
        count += binding->tests[i] != NULL;
    return count;
}

static struct error *refuse_missing(const struct binding *binding, size_t part)
{
    return fail(binding->arena, ERR_VALIDATION, "Query condition missed key schema element: %.*s",
                SPAN_PRINT(binding->schema->parts[part].name));
}

/* Every partition key attribute is needed, and a condition that falls on no key attribute stands
 * where one on a sort key should. */
static struct error *check_names(const struct binding *binding,
                                 const struct key_condition *condition)
{
    if (condition->count > binding->part_count)
        return fail(binding->arena, ERR_VALIDATION,
                    "The number of query conditions (%zu) exceeds the number of key attributes "
                    "defined in the schema (%zu)",
                    condition->count, binding->part_count);
    for (size_t i = 0; i < binding->schema->hash_count; i++) {
        if (binding->tests[i] == NULL)
            return refuse_missing(binding, i);
    }
    if (count_found(binding) == condition->count)
        return NULL;
    for (size_t i = binding->schema->hash_count; i < binding->part_count; i++) {
        if (binding->tests[i] == NULL)
            return refuse_missing(binding, i);
    }
    return NULL;
}

static struct error *check_operand(const struct binding *binding, size_t part,
                                   const struct value *value)
{
    const struct key_part *key = &binding->schema->parts[part];
    bool is_hash = part < binding->schema->hash_count;

    if (value->type != key->type)
        return fail(binding->arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Condition parameter type does not "
                    "match schema type");
    if (value->text.size == 0)
        return fail(binding->arena, ERR_VALIDATION,
                    "One or more parameter values are not valid. The AttributeValue for a key "
                    "attribute cannot contain an empty %s value. Key: %.*s",
                    key->type == VALUE_B ? "binary" : "string", SPAN_PRINT(key->name));
    if (key->type == VALUE_N)
        return NULL;
    if (is_hash && value->text.size > HASH_KEY_BYTES_MAX)
        return fail(binding->arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Size of hashkey has exceeded the "
                    "maximum size limit of2048 bytes");
    if (!is_hash && value->text.size > RANGE_KEY_BYTES_MAX)
        return fail(binding->arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Aggregated size of all range keys "
                    "has exceeded the size limit of 1024 bytes");
    return NULL;
}

static struct error *check_operands(const struct binding *binding)
{
    for (size_t i = 0; i < binding->part_count; i++) {
        const struct key_test *test = binding->tests[i];

        if (test == NULL)
            continue;
        TRY(check_operand(binding, i, test->value));
        if (test->high)
            TRY(check_operand(binding, i, test->high));
    }
    return NULL;
}

/* Sort keys of an index are used from left to right: all but the last used one by equality. */
static struct error *check_order(const struct binding *binding)
{
    struct span names = { NULL, 0 };
    size_t last = 0;

    for (size_t i = 0; i < binding->schema->hash_count; i++) {
        if (binding->tests[i]->operation != KEY_EQ)
            return fail(binding->arena, ERR_VALIDATION, "Query key condition not supported");
    }
    for (size_t i = binding->schema->hash_count; i < binding->part_count; i++) {
        if (binding->tests[i])
            last = i;
    }
    for (size_t i = binding->schema->hash_count; i < last; i++) {
        struct span name = binding->schema->parts[i].name;

        if (binding->tests[i] && binding->tests[i]->operation == KEY_EQ)
            continue;
        names = names.data
                    ? arena_print(binding->arena, "%.*s, %.*s", SPAN_PRINT(names), SPAN_PRINT(name))
                    : name;
    }
    if (names.data)
        return fail(binding->arena, ERR_VALIDATION,
                    "RANGE key attributes %.*s must have equality conditions specified in the "
                    "query because a condition is present on key attribute %.*s",
                    SPAN_PRINT(names), SPAN_PRINT(binding->schema->parts[last].name));
    return NULL;
}

/* The entries behind prefix whose next part passes the test. */
static struct span_range range_of(struct arena *arena, struct span prefix,
                                  const struct key_test *test)
{
    struct span_range range = { prefix, key_after(arena, prefix) };
    struct span at;

    if (test->operation == KEY_BEGINS_WITH) {
        range.low = key_append_beginning(arena, prefix, test->value);
        range.high = key_after(arena, range.low);
        return range;
    }
    at = key_append(arena, prefix, test->value);
    switch (test->operation) {
    case KEY_EQ:
        range.low = at;
        range.high = key_after(arena, at);
        break;
    case KEY_LT: range.high = at; break;
    case KEY_LE: range.high = key_after(arena, at); break;
    case KEY_GT: range.low = key_after(arena, at); break;
    case KEY_GE: range.low = at; break;
    case KEY_BETWEEN:
        range.low = at;
        range.high = key_after(arena, key_append(arena, prefix, test->high));
        break;
    case KEY_BEGINS_WITH: break;
    }
    return range;
}

static void select_range(const struct binding *binding, struct key_selection *selection)
{
    const struct key_schema *schema = binding->schema;
    struct value hash[KEY_PARTS_MAX];
    struct span prefix;

    for (size_t i = 0; i < schema->hash_count; i++)
        hash[i] = *binding->tests[i]->value;
    prefix = key_prefix(binding->arena, schema, hash);
    selection->prefix = prefix;
    selection->range = (struct span_range){ prefix, key_after(binding->arena, prefix) };
    selection->is_single = true;
    for (size_t i = schema->hash_count; i < binding->part_count; i++) {
        const struct key_test *test = binding->tests[i];

        if (test)
            selection->range = range_of(binding->arena, prefix, test);
        if (test == NULL || test->operation != KEY_EQ) {
            selection->is_single = false;
            break;
        }
        prefix = key_append(binding->arena, prefix, test->value);
    }
}

struct error *key_condition_bind(struct arena *arena, const struct key_condition *condition,
                                 const struct key_schema *schema, struct key_selection *selection)
{
    struct binding binding = { .arena = arena, .schema = schema };

    binding.part_count = schema->hash_count + schema->range_count;
    find_tests(&binding, condition);
    TRY(check_names(&binding, condition));
    TRY(check_operands(&binding));
    TRY(check_order(&binding));
    select_range(&binding, selection);
    return NULL;
}
