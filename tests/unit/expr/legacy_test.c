/* tests/unit/expr/legacy_test.c - the parameters from before expressions. */
#include "../test.h"

#include "base/json.h"
#include "expr/legacy.h"
#include "item/check.h"
#include "item/json.h"

static struct item item_of(struct test *t, const char *json)
{
    struct item item = { 0 };

    EXPECT_OK(item_decode(t->arena, json_parse(t->arena, span_from(json), NULL), &item));
    EXPECT_OK(item_check(t->arena, WORDING_NEWER, &item));
    return item;
}

/* The values of {"1":...,"2":...} in order; NULL gives NULL. */
static const struct value_list *values_of(struct test *t, const char *json)
{
    struct value_list *list;
    struct item item = { 0 };

    if (json == NULL)
        return NULL;
    EXPECT_OK(item_decode(t->arena, json_parse(t->arena, span_from(json), NULL), &item));
    list = NEW(t->arena, struct value_list, 1);
    list->items = NEW(t->arena, struct value, item.count);
    for (; list->count < item.count; list->count++)
        list->items[list->count] = item.attributes[list->count].value;
    return list;
}

/* --- filters --- */

static const char sample[] =
    "{\"s\":{\"S\":\"hello\"},\"n\":{\"N\":\"5\"},\"ss\":{\"SS\":[\"a\",\"b\"]},"
    "\"l\":{\"L\":[{\"S\":\"a\"}]},\"m.k\":{\"S\":\"x\"},\"z\":{\"NULL\":true}}";

#define OP(name) COMPARISON_OPERATOR_##name

static const struct filter_row {
    const char *name;
    enum comparison_operator operation;
    const char *values;
    bool holds;
    const char *error;
} filter_rows[] = {
    { "s", OP(EQ), "{\"1\":{\"S\":\"hello\"}}", true, NULL },
    { "s", OP(EQ), "{\"1\":{\"N\":\"5\"}}", false, NULL },
    { "n", OP(EQ), "{\"1\":{\"N\":\"5.0\"}}", true, NULL },
    { "s", OP(NE), "{\"1\":{\"S\":\"hello\"}}", false, NULL },
    { "s", OP(NE), "{\"1\":{\"N\":\"5\"}}", true, NULL },
    { "q", OP(NE), "{\"1\":{\"N\":\"5\"}}", true, NULL },
    { "q", OP(EQ), "{\"1\":{\"N\":\"5\"}}", false, NULL },
    { "n", OP(LT), "{\"1\":{\"N\":\"6\"}}", true, NULL },
    { "n", OP(LE), "{\"1\":{\"N\":\"5\"}}", true, NULL },
    { "n", OP(GT), "{\"1\":{\"N\":\"5\"}}", false, NULL },
    { "n", OP(GE), "{\"1\":{\"N\":\"5\"}}", true, NULL },
    { "n", OP(GT), "{\"1\":{\"S\":\"1\"}}", false, NULL },
    { "n", OP(BETWEEN), "{\"1\":{\"N\":\"5\"},\"2\":{\"N\":\"5\"}}", true, NULL },
    { "n", OP(BETWEEN), "{\"1\":{\"N\":\"6\"},\"2\":{\"N\":\"7\"}}", false, NULL },
    { "n", OP(IN), "{\"1\":{\"N\":\"6\"},\"2\":{\"N\":\"5\"}}", true, NULL },
    { "n", OP(IN), "{\"1\":{\"N\":\"6\"}}", false, NULL },
    { "s", OP(BEGINS_WITH), "{\"1\":{\"S\":\"he\"}}", true, NULL },
    { "s", OP(CONTAINS), "{\"1\":{\"S\":\"ell\"}}", true, NULL },
    { "ss", OP(CONTAINS), "{\"1\":{\"S\":\"a\"}}", true, NULL },
    { "l", OP(CONTAINS), "{\"1\":{\"S\":\"a\"}}", true, NULL },
    { "ss", OP(NOT_CONTAINS), "{\"1\":{\"S\":\"a\"}}", false, NULL },
    { "ss", OP(NOT_CONTAINS), "{\"1\":{\"S\":\"q\"}}", true, NULL },
    { "q", OP(NOT_CONTAINS), "{\"1\":{\"S\":\"q\"}}", false, NULL },
    { "q", OP(NULL), NULL, true, NULL },
    { "s", OP(NULL), NULL, false, NULL },
    { "z", OP(NOT_NULL), NULL, true, NULL },
    { "m.k", OP(EQ), "{\"1\":{\"S\":\"x\"}}", true, NULL },
    { "s", OP(EQ), NULL, false,
      "One or more parameter values were invalid: Invalid number of argument(s) for the EQ "
      "ComparisonOperator" },
    { "s", OP(BETWEEN), "{\"1\":{\"S\":\"a\"}}", false,
      "One or more parameter values were invalid: Invalid number of argument(s) for the BETWEEN "
      "ComparisonOperator" },
    { "s", OP(NULL), "{\"1\":{\"S\":\"a\"}}", false,
      "One or more parameter values were invalid: Invalid number of argument(s) for the NULL "
      "ComparisonOperator" },
    { "s", OP(IN), "{\"1\":{\"S\":\"a\"},\"2\":{\"N\":\"1\"}}", false,
      "One or more parameter values were invalid: AttributeValues inside AttributeValueList must "
      "be of same type" },
    { "s", OP(BEGINS_WITH), "{\"1\":{\"N\":\"1\"}}", false,
      "One or more parameter values were invalid: ComparisonOperator BEGINS_WITH is not valid for "
      "N AttributeValue type" },
    { "s", OP(LT), "{\"1\":{\"BOOL\":true}}", false,
      "One or more parameter values were invalid: ComparisonOperator LT is not valid for BOOL "
      "AttributeValue type" },
    { "s", OP(CONTAINS), "{\"1\":{\"SS\":[\"a\"]}}", false,
      "One or more parameter values were invalid: ComparisonOperator CONTAINS is not valid for SS "
      "AttributeValue type" },
    { "s", OP(BETWEEN), "{\"1\":{\"S\":\"b\"},\"2\":{\"S\":\"a\"}}", false,
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
      "bound" },
    { "s", OP(EQ), "{\"1\":{\"N\":\"abc\"}}", false,
      "The parameter cannot be converted to a numeric value: abc" },
};

TEST(legacy_filters_hold_as_on_the_service)
{
    struct item item = item_of(t, sample);

    for (size_t i = 0; i < COUNT(filter_rows); i++) {
        const struct filter_row *row = &filter_rows[i];
        struct filter_condition_map_entry entry = { span_from(row->name),
                                                    { values_of(t, row->values), row->operation } };
        struct filter_condition_map map = { 1, &entry };
        struct condition *condition;
        struct error *error =
            legacy_filter(t->arena, WORDING_NEWER, &map, CONDITIONAL_OPERATOR_ABSENT, &condition);

        if (row->error) {
            EXPECT(error && span_is(error->message, row->error), "row %zu: %.*s", i,
                   SPAN_PRINT(error ? error->message : SPAN("no error")));
            continue;
        }
        EXPECT(error == NULL, "row %zu: %.*s", i, SPAN_PRINT(error->message));
        EXPECT(condition_holds(t->arena, condition, &item) == row->holds, "row %zu", i);
    }
}

TEST(legacy_conditions_are_joined_by_and_or_or)
{
    struct item item = item_of(t, sample);
    struct filter_condition_map_entry entries[] = {
        { SPAN("q"), { NULL, OP(NOT_NULL) } },
        { SPAN("s"), { NULL, OP(NOT_NULL) } },
        { SPAN("n"), { NULL, OP(NULL) } },
    };
    struct filter_condition_map map = { COUNT(entries), entries };
    struct condition *condition;

    EXPECT_OK(legacy_filter(t->arena, WORDING_NEWER, &map, CONDITIONAL_OPERATOR_OR, &condition));
    EXPECT(condition_holds(t->arena, condition, &item), "OR fails");
    EXPECT_OK(legacy_filter(t->arena, WORDING_NEWER, &map, CONDITIONAL_OPERATOR_AND, &condition));
    EXPECT(!condition_holds(t->arena, condition, &item), "AND holds");
    entries[0].key = SPAN("z");
    entries[2].key = SPAN("q");
    EXPECT_OK(
        legacy_filter(t->arena, WORDING_NEWER, &map, CONDITIONAL_OPERATOR_ABSENT, &condition));
    EXPECT(condition_holds(t->arena, condition, &item), "AND fails");
    map.count = 1;
    EXPECT_ERROR(
        legacy_filter(t->arena, WORDING_NEWER, &map, CONDITIONAL_OPERATOR_OR, &condition),
        "One or more parameter values were invalid: ConditionalOperator can only be used when "
        "Filter or Expected has two or more elements");
    EXPECT_ERROR(
        legacy_filter(t->arena, WORDING_NEWER, NULL, CONDITIONAL_OPERATOR_OR, &condition),
        "One or more parameter values were invalid: ConditionalOperator cannot be used without "
        "Filter or Expected");
}

/* --- Expected --- */

enum exists { NOT_SAID, EXISTS, EXISTS_NOT };

static const struct expected_row {
    const char *name;
    enum exists exists;
    enum comparison_operator operation;
    const char *value;
    const char *list;
    bool holds;
    const char *error;
} expected_rows[] = {
    { "s", NOT_SAID, OP(ABSENT), "{\"1\":{\"S\":\"hello\"}}", NULL, true, NULL },
    { "s", EXISTS, OP(ABSENT), "{\"1\":{\"S\":\"x\"}}", NULL, false, NULL },
    { "s", EXISTS_NOT, OP(ABSENT), NULL, NULL, false, NULL },
    { "q", EXISTS_NOT, OP(ABSENT), NULL, NULL, true, NULL },
    { "n", NOT_SAID, OP(GT), "{\"1\":{\"N\":\"4\"}}", NULL, true, NULL },
    { "n", NOT_SAID, OP(GT), NULL, "{\"1\":{\"N\":\"4\"}}", true, NULL },
    { "n", NOT_SAID, OP(NULL), NULL, NULL, false, NULL },
    { "s", NOT_SAID, OP(ABSENT), NULL, NULL, false,
      "One or more parameter values were invalid: Value must be provided when Exists is null for "
      "Attribute: s" },
    { "s", EXISTS, OP(ABSENT), NULL, NULL, false,
      "One or more parameter values were invalid: Value must be provided when Exists is true for "
      "Attribute: s" },
    { "s", EXISTS_NOT, OP(ABSENT), "{\"1\":{\"S\":\"x\"}}", NULL, false,
      "One or more parameter values were invalid: Value cannot be used when Exists is false for "
      "Attribute: s" },
    { "s", NOT_SAID, OP(LT), NULL, NULL, false,
      "One or more parameter values were invalid: Value or AttributeValueList must be used with "
      "ComparisonOperator: LT for Attribute: s" },
    { "s", EXISTS, OP(LT), "{\"1\":{\"S\":\"x\"}}", NULL, false,
      "One or more parameter values were invalid: Exists and ComparisonOperator cannot be used "
      "together for Attribute: s" },
    { "s", NOT_SAID, OP(LT), "{\"1\":{\"S\":\"x\"}}", "{\"1\":{\"S\":\"x\"}}", false,
      "One or more parameter values were invalid: Value and AttributeValueList cannot be used "
      "together for Attribute: s" },
    { "s", NOT_SAID, OP(ABSENT), NULL, "{\"1\":{\"S\":\"x\"}}", false,
      "One or more parameter values were invalid: AttributeValueList can only be used with a "
      "ComparisonOperator for Attribute: s" },
};

TEST(legacy_expectations_hold_as_on_the_service)
{
    struct item item = item_of(t, sample);

    for (size_t i = 0; i < COUNT(expected_rows); i++) {
        const struct expected_row *row = &expected_rows[i];
        const struct value_list *value = values_of(t, row->value);
        struct expected_attribute_map_entry entry = {
            .key = span_from(row->name),
            .value = { .attribute_value_list = values_of(t, row->list),
                       .comparison_operator = row->operation,
                       .has_exists = row->exists != NOT_SAID,
                       .exists = row->exists == EXISTS,
                       .value = value ? &value->items[0] : NULL },
        };
        struct expected_attribute_map map = { 1, &entry };
        struct condition *condition;
        struct error *error =
            legacy_expected(t->arena, WORDING_NEWER, &map, CONDITIONAL_OPERATOR_ABSENT, &condition);

        if (row->error) {
            EXPECT(error && span_is(error->message, row->error), "row %zu: %.*s", i,
                   SPAN_PRINT(error ? error->message : SPAN("no error")));
            continue;
        }
        EXPECT(error == NULL, "row %zu: %.*s", i, SPAN_PRINT(error->message));
        EXPECT(condition_holds(t->arena, condition, &item) == row->holds, "row %zu", i);
    }
}

/* --- KeyConditions --- */

static const struct key_schema schema = { 1,
                                          1,
                                          { { { "pk", 2 }, VALUE_S }, { { "sk", 2 }, VALUE_S } } };

static struct error *select_keys(struct test *t, enum comparison_operator operation,
                                 const char *values, struct key_selection *selection)
{
    struct key_conditions_entry entries[] = {
        { SPAN("sk"), { values_of(t, values), operation } },
        { SPAN("pk"), { values_of(t, "{\"1\":{\"S\":\"a\"}}"), OP(EQ) } },
    };
    struct key_conditions map = { 2, entries };
    struct key_condition *condition;

    TRY(legacy_key_conditions(t->arena, WORDING_NEWER, &map, &condition));
    return key_condition_bind(t->arena, condition, &schema, selection);
}

TEST(legacy_key_conditions_select_like_expressions)
{
    struct item item = item_of(t, "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"bc\"}}");
    struct key_selection selection;
    struct span key;

    EXPECT_OK(key_from_item(t->arena, &schema, &item, &key));
    EXPECT_OK(select_keys(t, OP(BEGINS_WITH), "{\"1\":{\"S\":\"b\"}}", &selection));
    EXPECT(span_compare(key, selection.range.low) >= 0, "BEGINS_WITH begins behind");
    EXPECT(span_compare(key, selection.range.high) < 0, "BEGINS_WITH ends before");
    EXPECT_OK(select_keys(t, OP(GT), "{\"1\":{\"S\":\"bc\"}}", &selection));
    EXPECT(span_compare(key, selection.range.low) < 0, "GT includes its bound");
    EXPECT_OK(select_keys(t, OP(EQ), "{\"1\":{\"S\":\"bc\"}}", &selection));
    EXPECT(selection.is_single, "equality on the whole key is not single");
}

TEST(wrong_legacy_key_conditions_are_refused)
{
    struct key_conditions none = { 0, NULL };
    struct key_condition *condition;
    struct key_selection selection;

    EXPECT_ERROR(legacy_key_conditions(t->arena, WORDING_NEWER, &none, &condition),
                 "Conditions can be of length 1 or 2 only");
    EXPECT_ERROR(select_keys(t, OP(NE), "{\"1\":{\"S\":\"b\"}}", &selection),
                 "Attempted conditional constraint is not an indexable operation");
    EXPECT_ERROR(select_keys(t, OP(IN), "{\"1\":{\"S\":\"b\"}}", &selection),
                 "Attempted conditional constraint is not an indexable operation");
    EXPECT_ERROR(select_keys(t, OP(GT), "{\"1\":{\"N\":\"1\"}}", &selection),
                 "One or more parameter values were invalid: Condition parameter type does not "
                 "match schema type");
    EXPECT_ERROR(select_keys(t, OP(EQ), NULL, &selection),
                 "One or more parameter values were invalid: Invalid number of argument(s) for "
                 "the EQ ComparisonOperator");
    EXPECT_OK(legacy_key_conditions(t->arena, WORDING_NEWER, NULL, &condition));
    EXPECT(condition == NULL, "absent conditions are some");
}

/* --- AttributeUpdates --- */

static const struct update_row {
    const char *name;
    enum attribute_action action;
    const char *value;
    const char *updated; /* of {"n":5,"ss":[a,b],"l":["x"]} */
    const char *error;
} update_rows[] = {
    { "n", ATTRIBUTE_ACTION_PUT, "{\"1\":{\"S\":\"x\"}}",
      "{\"n\":{\"S\":\"x\"},\"ss\":{\"SS\":[\"a\",\"b\"]},\"l\":{\"L\":[{\"S\":\"x\"}]}}", NULL },
    { "a.b", ATTRIBUTE_ACTION_ABSENT, "{\"1\":{\"S\":\"x\"}}",
      "{\"n\":{\"N\":\"5\"},\"ss\":{\"SS\":[\"a\",\"b\"]},\"l\":{\"L\":[{\"S\":\"x\"}]},"
      "\"a.b\":{\"S\":\"x\"}}",
      NULL },
    { "n", ATTRIBUTE_ACTION_DELETE, NULL,
      "{\"ss\":{\"SS\":[\"a\",\"b\"]},\"l\":{\"L\":[{\"S\":\"x\"}]}}", NULL },
    { "ss", ATTRIBUTE_ACTION_DELETE, "{\"1\":{\"SS\":[\"a\",\"q\"]}}",
      "{\"n\":{\"N\":\"5\"},\"ss\":{\"SS\":[\"b\"]},\"l\":{\"L\":[{\"S\":\"x\"}]}}", NULL },
    { "n", ATTRIBUTE_ACTION_ADD, "{\"1\":{\"N\":\"-7\"}}",
      "{\"n\":{\"N\":\"-2\"},\"ss\":{\"SS\":[\"a\",\"b\"]},\"l\":{\"L\":[{\"S\":\"x\"}]}}", NULL },
    { "l", ATTRIBUTE_ACTION_ADD, "{\"1\":{\"L\":[{\"N\":\"1\"}]}}",
      "{\"n\":{\"N\":\"5\"},\"ss\":{\"SS\":[\"a\",\"b\"]},\"l\":{\"L\":[{\"S\":\"x\"},"
      "{\"N\":\"1\"}]}}",
      NULL },
    { "n", ATTRIBUTE_ACTION_ADD, "{\"1\":{\"SS\":[\"a\"]}}", NULL,
      "Type mismatch for attribute to update" },
    { "n", ATTRIBUTE_ACTION_DELETE, "{\"1\":{\"SS\":[\"a\"]}}", NULL,
      "Type mismatch for attribute to update" },
    { "n", ATTRIBUTE_ACTION_PUT, NULL, NULL,
      "One or more parameter values were invalid: Only DELETE action is allowed when no attribute "
      "value is specified" },
    { "n", ATTRIBUTE_ACTION_DELETE, "{\"1\":{\"S\":\"a\"}}", NULL,
      "One or more parameter values were invalid: DELETE action with value is not supported for "
      "the type S" },
    { "n", ATTRIBUTE_ACTION_ADD, "{\"1\":{\"B\":\"YQ==\"}}", NULL,
      "One or more parameter values were invalid: ADD action is not supported for the type B" },
    { "n", ATTRIBUTE_ACTION_ADD, "{\"1\":{\"M\":{}}}", NULL,
      "One or more parameter values were invalid: ADD action is not supported for the type M" },
};

static struct error *update_row(struct test *t, const struct update_row *row, struct item *updated)
{
    struct item old = item_of(t, "{\"n\":{\"N\":\"5\"},\"ss\":{\"SS\":[\"a\",\"b\"]},"
                                 "\"l\":{\"L\":[{\"S\":\"x\"}]}}");
    const struct value_list *value = values_of(t, row->value);
    struct attribute_updates_entry entry = { span_from(row->name),
                                             { row->action, value ? &value->items[0] : NULL } };
    struct attribute_updates map = { 1, &entry };
    struct update *update;

    TRY(legacy_updates(t->arena, WORDING_NEWER, &map, &update));
    return update_apply(t->arena, update, &old, updated);
}

TEST(legacy_updates_change_what_they_name)
{
    for (size_t i = 0; i < COUNT(update_rows); i++) {
        const struct update_row *row = &update_rows[i];
        struct item updated;
        struct item expected;
        struct error *error = update_row(t, row, &updated);

        if (row->error) {
            EXPECT(error && span_is(error->message, row->error), "row %zu: %.*s", i,
                   SPAN_PRINT(error ? error->message : SPAN("no error")));
            continue;
        }
        EXPECT(error == NULL, "row %zu: %.*s", i, SPAN_PRINT(error->message));
        expected = item_of(t, row->updated);
        EXPECT(item_equal(&updated, &expected), "row %zu", i);
    }
}

TEST(many_legacy_updates_are_found_by_name)
{
    enum { MANY = 20000 };
    struct attribute_updates_entry *entries = NEW(t->arena, struct attribute_updates_entry, MANY);
    struct attribute_updates map = { MANY, entries };
    struct value value = { .type = VALUE_S, .text = SPAN("x") };
    struct update *update;
    struct item first;
    struct item second;

    for (size_t i = 0; i < MANY; i++) {
        entries[i].key = arena_print(t->arena, "a%zu", i);
        entries[i].value = (struct attribute_value_update){ ATTRIBUTE_ACTION_PUT, &value };
    }
    EXPECT_OK(legacy_updates(t->arena, WORDING_NEWER, &map, &update));
    EXPECT_OK(update_apply(t->arena, update, NULL, &first));
    EXPECT(first.count == MANY, "%zu attributes", first.count);
    EXPECT_OK(update_apply(t->arena, update, &first, &second));
    EXPECT(second.count == MANY, "%zu attributes", second.count);
}

TEST(attributes_to_get_name_whole_attributes)
{
    struct span names[] = { SPAN("m.k"), SPAN("q"), SPAN("n") };
    struct string_list list = { COUNT(names), names };
    struct item item = item_of(t, sample);
    struct item selected;
    struct projection *projection;

    EXPECT_OK(legacy_attributes_to_get(t->arena, &list, &projection));
    projection_apply(t->arena, projection, &item, &selected);
    EXPECT(selected.count == 2 && item_find(&selected, SPAN("m.k")), "not m.k and n");
    names[1] = SPAN("n");
    EXPECT_ERROR(legacy_attributes_to_get(t->arena, &list, &projection),
                 "One or more parameter values were invalid: Duplicate value in attribute name: n");
}
