/* tests/unit/ops/streams_test.c - what stands in a stream: records, images, order. */
#include "follower.h"

#include "../store/drivers.h"

#include <stdlib.h>
#include <string.h>

#define PUT(pk, sk, more) \
    "{'TableName':'Tab','Item':{'pk':{'S':'" pk "'},'sk':{'S':'" sk "'}" more "}}"
#define KEY(pk, sk) "'Key':{'pk':{'S':'" pk "'},'sk':{'S':'" sk "'}}"

static struct span at(const struct caller *caller, const struct followed *followed, size_t i,
                      const char *pointer)
{
    EXPECT(i < followed->count, "there are %zu records", followed->count);
    return json_at(caller->arena, followed->records[i], pointer);
}

static int number_at(const struct caller *caller, yyjson_val *record, const char *pointer)
{
    struct span text = arena_copy(caller->arena, json_at(caller->arena, record, pointer));

    return (int)strtol(text.data, NULL, 10);
}

/* An item is put, changed and deleted; the images of the three records. */
static void expect_images(struct test *t, const char *view, const char *const images[3][2],
                          const char *const sizes[3])
{
    static const char *const events[] = { "INSERT", "MODIFY", "REMOVE" };
    struct caller caller = caller_open(t, NULL);
    struct followed seen;

    create_streamed(&caller, "Tab", view);
    caller_do(&caller, "PutItem", PUT("a", "b", ",'n':{'N':'1'}"));
    caller_do(&caller, "UpdateItem",
              "{'TableName':'Tab'," KEY("a", "b") ",'UpdateExpression':'SET n=:n',"
                                                  "'ExpressionAttributeValues':{':n':{'N':'22'}}}");
    caller_do(&caller, "DeleteItem", "{'TableName':'Tab'," KEY("a", "b") "}");
    seen = follow(&caller, stream_arn_of(&caller, "Tab"));
    EXPECT(seen.count == 3, "%zu records", seen.count);
    for (size_t i = 0; i < seen.count; i++) {
        EXPECT_AT(t->arena, seen.records[i], "/eventName", events[i]);
        EXPECT_AT(t->arena, seen.records[i], "/dynamodb/StreamViewType", view);
        EXPECT_AT(t->arena, seen.records[i], "/dynamodb/Keys",
                  "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}}");
        EXPECT_AT(t->arena, seen.records[i], "/dynamodb/NewImage/n/N", images[i][0]);
        EXPECT_AT(t->arena, seen.records[i], "/dynamodb/OldImage/n/N", images[i][1]);
        EXPECT_AT(t->arena, seen.records[i], "/dynamodb/SizeBytes", sizes[i]);
    }
    caller_close(&caller);
}

TEST(a_stream_of_keys_has_no_images)
{
    static const char *const images[3][2] = { { "", "" }, { "", "" }, { "", "" } };
    static const char *const sizes[3] = { "6", "6", "6" };

    expect_images(t, "KEYS_ONLY", images, sizes);
}

TEST(a_stream_of_new_images_has_no_old_ones)
{
    static const char *const images[3][2] = { { "1", "" }, { "22", "" }, { "", "" } };
    static const char *const sizes[3] = { "15", "15", "6" };

    expect_images(t, "NEW_IMAGE", images, sizes);
}

TEST(a_stream_of_old_images_has_no_new_ones)
{
    static const char *const images[3][2] = { { "", "" }, { "", "1" }, { "", "22" } };
    static const char *const sizes[3] = { "6", "15", "15" };

    expect_images(t, "OLD_IMAGE", images, sizes);
}

TEST(a_stream_of_both_images_has_both)
{
    static const char *const images[3][2] = { { "1", "" }, { "22", "1" }, { "", "22" } };
    static const char *const sizes[3] = { "15", "24", "15" };

    expect_images(t, "NEW_AND_OLD_IMAGES", images, sizes);
}

TEST(a_record_says_where_and_when_it_was_made)
{
    struct caller caller = caller_open(t, NULL);
    struct span ids[2];
    struct followed seen;

    create_streamed(&caller, "Tab", "NEW_IMAGE");
    stop_clock(&caller);
    pass_time(&caller, 999);
    caller_do(&caller, "PutItem", PUT("a", "b", ""));
    for (int i = 0; i < 2; i++) {
        seen = follow(&caller, stream_arn_of(&caller, "Tab"));
        EXPECT(seen.count == 1, "%zu records", seen.count);
        ids[i] = at(&caller, &seen, 0, "/eventID");
    }
    EXPECT(ids[0].size == 32 && span_equal(ids[0], ids[1]), "%.*s, then %.*s", SPAN_PRINT(ids[0]),
           SPAN_PRINT(ids[1]));
    EXPECT_AT(t->arena, seen.records[0], "/eventVersion", "1.1");
    EXPECT_AT(t->arena, seen.records[0], "/eventSource", "aws:dynamodb");
    EXPECT_AT(t->arena, seen.records[0], "/awsRegion", "eu-west-1");
    EXPECT_AT(t->arena, seen.records[0], "/userIdentity", "");
    EXPECT(
        yyjson_get_num(yyjson_ptr_get(seen.records[0], "/dynamodb/ApproximateCreationDateTime")) ==
            (double)(clock_now_ms(engine_clock(caller.engine)) / 1000),
        "not in whole seconds");
    EXPECT(at(&caller, &seen, 0, "/dynamodb/SequenceNumber").size >= 21, "a short number");
    caller_close(&caller);
}

TEST(a_write_that_changes_nothing_leaves_no_record)
{
    struct caller caller = caller_open(t, NULL);
    struct span arn;

    create_streamed(&caller, "Tab", "NEW_AND_OLD_IMAGES");
    arn = stream_arn_of(&caller, "Tab");
    caller_do(&caller, "PutItem", PUT("a", "b", ",'n':{'N':'1'},'s':{'NS':['1','2']}"));
    caller_do(&caller, "PutItem", PUT("a", "b", ",'s':{'NS':['2.0','1']},'n':{'N':'1.0'}"));
    caller_do(&caller, "UpdateItem",
              "{'TableName':'Tab'," KEY("a", "b") ",'UpdateExpression':'SET n=:n REMOVE x',"
                                                  "'ExpressionAttributeValues':{':n':{'N':'1'}}}");
    caller_do(&caller, "UpdateItem", "{'TableName':'Tab'," KEY("a", "b") "}");
    caller_do(&caller, "DeleteItem", "{'TableName':'Tab'," KEY("a", "no") "}");
    caller_refusal(&caller, "PutItem",
                   "{'TableName':'Tab','Item':{'pk':{'S':'a'},'sk':{'S':'b'}},"
                   "'ConditionExpression':'attribute_not_exists(pk)'}");
    EXPECT(follow(&caller, arn).count == 1, "%zu records", follow(&caller, arn).count);
    caller_do(&caller, "UpdateItem", "{'TableName':'Tab'," KEY("new", "b") "}");
    EXPECT(follow(&caller, arn).count == 2, "an update that makes an item is a change");
    caller_close(&caller);
}

TEST(batches_leave_a_record_for_each_item)
{
    struct caller caller = caller_open(t, NULL);
    struct followed seen;

    create_streamed(&caller, "Tab", "KEYS_ONLY");
    create_streamed(&caller, "Without", NULL);
    caller_do(&caller, "PutItem", PUT("a", "1", ""));
    caller_do(&caller, "BatchWriteItem",
              "{'RequestItems':{'Tab':[{'DeleteRequest':{" KEY(
                  "a", "1") "}},{'PutRequest':{'Item':"
                            "{'pk':{'S':'a'},'sk':{'S':'2'}}}}],'Without':[{'PutRequest':{'Item':{'"
                            "pk':{'S':'a'},"
                            "'sk':{'S':'2'}}}}]}}");
    seen = follow(&caller, stream_arn_of(&caller, "Tab"));
    EXPECT(seen.count == 3, "%zu records", seen.count);
    EXPECT_AT(t->arena, seen.records[1], "/eventName", "REMOVE");
    EXPECT_AT(t->arena, seen.records[2], "/dynamodb/Keys/sk/S", "2");
    caller_close(&caller);
}

TEST(a_transaction_leaves_the_records_of_all_its_changes_or_none)
{
    struct caller caller = caller_open(t, NULL);
    struct followed seen;

    create_streamed(&caller, "Tab", "NEW_IMAGE");
    caller_do(&caller, "PutItem", PUT("a", "1", ""));
    caller_do(&caller, "PutItem", PUT("a", "2", ""));
    caller_do(
        &caller, "TransactWriteItems",
        "{'TransactItems':[{'Put':{'TableName':'Tab','Item':{'pk':{'S':'a'},'sk':{'S':'3'}}}},"
        "{'Put':{'TableName':'Tab','Item':{'pk':{'S':'a'},'sk':{'S':'2'}}}},"
        "{'Delete':{'TableName':'Tab'," KEY("a", "1") "}}]}");
    caller_refusal(&caller, "TransactWriteItems",
                   "{'TransactItems':[{'Delete':{'TableName':'Tab'," KEY(
                       "a", "2") "}},"
                                 "{'ConditionCheck':{'TableName':'Tab'," KEY(
                                     "a", "9") ",'ConditionExpression':"
                                               "'attribute_exists(pk)'}}"
                                               "]}");
    seen = follow(&caller, stream_arn_of(&caller, "Tab"));
    EXPECT(seen.count == 4, "%zu records", seen.count);
    EXPECT_AT(t->arena, seen.records[2], "/dynamodb/Keys/sk/S", "3");
    EXPECT_AT(t->arena, seen.records[3], "/eventName", "REMOVE");
    caller_close(&caller);
}

/* 40 items get the numbers 1 to 9 each, the shards rolled in between; read as a client would. */
TEST(an_items_records_stay_in_order_over_shards_that_roll)
{
    const struct engine_options options = { .seed = 1, .stream_shards = 3, .stream_roll_ms = 1000 };
    struct caller caller = caller_open(t, &options);
    int last[40] = { 0 };
    struct followed seen;

    stop_clock(&caller);
    create_streamed(&caller, "Tab", "NEW_IMAGE");
    for (int round = 1; round <= 9; round++) {
        for (int item = 0; item < 40; item++)
            caller_do(&caller, "PutItem",
                      arena_print(t->arena,
                                  "{'TableName':'Tab','Item':{'pk':{'S':'%d'},'sk':{'S':"
                                  "'x'},'n':{'N':'%d'}}}",
                                  item, round)
                          .data);
        if (round % 3 == 0)
            pass_time(&caller, 1000);
        sweep_all(&caller);
    }
    EXPECT(yyjson_arr_size(shards_of(&caller, stream_arn_of(&caller, "Tab"))) == 12, "%zu shards",
           yyjson_arr_size(shards_of(&caller, stream_arn_of(&caller, "Tab"))));
    seen = follow(&caller, stream_arn_of(&caller, "Tab"));
    EXPECT(seen.count == 360, "%zu records", seen.count);
    for (size_t i = 0; i < seen.count; i++) {
        int item = number_at(&caller, seen.records[i], "/dynamodb/Keys/pk/S");
        int number = number_at(&caller, seen.records[i], "/dynamodb/NewImage/n/N");

        EXPECT(number == last[item] + 1, "item %d: %d after %d", item, number, last[item]);
        last[item] = number;
    }
    caller_close(&caller);
}

TEST(sequence_numbers_grow_over_streams_and_restarts)
{
    const char *path = new_path(t, "streams.db");
    const struct engine_options options = { .seed = 1 };
    struct span before = SPAN("");

    for (int i = 0; i < 4; i++) {
        struct caller caller = caller_open_over(t, open_store(t, path), &options);
        struct followed seen;
        struct span number;

        if (i == 0)
            create_streamed(&caller, "Tab", "NEW_IMAGE");
        caller_do(&caller, "PutItem",
                  arena_print(t->arena,
                              "{'TableName':'Tab','Item':{'pk':{'S':'one'},'sk':{'S':'x'},"
                              "'n':{'N':'%d'}}}",
                              i)
                      .data);
        seen = follow(&caller, stream_arn_of(&caller, "Tab"));
        EXPECT(seen.count == (size_t)i + 1, "%zu records", seen.count);
        number = at(&caller, &seen, seen.count - 1, "/dynamodb/SequenceNumber");
        EXPECT(span_compare(before, number) < 0, "%.*s after %.*s", SPAN_PRINT(number),
               SPAN_PRINT(before));
        before = arena_copy(t->arena, number);
        caller_close(&caller);
    }
}
