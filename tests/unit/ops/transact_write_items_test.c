/* tests/unit/ops/transact_write_items_test.c - TransactWriteItems: all members or none, the
 * reasons, what is an error of the whole request, and what it consumes. */
#include "caller.h"

#include "base/buffer.h"

#include <string.h>

#define INVALID "ValidationException: "
#define CANCELLED                                                                                 \
    "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for " \
    "specific reasons "

static const char *const things_table =
    "{'TableName':'Things','BillingMode':'PAY_PER_REQUEST',"
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}]"
    ","
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
    "{'AttributeName':'sk','AttributeType':'N'},{'AttributeName':'g','AttributeType':'S'},"
    "{'AttributeName':'l','AttributeType':'S'}],"
    "'LocalSecondaryIndexes':[{'IndexName':'local','Projection':{'ProjectionType':'ALL'},"
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
    "{'AttributeName':'l','KeyType':'RANGE'}]}],"
    "'GlobalSecondaryIndexes':[{'IndexName':'by-g','Projection':{'ProjectionType':'KEYS_ONLY'},"
    "'KeySchema':[{'AttributeName':'g','KeyType':'HASH'}]}]}";

static const char *const plain_table =
    "{'TableName':'Plain','BillingMode':'PAY_PER_REQUEST',"
    "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
    "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}";

static struct caller open_with_tables(struct test *t, const struct engine_options *options)
{
    struct caller caller = caller_open(t, options);

    caller_do(&caller, "CreateTable", things_table);
    caller_do(&caller, "CreateTable", plain_table);
    return caller;
}

/* The request with these members and, where more isn't "", further parameters. */
static const char *request(const struct caller *caller, const char *members, const char *more)
{
    return arena_print(caller->arena, "{'TransactItems':[%s]%s%s}", members, *more ? "," : "", more)
        .data;
}

static yyjson_val *transact(const struct caller *caller, const char *members, const char *more)
{
    return caller_do(caller, "TransactWriteItems", request(caller, members, more));
}

static void expect_refused(const struct caller *caller, const char *members, const char *text)
{
    EXPECT_REFUSED(caller, "TransactWriteItems", request(caller, members, ""), text);
}

/* The CancellationReasons as JSON. */
static struct span reasons(const struct caller *caller, const char *members)
{
    struct span text = caller_send(caller, "TransactWriteItems", request(caller, members, ""));

    return json_at(caller->arena, json_parse(caller->arena, text, NULL), "/CancellationReasons");
}

static void expect_reasons(const struct caller *caller, const char *members, const char *text)
{
    struct span found = reasons(caller, members);

    EXPECT(span_is(found, text), "%s: %.*s", members, SPAN_PRINT(found));
}

/* The whole item of Plain, "" when there is none. */
static struct span plain_item(const struct caller *caller, const char *id)
{
    const char *json =
        arena_print(caller->arena, "{'TableName':'Plain','Key':{'id':{'S':'%s'}}}", id).data;

    return json_at(caller->arena, caller_do(caller, "GetItem", json), "/Item");
}

static void expect_plain(const struct caller *caller, const char *id, const char *text)
{
    struct span found = plain_item(caller, id);

    EXPECT(span_is(found, text), "%s: %.*s", id, SPAN_PRINT(found));
}

static void put_plain(const struct caller *caller, const char *id, const char *n)
{
    caller_do(caller, "PutItem",
              arena_print(caller->arena,
                          "{'TableName':'Plain','Item':{'id':{'S':'%s'},'n':{'N':'%s'}}}", id, n)
                  .data);
}

#define PUT(item) "{'Put':{'TableName':'Plain','Item':" item "}}"
#define DELETE(key) "{'Delete':{'TableName':'Plain','Key':" key "}}"

TEST(a_transaction_carries_out_all_four_actions)
{
    struct caller caller = open_with_tables(t, NULL);

    put_plain(&caller, "gone", "1");
    put_plain(&caller, "changed", "1");
    put_plain(&caller, "checked", "1");
    transact(
        &caller,
        PUT("{'id':{'S':'new'},'n':{'N':'1.50'}}") "," DELETE(
            "{'id':{'S':'gone'}}") ","
                                   "{'Update':{'TableName':'Plain','Key':{'id':{'S':'changed'}},"
                                   "'UpdateExpression':'ADD n "
                                   ":one','ExpressionAttributeValues':{':one':{'N':'1'}}}},"
                                   "{'ConditionCheck':{'TableName':'Plain','Key':{'id':{'S':'"
                                   "checked'}},"
                                   "'ConditionExpression':'n = "
                                   ":one','ExpressionAttributeValues':{':one':{'N':'1'}}}}",
        "");
    expect_plain(&caller, "new", "{\"id\":{\"S\":\"new\"},\"n\":{\"N\":\"1.5\"}}");
    expect_plain(&caller, "gone", "");
    expect_plain(&caller, "changed", "{\"id\":{\"S\":\"changed\"},\"n\":{\"N\":\"2\"}}");
    expect_plain(&caller, "checked", "{\"id\":{\"S\":\"checked\"},\"n\":{\"N\":\"1\"}}");
    caller_close(&caller);
}

TEST(a_transaction_cancelled_names_the_reasons_in_order_and_writes_nothing)
{
    struct caller caller = open_with_tables(t, NULL);
    const char *members =
        PUT("{'id':{'S':'a'}}") ","
                                "{'Put':{'TableName':'Plain','Item':{'id':{'S':'b'}},"
                                "'ConditionExpression':'attribute_not_exists(id)',"
                                "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}},"
                                "{'ConditionCheck':{'TableName':'Plain','Key':{'id':{'S':'c'}},"
                                "'ConditionExpression':'attribute_exists(id)',"
                                "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}},"
                                "{'Delete':{'TableName':'Plain','Key':{'id':{'S':'d'}},'"
                                "ConditionExpression':'n = :n',"
                                "'ExpressionAttributeValues':{':n':{'N':'1'}}}}";

    put_plain(&caller, "b", "1");
    put_plain(&caller, "d", "2");
    expect_refused(&caller, members,
                   CANCELLED "[None, ConditionalCheckFailed, ConditionalCheckFailed, "
                             "ConditionalCheckFailed]");
    expect_reasons(&caller, members,
                   "[{\"Code\":\"None\"},{\"Code\":\"ConditionalCheckFailed\","
                   "\"Item\":{\"id\":{\"S\":\"b\"},\"n\":{\"N\":\"1\"}},"
                   "\"Message\":\"The conditional request failed\"},"
                   "{\"Code\":\"ConditionalCheckFailed\","
                   "\"Message\":\"The conditional request failed\"},"
                   "{\"Code\":\"ConditionalCheckFailed\","
                   "\"Message\":\"The conditional request failed\"}]");
    expect_plain(&caller, "a", "");
    expect_plain(&caller, "b", "{\"id\":{\"S\":\"b\"},\"n\":{\"N\":\"1\"}}");
    expect_plain(&caller, "d", "{\"id\":{\"S\":\"d\"},\"n\":{\"N\":\"2\"}}");
    caller_close(&caller);
}

TEST(the_message_of_a_cancelled_transaction_has_a_capital_key)
{
    struct caller caller = open_with_tables(t, NULL);
    struct span text =
        caller_send(&caller, "TransactWriteItems",
                    request(&caller,
                            "{'ConditionCheck':{'TableName':'Plain','Key':{'id':{'S':'c'}},"
                            "'ConditionExpression':'attribute_exists(id)'}}",
                            ""));
    yyjson_val *body = json_parse(t->arena, text, NULL);

    EXPECT_AT(t->arena, body, "/__type",
              "com.amazonaws.dynamodb.v20120810#TransactionCanceledException");
    EXPECT_AT(t->arena, body, "/message", "");
    EXPECT_AT(t->arena, body, "/Message",
              "Transaction cancelled, please refer cancellation reasons for specific reasons "
              "[ConditionalCheckFailed]");
    caller_close(&caller);
}

TEST(a_key_that_does_not_fit_cancels_a_transaction)
{
    struct caller caller = open_with_tables(t, NULL);
    static const char *const misfits[] = {
        "{'Delete':{'TableName':'Plain','Key':{'id':{'N':'1'}}}}",
        "{'Delete':{'TableName':'Plain','Key':{'id':{'S':'a'},'more':{'S':'a'}}}}",
        "{'Update':{'TableName':'Plain','Key':{'other':{'S':'a'}},'UpdateExpression':'REMOVE x'}}",
        ("{'ConditionCheck':{'TableName':'Things','Key':{'pk':{'S':'a'}},"
         "'ConditionExpression':'attribute_exists(pk)'}}"),
    };

    for (size_t i = 0; i < COUNT(misfits); i++) {
        struct span members = arena_print(t->arena, "%s,%s", PUT("{'id':{'S':'x'}}"), misfits[i]);

        expect_refused(&caller, members.data, CANCELLED "[None, ValidationError]");
        expect_reasons(&caller, members.data,
                       "[{\"Code\":\"None\"},{\"Code\":\"ValidationError\",\"Message\":"
                       "\"The provided key element does not match the schema\"}]");
    }
    expect_reasons(&caller, PUT("{'id':{'N':'1'}}"),
                   "[{\"Code\":\"ValidationError\",\"Message\":\"One or more parameter values were "
                   "invalid: Type mismatch for key id expected: S actual: N\"}]");
    expect_reasons(
        &caller,
        "{'Put':{'TableName':'Things','Item':{'pk':{'S':'a'},'sk':{'N':'1'},"
        "'g':{'N':'1'}}}}",
        "[{\"Code\":\"ValidationError\",\"Message\":\"One or more parameter values were "
        "invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g\"}]");
    expect_reasons(
        &caller,
        "{'Update':{'TableName':'Plain','Key':{'id':{'S':'a'}},"
        "'UpdateExpression':'SET id = :v','ExpressionAttributeValues':{':v':{'S':'b'}}}}",
        "[{\"Code\":\"ValidationError\",\"Message\":\"One or more parameter values were "
        "invalid: Cannot update attribute id. This attribute is part of the key\"}]");
    expect_plain(&caller, "x", "");
    caller_close(&caller);
}

TEST(an_update_that_does_not_fit_its_item_cancels_a_transaction)
{
    struct caller caller = open_with_tables(t, NULL);

    put_plain(&caller, "a", "1");
    expect_reasons(&caller,
                   PUT("{'id':{'S':'b'}}") ",{'Update':{'TableName':'Plain','Key':{'id':{'S':'a'}},"
                                           "'UpdateExpression':'SET n.x = :v',"
                                           "'ExpressionAttributeValues':{':v':{'S':'b'}}}}",
                   "[{\"Code\":\"None\"},{\"Code\":\"ValidationError\",\"Message\":\"The document "
                   "path provided in the update expression is invalid for update\"}]");
    expect_plain(&caller, "b", "");
    caller_close(&caller);
}

TEST(what_is_wrong_whatever_the_data_refuses_the_whole_request)
{
    static const struct {
        const char *members;
        const char *text;
    } refusals[] = {
        { PUT("{'id':{'S':'a'}}") "," DELETE("{'id':{'S':'a'}}"),
          INVALID "Transaction request cannot include multiple operations on one item" },
        { "{}", INVALID "TransactItems can only contain one of Check, Put, Update or Delete" },
        { "{'Put':{'TableName':'Plain','Item':{'id':{'S':'a'}}},"
          "'Delete':{'TableName':'Plain','Key':{'id':{'S':'b'}}}}",
          INVALID "TransactItems can only contain one of Check, Put, Update or Delete" },
        { PUT("{'id':{'S':'a'}}") ",{'Delete':{'TableName':'Nowhere','Key':{'id':{'S':'a'}}}}",
          "ResourceNotFoundException: Requested resource not found" },
        { PUT("{'id':{'S':''}}"),
          INVALID "One or more parameter values are not valid. The AttributeValue for a key "
                  "attribute cannot contain an empty string value. Key: id" },
        { PUT("{'id':{'S':'a'},'v':{'NULL':false}}"),
          INVALID "One or more parameter values were invalid: Null attribute value types must have "
                  "the value of true" },
        { PUT("{'id':{'S':'a'},'v':{'SS':['a','a']}}"),
          INVALID "One or more parameter values were invalid: Input collection [a, a] contains "
                  "duplicates." },
        { "{'ConditionCheck':{'TableName':'Plain','Key':{'id':{'S':'a'}},"
          "'ConditionExpression':'n = :v','ExpressionAttributeValues':{':v':{'N':'x'}}}}",
          INVALID "ExpressionAttributeValues contains invalid value: The parameter cannot be "
                  "converted to a numeric value: x for key :v" },
        { "{'Put':{'TableName':'Plain','Item':{'id':{'S':'a'}},"
          "'ExpressionAttributeValues':{':v':{'N':'1'}}}}",
          INVALID "ExpressionAttributeValues can only be specified when using expressions: "
                  "ConditionExpression is null" },
    };
    struct caller caller = open_with_tables(t, NULL);

    for (size_t i = 0; i < COUNT(refusals); i++)
        expect_refused(&caller, refusals[i].members, refusals[i].text);
    expect_plain(&caller, "a", "");
    caller_close(&caller);
}

TEST(one_item_named_by_table_name_and_by_arn_is_one_item)
{
    struct caller caller = open_with_tables(t, NULL);

    expect_refused(&caller,
                   PUT("{'id':{'S':'a'}}") ","
                                           "{'Delete':{'TableName':'arn:aws:dynamodb:eu-west-1:"
                                           "000000000000:table/Plain',"
                                           "'Key':{'id':{'S':'a'}}}}",
                   INVALID "Transaction request cannot include multiple operations on one item");
    caller_close(&caller);
}

/* A Put of an item with this many bytes in one attribute. */
static void add_large_put(struct buffer *out, size_t number, size_t bytes)
{
    if (out->size > 0)
        buffer_append_char(out, ',');
    buffer_append_literal(out, "{'Put':{'TableName':'Plain','Item':{'id':{'S':'");
    buffer_append_integer(out, (int64_t)number);
    buffer_append_literal(out, "'},'v':{'S':'");
    buffer_reserve(out, bytes);
    memset(out->data + out->size, 'v', bytes);
    out->size += bytes;
    buffer_append_literal(out, "'}}}}");
}

static const char *text_of(const struct caller *caller, const struct buffer *buffer)
{
    return arena_copy(caller->arena, buffer_span(buffer)).data;
}

TEST(an_oversized_put_refuses_the_request_and_an_oversized_update_cancels_it)
{
    struct caller caller = open_with_tables(t, NULL);
    struct buffer members;

    buffer_init(&members);
    add_large_put(&members, 1, 400 * 1024);
    expect_refused(&caller, text_of(&caller, &members),
                   INVALID "Item size has exceeded the maximum allowed size");
    buffer_empty(&members);
    add_large_put(&members, 1, 250 * 1024);
    transact(&caller, text_of(&caller, &members), "");
    expect_reasons(&caller,
                   "{'Update':{'TableName':'Plain','Key':{'id':{'S':'1'}},"
                   "'UpdateExpression':'SET w = v'}}",
                   "[{\"Code\":\"ValidationError\",\"Message\":\"Item size to update has exceeded "
                   "the maximum allowed size\"}]");
    buffer_fini(&members);
    caller_close(&caller);
}

TEST(a_transaction_takes_four_megabytes_and_not_more)
{
    struct caller caller = open_with_tables(t, NULL);
    struct buffer members;

    buffer_init(&members);
    for (size_t i = 10; i < 20; i++)
        add_large_put(&members, i, 400 * 1024 - 5);
    transact(&caller, text_of(&caller, &members), "");
    for (size_t i = 20; i < 22; i++)
        add_large_put(&members, i, 400 * 1024 - 5);
    expect_refused(&caller, text_of(&caller, &members),
                   INVALID "Collection size of items exceeded, which can also be caused by the "
                           "aggregate size of the items in the transaction exceeding the 4MB "
                           "limit");
    expect_plain(&caller, "20", "");
    buffer_fini(&members);
    caller_close(&caller);
}

TEST(a_transaction_takes_a_hundred_members_and_not_more)
{
    struct caller caller = open_with_tables(t, NULL);
    struct buffer members;
    struct span text;

    buffer_init(&members);
    for (size_t i = 0; i < 100; i++)
        add_large_put(&members, i, 1);
    transact(&caller, text_of(&caller, &members), "");
    expect_plain(&caller, "99", "{\"id\":{\"S\":\"99\"},\"v\":{\"S\":\"v\"}}");
    add_large_put(&members, 100, 1);
    text = caller_send(&caller, "TransactWriteItems",
                       request(&caller, text_of(&caller, &members), ""));
    EXPECT(memmem(text.data, text.size, "length less than or equal to 100", 32), "%.*s",
           SPAN_PRINT(text));
    expect_plain(&caller, "100", "");
    buffer_fini(&members);
    caller_close(&caller);
}

TEST(writes_of_a_transaction_cost_double_on_the_table_and_single_on_indexes)
{
    struct caller caller = open_with_tables(t, NULL);
    const char *members =
        "{'Put':{'TableName':'Things','Item':{'pk':{'S':'a'},'sk':{'N':'1'},'g':{'S':'x'},"
        "'l':{'S':'y'}}}}," PUT(
            "{'id':{'S':'a'}}") ","
                                "{'ConditionCheck':{'TableName':'Things','Key':{'pk':{'S':'a'},'sk'"
                                ":{'N':'2'}},"
                                "'ConditionExpression':'attribute_not_exists(pk)'}}";
    yyjson_val *answer = transact(&caller, members, "'ReturnConsumedCapacity':'INDEXES'");

    EXPECT_AT(
        t->arena, answer, "/ConsumedCapacity/0",
        "{\"CapacityUnits\":6.0,\"GlobalSecondaryIndexes\":{\"by-g\":{\"CapacityUnits\":1.0,"
        "\"WriteCapacityUnits\":1.0}},\"LocalSecondaryIndexes\":{\"local\":{\"CapacityUnits\":1.0,"
        "\"WriteCapacityUnits\":1.0}},\"Table\":{\"CapacityUnits\":4.0,\"WriteCapacityUnits\":4.0},"
        "\"TableName\":\"Things\",\"WriteCapacityUnits\":6.0}");
    EXPECT_AT(t->arena, answer, "/ConsumedCapacity/1",
              "{\"CapacityUnits\":2.0,\"Table\":{\"CapacityUnits\":2.0,\"WriteCapacityUnits\":2.0},"
              "\"TableName\":\"Plain\",\"WriteCapacityUnits\":2.0}");
    answer = transact(&caller, members, "'ReturnConsumedCapacity':'TOTAL'");
    EXPECT_AT(t->arena, answer, "/ConsumedCapacity/0",
              "{\"CapacityUnits\":4.0,\"TableName\":\"Things\",\"WriteCapacityUnits\":4.0}");
    EXPECT_AT(t->arena, transact(&caller, members, ""), "/ConsumedCapacity", "");
    caller_close(&caller);
}

#define THING(sk) \
    "{'Put':{'TableName':'Things','Item':{'pk':{'S':'a'},'sk':{'N':'" sk "'},'v':{'S':'0123'}}}}"

TEST(members_of_one_collection_count_together)
{
    const struct engine_options options = { .seed = 1, .collection_bytes_max = 30 };
    struct caller caller = open_with_tables(t, &options);
    yyjson_val *answer;

    /* 3 + 4 + 5 bytes each, so that two fit */
    expect_reasons(&caller, THING("1") "," THING("2") "," THING("3"),
                   "[{\"Code\":\"None\"},{\"Code\":\"None\"},"
                   "{\"Code\":\"ItemCollectionSizeLimitExceeded\","
                   "\"Message\":\"Collection size exceeded.\"}]");
    answer = transact(&caller, THING("1") "," THING("2"), "'ReturnItemCollectionMetrics':'SIZE'");
    EXPECT_AT(t->arena, answer, "/ItemCollectionMetrics",
              "{\"Things\":[{\"ItemCollectionKey\":{\"pk\":{\"S\":\"a\"}},"
              "\"SizeEstimateRangeGB\":[0.0,1.0]}]}");
    expect_reasons(&caller, THING("3"),
                   "[{\"Code\":\"ItemCollectionSizeLimitExceeded\","
                   "\"Message\":\"Collection size exceeded.\"}]");
    transact(&caller,
             "{'Delete':{'TableName':'Things','Key':{'pk':{'S':'a'},'sk':{'N':'1'}}}},"
             "{'Delete':{'TableName':'Things','Key':{'pk':{'S':'a'},'sk':{'N':'2'}}}}",
             "");
    transact(&caller, THING("3") "," THING("4"), "");
    caller_close(&caller);
}

TEST(a_transaction_keeps_indexes_in_step)
{
    struct caller caller = open_with_tables(t, NULL);
    const char *query =
        "{'TableName':'Things','IndexName':'by-g','KeyConditionExpression':'g = :g',"
        "'ExpressionAttributeValues':{':g':{'S':'x'}},'Select':'COUNT'}";

    transact(&caller,
             "{'Put':{'TableName':'Things','Item':{'pk':{'S':'a'},'sk':{'N':'1'},'g':{'S':'x'}}}},"
             "{'Put':{'TableName':'Things','Item':{'pk':{'S':'a'},'sk':{'N':'2'},'g':{'S':'x'}}}}",
             "");
    EXPECT_AT(t->arena, caller_do(&caller, "Query", query), "/Count", "2");
    transact(&caller,
             "{'Update':{'TableName':'Things','Key':{'pk':{'S':'a'},'sk':{'N':'1'}},"
             "'UpdateExpression':'REMOVE g'}},"
             "{'Delete':{'TableName':'Things','Key':{'pk':{'S':'a'},'sk':{'N':'2'}}}}",
             "");
    EXPECT_AT(t->arena, caller_do(&caller, "Query", query), "/Count", "0");
    caller_close(&caller);
}

TEST(a_store_that_fails_within_a_transaction_keeps_none_of_it)
{
    const char *members = PUT("{'id':{'S':'a'}}") "," PUT(
        "{'id':{'S':'b'}}") ","
                            "{'Put':{'TableName':'Things','Item':{'pk':{'S':'a'},'sk':{'N':'1'},"
                            "'g':{'S':'x'},'l':{'S':'y'}}}}";
    uint64_t failures = 0;

    for (uint64_t nth = 1;; nth++) {
        struct caller caller = open_with_tables(t, NULL);
        const char *json = request(&caller, members, "'ClientRequestToken':'t'");
        struct span refusal;

        store_fail_at(engine_store(caller.engine), nth);
        refusal = caller_refusal(&caller, "TransactWriteItems", json);
        store_fail_at(engine_store(caller.engine), 0);
        if (span_is(refusal, "{}")) {
            caller_close(&caller);
            break; /* it no longer takes that many calls */
        }
        failures++;
        EXPECT(span_starts_with(refusal, SPAN("InternalServerError: ")), "call %d: %.*s", (int)nth,
               SPAN_PRINT(refusal));
        expect_plain(&caller, "a", "");
        expect_plain(&caller, "b", "");
        EXPECT_AT(t->arena, caller_do(&caller, "Scan", "{'TableName':'Things'}"), "/Count", "0");
        caller_do(&caller, "TransactWriteItems", json); /* the token stands for nothing yet */
        expect_plain(&caller, "a", "{\"id\":{\"S\":\"a\"}}");
        caller_close(&caller);
    }
    EXPECT(failures > 12, "only %d calls can fail", (int)failures);
}
