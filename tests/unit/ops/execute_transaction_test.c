/* tests/unit/ops/execute_transaction_test.c - statements that are carried out together or not at
 * all. */
#include "caller.h"

#define QUOTED(text) "\\u0027" text "\\u0027"
#define KEY(value) "pk = " QUOTED(value)

static struct caller open_with_items(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable",
              "{'TableName':'tab','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
              "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}],"
              "'BillingMode':'PAY_PER_REQUEST'}");
    caller_do(&caller, "PutItem",
              "{'TableName':'tab','Item':{'pk':{'S':'a'},'n':{'N':'1'},'x':{'S':'x'}}}");
    return caller;
}

static yyjson_val *items_of(const struct caller *caller)
{
    return caller_do(caller, "ExecuteStatement", "{'Statement':'SELECT * FROM tab'}");
}

TEST(writes_of_a_transaction_all_happen)
{
    struct caller caller = open_with_items(t);
    yyjson_val *answer =
        caller_do(&caller, "ExecuteTransaction",
                  "{'ReturnConsumedCapacity':'TOTAL','TransactStatements':["
                  "{'Statement':'INSERT INTO tab VALUE ?','Parameters':[{'M':{'pk':{'S':'b'}}}]},"
                  "{'Statement':'UPDATE tab SET n = n + 1 WHERE " KEY(
                      "a") " AND n = 1'},"
                           "{'Statement':'DELETE FROM tab WHERE " KEY("c") "'}]}");

    EXPECT_AT(t->arena, answer, "/ConsumedCapacity/0/CapacityUnits", "6.0");
    answer = caller_do(&caller, "ExecuteTransaction",
                       "{'TransactStatements':["
                       "{'Statement':'SELECT n FROM tab WHERE " KEY(
                           "a") "'},"
                                "{'Statement':'SELECT * FROM tab WHERE " KEY(
                                    "b") "'},"
                                         "{'Statement':'SELECT n FROM tab WHERE " KEY("c") "'}]}");
    EXPECT_AT(t->arena, answer, "/Responses",
              "[{\"Item\":{\"n\":{\"N\":\"2\"}}},{\"Item\":{\"pk\":{\"S\":\"b\"}}},{}]");
    caller_close(&caller);
}

TEST(one_refused_write_of_a_transaction_refuses_all)
{
    struct caller caller = open_with_items(t);
    struct span text =
        caller_send(&caller, "ExecuteTransaction",
                    "{'TransactStatements':["
                    "{'Statement':'INSERT INTO tab VALUE ?','Parameters':[{'M':{'pk':{'S':'b'}}}]},"
                    "{'Statement':'INSERT INTO tab VALUE ?','Parameters':[{'M':{'pk':{'S':'a'}}}]},"
                    "{'Statement':'UPDATE tab SET n = 1 WHERE " KEY(
                        "c") "'},"
                             "{'Statement':'EXISTS(SELECT * FROM tab WHERE " KEY("d") ")'}]}");
    yyjson_val *error = json_parse(t->arena, text, NULL);

    EXPECT_AT(t->arena, error, "/CancellationReasons/0/Code", "None");
    EXPECT_AT(t->arena, error, "/CancellationReasons/1/Code", "DuplicateItem");
    EXPECT_AT(t->arena, error, "/CancellationReasons/1/Message",
              "Duplicate primary key exists in table");
    EXPECT_AT(t->arena, error, "/CancellationReasons/2/Code", "ConditionalCheckFailed");
    EXPECT_AT(t->arena, error, "/CancellationReasons/3/Code", "ConditionalCheckFailed");
    EXPECT_AT(t->arena, items_of(&caller), "/Items",
              "[{\"pk\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"},\"x\":{\"S\":\"x\"}}]");
    caller_close(&caller);
}

TEST(a_transaction_goes_on_where_exists_holds)
{
    struct caller caller = open_with_items(t);
    const char *text =
        "{'TransactStatements':["
        "{'Statement':'EXISTS(SELECT * FROM tab WHERE " KEY(
            "a") " AND x = ?)',"
                 "'Parameters':[{'S':'%s'}],'ReturnValuesOnConditionCheckFailure':'ALL_OLD'},"
                 "{'Statement':'DELETE FROM tab WHERE " KEY("z") "'}]}";
    struct span refused =
        caller_send(&caller, "ExecuteTransaction", arena_print(t->arena, text, "y").data);

    EXPECT_AT(t->arena, json_parse(t->arena, refused, NULL), "/CancellationReasons/0/Item/n/N",
              "1");
    caller_do(&caller, "ExecuteTransaction", arena_print(t->arena, text, "x").data);
    caller_close(&caller);
}

TEST(a_token_makes_the_second_transaction_a_replay)
{
    struct caller caller = open_with_items(t);
    const char *text = "{'ClientRequestToken':'t1','TransactStatements':[{'Statement':"
                       "'UPDATE tab SET n = n + ? WHERE " KEY("a") "','Parameters':[{'N':'%s'}]}]}";
    struct span first = arena_print(t->arena, text, "1");

    caller_do(&caller, "ExecuteTransaction", first.data);
    caller_do(&caller, "ExecuteTransaction", first.data);
    EXPECT_AT(t->arena, items_of(&caller), "/Items/0/n/N", "2");
    EXPECT(span_starts_with(
               caller_refusal(&caller, "ExecuteTransaction", arena_print(t->arena, text, "2").data),
               SPAN("IdempotentParameterMismatchException")),
           "another parameter is the same request");
    caller_close(&caller);
}

TEST(statements_that_fit_no_transaction_are_refused)
{
    static const struct {
        const char *first;
        const char *refusal;
    } rows[] = {
        { "DELETE FROM tab WHERE " KEY("a") " RETURNING ALL OLD *",
          "ValidationException: Validation failed in TransactStatements[0]: RETURNING clause is "
          "not supported in ExecuteTransaction." },
        { "SELECT * FROM tab.by_x WHERE x = 1",
          "ValidationException: Validation failed in TransactStatements[0]: Reads on indices are "
          "not supported within transactions." },
        { "SELECT * FROM tab WHERE " KEY("a"),
          "ValidationException: ExecuteTransaction API does not support both read and write "
          "operations in the same request." },
        { "nonsense", "ValidationException: Statement wasn't well formed, can't be processed: "
                      "Expected data manipulation" },
        { "DELETE FROM tab WHERE " KEY("z"),
          "ValidationException: Transaction request cannot include multiple operations on one "
          "item" },
        { "DELETE FROM nowhere WHERE " KEY("z"),
          "ResourceNotFoundException: Requested resource not found" },
    };
    struct caller caller = open_with_items(t);

    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_REFUSED(&caller, "ExecuteTransaction",
                       arena_print(t->arena,
                                   "{'TransactStatements':[{'Statement':'%s'},"
                                   "{'Statement':'DELETE FROM tab WHERE " KEY("z") "'}]}",
                                   rows[i].first)
                           .data,
                       rows[i].refusal);
    EXPECT_REFUSED(&caller, "ExecuteTransaction",
                   "{'TransactStatements':[{'Statement':'SELECT * FROM tab'}]}",
                   "ValidationException: Select statements within ExecuteTransaction must specify "
                   "the primary key in the where clause.");
    caller_close(&caller);
}
