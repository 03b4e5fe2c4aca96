/* tests/unit/ops/list_tables_test.c - ListTables, DeleteTable, DescribeTable by ARN, and the two
 * operations that need no table. */
#include "caller.h"

static void create(const struct caller *caller, const char *name)
{
    caller_do(caller, "CreateTable",
              arena_print(caller->arena,
                          "{'TableName':'%s','BillingMode':'PAY_PER_REQUEST',"
                          "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
                          "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}]}",
                          name)
                  .data);
}

TEST(tables_are_listed_by_name_a_page_at_a_time)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    create(&caller, "bbb");
    create(&caller, "Zzz");
    create(&caller, "aaa");
    answer = caller_do(&caller, "ListTables", "{'Limit':2}");
    EXPECT_AT(t->arena, answer, "/TableNames", "[\"Zzz\",\"aaa\"]");
    EXPECT_AT(t->arena, answer, "/LastEvaluatedTableName", "aaa");
    answer = caller_do(&caller, "ListTables", "{'Limit':2,'ExclusiveStartTableName':'aaa'}");
    EXPECT_AT(t->arena, answer, "/TableNames", "[\"bbb\"]");
    EXPECT_AT(t->arena, answer, "/LastEvaluatedTableName", "");
    answer = caller_do(&caller, "ListTables", "{'ExclusiveStartTableName':'aab'}");
    EXPECT_AT(t->arena, answer, "/TableNames", "[\"bbb\"]");
    caller_close(&caller);
}

TEST(a_deleted_table_is_gone_at_once)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    create(&caller, "Orders");
    answer = caller_do(&caller, "DeleteTable", "{'TableName':'Orders'}");
    EXPECT_AT(t->arena, answer, "/TableDescription/TableStatus", "DELETING");
    EXPECT_AT(t->arena, answer, "/TableDescription/KeySchema", "");
    EXPECT_REFUSED(&caller, "DescribeTable", "{'TableName':'Orders'}",
                   "ResourceNotFoundException: Requested resource not found: Table: Orders not "
                   "found");
    EXPECT_REFUSED(&caller, "DeleteTable", "{'TableName':'Orders'}",
                   "ResourceNotFoundException: Requested resource not found: Table: Orders not "
                   "found");
    create(&caller, "Orders");
    caller_close(&caller);
}

TEST(an_arn_stands_for_a_table_of_this_region_and_account)
{
    struct caller caller = caller_open(t, NULL);
    static const char *const cases[][2] = {
        { "arn:aws:dynamodb:us-east-1:000000000000:table/Orders", "AWS region" },
        { "arn:none:dynamodb:eu-west-1:000000000000:table/Orders", "AWS partition" },
        { "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/index/i", "resource type" },
        { "arn:aws:dynamodb:eu-west-1:000000000000:backup/Orders", "resource type" },
    };

    create(&caller, "Orders");
    EXPECT_AT(t->arena,
              caller_do(&caller, "DescribeTable",
                        "{'TableName':'arn:aws:dynamodb:eu-west-1:000000000000:table/Orders'}"),
              "/Table/TableName", "Orders");
    for (size_t i = 0; i < COUNT(cases); i++)
        EXPECT_REFUSED(&caller, "DescribeTable",
                       arena_print(t->arena, "{'TableName':'%s'}", cases[i][0]).data,
                       arena_print(t->arena,
                                   "ValidationException: 1 validation error detected: Invalid %s "
                                   "in '%s'",
                                   cases[i][1], cases[i][0])
                           .data);
    caller_close(&caller);
}

TEST(namespaces_keep_regions_and_access_keys_apart)
{
    const struct engine_options options = { .seed = 1, .namespace_by = NAMESPACE_ACCESS_KEY };
    struct caller first = caller_open(t, &options);
    struct caller second = first;

    first.access_key = SPAN("AKIAFIRST");
    second.access_key = SPAN("AKIASECOND");
    create(&first, "Orders");
    create(&first, "Other");
    create(&second, "Orders");
    EXPECT_AT(t->arena, caller_do(&first, "ListTables", "{}"), "/TableNames",
              "[\"Orders\",\"Other\"]");
    EXPECT_AT(t->arena, caller_do(&second, "ListTables", "{}"), "/TableNames", "[\"Orders\"]");
    second.region = SPAN("us-east-1");
    EXPECT_AT(t->arena, caller_do(&second, "ListTables", "{}"), "/TableNames", "[]");
    caller_close(&first);
}

TEST(limits_and_endpoints_are_told_to_everybody)
{
    struct caller caller = caller_open(t, NULL);

    EXPECT(span_is(caller_send(&caller, "DescribeLimits", "{}"),
                   "{\"AccountMaxReadCapacityUnits\":80000,"
                   "\"AccountMaxWriteCapacityUnits\":80000,\"TableMaxReadCapacityUnits\":40000,"
                   "\"TableMaxWriteCapacityUnits\":40000}"),
           "limits");
    EXPECT(span_is(caller_send(&caller, "DescribeEndpoints", "{}"),
                   "{\"Endpoints\":[{\"Address\":\"localhost:8000\","
                   "\"CachePeriodInMinutes\":1440}]}"),
           "endpoints");
    caller_close(&caller);
}
