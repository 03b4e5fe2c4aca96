/* tests/unit/item/json_test.c - attribute values from what clients send, and the stored text. */
#include "sample.h"

#include "base/random.h"

static void expect_refused(struct test *t, const char *text, const char *message)
{
    struct item item;
    struct error *error = item_decode(t->arena, sample_json(t, text), &item);

    EXPECT(error != NULL, "%s is accepted", text);
    EXPECT(span_is(error->message, message), "%s: %.*s", text, SPAN_PRINT(error->message));
    EXPECT(error->code == ERR_SERIALIZATION, "%s: code %d", text, error->code);
}

TEST(wrong_kinds_of_json_are_named_as_the_service_names_them)
{
#define VALUE_CLASS "com.amazonaws.dynamodb.v20120810.AttributeValue"
#define VALUE_MAP "java.util.Map<java.lang.String, " VALUE_CLASS ">"
    static const char *const texts[][2] = {
        { "[]", "Unrecognized collection type " VALUE_MAP },
        { "3", "Unexpected field type" },
        { "\"a\"", "Unexpected field type" },
        { "true", "Unexpected field type" },
        { "{\"a\":3}", "Unexpected value type in payload" },
        { "{\"a\":\"b\"}", "Unexpected value type in payload" },
        { "{\"a\":false}", "Unexpected value type in payload" },
        { "{\"a\":[]}", "Unrecognized collection type class " VALUE_CLASS },
        { "{\"a\":{\"S\":{}}}", "Start of structure or map found where not expected" },
        { "{\"a\":{\"S\":[]}}", "Unrecognized collection type class java.lang.String" },
        { "{\"a\":{\"S\":3}}", "NUMBER_VALUE cannot be converted to String" },
        { "{\"a\":{\"N\":3}}", "NUMBER_VALUE cannot be converted to String" },
        { "{\"a\":{\"N\":-3}}", "NUMBER_VALUE cannot be converted to String" },
        { "{\"a\":{\"N\":1.5}}", "DECIMAL_VALUE cannot be converted to String" },
        { "{\"a\":{\"N\":true}}", "TRUE_VALUE cannot be converted to String" },
        { "{\"a\":{\"N\":false}}", "FALSE_VALUE cannot be converted to String" },
        { "{\"a\":{\"B\":{}}}", "Start of structure or map found where not expected" },
        { "{\"a\":{\"B\":[]}}", "Unrecognized collection type class java.nio.ByteBuffer" },
        { "{\"a\":{\"B\":1}}", "only base-64-encoded strings are convertible to bytes" },
        { "{\"a\":{\"B\":true}}", "only base-64-encoded strings are convertible to bytes" },
        { "{\"a\":{\"SS\":\"a\"}}", "Unexpected field type" },
        { "{\"a\":{\"SS\":1}}", "Unexpected field type" },
        { "{\"a\":{\"SS\":{}}}", "Start of structure or map found where not expected" },
        { "{\"a\":{\"SS\":[\"a\",1]}}", "NUMBER_VALUE cannot be converted to String" },
        { "{\"a\":{\"NS\":[1.5]}}", "DECIMAL_VALUE cannot be converted to String" },
        { "{\"a\":{\"NS\":[[]]}}", "Unrecognized collection type class java.lang.String" },
        { "{\"a\":{\"NS\":[{}]}}", "Start of structure or map found where not expected" },
        { "{\"a\":{\"BS\":[1]}}", "only base-64-encoded strings are convertible to bytes" },
        { "{\"a\":{\"BS\":[[]]}}", "Unrecognized collection type class java.nio.ByteBuffer" },
        { "{\"a\":{\"M\":\"a\"}}", "Unexpected field type" },
        { "{\"a\":{\"M\":[]}}", "Unrecognized collection type " VALUE_MAP },
        { "{\"a\":{\"M\":{\"b\":3}}}", "Unexpected value type in payload" },
        { "{\"a\":{\"M\":{\"b\":[]}}}", "Unrecognized collection type class " VALUE_CLASS },
        { "{\"a\":{\"M\":{\"b\":{\"S\":1}}}}", "NUMBER_VALUE cannot be converted to String" },
        { "{\"a\":{\"L\":\"a\"}}", "Unexpected field type" },
        { "{\"a\":{\"L\":{}}}", "Start of structure or map found where not expected" },
        { "{\"a\":{\"L\":[\"b\"]}}", "Unexpected value type in payload" },
        { "{\"a\":{\"L\":[[]]}}", "Unrecognized collection type class " VALUE_CLASS },
        { "{\"a\":{\"NULL\":\"abc\"}}", "Unexpected token received from parser" },
        { "{\"a\":{\"NULL\":1}}", "NUMBER_VALUE cannot be converted to Boolean" },
        { "{\"a\":{\"BOOL\":1.5}}", "DECIMAL_VALUE cannot be converted to Boolean" },
        { "{\"a\":{\"BOOL\":[]}}", "Unrecognized collection type class java.lang.Boolean" },
        { "{\"a\":{\"BOOL\":{}}}", "Start of structure or map found where not expected" },
        { "{\"a\":{\"S\":\"b\"},\"c\":{\"S\":1},\"d\":2}",
          "NUMBER_VALUE cannot be converted to String" },
        { "{\"a\":{\"S\":\"b\",\"N\":1}}", "NUMBER_VALUE cannot be converted to String" },
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        expect_refused(t, texts[i][0], texts[i][1]);
}

TEST(only_exact_base64_is_binary)
{
#define LENGTH(n) "Base64 encoded length is expected a multiple of 4 bytes but found: " n
#define LAST "Invalid last non-pad Base64 character dectected"
    static const char *const texts[][2] = {
        { "a", LENGTH("1") },
        { "YQ", LENGTH("2") },
        { "YWJjZA=", LENGTH("7") },
        { "\\u00e4bcd", LAST },
        { "\\u00e4bc", LENGTH("3") },
        { "YR==", LAST },
        { "YWJ=", LAST },
        { "YWF=", LAST },
        { "====", LAST },
        { "Y===", LAST },
        { "YQ=a", LAST },
        { "Y Q=", LAST },
        { "YQ=\\n", LAST },
        { "-_-_", LAST },
        { "ab*d", LAST },
        { "YQ==YQ==", LAST },
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct span text = arena_print(t->arena, "{\"a\":{\"B\":\"%s\"}}", texts[i][0]);

        expect_refused(t, text.data, texts[i][1]);
    }
}

TEST(base64_gives_the_bytes)
{
    static const char *const texts[][2] = {
        { "", "" }, { "YQ==", "a" }, { "YWI=", "ab" }, { "YWJj", "abc" }, { "+/8=", "\xfb\xff" }
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct span text = arena_print(t->arena, "{\"B\":\"%s\"}", texts[i][0]);
        struct value value = sample_value(t, text.data);

        EXPECT(span_is(value.text, texts[i][1]), "%s", texts[i][0]);
        EXPECT(value.text.data != NULL, "%s is absent", texts[i][0]);
    }
}

TEST(booleans_may_be_spelled_as_strings)
{
    static const char *const yes[] = { "true", "TRUE", "yes", "Yes", "1" };
    static const char *const no[] = { "false", "False", "no", "NO", "0" };

    for (size_t i = 0; i < COUNT(yes); i++) {
        struct value is_true =
            sample_value(t, arena_print(t->arena, "{\"BOOL\":\"%s\"}", yes[i]).data);
        struct value is_false =
            sample_value(t, arena_print(t->arena, "{\"BOOL\":\"%s\"}", no[i]).data);

        EXPECT(is_true.is_true && !is_false.is_true, "%s, %s", yes[i], no[i]);
    }
}

TEST(of_an_attribute_named_twice_the_last_counts)
{
    struct item item =
        sample_item(t, "{\"a\":{\"S\":\"1\"},\"b\":{\"S\":\"2\"},\"a\":{\"N\":\"3\"},"
                       "\"m\":{\"M\":{\"x\":{\"S\":\"1\"},\"x\":{\"S\":\"2\"}}}}");

    EXPECT(item.count == 3, "%zu attributes", item.count);
    EXPECT(span_is(sample_written(t, &item), "{\"a\":{\"N\":\"3\"},\"b\":{\"S\":\"2\"},"
                                             "\"m\":{\"M\":{\"x\":{\"S\":\"2\"}}}}"),
           "%.*s", SPAN_PRINT(sample_written(t, &item)));
}

TEST(many_attributes_named_twice_are_merged_too)
{
    struct buffer text;
    struct item item;

    buffer_init(&text);
    for (int i = 0; i < 1000; i++) {
        buffer_append_char(&text, i == 0 ? '{' : ',');
        buffer_append_span(&text, arena_print(t->arena, "\"n%d\":{\"N\":\"%d\"}", i % 300, i));
    }
    buffer_append_char(&text, '}');
    item = sample_item(t, arena_copy(t->arena, buffer_span(&text)).data);
    buffer_fini(&text);
    EXPECT(item.count == 300, "%zu attributes", item.count);
    for (int i = 0; i < 300; i++) {
        EXPECT(span_equal(item.attributes[i].name, arena_print(t->arena, "n%d", i)), "order");
        EXPECT(span_equal(item.attributes[i].value.text,
                          arena_print(t->arena, "%d", i < 100 ? i + 900 : i + 600)),
               "n%d is %.*s", i, SPAN_PRINT(item.attributes[i].value.text));
    }
}

TEST(a_null_member_is_not_given_and_unknown_members_are_ignored)
{
    EXPECT(sample_value(t, "{\"S\":\"a\",\"N\":null}").type == VALUE_S, "null");
    EXPECT(sample_value(t, "{\"x\":[1],\"S\":\"a\"}").type == VALUE_S, "unknown");
    EXPECT(sample_value(t, "{\"S\":\"a\",\"S\":\"b\"}").text.data[0] == 'b', "twice");
    EXPECT(sample_decoded(t, "{\"S\":\"a\",\"S\":null}").type == VALUE_NONE, "taken back");
    EXPECT(sample_decoded(t, "{\"S\":null}").type == VALUE_NONE, "only null");
    EXPECT(sample_decoded(t, "{\"x\":{}}").type == VALUE_NONE, "only unknown");
    EXPECT(sample_decoded(t, "null").type == VALUE_NONE, "null");
    EXPECT(sample_decoded(t, "{\"S\":\"a\",\"B\":\"YQ==\"}").type == VALUE_MANY, "two");
}

TEST(deep_nesting_is_not_followed)
{
    struct value value =
        sample_decoded(t, sample_nested(t, "{\"L\":[", "{\"S\":3}", "]}", 100 * 1000));

    EXPECT(value.type == VALUE_L, "type %d", value.type);
    EXPECT(value_check(t->arena, WORDING_NEWER, &value) != NULL, "accepted");
}

TEST(items_are_written_as_canonical_json)
{
    static const char *const texts[][2] = {
        { "{}", "{}" },
        { " { \"pk\" : { \"S\" : \"a\" } , \"n\" : { \"N\" : \"1.0\" } } ",
          "{\"pk\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}}" },
        { "{\"\\u0061\":{\"S\":\"\\u00e4\\/\\\"\\\\\\n\\u0001\"}}",
          "{\"a\":{\"S\":\"\xc3\xa4/\\\"\\\\\\n\\u0001\"}}" },
        { "{\"b\":{\"B\":\"AP8=\"}}", "{\"b\":{\"B\":\"AP8=\"}}" },
        { "{\"a\":{\"SS\":[\"x\",\"\"]},\"b\":{\"NS\":[\"1e1\",\"02\"]},\"c\":{\"BS\":[\"\"]}}",
          "{\"a\":{\"SS\":[\"x\",\"\"]},\"b\":{\"NS\":[\"10\",\"2\"]},\"c\":{\"BS\":[\"\"]}}" },
        { "{\"a\":{\"M\":{}},\"b\":{\"L\":[]},\"c\":{\"NULL\":true},\"d\":{\"BOOL\":false}}",
          "{\"a\":{\"M\":{}},\"b\":{\"L\":[]},\"c\":{\"NULL\":true},\"d\":{\"BOOL\":false}}" },
        { "{\"a\":{\"M\":{\"b\":{\"L\":[{\"N\":\"-0\"},{\"M\":{\"c\":{\"BOOL\":true}}}]}}}}",
          "{\"a\":{\"M\":{\"b\":{\"L\":[{\"N\":\"0\"},{\"M\":{\"c\":{\"BOOL\":true}}}]}}}}" },
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct item item = sample_item(t, texts[i][0]);
        struct span text = sample_written(t, &item);
        struct item parsed;

        EXPECT(span_is(text, texts[i][1]), "%s: %.*s", texts[i][0], SPAN_PRINT(text));
        item_parse(t->arena, text, &parsed);
        EXPECT(item_equal(&item, &parsed), "%s is not parsed back", texts[i][1]);
        EXPECT(span_equal(parsed.json, text), "json is not kept");
        parsed.json = (struct span){ 0 };
        EXPECT(span_equal(sample_written(t, &parsed), text), "%s changes", texts[i][1]);
    }
}

TEST(an_item_with_json_is_written_from_it)
{
    struct item item = { .json = SPAN("{\"a\":{\"S\":\"b\"}}") };

    EXPECT(span_equal(sample_written(t, &item), item.json), "json is not used");
}

TEST(strings_of_any_length_and_content_are_parsed_back)
{
    struct random random;

    random_init(&random, 7);
    for (int i = 0; i < 3000; i++) {
        char text[80];
        size_t size = random_below(&random, sizeof(text));
        struct attribute attribute = { .value = { .type = VALUE_S } };
        struct item item = { .count = 1, .attributes = &attribute }, parsed;

        random_text(&random, random_below(&random, 2) ? "ab\"\\\n\x01\x7f\t" : "abcdefgh\"", text,
                    size);
        attribute.name = (struct span){ text, size / 3 };
        attribute.value.text = (struct span){ text, size };
        item_parse(t->arena, sample_written(t, &item), &parsed);
        EXPECT(item_equal(&item, &parsed), "%.*s", (int)size, text);
    }
}

TEST(items_of_many_attributes_are_parsed_back)
{
    struct attribute attributes[100];
    struct item item = { .count = COUNT(attributes), .attributes = attributes }, parsed;

    for (size_t i = 0; i < COUNT(attributes); i++) {
        attributes[i].name = arena_print(t->arena, "%zu", i);
        attributes[i].value =
            sample_value(t, i % 3 ? "{\"L\":[{\"SS\":[\"a\",\"b\"]},{\"M\":{\"x\":{\"N\":\"1\"}}}]}"
                                  : "{\"BS\":[\"YQ==\",\"\"]}");
    }
    item_parse(t->arena, sample_written(t, &item), &parsed);
    EXPECT(item_equal(&item, &parsed), "not equal");
}
