/* tests/unit/ops/execute_statement_test.c - ExecuteStatement's tokens and old items, and batches.
 */
#include "caller.h"

static struct caller open_with_table(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable",
              "{'TableName':'tab','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
              "{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':["
              "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk',"
              "'AttributeType':'N'}],'BillingMode':'PAY_PER_REQUEST'}");
    return caller;
}

/* Items a/1 to a/count, n the same number. */
static void fill(const struct caller *caller, int count)
{
    for (int i = 1; i <= count; i++)
        caller_do(caller, "ExecuteStatement",
                  arena_print(caller->arena,
                              "{'Statement':'INSERT INTO tab VALUE {\\u0027pk\\u0027: ?, "
                              "\\u0027sk\\u0027: ?, \\u0027n\\u0027: %d}',"
                              "'Parameters':[{'S':'a'},{'N':'%d'}]}",
                              i, i)
                      .data);
}

static struct span send_with_token(const struct caller *caller, const char *statement,
                                   struct span token, const char *further)
{
    return arena_print(caller->arena, "{'Statement':'%s','NextToken':'%.*s'%s}", statement,
                       SPAN_PRINT(token), further);
}

TEST(a_token_goes_on_with_its_own_statement_only)
{
    struct caller caller = open_with_table(t);
    const char *refusal = "ValidationException: NextToken does not match request";
    yyjson_val *answer;
    struct span token;

    fill(&caller, 5);
    answer = caller_do(&caller, "ExecuteStatement",
                       "{'Statement':'SELECT sk FROM tab WHERE pk = ?','Parameters':[{'S':'a'}],"
                       "'Limit':3}");
    EXPECT_AT(t->arena, answer, "/Items/2/sk/N", "3");
    token = json_text(yyjson_obj_get(answer, "NextToken"));
    answer = caller_do(&caller, "ExecuteStatement",
                       send_with_token(&caller, "SELECT sk FROM tab WHERE pk = ?", token,
                                       ",'Parameters':[{'S':'a'}]")
                           .data);
    EXPECT_AT(t->arena, answer, "/Items", "[{\"sk\":{\"N\":\"4\"}},{\"sk\":{\"N\":\"5\"}}]");
    EXPECT_AT(t->arena, answer, "/NextToken", "");
    EXPECT_REFUSED(&caller, "ExecuteStatement",
                   send_with_token(&caller, "SELECT sk FROM tab WHERE pk = ?", token,
                                   ",'Parameters':[{'S':'b'}]")
                       .data,
                   refusal);
    EXPECT_REFUSED(&caller, "ExecuteStatement",
                   send_with_token(&caller, "SELECT sk FROM tab", token, "").data, refusal);
    EXPECT_REFUSED(&caller, "ExecuteStatement",
                   send_with_token(&caller, "DELETE FROM tab", token, "").data, refusal);
    caller_close(&caller);
}

TEST(a_scan_pages_through_everything_once)
{
    struct caller caller = open_with_table(t);
    const char *statement = "SELECT sk FROM tab WHERE n > 2";
    struct span token = { 0 };
    size_t items = 0;
    size_t pages = 0;

    fill(&caller, 7);
    do {
        struct span request =
            token.data ? send_with_token(&caller, statement, token, ",'Limit':2")
                       : arena_print(t->arena, "{'Statement':'%s','Limit':2}", statement);
        yyjson_val *answer = caller_do(&caller, "ExecuteStatement", request.data);

        token = json_text(yyjson_obj_get(answer, "NextToken"));
        items += yyjson_arr_size(yyjson_obj_get(answer, "Items"));
        pages++;
    } while (token.data && pages < 10);
    EXPECT(items == 5 && pages == 4, "%zu items in %zu pages", items, pages);
    caller_close(&caller);
}

TEST(a_failed_condition_brings_the_old_item_when_asked)
{
    struct caller caller = open_with_table(t);
    struct span text;

    fill(&caller, 1);
    text = caller_send(&caller, "ExecuteStatement",
                       "{'Statement':'UPDATE tab SET n = 2 WHERE pk = ? AND sk = 1 AND n = 9',"
                       "'Parameters':[{'S':'a'}],"
                       "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}");
    EXPECT(span_is(text, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
                         "ConditionalCheckFailedException\",\"message\":\"The conditional request "
                         "failed\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"n\":"
                         "{\"N\":\"1\"}}}"),
           "%.*s", SPAN_PRINT(text));
    caller_close(&caller);
}

/* --- batches --- */

#define A_KEY "pk = \\u0027a\\u0027 AND sk = "

TEST(members_of_a_batch_fail_by_themselves)
{
    struct caller caller = open_with_table(t);
    yyjson_val *answer;

    fill(&caller, 2);
    answer = caller_do(&caller, "BatchExecuteStatement",
                       "{'ReturnConsumedCapacity':'TOTAL','Statements':["
                       "{'Statement':'UPDATE tab SET n = n + 10 WHERE " A_KEY
                       "1 RETURNING MODIFIED NEW *'},"
                       "{'Statement':'UPDATE tab SET n = 1 WHERE " A_KEY "2 AND n = 9',"
                       "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'},"
                       "{'Statement':'INSERT INTO tab VALUE ?','Parameters':[{'M':{'pk':{'S':'a'},"
                       "'sk':{'N':'1'}}}]},"
                       "{'Statement':'DELETE FROM nowhere WHERE " A_KEY "1'},"
                       "{'Statement':'DELETE FROM tab WHERE " A_KEY "1 RETURNING ALL NEW *'},"
                       "{'Statement':'nonsense'},"
                       "{'Statement':'DELETE FROM tab WHERE " A_KEY "2'}]}");
    EXPECT_AT(t->arena, answer, "/Responses/0",
              "{\"Item\":{\"n\":{\"N\":\"11\"}},"
              "\"TableName\":\"tab\"}");
    EXPECT_AT(t->arena, answer, "/Responses/1",
              "{\"Error\":{\"Code\":\"ConditionalCheckFailed\",\"Item\":{\"pk\":{\"S\":\"a\"},"
              "\"sk\":{\"N\":\"2\"},\"n\":{\"N\":\"2\"}},\"Message\":\"The conditional request "
              "failed\"}}");
    EXPECT_AT(
        t->arena, answer, "/Responses/2",
        "{\"Error\":{\"Code\":\"DuplicateItem\",\"Message\":\"Duplicate primary key exists in "
        "table\"}}");
    EXPECT_AT(t->arena, answer, "/Responses/3/Error/Code", "ResourceNotFound");
    EXPECT_AT(t->arena, answer, "/Responses/4/Error/Code", "ValidationError");
    EXPECT_AT(t->arena, answer, "/Responses/5/Error/Message",
              "Statement wasn't well formed, can't be processed: Expected data manipulation");
    EXPECT_AT(t->arena, answer, "/Responses/6", "{\"TableName\":\"tab\"}");
    EXPECT_AT(t->arena, answer, "/ConsumedCapacity",
              "[{\"CapacityUnits\":1.0,\"TableName\":\"tab\"},"
              "{\"CapacityUnits\":1.0,\"TableName\":\"tab\"}]");
    caller_close(&caller);
}

TEST(a_batch_reads_single_items)
{
    struct caller caller = open_with_table(t);
    yyjson_val *answer;

    fill(&caller, 2);
    answer = caller_do(&caller, "BatchExecuteStatement",
                       "{'Statements':[{'Statement':'SELECT n FROM tab WHERE " A_KEY "2'},"
                       "{'Statement':'SELECT n FROM tab WHERE " A_KEY "9'},"
                       "{'Statement':'SELECT n FROM tab WHERE pk = \\u0027a\\u0027'}]}");
    EXPECT_AT(t->arena, answer, "/Responses/0/Item/n/N", "2");
    EXPECT_AT(t->arena, answer, "/Responses/1", "{\"TableName\":\"tab\"}");
    EXPECT_AT(t->arena, answer, "/Responses/2/Error/Message",
              "Select statements within BatchExecuteStatement must specify the primary key in the "
              "where clause.");
    caller_close(&caller);
}

TEST(a_batch_does_not_mix_reads_and_writes)
{
    struct caller caller = open_with_table(t);

    EXPECT_REFUSED(&caller, "BatchExecuteStatement",
                   "{'Statements':[{'Statement':'SELECT * FROM tab WHERE " A_KEY "1'},"
                   "{'Statement':'DELETE FROM tab WHERE " A_KEY "1'}]}",
                   "ValidationException: Read and write requests together in the same batch is "
                   "not supported.");
    EXPECT_REFUSED(&caller, "BatchExecuteStatement", "{'Statements':[]}",
                   "ValidationException: 1 validation error detected: Value '[]' at 'statements' "
                   "failed to satisfy constraint: Member must have length greater than or equal "
                   "to 1");
    caller_close(&caller);
}
