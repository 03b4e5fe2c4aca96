/* tests/unit/ops/stream_reading_test.c - iterators, pages, trimming, and how long streams live. */
#include "follower.h"

#include "../engine/sound.h"

#include <stdlib.h>
#include <string.h>

#define EXPIRED "ExpiredIteratorException: The provided iterator exceeds the maximum age allowed."
#define TRIMMED "TrimmedDataAccessException: The data you are trying to access has been trimmed."
#define NO_SHARD "ResourceNotFoundException: Requested resource not found: Shard does not exist"

/* A caller with stopped clock, and a table Tab whose stream has one shard at a time. */
static struct caller open_with_stream(struct test *t)
{
    const struct engine_options options = { .seed = 1, .stream_shards = 1 };
    struct caller caller = caller_open(t, &options);

    stop_clock(&caller);
    create_streamed(&caller, "Tab", "NEW_IMAGE");
    return caller;
}

static void put(const struct caller *caller, int number, size_t padding)
{
    char *text = NEW(caller->arena, char, padding + 1);

    memset(text, 'x', padding);
    caller_do(caller, "PutItem",
              arena_print(caller->arena,
                          "{'TableName':'Tab','Item':{'pk':{'S':'a'},'sk':{'S':'%05d'},'x':{'S':"
                          "'%s'}}}",
                          number, text)
                  .data);
}

static struct span shard_id(const struct caller *caller, size_t i)
{
    yyjson_val *shards = shards_of(caller, stream_arn_of(caller, "Tab"));

    EXPECT(i < yyjson_arr_size(shards), "there are %zu shards", yyjson_arr_size(shards));
    return json_text(yyjson_obj_get(yyjson_arr_get(shards, i), "ShardId"));
}

static struct span iterator(const struct caller *caller, const char *type_and_number)
{
    return iterator_at(caller, stream_arn_of(caller, "Tab"), shard_id(caller, 0), type_and_number);
}

static yyjson_val *records(const struct caller *caller, struct span at, const char *more)
{
    return caller_do(
        caller, "GetRecords",
        arena_print(caller->arena, "{'ShardIterator':'%.*s'%s}", SPAN_PRINT(at), more).data);
}

static struct span sequence_of(const struct caller *caller, yyjson_val *answer, int i)
{
    return json_at(caller->arena, answer,
                   arena_print(caller->arena, "/Records/%d/dynamodb/SequenceNumber", i).data);
}

static size_t count(yyjson_val *answer)
{
    return yyjson_arr_size(yyjson_obj_get(answer, "Records"));
}

static void expect_first(const struct caller *caller, struct span at, const char *sort_key)
{
    yyjson_val *answer = records(caller, at, "");

    EXPECT_AT(caller->arena, answer, "/Records/0/dynamodb/Keys/sk/S", sort_key);
}

TEST(each_type_of_iterator_begins_where_it_says)
{
    struct caller caller = open_with_stream(t);
    struct span latest;
    struct span second;

    for (int i = 0; i < 3; i++)
        put(&caller, i, 0);
    latest = iterator(&caller, "'LATEST'");
    second = sequence_of(&caller, records(&caller, iterator(&caller, "'TRIM_HORIZON'"), ""), 1);
    expect_first(&caller, iterator(&caller, "'TRIM_HORIZON'"), "00000");
    expect_first(&caller,
                 iterator(&caller, arena_print(t->arena,
                                               "'AT_SEQUENCE_NUMBER','SequenceNumber':"
                                               "'%.*s'",
                                               SPAN_PRINT(second))
                                       .data),
                 "00001");
    expect_first(&caller,
                 iterator(&caller, arena_print(t->arena,
                                               "'AFTER_SEQUENCE_NUMBER','SequenceNumber':"
                                               "'%.*s'",
                                               SPAN_PRINT(second))
                                       .data),
                 "00002");
    expect_first(&caller, latest, "");
    put(&caller, 3, 0);
    expect_first(&caller, latest, "00003");
    caller_close(&caller);
}

TEST(an_iterator_lives_for_fifteen_minutes)
{
    struct caller caller = open_with_stream(t);
    struct span first = iterator(&caller, "'TRIM_HORIZON'");
    struct span call = arena_print(t->arena, "{'ShardIterator':'%.*s'}", SPAN_PRINT(first));
    struct span next;

    pass_time(&caller, HOUR_MS / 4);
    next = json_at(t->arena, records(&caller, first, ""), "/NextShardIterator");
    pass_time(&caller, 1);
    EXPECT_REFUSED(&caller, "GetRecords", call.data, EXPIRED);
    records(&caller, next, "");
    caller_close(&caller);
}

TEST(an_iterator_that_was_changed_is_refused)
{
    struct caller caller = open_with_stream(t);
    struct span whole = iterator(&caller, "'LATEST'");

    for (size_t i = 0; i < whole.size; i += 3) {
        struct span changed = arena_copy(t->arena, whole);
        struct span call;

        ((char *)(size_t)changed.data)[i] = changed.data[i] == 'A' ? 'B' : 'A';
        call = arena_print(t->arena, "{'ShardIterator':'%.*s'}", SPAN_PRINT(changed));
        EXPECT_REFUSED(&caller, "GetRecords", call.data,
                       "ValidationException: Invalid ShardIterator");
    }
    EXPECT_REFUSED(&caller, "GetRecords", "{'ShardIterator':'x'}",
                   "ValidationException: Invalid ShardIterator");
    caller_close(&caller);
}

TEST(a_page_holds_a_thousand_records_or_a_megabyte)
{
    struct caller caller = open_with_stream(t);
    yyjson_val *page;

    for (int i = 0; i < 1100; i++)
        put(&caller, i, 10);
    page = records(&caller, iterator(&caller, "'TRIM_HORIZON'"), "");
    EXPECT(count(page) == 1000, "%zu records", count(page));
    page = records(&caller, json_at(t->arena, page, "/NextShardIterator"), "");
    EXPECT(count(page) == 100, "%zu records", count(page));
    page = records(&caller, iterator(&caller, "'TRIM_HORIZON'"), ",'Limit':7");
    EXPECT(count(page) == 7, "%zu records", count(page));
    page = records(&caller, iterator(&caller, "'LATEST'"), "");
    for (int i = 0; i < 5; i++)
        put(&caller, i, 300000);
    page = records(&caller, json_at(t->arena, page, "/NextShardIterator"), "");
    EXPECT(count(page) == 3, "%zu records of 300 KB", count(page));
    caller_close(&caller);
}

TEST(a_closed_shard_ends_and_its_child_goes_on)
{
    struct caller caller = open_with_stream(t);
    struct span arn = stream_arn_of(&caller, "Tab");
    struct span open;
    yyjson_val *shards;

    put(&caller, 1, 0);
    open = iterator(&caller, "'TRIM_HORIZON'");
    pass_time(&caller, 4 * HOUR_MS);
    sweep_all(&caller);
    put(&caller, 2, 0);
    shards = shards_of(&caller, arn);
    EXPECT(yyjson_arr_size(shards) == 2, "%zu shards", yyjson_arr_size(shards));
    EXPECT(span_equal(json_at(t->arena, shards, "/1/ParentShardId"),
                      json_at(t->arena, shards, "/0/ShardId")),
           "the second is no child of the first");
    EXPECT_AT(t->arena, shards, "/0/ParentShardId", "");
    EXPECT_AT(t->arena, shards, "/1/SequenceNumberRange/EndingSequenceNumber", "");
    EXPECT(span_is(caller_refusal(
                       &caller, "GetRecords",
                       arena_print(t->arena, "{'ShardIterator':'%.*s'}", SPAN_PRINT(open)).data),
                   EXPIRED),
           "four hours are no more than 15 minutes");
    open = iterator(&caller, "'TRIM_HORIZON'");
    EXPECT_AT(t->arena, records(&caller, open, ""), "/NextShardIterator", "");
    EXPECT(span_equal(sequence_of(&caller, records(&caller, open, ""), 0),
                      json_at(t->arena, shards, "/0/SequenceNumberRange/EndingSequenceNumber")),
           "the shard does not end with its last record");
    open = iterator_at(&caller, arn, json_at(t->arena, shards, "/1/ShardId"), "'TRIM_HORIZON'");
    EXPECT_AT(t->arena, records(&caller, open, ""), "/Records/0/dynamodb/Keys/sk/S", "00002");
    EXPECT(json_at(t->arena, records(&caller, open, ""), "/NextShardIterator").size > 0,
           "an open shard ends");
    caller_close(&caller);
}

TEST(records_are_trimmed_after_a_day)
{
    struct caller caller = open_with_stream(t);
    struct span number, young, old, at;

    for (int i = 0; i < 700; i++)
        put(&caller, i, 0);
    number = sequence_of(&caller, records(&caller, iterator(&caller, "'TRIM_HORIZON'"), ""), 699);
    pass_time(&caller, HOUR_MS);
    put(&caller, 1, 5);
    pass_time(&caller, 23 * HOUR_MS - 1);
    sweep_all(&caller);
    old = iterator(&caller, "'TRIM_HORIZON'");
    EXPECT(count(records(&caller, old, "")) == 701, "trimmed too early");
    pass_time(&caller, 60 * 1000);
    sweep_all(&caller);
    EXPECT_REFUSED(&caller, "GetRecords",
                   arena_print(t->arena, "{'ShardIterator':'%.*s'}", SPAN_PRINT(old)).data,
                   TRIMMED);
    at = arena_print(t->arena,
                     "{'StreamArn':'%.*s','ShardId':'%.*s','ShardIteratorType':"
                     "'AT_SEQUENCE_NUMBER','SequenceNumber':'%.*s'}",
                     SPAN_PRINT(stream_arn_of(&caller, "Tab")), SPAN_PRINT(shard_id(&caller, 0)),
                     SPAN_PRINT(number));
    EXPECT_REFUSED(&caller, "GetShardIterator", at.data, TRIMMED);
    young = iterator(&caller, "'TRIM_HORIZON'");
    EXPECT(count(records(&caller, young, "")) == 1, "trimmed too late, or too much");
    expect_sound(t, &caller);
    pass_time(&caller, 30 * HOUR_MS);
    sweep_all(&caller);
    EXPECT(yyjson_arr_size(shards_of(&caller, stream_arn_of(&caller, "Tab"))) <= 2,
           "old shards stay");
    expect_sound(t, &caller);
    caller_close(&caller);
}

static struct span list(const struct caller *caller, const char *json, const char *pointer)
{
    return json_at(caller->arena, caller_do(caller, "ListStreams", json), pointer);
}

TEST(a_stream_outlives_its_setting_and_its_table_by_a_day)
{
    struct caller caller = open_with_stream(t);
    struct span first = stream_arn_of(&caller, "Tab");
    struct span second, described;

    put(&caller, 1, 0);
    caller_do(&caller, "UpdateTable",
              "{'TableName':'Tab','StreamSpecification':{'StreamEnabled':false}}");
    put(&caller, 2, 0);
    caller_do(&caller, "UpdateTable",
              "{'TableName':'Tab','StreamSpecification':{'StreamEnabled':"
              "true,'StreamViewType':'KEYS_ONLY'}}");
    second = stream_arn_of(&caller, "Tab");
    EXPECT(!span_equal(first, second), "both streams have the ARN %.*s", SPAN_PRINT(first));
    put(&caller, 3, 0);
    caller_do(&caller, "DeleteTable", "{'TableName':'Tab'}");
    sweep_all(&caller);
    EXPECT(follow(&caller, first).count == 1, "%zu records", follow(&caller, first).count);
    EXPECT(follow(&caller, second).count == 1, "%zu records", follow(&caller, second).count);
    described = arena_print(t->arena, "{'StreamArn':'%.*s'}", SPAN_PRINT(second));
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeStream", described.data),
              "/StreamDescription/StreamStatus", "DISABLED");
    EXPECT_AT(t->arena, caller_do(&caller, "ListStreams", "{'TableName':'Tab'}"),
              "/Streams/1/TableName", "Tab");
    create_streamed(&caller, "Tab", "KEYS_ONLY");
    EXPECT(!span_equal(second, stream_arn_of(&caller, "Tab")), "a new table has an old stream");
    pass_time(&caller, 24 * HOUR_MS);
    sweep_all(&caller);
    EXPECT_REFUSED(&caller, "DescribeStream", described.data,
                   arena_print(t->arena,
                               "ResourceNotFoundException: Requested resource not found: Stream: "
                               "%.*s not found",
                               SPAN_PRINT(second))
                       .data);
    EXPECT(span_equal(list(&caller, "{}", "/Streams/0/StreamArn"), stream_arn_of(&caller, "Tab")),
           "the wrong stream is left");
    EXPECT_AT(t->arena, caller_do(&caller, "ListStreams", "{}"), "/Streams/1", "");
    expect_sound(t, &caller);
    caller_close(&caller);
}

TEST(streams_are_listed_by_arn_a_page_at_a_time)
{
    struct caller caller = caller_open(t, NULL);
    struct span start = SPAN("");
    size_t seen = 0;

    for (int i = 0; i < 5; i++)
        create_streamed(&caller, arena_print(t->arena, "Tab%d", i).data, "KEYS_ONLY");
    create_streamed(&caller, "Plain", NULL);
    do {
        struct span call = arena_print(t->arena, "{'Limit':2%s%.*s%s}",
                                       start.size ? ",'ExclusiveStartStreamArn':'" : "",
                                       SPAN_PRINT(start), start.size ? "'" : "");
        yyjson_val *answer = caller_do(&caller, "ListStreams", call.data);

        seen += yyjson_arr_size(yyjson_obj_get(answer, "Streams"));
        start = json_at(t->arena, answer, "/LastEvaluatedStreamArn");
    } while (start.size > 0);
    EXPECT(seen == 5, "%zu streams", seen);
    EXPECT_AT(t->arena, caller_do(&caller, "ListStreams", "{'TableName':'Plain'}"), "/Streams",
              "[]");
    EXPECT_AT(t->arena, caller_do(&caller, "ListStreams", "{'TableName':'Tab3'}"),
              "/Streams/0/TableName", "Tab3");
    caller_close(&caller);
}

TEST(shards_are_described_a_page_at_a_time_and_by_parent)
{
    const struct engine_options options = { .seed = 1, .stream_shards = 4 };
    struct caller caller = caller_open(t, &options);
    struct span start = SPAN("");
    struct span arn, call;
    yyjson_val *shards, *answer;
    size_t seen = 0;

    stop_clock(&caller);
    create_streamed(&caller, "Tab", "KEYS_ONLY");
    arn = stream_arn_of(&caller, "Tab");
    pass_time(&caller, 4 * HOUR_MS);
    sweep_all(&caller);
    shards = shards_of(&caller, arn);
    EXPECT(yyjson_arr_size(shards) == 8, "%zu shards", yyjson_arr_size(shards));
    do {
        call = arena_print(t->arena, "{'StreamArn':'%.*s','Limit':3%s%.*s%s}", SPAN_PRINT(arn),
                           start.size ? ",'ExclusiveStartShardId':'" : "", SPAN_PRINT(start),
                           start.size ? "'" : "");
        answer = caller_do(&caller, "DescribeStream", call.data);
        seen += yyjson_arr_size(yyjson_ptr_get(answer, "/StreamDescription/Shards"));
        start = json_at(t->arena, answer, "/StreamDescription/LastEvaluatedShardId");
    } while (start.size > 0);
    EXPECT(seen == 8, "%zu shards in pages", seen);
    call = arena_print(t->arena,
                       "{'StreamArn':'%.*s','ShardFilter':{'Type':'CHILD_SHARDS','ShardId':"
                       "'%.*s'}}",
                       SPAN_PRINT(arn), SPAN_PRINT(json_at(t->arena, shards, "/2/ShardId")));
    answer = caller_do(&caller, "DescribeStream", call.data);
    EXPECT(span_equal(json_at(t->arena, answer, "/StreamDescription/Shards/0/ShardId"),
                      json_at(t->arena, shards, "/6/ShardId")),
           "not the child");
    EXPECT_AT(t->arena, answer, "/StreamDescription/Shards/1", "");
    EXPECT_AT(t->arena, answer, "/StreamDescription/KeySchema/1/AttributeName", "sk");
    EXPECT_AT(t->arena, answer, "/StreamDescription/KeySchema/1/KeyType", "RANGE");
    caller_close(&caller);
}

TEST(what_is_no_stream_shard_or_number_is_refused)
{
    struct caller caller = open_with_stream(t);
    struct span arn = stream_arn_of(&caller, "Tab");
    struct span id = shard_id(&caller, 0);
    const char *const cases[][3] = {
        { "DescribeStream", "{'StreamArn':'arn'}",
          "ValidationException: 1 validation error detected: Value 'arn' at 'streamArn' failed to "
          "satisfy constraint: Member must have length greater than or equal to 37" },
        { "DescribeStream", "{'StreamArn':'arn:aws:dynamodb:eu-west-1:000000000000:table/Tab'}",
          "ValidationException: Invalid StreamArn" },
        { "ListStreams", "{'Limit':101}",
          "ValidationException: 1 validation error detected: Value '101' at 'limit' failed to "
          "satisfy constraint: Member must have value less than or equal to 100" },
        { "ListStreams", "{'Limit':0}",
          "ValidationException: 1 validation error detected: Value '0' at 'limit' failed to "
          "satisfy constraint: Member must have value greater than or equal to 1" },
    };
    const char *const numbers[][2] = {
        { "'AT_SEQUENCE_NUMBER'",
          "ValidationException: 1 validation error detected: Value null at 'sequenceNumber' failed "
          "to satisfy constraint: Member must not be null" },
        { "'AT_SEQUENCE_NUMBER','SequenceNumber':'00000000000000000000x'",
          "ValidationException: Invalid SequenceNumber" },
        { "'AT_SEQUENCE_NUMBER','SequenceNumber':'000000000000000000001'",
          "ValidationException: Invalid SequenceNumber" },
        { "'AFTER_SEQUENCE_NUMBER','SequenceNumber':'100000000000000000002'",
          "ValidationException: Invalid SequenceNumber" },
        { "'AFTER_SEQUENCE_NUMBER','SequenceNumber':'199999999999999999999'",
          "ValidationException: Invalid SequenceNumber" },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        EXPECT_REFUSED(&caller, cases[i][0], cases[i][1], cases[i][2]);
    for (size_t i = 0; i < COUNT(numbers); i++)
        EXPECT_REFUSED(&caller, "GetShardIterator",
                       arena_print(t->arena,
                                   "{'StreamArn':'%.*s','ShardId':'%.*s',"
                                   "'ShardIteratorType':%s}",
                                   SPAN_PRINT(arn), SPAN_PRINT(id), numbers[i][0])
                           .data,
                       numbers[i][1]);
    EXPECT_REFUSED(&caller, "GetShardIterator",
                   arena_print(t->arena,
                               "{'StreamArn':'%.*s','ShardId':"
                               "'shardId-00000000000000000000-00000000',"
                               "'ShardIteratorType':'LATEST'}",
                               SPAN_PRINT(arn))
                       .data,
                   NO_SHARD);
    EXPECT_REFUSED(&caller, "GetRecords",
                   arena_print(t->arena, "{'ShardIterator':'%.*s','Limit':1001}",
                               SPAN_PRINT(iterator(&caller, "'LATEST'")))
                       .data,
                   "LimitExceededException: GetRecords was called with a value of more than 1000 "
                   "for the limit request parameter.");
    caller_close(&caller);
}

TEST(a_reset_forgets_records_and_iterators_go_on)
{
    struct caller caller = open_with_stream(t);
    struct span at;
    uint64_t tables;

    put(&caller, 1, 0);
    at = iterator(&caller, "'TRIM_HORIZON'");
    EXPECT_OK(session_reset(caller.session, NULL, &tables));
    EXPECT_OK(session_commit(caller.session));
    sweep_all(&caller);
    EXPECT(count(records(&caller, at, "")) == 0, "records are left");
    put(&caller, 2, 0);
    expect_first(&caller, at, "00002");
    expect_sound(t, &caller);
    caller_close(&caller);
}
