/* tests/unit/ops/transact_get_items_test.c - TransactGetItems: answers in order, what it costs, and
 * what cancels it. */
#include "caller.h"

#define INVALID "ValidationException: "

static struct caller open_with_items(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable",
              "{'TableName':'Things','BillingMode':'PAY_PER_REQUEST',"
              "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
              "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}");
    caller_do(&caller, "CreateTable",
              "{'TableName':'Others','BillingMode':'PAY_PER_REQUEST',"
              "'KeySchema':[{'AttributeName':'n','KeyType':'HASH'}],"
              "'AttributeDefinitions':[{'AttributeName':'n','AttributeType':'N'}]}");
    caller_do(&caller, "PutItem",
              "{'TableName':'Things','Item':{'id':{'S':'a'},'v':{'M':{'x':{'N':'1'},"
              "'y':{'N':'2'}}}}}");
    caller_do(&caller, "PutItem", "{'TableName':'Others','Item':{'n':{'N':'7'}}}");
    return caller;
}

#define GET(key) "{'Get':{'TableName':'Things','Key':" key "}}"

TEST(items_of_a_transaction_come_in_the_order_asked_for)
{
    struct caller caller = open_with_items(t);
    yyjson_val *answer =
        caller_do(&caller, "TransactGetItems",
                  "{'TransactItems':[{'Get':{'TableName':'Others','Key':{'n':{'N':'7.0'}}}}," GET(
                      "{'id':{'S':'missing'}}") ","
                                                "{'Get':{'TableName':'Things','Key':{'id':{'S':'a'}"
                                                "},'ProjectionExpression':'v.#y',"
                                                "'ExpressionAttributeNames':{'#y':'y'}}}]}");

    EXPECT_AT(t->arena, answer, "/Responses",
              "[{\"Item\":{\"n\":{\"N\":\"7\"}}},{},"
              "{\"Item\":{\"v\":{\"M\":{\"y\":{\"N\":\"2\"}}}}}]");
    EXPECT_AT(t->arena, answer, "/ConsumedCapacity", "");
    caller_close(&caller);
}

TEST(reads_of_a_transaction_cost_double_missing_items_too)
{
    struct caller caller = open_with_items(t);
    const char *json =
        "{'ReturnConsumedCapacity':'INDEXES','TransactItems':[" GET("{'id':{'S':'a'}}") "," GET(
            "{'id':{'S':'missing'}}") ","
                                      "{'Get':{'TableName':'Others','Key':{'n':{'N':'7'}}}}]}";

    EXPECT_AT(t->arena, caller_do(&caller, "TransactGetItems", json), "/ConsumedCapacity",
              "[{\"CapacityUnits\":4.0,\"ReadCapacityUnits\":4.0,\"Table\":{\"CapacityUnits\":4.0,"
              "\"ReadCapacityUnits\":4.0},\"TableName\":\"Things\"},"
              "{\"CapacityUnits\":2.0,\"ReadCapacityUnits\":2.0,\"Table\":{\"CapacityUnits\":2.0,"
              "\"ReadCapacityUnits\":2.0},\"TableName\":\"Others\"}]");
    caller_close(&caller);
}

TEST(a_key_that_does_not_fit_cancels_a_reading_transaction)
{
    struct caller caller = open_with_items(t);
    const char *json =
        "{'TransactItems':[" GET("{'id':{'S':'a'}}") "," GET("{'id':{'N':'1'}}") "]}";
    struct span text = caller_send(&caller, "TransactGetItems", json);
    yyjson_val *answer = json_parse(t->arena, text, NULL);

    EXPECT_AT(t->arena, answer, "/Message",
              "Transaction cancelled, please refer cancellation reasons for specific reasons "
              "[None, ValidationError]");
    EXPECT_AT(t->arena, answer, "/CancellationReasons",
              "[{\"Code\":\"None\"},{\"Code\":\"ValidationError\",\"Message\":"
              "\"The provided key element does not match the schema\"}]");
    caller_close(&caller);
}

TEST(what_a_reading_transaction_cannot_be_is_refused_whole)
{
    static const struct {
        const char *members;
        const char *text;
    } refusals[] = {
        { GET("{'id':{'S':'a'}}") "," GET("{'id':{'S':'a'}}"),
          INVALID "Transaction request cannot include multiple operations on one item" },
        { "{'Get':{'TableName':'Nowhere','Key':{'id':{'S':'a'}}}}",
          "ResourceNotFoundException: Requested resource not found" },
        { GET("{'id':{'S':''}}"),
          INVALID "One or more parameter values are not valid. The AttributeValue for a key "
                  "attribute cannot contain an empty string value. Key: id" },
        { GET("{'id':{}}"), INVALID "Supplied AttributeValue is empty, must contain exactly one of "
                                    "the supported datatypes" },
    };
    struct caller caller = open_with_items(t);

    for (size_t i = 0; i < COUNT(refusals); i++)
        EXPECT_REFUSED(&caller, "TransactGetItems",
                       arena_print(t->arena, "{'TransactItems':[%s]}", refusals[i].members).data,
                       refusals[i].text);
    caller_close(&caller);
}
