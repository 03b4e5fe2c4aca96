/* tests/unit/item/key_test.c - key bytes: order, ranges, and the errors of keys. */
#include "sample.h"

#include "base/random.h"

static const struct key_schema hash_only = {
    .hash_count = 1,
    .parts = { { { "pk", 2 }, VALUE_S } },
};
static const struct key_schema hash_and_range = {
    .hash_count = 1,
    .range_count = 1,
    .parts = { { { "pk", 2 }, VALUE_S }, { { "sk", 2 }, VALUE_N } },
};
static const struct key_schema binary_keys = {
    .hash_count = 1,
    .range_count = 1,
    .parts = { { { "pk", 2 }, VALUE_B }, { { "sk", 2 }, VALUE_B } },
};
static const struct key_schema wide = {
    .hash_count = 2,
    .range_count = 2,
    .parts = { { { "a", 1 }, VALUE_S },
               { { "b", 1 }, VALUE_N },
               { { "c", 1 }, VALUE_B },
               { { "d", 1 }, VALUE_S } },
};

#define INVALID "One or more parameter values were invalid: "
#define NOT_VALID "One or more parameter values are not valid. "
#define NO_MATCH "The provided key element does not match the schema"
#define HASH_SIZE INVALID "Size of hashkey has exceeded the maximum size limit of2048 bytes"
#define RANGE_SIZE \
    INVALID "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"

static struct error *from_key(struct test *t, const struct key_schema *schema, const char *text)
{
    struct item item = sample_item(t, text);
    struct span bytes;

    return key_from_key(t->arena, schema, &item, &bytes);
}

static struct error *from_item(struct test *t, const struct key_schema *schema, const char *text)
{
    struct item item = sample_item(t, text);
    struct span bytes;

    return key_from_item(t->arena, schema, &item, &bytes);
}

static struct span key_of(struct test *t, const struct key_schema *schema, const char *text)
{
    struct item item = sample_item(t, text);
    struct span bytes = { 0 };

    EXPECT_OK(key_from_item(t->arena, schema, &item, &bytes));
    return bytes;
}

static struct value string_value(struct span text)
{
    return (struct value){ .type = VALUE_S, .text = text };
}

/* {"name":{"S":"xxx..."} and so on, as JSON. */
static const char *long_key(struct test *t, size_t pk_bytes, size_t sk_bytes)
{
    char *filler = memset(arena_alloc_raw(t->arena, 5000), 'x', 5000);

    return arena_print(t->arena, "{\"pk\":{\"S\":\"%.*s\"},\"sk\":{\"S\":\"%.*s\"}}", (int)pk_bytes,
                       filler, (int)sk_bytes, filler)
        .data;
}

TEST(a_key_must_have_exactly_the_attributes_of_the_schema)
{
    static const char *const texts[] = {
        "{}",
        "{\"pk\":{\"S\":\"a\"}}",
        "{\"sk\":{\"N\":\"1\"}}",
        "{\"pk\":{\"S\":\"a\"},\"x\":{\"N\":\"1\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}}",
        "{\"pk\":{\"N\":\"1\"},\"sk\":{\"N\":\"1\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"x\":{\"S\":\"\"}}",
        "{\"pk\":{\"S\":\"\"},\"sk\":{\"S\":\"1\"}}",
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        EXPECT_ERROR(from_key(t, &hash_and_range, texts[i]), NO_MATCH);
    EXPECT_OK(from_key(t, &hash_and_range, "{\"sk\":{\"N\":\"1\"},\"pk\":{\"S\":\"a\"}}"));
    EXPECT_OK(from_key(t, &hash_only, "{\"pk\":{\"S\":\"a\"}}"));
}

TEST(an_item_must_have_its_key_attributes)
{
    EXPECT_ERROR(from_item(t, &hash_and_range, "{}"), INVALID "Missing the key pk in the item");
    EXPECT_ERROR(from_item(t, &hash_and_range, "{\"pk\":{\"S\":\"a\"},\"x\":{\"N\":\"1\"}}"),
                 INVALID "Missing the key sk in the item");
    EXPECT_ERROR(from_item(t, &hash_and_range, "{\"pk\":{\"N\":\"1\"},\"sk\":{\"N\":\"1\"}}"),
                 INVALID "Type mismatch for key pk expected: S actual: N");
    EXPECT_ERROR(from_item(t, &hash_and_range, "{\"pk\":{\"S\":\"\"},\"sk\":{\"NULL\":true}}"),
                 INVALID "Type mismatch for key sk expected: N actual: NULL");
    EXPECT_OK(from_item(t, &hash_and_range,
                        "{\"x\":{\"L\":[]},\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}"));
}

TEST(key_values_may_not_be_empty)
{
    const char *string = "{\"pk\":{\"S\":\"\"},\"sk\":{\"N\":\"1\"}}";
    const char *binary = "{\"pk\":{\"B\":\"YQ==\"},\"sk\":{\"B\":\"\"}}";
    const char *pk = NOT_VALID
        "The AttributeValue for a key attribute cannot contain an empty string value. Key: pk";
    const char *sk = NOT_VALID
        "The AttributeValue for a key attribute cannot contain an empty binary value. Key: sk";

    EXPECT_ERROR(from_key(t, &hash_and_range, string), pk);
    EXPECT_ERROR(from_item(t, &hash_and_range, string), pk);
    EXPECT_ERROR(from_key(t, &binary_keys, binary), sk);
    EXPECT_ERROR(from_item(t, &binary_keys, binary), sk);
}

TEST(key_values_have_a_largest_size)
{
    struct key_schema strings = hash_and_range;

    strings.parts[1].type = VALUE_S;
    EXPECT_OK(from_key(t, &strings, long_key(t, 2048, 1024)));
    EXPECT_ERROR(from_key(t, &strings, long_key(t, 2049, 1)), HASH_SIZE);
    EXPECT_ERROR(from_item(t, &strings, long_key(t, 2049, 1025)), HASH_SIZE);
    EXPECT_ERROR(from_key(t, &strings, long_key(t, 1, 1025)), RANGE_SIZE);
    EXPECT_ERROR(from_item(t, &strings, long_key(t, 2048, 1025)), RANGE_SIZE);
    EXPECT_ERROR(from_item(t, &strings, long_key(t, 2049, 0)),
                 NOT_VALID "The AttributeValue for a key attribute cannot contain an empty string "
                           "value. Key: sk");
}

TEST(key_and_item_give_the_same_bytes)
{
    struct item key = sample_item(t, "{\"sk\":{\"N\":\"1.0\"},\"pk\":{\"S\":\"a\"}}");
    struct span bytes = { 0 };

    EXPECT_OK(key_from_key(t->arena, &hash_and_range, &key, &bytes));
    EXPECT(span_equal(bytes, key_of(t, &hash_and_range,
                                    "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},"
                                    "\"x\":{\"S\":\"y\"}}")),
           "different");
    EXPECT(bytes.size == KEY_DIGEST_BYTES + 3 + 3, "%zu bytes", bytes.size);
}

TEST(the_digest_depends_on_the_partition_key_alone)
{
    struct span a1 = key_of(t, &hash_and_range, "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}");
    struct span a2 = key_of(t, &hash_and_range, "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"2\"}}");
    struct span b1 = key_of(t, &hash_and_range, "{\"pk\":{\"S\":\"b\"},\"sk\":{\"N\":\"1\"}}");
    struct value value = string_value(SPAN("a"));
    struct span prefix = key_prefix(t->arena, &hash_and_range, &value);

    EXPECT(key_digest(a1) == key_digest(a2), "differs within a partition");
    EXPECT(key_digest(a1) != key_digest(b1), "equal over partitions");
    EXPECT(key_digest(a1) == span_hash((struct span){ "a\x00\x01", 3 }), "not span_hash");
    EXPECT(span_starts_with(a1, prefix) && span_starts_with(a2, prefix), "not the prefix");
    EXPECT(!span_starts_with(b1, prefix), "the prefix of another");
    EXPECT((unsigned char)a1.data[0] == key_digest(a1) >> 56, "not big-endian");
}

TEST(a_part_behind_a_prefix_is_the_whole_key)
{
    struct value pk = string_value(SPAN("a")), sk = { .type = VALUE_N, .text = SPAN("-1.5") };
    struct span prefix = key_prefix(t->arena, &hash_and_range, &pk);

    EXPECT(span_equal(key_append(t->arena, prefix, &sk),
                      key_of(t, &hash_and_range, "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"-1.5\"}}")),
           "different");
}

TEST(index_entries_have_the_table_key_behind)
{
    struct item item =
        sample_item(t, "{\"pk\":{\"S\":\"x\"},\"a\":{\"S\":\"1\"},\"b\":{\"N\":\"2\"},"
                       "\"c\":{\"B\":\"AA==\"},\"d\":{\"S\":\"4\"}}");
    struct span table_key, bytes, parts;
    struct value values[] = { item.attributes[1].value, item.attributes[2].value };

    EXPECT_OK(key_from_item(t->arena, &hash_only, &item, &table_key));
    EXPECT_OK(key_check_index(t->arena, &wide, SPAN("i"), &item, false));
    key_from_index(t->arena, &wide, &item, table_key, &bytes);
    parts = key_prefix(t->arena, &wide, values);
    parts = key_append(t->arena, parts, &item.attributes[3].value);
    parts = key_append(t->arena, parts, &item.attributes[4].value);
    EXPECT(span_starts_with(bytes, parts), "not the index key");
    EXPECT(bytes.size == parts.size + table_key.size - KEY_DIGEST_BYTES, "%zu bytes", bytes.size);
    EXPECT(memcmp(bytes.data + parts.size, table_key.data + KEY_DIGEST_BYTES,
                  table_key.size - KEY_DIGEST_BYTES) == 0,
           "not the table key");
    item.count = 4;
    key_from_index(t->arena, &wide, &item, table_key, &bytes);
    EXPECT(bytes.data == NULL, "an item without the key is in the index");
}

static struct error *check_index(struct test *t, const char *text, bool is_update)
{
    struct item item = sample_item(t, text);

    return key_check_index(t->arena, &wide, SPAN("index1"), &item, is_update);
}

TEST(index_keys_must_fit_their_definitions)
{
    char *filler = memset(arena_alloc_raw(t->arena, 3000), 'x', 3000);

    EXPECT_OK(check_index(t, "{}", false));
    EXPECT_OK(check_index(t, "{\"a\":{\"S\":\"x\"}}", true));
    EXPECT_ERROR(check_index(t, "{\"b\":{\"S\":\"x\"}}", false),
                 INVALID "Type mismatch for Index Key b Expected: N Actual: S IndexName: index1");
    EXPECT_ERROR(check_index(t, "{\"a\":{\"S\":\"\"},\"c\":{\"SS\":[\"x\"]}}", true),
                 INVALID "Type mismatch for Index Key c Expected: B Actual: SS IndexName: index1");
    EXPECT_ERROR(check_index(t, "{\"a\":{\"S\":\"\"}}", false),
                 NOT_VALID "A value specified for a secondary index key is not supported. The "
                           "AttributeValue for a key attribute cannot contain an empty string "
                           "value. IndexName: index1, IndexKey: a");
    EXPECT_ERROR(check_index(t, "{\"c\":{\"B\":\"\"}}", false),
                 NOT_VALID "A value specified for a secondary index key is not supported. The "
                           "AttributeValue for a key attribute cannot contain an empty binary "
                           "value. IndexName: index1, IndexKey: c");
    EXPECT_ERROR(check_index(t, "{\"a\":{\"S\":\"\"}}", true),
                 NOT_VALID "The update expression attempted to update a secondary index key to a "
                           "value that is not supported. The AttributeValue for a key attribute "
                           "cannot contain an empty string value.");
    EXPECT_ERROR(check_index(t, "{\"c\":{\"B\":\"\"}}", true),
                 NOT_VALID "The update expression attempted to update a secondary index key to a "
                           "value that is not supported. The AttributeValue for a key attribute "
                           "cannot contain an empty binary value.");
    EXPECT_ERROR(
        check_index(t, arena_print(t->arena, "{\"a\":{\"S\":\"%.*s\"}}", 2049, filler).data, false),
        HASH_SIZE);
    EXPECT_ERROR(
        check_index(t, arena_print(t->arena, "{\"d\":{\"S\":\"%.*s\"}}", 1025, filler).data, false),
        RANGE_SIZE);
    EXPECT_OK(check_index(t, arena_print(t->arena, "{\"a\":{\"S\":\"%.*s\"}}", 2048, filler).data,
                          false));
}

static struct span random_bytes(struct test *t, struct random *random)
{
    static const char alphabet[] = { 0, 1, 2, 'a', (char)0xfe, (char)0xff };
    size_t size = random_below(random, 6);
    char *bytes = arena_alloc_raw(t->arena, size + 1);

    for (size_t i = 0; i < size; i++)
        bytes[i] = alphabet[random_below(random, sizeof(alphabet))];
    return (struct span){ bytes, size };
}

TEST(string_parts_sort_as_the_strings_and_none_begins_another)
{
    struct random random;

    random_init(&random, 1);
    for (int i = 0; i < 50000; i++) {
        struct value a = string_value(random_bytes(t, &random));
        struct value b = string_value(random_bytes(t, &random));
        struct span x = key_append(t->arena, SPAN(""), &a), y = key_append(t->arena, SPAN(""), &b);
        int order = span_compare(a.text, b.text), bytes_order = span_compare(x, y);

        EXPECT((order < 0) == (bytes_order < 0) && (order > 0) == (bytes_order > 0), "order");
        EXPECT(order == 0 || !span_starts_with(x, y), "one begins the other");
    }
}

TEST(the_range_of_a_beginning_holds_just_what_begins_so)
{
    struct random random;
    struct value pk = string_value(SPAN("p"));
    struct span prefix = key_prefix(t->arena, &hash_only, &pk);

    random_init(&random, 2);
    for (int i = 0; i < 50000; i++) {
        struct value beginning = string_value(random_bytes(t, &random));
        struct value whole = string_value(random_bytes(t, &random));
        struct span low = key_append_beginning(t->arena, prefix, &beginning);
        struct span high = key_after(t->arena, low);
        struct span key = key_append(t->arena, prefix, &whole);
        bool is_inside =
            span_compare(key, low) >= 0 && (high.data == NULL || span_compare(key, high) < 0);

        EXPECT(is_inside == span_starts_with(whole.text, beginning.text), "%d", i);
        key = key_append(t->arena, key, &beginning); /* with more parts behind */
        is_inside =
            span_compare(key, low) >= 0 && (high.data == NULL || span_compare(key, high) < 0);
        EXPECT(is_inside == span_starts_with(whole.text, beginning.text), "%d with parts", i);
    }
}

TEST(after_a_prefix_comes_the_next_one)
{
    EXPECT(span_equal(key_after(t->arena, SPAN("a")), SPAN("b")), "a");
    EXPECT(span_equal(key_after(t->arena, SPAN("a\xff\xff")), SPAN("b")), "a ff ff");
    EXPECT(span_equal(key_after(t->arena, SPAN("a\x7f")), SPAN("a\x80")), "a 7f");
    EXPECT(key_after(t->arena, SPAN("\xff\xff")).data == NULL, "ff ff");
    EXPECT(key_after(t->arena, SPAN("")).data == NULL, "empty");
}
