/* tests/unit/api/encode_test.c - what answers look like, and that nothing is lost on the way. */
#include "api_test.h"
#include "operations.h"
#include "sample.h"

#include "api/double.h"
#include "api/encode.h"
#include "base/buffer.h"

static struct span encoded(struct test *t, const struct shape *shape, const void *place)
{
    struct buffer out;
    struct span text;

    buffer_init(&out);
    encode_output(shape, place, &out);
    text = arena_copy(t->arena, buffer_span(&out));
    buffer_fini(&out);
    return text;
}

static void expect_double(struct test *t, double number, const char *text)
{
    struct buffer out;
    struct span written;

    buffer_init(&out);
    double_write(number, &out);
    written = arena_copy(t->arena, buffer_span(&out));
    buffer_fini(&out);
    EXPECT(span_is(written, text), "%.*s instead of %s", SPAN_PRINT(written), text);
}

TEST(numbers_with_a_fraction_are_laid_out_as_java_does)
{
    expect_double(t, 0, "0.0");
    expect_double(t, 0.5, "0.5");
    expect_double(t, 1, "1.0");
    expect_double(t, 128.5, "128.5");
    expect_double(t, -1, "-1.0");
    expect_double(t, 0.001, "0.001");
    expect_double(t, 0.0001, "1.0E-4");
    expect_double(t, 0.1, "0.1");
    expect_double(t, 123.456, "123.456");
    expect_double(t, 9999999.5, "9999999.5");
    expect_double(t, 10000000, "1.0E7");
    expect_double(t, 1529651562.672, "1.529651562672E9");
    expect_double(t, -1529651562.672, "-1.529651562672E9");
    expect_double(t, 1e300, "1.0E300");
}

TEST(absent_members_are_left_out)
{
    struct put_item_output out = { 0 };
    struct consumed_capacity capacity = { 0 };

    EXPECT(span_is(encoded(t, &put_item_output_shape, &out), "{}"), "an empty answer is {}");
    capacity.table_name = SPAN("T");
    capacity.capacity_units = 1;
    capacity.has_capacity_units = true;
    out.consumed_capacity = &capacity;
    EXPECT(span_is(encoded(t, &put_item_output_shape, &out),
                   "{\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"TableName\":\"T\"}}"),
           "%.*s", SPAN_PRINT(encoded(t, &put_item_output_shape, &out)));
}

TEST(an_item_is_written_from_its_json_alone)
{
    struct item item = { .json = SPAN("{\"pk\":{\"S\":\"a\"}}") };
    struct get_item_output out = { .item = &item };

    EXPECT(span_is(encoded(t, &get_item_output_shape, &out), "{\"Item\":{\"pk\":{\"S\":\"a\"}}}"),
           "%.*s", SPAN_PRINT(encoded(t, &get_item_output_shape, &out)));
}

TEST(empty_lists_and_false_are_not_absent)
{
    static const struct item_list none = { 0 };
    struct query_output out = { .items = &none, .count = 0, .has_count = true };
    struct stream_specification stream = { .has_stream_enabled = true };

    EXPECT(span_is(encoded(t, &query_output_shape, &out), "{\"Count\":0,\"Items\":[]}"), "%.*s",
           SPAN_PRINT(encoded(t, &query_output_shape, &out)));
    EXPECT(span_is(encoded(t, &stream_specification_shape, &stream), "{\"StreamEnabled\":false}"),
           "%.*s", SPAN_PRINT(encoded(t, &stream_specification_shape, &stream)));
}

TEST(texts_are_escaped_and_choices_spelled)
{
    struct table_description table = { .table_name = SPAN("a\"b\\c\n"),
                                       .table_status = TABLE_STATUS_ACTIVE };

    EXPECT(span_is(encoded(t, &table_description_shape, &table),
                   "{\"TableName\":\"a\\\"b\\\\c\\n\",\"TableStatus\":\"ACTIVE\"}"),
           "%.*s", SPAN_PRINT(encoded(t, &table_description_shape, &table)));
}

/* A structure with every member present comes back as it went in. */
static void expect_round_trip(struct test *t, const struct shape *shape)
{
    struct sample sample = { .bend = BEND_NOT };
    void *place = arena_alloc(t->arena, 1, shape->size);
    bool is_doubtful = false;
    yyjson_val *sent;
    yyjson_val *returned;
    struct span text;

    buffer_init(&sample.json);
    sample_write(t, &sample, shape);
    text = arena_copy(t->arena, buffer_span(&sample.json));
    buffer_fini(&sample.json);
    sent = api_parse(t, text.data);
    EXPECT_OK(decode_input(t->arena, shape, sent, place, &is_doubtful));
    returned = api_parse(t, encoded(t, shape, place).data);
    EXPECT(yyjson_equals(sent, returned), "%s: %.*s", shape->name,
           SPAN_PRINT(encoded(t, shape, place)));
}

TEST(every_structure_comes_back_as_it_went_in)
{
    for (size_t i = 0; i < OPERATIONS_COUNT; i++) {
        const struct signature *signature = operations[i].signature;

        expect_round_trip(t, signature->input);
        if (signature->output)
            expect_round_trip(t, signature->output);
    }
}
