/* tests/unit/item/check_test.c - every text of the rules for attribute values, in both wordings. */
#include "sample.h"

#define INVALID "One or more parameter values were invalid: "
#define EMPTY \
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
#define MANY                                                                                \
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of " \
    "the supported datatypes"
#define LEVELS                                                                                  \
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels " \
    "beyond supported limit"
#define NOT_A_NUMBER "The parameter cannot be converted to a numeric value"

static struct error *refusal(struct test *t, enum wording wording, const char *text)
{
    struct value value = sample_decoded(t, text);

    return value_check(t->arena, wording, &value);
}

static const struct {
    const char *text;
    const char *older;
    const char *newer; /* NULL: the same */
} rules[] = {
    { "{}", EMPTY, NULL },
    { "{\"S\":null}", EMPTY, NULL },
    { "{\"X\":\"a\"}", EMPTY, NULL },
    { "{\"S\":\"a\",\"N\":\"1\"}", MANY, NULL },
    { "{\"S\":\"\",\"N\":\"\"}", NOT_A_NUMBER, NOT_A_NUMBER ": " },
    { "{\"S\":\"a\",\"NULL\":false}",
      INVALID "Null attribute value types must have the value of true", NULL },
    { "{\"NULL\":false}", INVALID "Null attribute value types must have the value of true", NULL },
    { "{\"NULL\":\"no\"}", INVALID "Null attribute value types must have the value of true", NULL },
    { "{\"SS\":[]}", INVALID "An string set  may not be empty", NULL },
    { "{\"NS\":[]}", INVALID "An number set  may not be empty", NULL },
    { "{\"BS\":[]}", INVALID "Binary sets should not be empty", NULL },
    { "{\"SS\":[\"a\",\"a\"]}", INVALID "Input collection [a, a] contains duplicates.",
      INVALID "Input collection [\"a\", \"a\"] contains duplicates." },
    { "{\"SS\":[\"c\",\"b\",\"a\",\"b\"]}",
      INVALID "Input collection [c, b, a, b] contains duplicates.",
      INVALID "Input collection [\"a\", \"b\", \"b\"] contains duplicates." },
    { "{\"BS\":[\"Yg==\",\"Yg==\"]}",
      INVALID "Input collection [Yg==, Yg==]of type BS contains duplicates.",
      INVALID "Input collection [\"Yg==\",\"Yg==\"]of type BS contains duplicates." },
    { "{\"BS\":[\"AA==\",\"/w==\",\"AA==\"]}",
      INVALID "Input collection [AA==, /w==, AA==]of type BS contains duplicates.",
      INVALID "Input collection [\"AA==\",\"/w==\",\"AA==\"]of type BS contains duplicates." },
    { "{\"NS\":[\"1\",\"2\",\"1\"]}", "Input collection contains duplicates",
      INVALID "Input collection contains duplicates." },
    { "{\"NS\":[\"1\",\"1.0\"]}", "Input collection contains duplicates",
      INVALID "Input collection contains duplicates." },
    { "{\"NS\":[\"1\",\"1\",\"x\"]}", NOT_A_NUMBER ": x", NULL },
    { "{\"N\":\"\"}", NOT_A_NUMBER, NOT_A_NUMBER ": " },
    { "{\"N\":\"abc\"}", NOT_A_NUMBER ": abc", NULL },
    { "{\"N\":\" 1\"}", NOT_A_NUMBER ":  1", NULL },
    { "{\"NS\":[\"1\",\"\"]}", NOT_A_NUMBER, NOT_A_NUMBER ": " },
    { "{\"N\":\"123456789012345678901234567890123456789\"}",
      "Attempting to store more than 38 significant digits in a Number", NULL },
    { "{\"N\":\"1e126\"}",
      "Number overflow. Attempting to store a number with magnitude larger than supported "
      "range",
      NULL },
    { "{\"NS\":[\"1e-131\"]}",
      "Number underflow. Attempting to store a number with magnitude smaller than supported "
      "range",
      NULL },
    { "{\"L\":[{\"S\":\"a\"},{}]}", EMPTY, NULL },
    { "{\"M\":{\"a\":{\"L\":[{\"N\":\"x\"}]}}}", NOT_A_NUMBER ": x", NULL },
    { "{\"SS\":[\"a\",null]}", INVALID "An string set may not have a empty string as a member",
      NULL },
    { "{\"BS\":[null]}", INVALID "Binary sets may not contain null or empty values", NULL },
    { "{\"NS\":[null]}", NOT_A_NUMBER, NOT_A_NUMBER ": " },
};

TEST(values_that_break_a_rule_are_refused_in_both_wordings)
{
    for (size_t i = 0; i < COUNT(rules); i++) {
        const char *newer = rules[i].newer ? rules[i].newer : rules[i].older;

        EXPECT_ERROR(refusal(t, WORDING_OLDER, rules[i].text), rules[i].older);
        EXPECT_ERROR(refusal(t, WORDING_NEWER, rules[i].text), newer);
        EXPECT(refusal(t, WORDING_NEWER, rules[i].text)->code == ERR_VALIDATION, "code");
    }
}

TEST(values_that_keep_the_rules_pass)
{
    static const char *const texts[] = {
        "{\"S\":\"\"}",
        "{\"B\":\"\"}",
        "{\"SS\":[\"\"]}",
        "{\"BS\":[\"\",\"AA==\"]}",
        "{\"L\":[]}",
        "{\"M\":{}}",
        "{\"NULL\":true}",
        "{\"BOOL\":false}",
        "{\"SS\":[\"a\",\"A\"]}",
        "{\"NS\":[\"1\",\"-1\"]}",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        EXPECT_OK(refusal(t, WORDING_OLDER, texts[i]));
        EXPECT_OK(refusal(t, WORDING_NEWER, texts[i]));
    }
}

TEST(the_first_broken_attribute_is_reported)
{
    struct item item;

    EXPECT_OK(item_decode(
        t->arena, sample_json(t, "{\"a\":{\"S\":\"x\"},\"b\":{\"N\":\"x\"},\"c\":{}}"), &item));
    EXPECT_ERROR(item_check(t->arena, WORDING_NEWER, &item), NOT_A_NUMBER ": x");
}

TEST(numbers_are_made_canonical_in_place)
{
    struct value value = sample_value(t, "{\"L\":[{\"N\":\"1.50\"},{\"NS\":[\"1e1\",\"-0\"]}]}");

    EXPECT(span_is(value.list[0].text, "1.5"), "%.*s", SPAN_PRINT(value.list[0].text));
    EXPECT(span_is(value.list[1].members[0], "10"), "1e1");
    EXPECT(span_is(value.list[1].members[1], "0"), "-0");
}

TEST(thirty_one_wrappings_pass_and_thirty_two_do_not)
{
    EXPECT_OK(refusal(t, WORDING_NEWER, sample_nested(t, "{\"L\":[", "{\"S\":\"a\"}", "]}", 31)));
    EXPECT_ERROR(refusal(t, WORDING_NEWER, sample_nested(t, "{\"L\":[", "{\"S\":\"a\"}", "]}", 32)),
                 LEVELS);
    EXPECT_OK(
        refusal(t, WORDING_OLDER, sample_nested(t, "{\"M\":{\"a\":", "{\"S\":\"a\"}", "}}", 31)));
    EXPECT_ERROR(
        refusal(t, WORDING_OLDER, sample_nested(t, "{\"M\":{\"a\":", "{\"S\":\"a\"}", "}}", 32)),
        LEVELS);
    EXPECT_ERROR(
        refusal(t, WORDING_NEWER, sample_nested(t, "{\"L\":[", "{\"S\":\"a\"}", "]}", 5000)),
        LEVELS);
}

TEST(large_sets_are_searched_for_duplicates_quickly)
{
    enum { MEMBERS = 200 * 1000 };
    struct value set = { .type = VALUE_NS, .count = MEMBERS };

    set.members = NEW(t->arena, struct span, MEMBERS);
    for (int i = 0; i < MEMBERS; i++)
        set.members[i] = arena_print(t->arena, "%d", i);
    EXPECT_OK(value_check(t->arena, WORDING_NEWER, &set));
    set.members[17] = SPAN("199998.0");
    EXPECT_ERROR(value_check(t->arena, WORDING_NEWER, &set),
                 INVALID "Input collection contains duplicates.");
}
