/* tests/unit/expr/limits_test.c - the limits of expressions, on either side of the edge. */
#include "../test.h"

#include "base/buffer.h"
#include "expr/expression.h"
#include "item/check.h"

#include <string.h>

static const struct value one = { .type = VALUE_S, .text = { "1", 1 } };

/* A scope that has :v and #n. */
static struct scope *scope_with(struct arena *arena, const struct value *value)
{
    struct string_pair *pair = NEW(arena, struct string_pair, 1);
    struct string_map *names = NEW(arena, struct string_map, 1);
    struct attribute *attribute = NEW(arena, struct attribute, 1);
    struct item *values = NEW(arena, struct item, 1);

    *pair = (struct string_pair){ SPAN("#n"), SPAN("n") };
    *names = (struct string_map){ 1, pair };
    *attribute = (struct attribute){ SPAN(":v"), *value };
    *values = (struct item){ .count = 1, .attributes = attribute };
    return scope_open(arena, WORDING_NEWER, names, values);
}

static struct error *compile(struct arena *arena, struct span text)
{
    struct condition *condition;

    return condition_compile(scope_with(arena, &one), EXPRESSION_CONDITION, text, &condition);
}

static bool holds(struct test *t, struct span text, const struct item *item)
{
    struct condition *condition;

    EXPECT_OK(
        condition_compile(scope_with(t->arena, &one), EXPRESSION_CONDITION, text, &condition));
    return condition_holds(t->arena, condition, item);
}

/* first, then count times more. */
static struct span repeated(struct arena *arena, const char *first, const char *more, size_t count)
{
    size_t first_size = strlen(first);
    size_t more_size = strlen(more);
    char *text = arena_alloc_raw(arena, first_size + more_size * count);

    memcpy(text, first, first_size);
    for (size_t i = 0; i < count; i++)
        memcpy(text + first_size + i * more_size, more, more_size);
    return (struct span){ text, first_size + more_size * count };
}

static struct span joined(struct arena *arena, struct span a, struct span b)
{
    return arena_print(arena, "%.*s%.*s", SPAN_PRINT(a), SPAN_PRINT(b));
}

TEST(an_expression_has_at_most_4096_bytes)
{
    EXPECT_OK(compile(t->arena, repeated(t->arena, "a = :v", " ", 4096 - 6)));
    EXPECT_ERROR(compile(t->arena, repeated(t->arena, "a = :v", " ", 4097 - 6)),
                 "Invalid ConditionExpression: Expression size has exceeded the maximum allowed "
                 "size; expression size: 4097");
}

TEST(an_expression_has_at_most_300_operators)
{
    /* each AND comes with a comparison */
    struct span most = repeated(t->arena, "NOT a=:v", " AND a=:v", 149);

    EXPECT_OK(compile(t->arena, most));
    EXPECT_ERROR(compile(t->arena, joined(t->arena, SPAN("NOT "), most)),
                 "Invalid ConditionExpression: The expression contains too many operators; "
                 "operator count: 301");
}

TEST(operators_of_updates_are_counted_without_the_assignments)
{
    struct span most = repeated(t->arena, "SET a=n+:v", ",b.c[0]=n-:v", 0);
    struct update *update;
    struct buffer text;

    buffer_init(&text);
    buffer_append_span(&text, most);
    for (int i = 1; i < 301; i++) {
        struct span next = arena_print(t->arena, ",a%d=n+:v", i);

        buffer_append_span(&text, next);
        if (i == 299)
            EXPECT_OK(update_compile(
                scope_with(t->arena, &(struct value){ .type = VALUE_N, .text = SPAN("1") }),
                buffer_span(&text), &update));
    }
    EXPECT_ERROR(update_compile(scope_with(t->arena, &one), buffer_span(&text), &update),
                 "Invalid UpdateExpression: The expression contains too many operators; operator "
                 "count: 301");
    buffer_fini(&text);
}

TEST(conditions_nest_as_deep_as_operators_allow)
{
    static const struct item nothing = { 0 };
    struct span open = repeated(t->arena, "", "NOT(", 298);
    struct span close = repeated(t->arena, "", ")", 298);
    struct span text = joined(t->arena, joined(t->arena, open, SPAN("NOT a=:v")), close);

    EXPECT(!holds(t, joined(t->arena, SPAN(""), text), &nothing) == false, "299 times NOT");
    EXPECT_ERROR(compile(t->arena, repeated(t->arena, "", "NOT ", 1000)),
                 "Invalid ConditionExpression: The expression contains too many operators; "
                 "operator count: 1000");
    EXPECT_ERROR(compile(t->arena, repeated(t->arena, "", "(", 4000)),
                 "Invalid ConditionExpression: The expression has redundant parentheses;");
}

TEST(in_takes_at_most_100_operands)
{
    struct span most = repeated(t->arena, "a IN (:v", ",:v", 99);
    struct span more = repeated(t->arena, "a IN (:v", ",:v", 100);

    EXPECT_OK(compile(t->arena, joined(t->arena, most, SPAN(")"))));
    EXPECT_ERROR(compile(t->arena, joined(t->arena, more, SPAN(")"))),
                 "Invalid ConditionExpression: The IN operator is provided with too many "
                 "operands; number of operands: 101");
}

TEST(a_placeholder_has_at_most_255_bytes)
{
    struct string_pair pair = { repeated(t->arena, "#", "a", 254), SPAN("n") };
    struct string_map names = { 1, &pair };

    EXPECT_OK(scope_check(scope_open(t->arena, WORDING_NEWER, &names, NULL), true, ""));
    pair.key = repeated(t->arena, "#", "a", 255);
    EXPECT(scope_check(scope_open(t->arena, WORDING_NEWER, &names, NULL), true, "") != NULL,
           "256 bytes are accepted");
}

TEST(names_and_values_have_at_most_two_megabytes)
{
    size_t rest = strlen("#n") + strlen("n") + strlen(":v");
    struct value value = { .type = VALUE_S,
                           .text = repeated(t->arena, "", "x", SCOPE_BYTES_MAX - rest) };

    EXPECT_OK(scope_check(scope_with(t->arena, &value), true, ""));
    value.text.size++;
    value.text.data = repeated(t->arena, "", "x", value.text.size).data;
    EXPECT(scope_check(scope_with(t->arena, &value), true, "") != NULL, "a byte more is accepted");
}

/* {"L":[{"L":[...]}]}, levels deep. */
static struct value nested(struct arena *arena, int levels)
{
    struct value value = { .type = VALUE_L };

    if (levels > 1) {
        value.count = 1;
        value.list = NEW(arena, struct value, 1);
        value.list[0] = nested(arena, levels - 1);
    }
    return value;
}

static struct error *apply(struct arena *arena, const char *text, const struct value *value,
                           const struct item *old)
{
    struct update *update;
    struct item updated;

    TRY(update_compile(scope_with(arena, value), span_from(text), &update));
    return update_apply(arena, update, old, &updated);
}

TEST(an_update_nests_at_most_32_levels)
{
    struct value map = { .type = VALUE_M };
    struct attribute attribute = { SPAN("m"), map };
    struct item old = { .count = 1, .attributes = &attribute };
    struct value deep = nested(t->arena, 31);
    struct value deeper = nested(t->arena, 32);

    EXPECT_OK(apply(t->arena, "SET m.x = :v", &deep, &old));
    EXPECT_OK(apply(t->arena, "SET x = :v", &deeper, &old));
    EXPECT_ERROR(apply(t->arena, "SET m.x = :v", &deeper, &old),
                 "Nesting Levels have exceeded supported limits: Attributes in the item have "
                 "nested levels beyond supported limit");
}

TEST(an_update_shares_what_it_does_not_change)
{
    struct value inner = nested(t->arena, 3);
    struct attribute attributes[] = { { SPAN("a"), inner }, { SPAN("b"), one } };
    struct item old = { .count = 2, .attributes = attributes };
    struct update *update;
    struct item updated;

    EXPECT_OK(update_compile(scope_with(t->arena, &one), SPAN("REMOVE b SET c = :v"), &update));
    EXPECT_OK(update_apply(t->arena, update, &old, &updated));
    EXPECT(updated.count == 2, "%zu attributes", updated.count);
    EXPECT(updated.attributes[0].value.list == inner.list, "a was copied");
    EXPECT(old.count == 2 && old.attributes[1].value.type == VALUE_S, "old was changed");
}

TEST(the_targets_of_an_update_are_a_projection)
{
    const struct path *paths;
    struct update *update;

    EXPECT_OK(
        update_compile(scope_with(t->arena, &one), SPAN("SET a.b = :v REMOVE #n[1]"), &update));
    EXPECT(projection_paths(update_targets(update), &paths) == 2, "not two paths");
    EXPECT(paths[0].count == 2 && span_is(paths[0].steps[0].name, "a"), "not a.b");
    EXPECT(paths[1].steps[1].is_index && paths[1].steps[1].index == 1, "not n[1]");
}

TEST(keys_are_found_in_conditions)
{
    static const struct key_schema schema = {
        1, 1, { { { "pk", 2 }, VALUE_S }, { { "sk", 2 }, VALUE_S } }
    };
    struct scope *scope = scope_with(t->arena, &one);
    struct condition *condition;

    EXPECT_OK(condition_compile(scope, EXPRESSION_FILTER,
                                SPAN("a = :v OR NOT size(sk.x) > :v AND pk = :v"), &condition));
    EXPECT(span_is(condition_find_key(condition, &schema, false), "sk"), "not sk");
    EXPECT(span_is(condition_find_key(condition, &schema, true), "sk"), "not into sk");
    EXPECT_OK(condition_compile(scope, EXPRESSION_FILTER, SPAN("a = :v AND pk = :v"), &condition));
    EXPECT(span_is(condition_find_key(condition, &schema, false), "pk"), "not pk");
    EXPECT(condition_find_key(condition, &schema, true).data == NULL, "no path leads into a key");
    EXPECT(condition_find_key(NULL, &schema, false).data == NULL, "no condition has no keys");
}

TEST(an_absent_expression_is_none)
{
    struct scope *scope = scope_with(t->arena, &one);
    struct condition *condition = NEW(t->arena, struct condition *, 1)[0];
    struct projection *projection;
    struct key_condition *key;
    struct update *update;
    struct span absent = { NULL, 0 };

    EXPECT_OK(condition_compile(scope, EXPRESSION_CONDITION, absent, &condition));
    EXPECT_OK(projection_compile(scope, absent, &projection));
    EXPECT_OK(key_condition_compile(scope, absent, &key));
    EXPECT_OK(update_compile(scope, absent, &update));
    EXPECT(!condition && !projection && !key && !update, "something was compiled");
    EXPECT(condition_holds(t->arena, NULL, NULL), "no condition fails");
}

TEST(every_reserved_word_is_refused)
{
    static const char *const words[] = { "ABORT", "abort", "Zone", "ABSENT1", "name", "size" };

    for (size_t i = 0; i < COUNT(words); i++) {
        struct span text = arena_print(t->arena, "%s = :v", words[i]);
        bool is_refused = compile(t->arena, text) != NULL;

        EXPECT(is_refused == (i != 3), "%s", words[i]);
    }
}
