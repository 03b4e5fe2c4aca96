/* tests/unit/engine/memory_test.c - the largest legal requests end in an answer, not in the end of
 * the process; and a long life needs no more memory than a short one. */
#include "../ops/caller.h"

#include "base/buffer.h"
#include "engine/session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

enum {
    EMPTY_STRINGS = 409000, /* a byte each, in an item of 400 KB */
    LONG_NUMBERS = 135000,  /* three bytes each, and 126 digits as text */
    ATTRIBUTES = 50000,
    BATCH_MAX = 25,
    LONG_LIFE = IS_SANITIZED ? 10000 : 100000
};

static const size_t arena_bytes_max = (size_t)4 << 30; /* as the server's and the library's */

/* A table with a local and global indexes that hold everything. */
static struct caller open_large(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller.arena = arena_open(arena_bytes_max);
    caller_do(&caller, "CreateTable",
              "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':"
              "'pk','KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],"
              "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':"
              "'sk','AttributeType':'S'},{'AttributeName':'l','AttributeType':'S'}],"
              "'GlobalSecondaryIndexes':[{'IndexName':'one','KeySchema':[{'AttributeName':'pk',"
              "'KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}},{'IndexName':'two',"
              "'KeySchema':[{'AttributeName':'sk','KeyType':'HASH'}],'Projection':{"
              "'ProjectionType':'INCLUDE','NonKeyAttributes':['a']}}],'LocalSecondaryIndexes':[{"
              "'IndexName':'local','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
              "{'AttributeName':'l','KeyType':'RANGE'}],'Projection':{'ProjectionType':"
              "'KEYS_ONLY'}}]}");
    return caller;
}

static void close_large(struct caller *caller)
{
    struct arena *arena = caller->arena;

    caller_close(caller);
    arena_close(arena);
}

/* ,'a':{'L':[element, ...]} */
static void append_list(struct buffer *json, const char *element, int count)
{
    buffer_append_literal(json, ",'a':{'L':[");
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_char(json, ',');
        buffer_append_span(json, span_from(element));
    }
    buffer_append_literal(json, "]}");
}

static void put_large(struct caller *caller, const char *sk, const char *element, int count)
{
    struct buffer json;

    arena_reset(caller->arena);
    buffer_init(&json);
    buffer_append_span(&json, arena_print(caller->arena,
                                          "{'TableName':'Tab','Item':{'pk':{'S':'p'},'sk':{'S':"
                                          "'%s'},'l':{'S':'l'}",
                                          sk));
    append_list(&json, element, count);
    buffer_append(&json, "}}", 3);
    caller_do(caller, "PutItem", json.data);
    buffer_fini(&json);
}

static void expect_count(struct caller *caller, const char *operation, const char *json,
                         const char *count)
{
    arena_reset(caller->arena);
    EXPECT_AT(caller->arena, caller_do(caller, operation, json), "/Count", count);
}

static void read_every_way(struct caller *caller, const char *count)
{
    expect_count(caller, "Scan", "{'TableName':'Tab'}", count);
    expect_count(caller, "Scan",
                 "{'TableName':'Tab','FilterExpression':'size(a)>:n','ProjectionExpression':"
                 "'a[7]','ExpressionAttributeValues':{':n':{'N':'9'}}}",
                 count);
    expect_count(caller, "Query",
                 "{'TableName':'Tab','IndexName':'local','Select':'ALL_ATTRIBUTES',"
                 "'KeyConditionExpression':'pk=:p','FilterExpression':'contains(a,:x) OR sk>:p',"
                 "'ExpressionAttributeValues':{':p':{'S':'p'},':x':{'S':'x'}}}",
                 count);
    arena_reset(caller->arena);
    caller_do(caller, "BatchGetItem",
              "{'RequestItems':{'Tab':{'Keys':[{'pk':{'S':'p'},'sk':{'S':'s'}},{'pk':{'S':'p'},"
              "'sk':{'S':'t'}}],'ProjectionExpression':'a'}}}");
}

static void change_every_way(struct caller *caller)
{
    arena_reset(caller->arena);
    caller_do(caller, "UpdateItem",
              "{'TableName':'Tab','Key':{'pk':{'S':'p'},'sk':{'S':'s'}},'UpdateExpression':"
              "'SET a[3]=:x REMOVE a[1]','ExpressionAttributeValues':{':x':{'S':'x'}},"
              "'ReturnValues':'ALL_NEW'}");
    arena_reset(caller->arena);
    caller_do(caller, "UpdateTable",
              "{'TableName':'Tab','AttributeDefinitions':[{'AttributeName':'l','AttributeType':"
              "'S'}],'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'three','KeySchema':[{"
              "'AttributeName':'l','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}}]}");
    arena_reset(caller->arena);
    caller_do(caller, "DeleteItem",
              "{'TableName':'Tab','Key':{'pk':{'S':'p'},'sk':{'S':'s'}},'ReturnValues':'ALL_OLD'}");
}

TEST(items_of_the_largest_number_of_elements_are_served)
{
    struct caller caller = open_large(t);

    put_large(&caller, "s", "{'S':''}", EMPTY_STRINGS);
    put_large(&caller, "t", "{'S':''}", EMPTY_STRINGS);
    read_every_way(&caller, "2");
    change_every_way(&caller);
    close_large(&caller);
}

TEST(items_of_the_longest_text_are_served)
{
    struct caller caller = open_large(t);

    put_large(&caller, "s", "{'N':'1E125'}", LONG_NUMBERS);
    put_large(&caller, "t", "{'N':'1E125'}", LONG_NUMBERS);
    read_every_way(&caller, "2");
    change_every_way(&caller);
    close_large(&caller);
}

TEST(an_update_of_a_thousand_times_the_largest_item_is_refused)
{
    struct caller caller = open_large(t);
    struct buffer json;

    put_large(&caller, "s", "{'S':''}", EMPTY_STRINGS / 2);
    buffer_init(&json);
    buffer_append_literal(&json, "{'TableName':'Tab','Key':{'pk':{'S':'p'},'sk':{'S':'s'}},"
                                 "'UpdateExpression':'SET b0=a");
    for (int i = 1; json.size < 4000; i++)
        buffer_append_span(&json, arena_print(caller.arena, ",b%d=list_append(a,a)", i));
    buffer_append(&json, "'}", 3);
    EXPECT_REFUSED(&caller, "UpdateItem", json.data,
                   "ValidationException: Item size to update has exceeded the maximum allowed "
                   "size");
    buffer_fini(&json);
    close_large(&caller);
}

/* Twenty-five items within 16 MB, each over one as large. */
static const char *batch_json(struct buffer *json, const char *element, int count)
{
    buffer_append_literal(json, "{'RequestItems':{'Tab':[");
    for (int i = 0; i < BATCH_MAX; i++) {
        if (i > 0)
            buffer_append_char(json, ',');
        buffer_append_literal(json, "{'PutRequest':{'Item':{'pk':{'S':'p'},'l':{'S':'l'},'sk':"
                                    "{'S':'s");
        buffer_append_integer(json, i);
        buffer_append_literal(json, "'}");
        append_list(json, element, count);
        buffer_append_literal(json, "}}}");
    }
    buffer_append(json, "]}}", 4);
    return json->data;
}

static void put_batch(struct test *t, const char *element, int count, int times)
{
    struct caller caller = open_large(t);
    struct buffer json;

    buffer_init(&json);
    batch_json(&json, element, count);
    EXPECT(json.size < 16 << 20 && json.size > 15 << 20, "%d bytes", (int)json.size);
    for (int i = 0; i < times; i++) {
        arena_reset(caller.arena);
        caller_do(&caller, "BatchWriteItem", json.data);
    }
    buffer_fini(&json);
    close_large(&caller);
}

TEST(batches_of_the_largest_size_are_written_over_others)
{
    put_batch(t, "{'S':''}", 72000, 2);
    put_batch(t, "{'N':'1E125'}", 46000, 1);
}

TEST(a_projection_of_many_names_that_an_index_lacks_is_refused)
{
    struct caller caller = open_large(t);
    struct buffer json;
    struct span refusal;

    buffer_init(&json);
    buffer_append_literal(&json, "{'TableName':'Tab','IndexName':'two','AttributesToGet':['sk'");
    for (int i = 0; i < 254; i++)
        buffer_append_span(&json, arena_print(caller.arena, ",'a%d'", i));
    buffer_append(&json, "]}", 3);
    refusal = caller_refusal(&caller, "Scan", json.data);
    EXPECT(span_starts_with(refusal, SPAN("ValidationException: One or more parameter values were "
                                          "invalid: Global secondary index two does not project "
                                          "[a0, a1, a2")),
           "%.*s", 200, refusal.data);
    buffer_fini(&json);
    close_large(&caller);
}

/* 'a0':...,'a1':... */
static void append_names(struct buffer *json, const char *before, const char *each,
                         const char *after)
{
    buffer_append_span(json, span_from(before));
    for (int i = 0; i < ATTRIBUTES; i++) {
        buffer_append_span(json, span_from(i > 0 ? ",'a" : "'a"));
        buffer_append_integer(json, i);
        buffer_append_span(json, span_from(each));
    }
    buffer_append_span(json, span_from(after));
    buffer_append_char(json, '\0');
}

/* Of the process: other processes don't count. */
static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

TEST(items_of_many_attributes_are_served_in_time_that_does_not_grow_with_their_square)
{
    struct caller caller = open_large(t);
    double start = cpu_seconds();
    struct buffer put, update;

    buffer_init(&put);
    buffer_init(&update);
    append_names(&put, "{'TableName':'Tab','Item':{'pk':{'S':'p'},'sk':{'S':'s'},", "':{'S':'x'}",
                 "}}");
    append_names(&update,
                 "{'TableName':'Tab','Key':{'pk':{'S':'p'},'sk':{'S':'s'}},'ReturnValues':"
                 "'UPDATED_NEW','AttributeUpdates':{",
                 "':{'Action':'PUT','Value':{'S':'y'}}", "}}");
    caller_do(&caller, "PutItem", put.data);
    EXPECT_AT(caller.arena, caller_do(&caller, "UpdateItem", update.data), "/Attributes/a7/S", "y");
    EXPECT(cpu_seconds() - start < (IS_SANITIZED ? 20 : 2), "%.1f seconds", cpu_seconds() - start);
    buffer_fini(&put);
    buffer_fini(&update);
    close_large(&caller);
}

/* Pages of memory that the process holds. */
static long resident_pages(void)
{
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL)
        return 0;
    EXPECT(fscanf(file, "%ld %ld", &total, &resident) == 2, "statm");
    fclose(file);
    return resident;
}

static void live_on(struct caller *caller, int step)
{
    static const char *const operations[] = { "PutItem", "UpdateItem", "GetItem", "Query",
                                              "DeleteItem" };
    static const char *const requests[] = {
        "{'TableName':'Tab','Item':{'pk':{'S':'p%d'},'sk':{'S':'s'},'l':{'S':'l%d'}}}",
        "{'TableName':'Tab','Key':{'pk':{'S':'p%d'},'sk':{'S':'s'}},'UpdateExpression':'SET l=:l',"
        "'ExpressionAttributeValues':{':l':{'S':'m%d'}}}",
        "{'TableName':'Tab','Key':{'pk':{'S':'p%d'},'sk':{'S':'s%d'}}}",
        "{'TableName':'Tab','KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':p':"
        "{'S':'p%d'}},'Limit':1%d}",
        "{'TableName':'Tab','Key':{'pk':{'S':'p%d'},'sk':{'S':'s'}},'ConditionExpression':"
        "'l<>:l','ExpressionAttributeValues':{':l':{'S':'m%d'}}}",
    };
    size_t kind = (size_t)step % COUNT(operations);
    int number = step / (int)COUNT(operations);
    char json[300];

    arena_reset(caller->arena);
    snprintf(json, sizeof(json), requests[kind], number % 100, number % 10);
    caller_send(caller, operations[kind], json);
}

TEST(a_hundred_thousand_requests_need_no_more_memory_than_ten_thousand)
{
    struct caller caller = open_large(t);
    long before = 0;

    for (int i = 0; i < LONG_LIFE; i++) {
        if (i == LONG_LIFE / 10)
            before = resident_pages();
        live_on(&caller, i);
    }
    /* a sanitizer keeps what is freed */
    EXPECT(IS_SANITIZED || resident_pages() - before < 256, "%ld pages more",
           resident_pages() - before);
    close_large(&caller);
}
