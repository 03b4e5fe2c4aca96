/* tests/unit/ops/transaction_hold_test.c - transactions that overlap: what meets a held one, and
 * how that one ends. */
#include "caller.h"

#define CANCELLED                                                                                 \
    "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for " \
    "specific reasons "

static const char *const table =
    "{'TableName':'Things','BillingMode':'PAY_PER_REQUEST',"
    "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
    "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}";

/* Puts a, and checks that b isn't there. */
static const char *const held_request =
    "{'ClientRequestToken':'t','TransactItems':["
    "{'Put':{'TableName':'Things','Item':{'id':{'S':'a'},'n':{'N':'1'}}}},"
    "{'ConditionCheck':{'TableName':'Things','Key':{'id':{'S':'b'}},"
    "'ConditionExpression':'attribute_not_exists(id)'}}]}";

static struct caller open_holding(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable", table);
    engine_hold_transactions(caller.engine, 50);
    return caller;
}

/* The item with this id, "" when there is none. */
static struct span item(const struct caller *caller, const char *id)
{
    const char *json =
        arena_print(caller->arena, "{'TableName':'Things','Key':{'id':{'S':'%s'}}}", id).data;

    return json_at(caller->arena, caller_do(caller, "GetItem", json), "/Item");
}

static void finish(struct held_call *call)
{
    struct span text = caller_finish(call);

    EXPECT(span_is(text, "{}"), "%.*s", SPAN_PRINT(text));
}

TEST(a_held_transaction_is_carried_out_when_its_time_is_over)
{
    struct caller caller = open_holding(t);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);

    EXPECT(span_is(item(&caller, "a"), ""), "written before its time");
    finish(call);
    EXPECT(span_is(item(&caller, "a"), "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}}"), "%.*s",
           SPAN_PRINT(item(&caller, "a")));
    caller_close(&caller);
}

static void expect_conflicts(const struct caller *caller)
{
    const char *conflict = "TransactionConflictException: Transaction is ongoing for the item";

    EXPECT_REFUSED(caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'a'}}}", conflict);
    EXPECT_REFUSED(caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'b'}}}", conflict);
    EXPECT_REFUSED(caller, "DeleteItem", "{'TableName':'Things','Key':{'id':{'S':'a'}}}", conflict);
    EXPECT_REFUSED(caller, "UpdateItem",
                   "{'TableName':'Things','Key':{'id':{'S':'a'}},'UpdateExpression':'REMOVE x'}",
                   conflict);
    caller_do(caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'c'}}}");
}

TEST(single_writes_to_the_items_of_a_held_transaction_are_refused)
{
    struct caller caller = open_holding(t);
    struct caller other = caller_open_beside(&caller);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);

    expect_conflicts(&caller);
    expect_conflicts(&other);
    finish(call);
    caller_do(&other, "DeleteItem", "{'TableName':'Things','Key':{'id':{'S':'a'}}}");
    caller_close_beside(&other);
    caller_close(&caller);
}

TEST(transactions_that_overlap_a_held_one_are_cancelled)
{
    struct caller caller = open_holding(t);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);
    const char *writes = "{'TransactItems':["
                         "{'Delete':{'TableName':'Things','Key':{'id':{'S':'c'}}}},"
                         "{'ConditionCheck':{'TableName':'Things','Key':{'id':{'S':'a'}},"
                         "'ConditionExpression':'attribute_exists(id)'}}]}";
    const char *reads = "{'TransactItems':["
                        "{'Get':{'TableName':'Things','Key':{'id':{'S':'a'}}}},"
                        "{'Get':{'TableName':'Things','Key':{'id':{'S':'c'}}}}]}";
    struct span text;

    EXPECT_REFUSED(&caller, "TransactWriteItems", writes, CANCELLED "[None, TransactionConflict]");
    EXPECT_REFUSED(&caller, "TransactGetItems", reads, CANCELLED "[TransactionConflict, None]");
    text = caller_send(&caller, "TransactGetItems", reads);
    EXPECT_AT(t->arena, json_parse(t->arena, text, NULL), "/CancellationReasons/0",
              "{\"Code\":\"TransactionConflict\","
              "\"Message\":\"Transaction is ongoing for the item.\"}");
    finish(call);
    caller_do(&caller, "TransactWriteItems", writes);
    caller_do(&caller, "TransactGetItems", reads);
    caller_close(&caller);
}

TEST(a_batch_leaves_what_meets_a_held_transaction_to_the_client)
{
    struct caller caller = open_holding(t);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);
    yyjson_val *answer = caller_do(&caller, "BatchWriteItem",
                                   "{'ReturnConsumedCapacity':'TOTAL','RequestItems':{'Things':["
                                   "{'PutRequest':{'Item':{'id':{'S':'c'}}}},"
                                   "{'DeleteRequest':{'Key':{'id':{'S':'a'}}}}]}}");

    EXPECT_AT(t->arena, answer, "/UnprocessedItems",
              "{\"Things\":[{\"DeleteRequest\":{\"Key\":{\"id\":{\"S\":\"a\"}}}}]}");
    EXPECT_AT(t->arena, answer, "/ConsumedCapacity/0/CapacityUnits", "1.0");
    EXPECT(!span_is(item(&caller, "c"), ""), "the rest of the batch is carried out");
    finish(call);
    caller_close(&caller);
}

TEST(the_token_of_a_held_transaction_is_in_progress)
{
    struct caller caller = open_holding(t);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);

    EXPECT_REFUSED(&caller, "TransactWriteItems", held_request,
                   "TransactionInProgressException: The transaction with the given request token "
                   "is already in progress.");
    EXPECT_REFUSED(&caller, "TransactWriteItems",
                   "{'ClientRequestToken':'t','TransactItems':["
                   "{'Delete':{'TableName':'Things','Key':{'id':{'S':'z'}}}}]}",
                   "IdempotentParameterMismatchException: DynamoDB rejected the request because "
                   "you retried a request with a different payload but with an idempotent token "
                   "that was already used.");
    finish(call);
    caller_do(&caller, "TransactWriteItems", held_request); /* a replay now */
    caller_close(&caller);
}

TEST(held_transactions_that_do_not_overlap_end_in_any_order)
{
    struct caller caller = open_holding(t);
    struct held_call *first = caller_start(&caller, "TransactWriteItems", held_request);
    struct held_call *second =
        caller_start(&caller, "TransactWriteItems",
                     "{'TransactItems':[{'Put':{'TableName':'Things','Item':{'id':{'S':'c'}}}}]}");

    finish(first);
    EXPECT_REFUSED(&caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'c'}}}",
                   "TransactionConflictException: Transaction is ongoing for the item");
    finish(second);
    EXPECT(!span_is(item(&caller, "a"), "") && !span_is(item(&caller, "c"), ""), "both written");
    caller_close(&caller);
}

TEST(a_transaction_that_would_be_cancelled_is_not_held)
{
    struct caller caller = open_holding(t);

    caller_do(&caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'b'}}}");
    EXPECT_REFUSED(&caller, "TransactWriteItems", held_request,
                   CANCELLED "[None, ConditionalCheckFailed]");
    caller_do(&caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'a'}}}");
    caller_close(&caller);
}

TEST(a_held_transaction_whose_table_is_dropped_finds_none_and_frees_its_items)
{
    struct caller caller = open_holding(t);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);
    struct span text;

    caller_do(&caller, "DeleteTable", "{'TableName':'Things'}");
    text = caller_finish(call);
    EXPECT_AT(t->arena, json_parse(t->arena, text, NULL), "/message",
              "Requested resource not found");
    caller_do(&caller, "CreateTable", table);
    caller_do(&caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'a'}}}");
    caller_close(&caller);
}

TEST(a_held_transaction_that_is_given_up_frees_its_items)
{
    struct caller caller = open_holding(t);
    struct held_call *call = caller_start(&caller, "TransactWriteItems", held_request);

    caller_drop(call);
    caller_do(&caller, "PutItem", "{'TableName':'Things','Item':{'id':{'S':'a'}}}");
    caller_close(&caller);
}
