/* tests/unit/item/value_test.c - looking up, comparing and measuring values. */
#include "sample.h"

#include "item/size.h"

static const char *const type_texts[] = {
    "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"
};

TEST(the_ten_types_have_their_names)
{
    for (size_t i = 0; i < COUNT(type_texts); i++) {
        enum value_type type = value_type_find(span_from(type_texts[i]));

        EXPECT((size_t)type == VALUE_S + i, "%s is %d", type_texts[i], type);
        EXPECT(span_is(span_from(value_type_name(type)), type_texts[i]), "%s", type_texts[i]);
    }
    EXPECT(value_type_name(VALUE_NONE)[0] == '\0', "none");
}

TEST(other_names_are_no_types)
{
    static const char *const texts[] = { "",    "s",     "X",    "LL",   "MS", "SSS",
                                         "NUL", "BOOLS", "null", "NULM", "SN" };

    for (size_t i = 0; i < COUNT(texts); i++)
        EXPECT(value_type_find(span_from(texts[i])) == VALUE_NONE, "%s", texts[i]);
}

TEST(attributes_are_found_by_name)
{
    struct item item = sample_item(t, "{\"a\":{\"S\":\"1\"},\"ab\":{\"M\":{\"c\":{\"N\":\"2\"}}}}");
    const struct value *map = item_find(&item, SPAN("ab"));

    EXPECT(map && map->type == VALUE_M, "ab");
    EXPECT(value_find(map, SPAN("c"))->type == VALUE_N, "c");
    EXPECT(value_find(map, SPAN("ab")) == NULL, "ab in the map");
    EXPECT(value_find(item_find(&item, SPAN("a")), SPAN("c")) == NULL, "c in a string");
    EXPECT(item_find(&item, SPAN("b")) == NULL, "b");
}

TEST(equal_values_are_equal)
{
    static const char *const pairs[][2] = {
        { "{\"S\":\"a\"}", "{\"S\":\"a\"}" },
        { "{\"N\":\"1.0\"}", "{\"N\":\"1e0\"}" },
        { "{\"B\":\"\"}", "{\"B\":\"\"}" },
        { "{\"SS\":[\"a\",\"b\",\"c\"]}", "{\"SS\":[\"c\",\"a\",\"b\"]}" },
        { "{\"NS\":[\"1\",\"2.0\"]}", "{\"NS\":[\"2\",\"1\"]}" },
        { "{\"L\":[{\"N\":\"1\"}]}", "{\"L\":[{\"N\":\"1.0\"}]}" },
        { "{\"M\":{\"a\":{\"S\":\"1\"},\"b\":{\"S\":\"2\"}}}",
          "{\"M\":{\"b\":{\"S\":\"2\"},\"a\":{\"S\":\"1\"}}}" },
        { "{\"NULL\":true}", "{\"NULL\":true}" },
        { "{\"BOOL\":true}", "{\"BOOL\":true}" },
    };

    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct value a = sample_value(t, pairs[i][0]), b = sample_value(t, pairs[i][1]);

        EXPECT(value_equal(&a, &b), "%s and %s", pairs[i][0], pairs[i][1]);
    }
}

TEST(different_values_are_not_equal)
{
    static const char *const pairs[][2] = {
        { "{\"S\":\"a\"}", "{\"S\":\"A\"}" },
        { "{\"S\":\"1\"}", "{\"N\":\"1\"}" },
        { "{\"S\":\"YQ==\"}", "{\"B\":\"YQ==\"}" },
        { "{\"SS\":[\"a\",\"b\"]}", "{\"SS\":[\"a\",\"c\"]}" },
        { "{\"SS\":[\"a\",\"b\"]}", "{\"SS\":[\"a\"]}" },
        { "{\"L\":[{\"S\":\"a\"},{\"S\":\"b\"}]}", "{\"L\":[{\"S\":\"b\"},{\"S\":\"a\"}]}" },
        { "{\"L\":[]}", "{\"L\":[{\"S\":\"b\"}]}" },
        { "{\"M\":{\"a\":{\"S\":\"1\"}}}", "{\"M\":{\"a\":{\"S\":\"2\"}}}" },
        { "{\"M\":{\"a\":{\"S\":\"1\"}}}", "{\"M\":{\"b\":{\"S\":\"1\"}}}" },
        { "{\"M\":{}}", "{\"M\":{\"b\":{\"S\":\"1\"}}}" },
        { "{\"BOOL\":true}", "{\"BOOL\":false}" },
    };

    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct value a = sample_value(t, pairs[i][0]), b = sample_value(t, pairs[i][1]);

        EXPECT(!value_equal(&a, &b), "%s and %s", pairs[i][0], pairs[i][1]);
    }
}

TEST(large_sets_and_maps_are_compared_without_order)
{
    enum { MEMBERS = 20 * 1000 };
    struct value a = { .type = VALUE_SS, .count = MEMBERS }, b = a;
    struct item x = { .count = MEMBERS }, y = { .count = MEMBERS };

    a.members = NEW(t->arena, struct span, MEMBERS);
    b.members = NEW(t->arena, struct span, MEMBERS);
    x.attributes = NEW(t->arena, struct attribute, MEMBERS);
    y.attributes = NEW(t->arena, struct attribute, MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
        a.members[i] = b.members[MEMBERS - 1 - i] = arena_print(t->arena, "%d", i);
        x.attributes[i] = (struct attribute){ a.members[i], { .type = VALUE_NULL } };
        y.attributes[MEMBERS - 1 - i] = x.attributes[i];
    }
    EXPECT(value_equal(&a, &b) && item_equal(&x, &y), "not equal");
    b.members[5] = SPAN("other");
    y.attributes[5].value.type = VALUE_M;
    EXPECT(!value_equal(&a, &b) && !item_equal(&x, &y), "equal");
}

TEST(strings_numbers_and_binaries_are_ordered)
{
    static const char *const pairs[][2] = {
        { "{\"S\":\"Z\"}", "{\"S\":\"a\"}" },        { "{\"S\":\"\"}", "{\"S\":\"a\"}" },
        { "{\"S\":\"a\"}", "{\"S\":\"\xc3\xa4\"}" }, { "{\"N\":\"9\"}", "{\"N\":\"10\"}" },
        { "{\"N\":\"-10\"}", "{\"N\":\"-9\"}" },     { "{\"B\":\"fw==\"}", "{\"B\":\"gA==\"}" },
    };

    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct value a = sample_value(t, pairs[i][0]), b = sample_value(t, pairs[i][1]);
        bool is_ordered = false;

        EXPECT(value_compare(&a, &b, &is_ordered) < 0 && is_ordered, "%s", pairs[i][0]);
        EXPECT(value_compare(&b, &a, &is_ordered) > 0 && is_ordered, "%s", pairs[i][1]);
        EXPECT(value_compare(&a, &a, &is_ordered) == 0 && is_ordered, "%s", pairs[i][0]);
    }
}

TEST(other_values_have_no_order)
{
    static const char *const pairs[][2] = {
        { "{\"S\":\"1\"}", "{\"N\":\"1\"}" },
        { "{\"BOOL\":true}", "{\"BOOL\":false}" },
        { "{\"SS\":[\"a\"]}", "{\"SS\":[\"b\"]}" },
        { "{\"L\":[]}", "{\"L\":[]}" },
    };

    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct value a = sample_value(t, pairs[i][0]), b = sample_value(t, pairs[i][1]);
        bool is_ordered = true;

        value_compare(&a, &b, &is_ordered);
        EXPECT(!is_ordered, "%s and %s", pairs[i][0], pairs[i][1]);
    }
}

TEST(items_are_measured_as_the_service_measures_them)
{
    static const struct {
        const char *text;
        size_t bytes;
    } sizes[] = {
        { "{}", 0 },
        { "{\"shirt-color\":{\"S\":\"R\"},\"shirt-size\":{\"S\":\"M\"}}", 23 },
        { "{\"a\":{\"S\":\"\"}}", 1 },
        { "{\"\xc3\xa4\":{\"S\":\"\xc3\xa4\"}}", 4 },
        { "{\"a\":{\"B\":\"YWJj\"}}", 4 },
        { "{\"a\":{\"N\":\"-42\"}}", 4 },
        { "{\"a\":{\"BOOL\":false}}", 2 },
        { "{\"a\":{\"NULL\":true}}", 2 },
        { "{\"a\":{\"L\":[]}}", 4 },
        { "{\"a\":{\"L\":[{\"S\":\"abc\"},{\"N\":\"1\"}]}}", 1 + 3 + 1 + 3 + 1 + 2 },
        { "{\"a\":{\"M\":{}}}", 4 },
        { "{\"a\":{\"M\":{\"bc\":{\"S\":\"def\"}}}}", 1 + 3 + 1 + 2 + 3 },
        { "{\"a\":{\"SS\":[\"b\",\"cd\"]}}", 1 + 3 },
        { "{\"a\":{\"NS\":[\"1\",\"123\"]}}", 1 + 2 + 3 },
        { "{\"a\":{\"BS\":[\"YQ==\"]}}", 1 + 1 },
    };

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct item item = sample_item(t, sizes[i].text);

        EXPECT(item_bytes(&item) == sizes[i].bytes, "%s has %zu bytes", sizes[i].text,
               item_bytes(&item));
    }
}
