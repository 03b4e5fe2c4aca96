/* tests/unit/ops/transaction_token_test.c - ClientRequestToken: once within ten minutes, across
 * restarts, and forgotten afterwards. */
#include "caller.h"

#include "engine/session.h"

#include <stdlib.h>
#include <unistd.h>

#define MISMATCH                                                                                 \
    "IdempotentParameterMismatchException: DynamoDB rejected the request because you retried a " \
    "request with a different payload but with an idempotent token that was already used."

enum { MINUTE_MS = 60 * 1000 };

static const char *const table =
    "{'TableName':'Things','BillingMode':'PAY_PER_REQUEST',"
    "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
    "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}";

/* Adds 1 to n of item a. */
static const char *const add_one =
    "{'ClientRequestToken':'token-1','ReturnConsumedCapacity':'TOTAL','TransactItems':["
    "{'Update':{'TableName':'Things','Key':{'id':{'S':'a'}},'UpdateExpression':'ADD #n :v',"
    "'ExpressionAttributeNames':{'#n':'n'},'ExpressionAttributeValues':{':v':{'N':'1'}}}}]}";

static const char *const add_two =
    "{'ClientRequestToken':'token-1','ReturnConsumedCapacity':'TOTAL','TransactItems':["
    "{'Update':{'TableName':'Things','Key':{'id':{'S':'a'}},'UpdateExpression':'ADD #n :v',"
    "'ExpressionAttributeNames':{'#n':'n'},'ExpressionAttributeValues':{':v':{'N':'2'}}}}]}";

static struct caller open_with_table(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable", table);
    return caller;
}

static void expect_n(const struct caller *caller, const char *n)
{
    EXPECT_AT(caller->arena,
              caller_do(caller, "GetItem", "{'TableName':'Things','Key':{'id':{'S':'a'}}}"),
              "/Item/n/N", n);
}

static void advance(const struct caller *caller, int64_t ms)
{
    clock_advance_ms(engine_clock(caller->engine), ms);
}

TEST(the_same_token_again_writes_nothing_and_reports_reads)
{
    struct caller caller = open_with_table(t);

    EXPECT_AT(t->arena, caller_do(&caller, "TransactWriteItems", add_one), "/ConsumedCapacity",
              "[{\"CapacityUnits\":2.0,\"TableName\":\"Things\",\"WriteCapacityUnits\":2.0}]");
    for (int i = 0; i < 2; i++)
        EXPECT_AT(t->arena, caller_do(&caller, "TransactWriteItems", add_one), "/ConsumedCapacity",
                  "[{\"CapacityUnits\":2.0,\"ReadCapacityUnits\":2.0,\"TableName\":\"Things\"}]");
    expect_n(&caller, "1");
    caller_close(&caller);
}

TEST(the_same_token_for_another_request_is_a_mismatch)
{
    struct caller caller = open_with_table(t);

    caller_do(&caller, "TransactWriteItems", add_one);
    EXPECT_REFUSED(&caller, "TransactWriteItems", add_two, MISMATCH);
    expect_n(&caller, "1");
    caller_close(&caller);
}

TEST(the_order_of_maps_and_sets_makes_no_other_request)
{
    struct caller caller = open_with_table(t);

    caller_do(&caller, "TransactWriteItems",
              "{'ClientRequestToken':'t','TransactItems':[{'Put':{'TableName':'Things','Item':"
              "{'id':{'S':'a'},'n':{'N':'1.0'},'s':{'SS':['x','y']},"
              "'m':{'M':{'b':{'BOOL':true},'c':{'NULL':true}}}}}}]}");
    caller_do(&caller, "TransactWriteItems",
              "{'TransactItems':[{'Put':{'Item':{'m':{'M':{'c':{'NULL':true},'b':{'BOOL':true}}},"
              "'s':{'SS':['y','x']},'n':{'N':'1'},'id':{'S':'a'}},'TableName':'Things'}}],"
              "'ClientRequestToken':'t'}");
    EXPECT_REFUSED(&caller, "TransactWriteItems",
                   "{'TransactItems':[{'Put':{'Item':{'m':{'M':{'c':{'NULL':true},"
                   "'b':{'BOOL':false}}},'s':{'SS':['y','x']},'n':{'N':'1'},'id':{'S':'a'}},"
                   "'TableName':'Things'}}],'ClientRequestToken':'t'}",
                   MISMATCH);
    caller_close(&caller);
}

TEST(a_token_counts_for_ten_minutes)
{
    struct caller caller = open_with_table(t);

    clock_freeze(engine_clock(caller.engine));
    caller_do(&caller, "TransactWriteItems", add_one);
    advance(&caller, 10 * MINUTE_MS - 1);
    caller_do(&caller, "TransactWriteItems", add_one);
    expect_n(&caller, "1");
    advance(&caller, 1);
    caller_do(&caller, "TransactWriteItems", add_two);
    expect_n(&caller, "3");
    advance(&caller, 10 * MINUTE_MS - 1);
    EXPECT_REFUSED(&caller, "TransactWriteItems", add_one, MISMATCH);
    caller_close(&caller);
}

TEST(a_cancelled_transaction_leaves_its_token_free)
{
    struct caller caller = open_with_table(t);
    const char *json =
        "{'ClientRequestToken':'t','TransactItems':[{'Update':{'TableName':'Things',"
        "'Key':{'id':{'S':'a'}},'ConditionExpression':'attribute_exists(id)',"
        "'UpdateExpression':'ADD n :v','ExpressionAttributeValues':{':v':{'N':'1'}}}}]}";

    EXPECT_REFUSED(&caller, "TransactWriteItems", json,
                   "TransactionCanceledException: Transaction cancelled, please refer cancellation "
                   "reasons for specific reasons [ConditionalCheckFailed]");
    caller_do(&caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'a'}}}");
    caller_do(&caller, "TransactWriteItems", json);
    expect_n(&caller, "1");
    caller_close(&caller);
}

TEST(a_token_outlives_a_restart)
{
    char path[] = "/tmp/stator-token-XXXXXX";
    int file = mkstemp(path);
    const struct engine_options options = { .store = { .path = path }, .seed = 1 };
    struct caller caller;

    EXPECT(file >= 0, "no temporary file");
    close(file);
    unlink(path);
    caller = caller_open(t, &options);
    caller_do(&caller, "CreateTable", table);
    caller_do(&caller, "TransactWriteItems", add_one);
    caller_close(&caller);
    caller = caller_open(t, &options);
    caller_do(&caller, "TransactWriteItems", add_one);
    expect_n(&caller, "1");
    EXPECT_REFUSED(&caller, "TransactWriteItems", add_two, MISMATCH);
    caller_close(&caller);
    unlink(path);
    unlink(arena_print(t->arena, "%s-wal", path).data);
    unlink(arena_print(t->arena, "%s-shm", path).data);
}

TEST(namespaces_do_not_share_tokens)
{
    const struct engine_options options = { .seed = 1, .namespace_by = NAMESPACE_REGION };
    struct caller caller = caller_open(t, &options);

    caller_do(&caller, "CreateTable", table);
    caller_do(&caller, "TransactWriteItems", add_one);
    caller.region = SPAN("us-east-1");
    caller_do(&caller, "CreateTable", table);
    caller_do(&caller, "TransactWriteItems", add_two);
    expect_n(&caller, "2");
    caller_close(&caller);
}

static uint64_t record_count(const struct caller *caller)
{
    const struct span_range all = { { 0 }, { 0 } };
    uint64_t count = 0;
    uint64_t sizes = 0;

    EXPECT_OK(session_read(caller->session));
    EXPECT_OK(store_measure(caller->session->connection, SPACE_TOKENS, &all, &count, &sizes));
    EXPECT_OK(session_commit(caller->session));
    return count;
}

TEST(tokens_that_no_longer_count_are_swept_and_others_kept)
{
    struct caller caller = open_with_table(t);

    clock_freeze(engine_clock(caller.engine));
    for (int i = 0; i < 250; i++)
        caller_do(&caller, "TransactWriteItems",
                  arena_print(t->arena,
                              "{'ClientRequestToken':'%d','TransactItems':[{'Put':"
                              "{'TableName':'Things','Item':{'id':{'S':'a'}}}}]}",
                              i)
                      .data);
    while (session_sweep(caller.session))
        continue;
    EXPECT(record_count(&caller) == 250, "%d", (int)record_count(&caller));
    advance(&caller, 20 * MINUTE_MS);
    caller_do(&caller, "TransactWriteItems", add_one);
    EXPECT(session_sweep(caller.session), "more than one step takes");
    while (session_sweep(caller.session))
        continue;
    EXPECT(record_count(&caller) == 1, "%d", (int)record_count(&caller));
    caller_do(&caller, "TransactWriteItems", add_one);
    expect_n(&caller, "1");
    caller_close(&caller);
}
