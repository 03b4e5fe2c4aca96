/* tests/unit/template/definition_test.c - what is and is not read as a table definition. */
#include "../test.h"

#include "base/json.h"
#include "template/definition.h"
#include "template/file.h"

#include <string.h>

#define ORDERS                                                                          \
    "{\"TableName\":\"orders\",\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":"   \
    "\"HASH\"}],\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":" \
    "\"S\"}],\"BillingMode\":\"PAY_PER_REQUEST\"}"
#define NAMED(name) "{\"TableName\":\"" name "\",\"KeySchema\":[],\"AttributeDefinitions\":[]}"

static struct error *parse(struct test *t, const char *text, struct definition_list *list)
{
    *list = (struct definition_list){ 0 };
    return definition_parse(t->arena, SPAN("t.json"), span_from(text), list);
}

TEST(create_table_input_is_sent_as_it_was_written_but_for_the_name)
{
    struct definition_list list;
    struct span body;

    EXPECT_OK(parse(t, ORDERS, &list));
    EXPECT(list.count == 1 && span_is(list.items[0].name, "orders"), "%zu", list.count);
    body = definition_create_body(t->arena, &list.items[0], SPAN("orders_run_1"));
    EXPECT(span_is(body, "{\"TableName\":\"orders_run_1\"," /* the rest as above */
                         "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],"
                         "\"AttributeDefinitions\":[{\"AttributeName\":\"id\","
                         "\"AttributeType\":\"S\"}],\"BillingMode\":\"PAY_PER_REQUEST\"}"),
           "%.*s", SPAN_PRINT(body));
}

TEST(several_tables_come_as_a_list_as_tables_or_one_after_another)
{
    static const char *const texts[] = {
        "[" NAMED("aaa") "," NAMED("bbb") "]",
        "{\"Tables\":[" NAMED("aaa") "," NAMED("bbb") "]}",
        NAMED("aaa") "\n" NAMED("bbb") "\n",
        "[{\"Table\":" NAMED("aaa") "},{\"TableDescription\":" NAMED("bbb") "}]",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct definition_list list;

        EXPECT_OK(parse(t, texts[i], &list));
        EXPECT(list.count == 2 && span_is(list.items[0].name, "aaa") &&
                   span_is(list.items[1].name, "bbb"),
               "text %zu", i);
    }
}

TEST(what_describe_table_answers_becomes_what_create_table_takes)
{
    struct definition_list list;
    struct span body;

    EXPECT_OK(parse(
        t,
        "{\"Table\":{\"TableName\":\"t1x\",\"TableStatus\":\"ACTIVE\",\"CreationDateTime\":1.5,"
        "\"TableArn\":\"a\",\"TableId\":\"i\",\"ItemCount\":3,\"TableSizeBytes\":9,"
        "\"KeySchema\":[],\"AttributeDefinitions\":[],"
        "\"ProvisionedThroughput\":{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":5,"
        "\"WriteCapacityUnits\":6},\"GlobalSecondaryIndexes\":[{\"IndexName\":\"g\","
        "\"KeySchema\":[],\"Projection\":{\"ProjectionType\":\"ALL\"},\"IndexStatus\":\"ACTIVE\","
        "\"IndexArn\":\"b\",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":0,"
        "\"WriteCapacityUnits\":0}}],\"SSEDescription\":{\"Status\":\"ENABLED\",\"SSEType\":"
        "\"KMS\",\"KMSMasterKeyArn\":\"k\"},\"StreamSpecification\":{\"StreamEnabled\":true,"
        "\"StreamViewType\":\"NEW_IMAGE\"},\"TableClassSummary\":{\"TableClass\":\"STANDARD\"},"
        "\"DeletionProtectionEnabled\":false}}",
        &list));
    body = definition_create_body(t->arena, &list.items[0], SPAN("t1x"));
    EXPECT(span_is(body,
                   "{\"TableName\":\"t1x\",\"AttributeDefinitions\":[],\"KeySchema\":[],"
                   "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"g\",\"KeySchema\":[],"
                   "\"Projection\":{\"ProjectionType\":\"ALL\"}}],\"BillingMode\":\"PROVISIONED\","
                   "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6},"
                   "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":"
                   "\"NEW_IMAGE\"},\"SSESpecification\":{\"Enabled\":true,\"SSEType\":\"KMS\","
                   "\"KMSMasterKeyId\":\"k\"},\"TableClass\":\"STANDARD\"}"),
           "%.*s", SPAN_PRINT(body));
}

TEST(bad_json_is_placed_by_line_and_column)
{
    struct definition_list list;
    struct error *error = parse(t, NAMED("aaa") "\n{\"\xc3\xa9\": 1,}", &list);

    EXPECT(error != NULL, "read");
    EXPECT(span_starts_with(error->message, SPAN("t.json:2:8: not JSON: ")), "%.*s",
           SPAN_PRINT(error->message));
}

TEST(a_file_without_a_definition_says_what_it_lacks)
{
    struct definition_list list;

    EXPECT_ERROR(parse(t, " \n", &list), "t.json: the file is empty: put a table definition in it");
    EXPECT_ERROR(parse(t, "[]", &list), "t.json: the list of tables is empty: put one in it");
    EXPECT_ERROR(
        parse(t, "[1]", &list),
        "t.json: entry 1: no table definition: one is CreateTable's input or what "
        "DescribeTable answers, an object with TableName and KeySchema, or a template that has "
        "tables");
    EXPECT_ERROR(parse(t, "{\"Resources\":{}}", &list),
                 "t.json: no table in this template: name one that has AWS::DynamoDB::Table, "
                 "AWS::DynamoDB::GlobalTable or AWS::Serverless::SimpleTable");
    EXPECT_ERROR(parse(t, "{\"KeySchema\":[]}", &list),
                 "t.json: a table without a TableName: give it one");
    EXPECT_ERROR(parse(t, NAMED("aaa") "{\"TableName\":\"bbb\"}", &list),
                 "t.json: document 2: table bbb has no KeySchema: a definition is CreateTable's "
                 "input or what DescribeTable answers");
}

TEST(a_bottomless_file_is_refused)
{
    struct definition_list list;
    enum { LEVELS = 900000 };
    char *text = arena_alloc_raw(t->arena, 13 * LEVELS + 1);

    for (size_t i = 0; i < LEVELS; i++) {
        memcpy(text + 11 * i, "{\"Tables\":[", 11);
        memcpy(text + 11 * LEVELS + 2 * i, "]}", 2);
    }
    text[13 * LEVELS] = '\0';
    EXPECT_ERROR(parse(t, text, &list), "t.json:1:354: nested too deep or far too large");
    EXPECT_OK(parse(t,
                    "[{\"TableName\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                    "[[[[[[[[[[[[[[\\\"{{\",\"KeySchema\":[]}]",
                    &list));
}

TEST(one_name_may_be_defined_once)
{
    struct definition_list list;

    EXPECT_OK(parse(t, NAMED("aaa") NAMED("bbb"), &list));
    EXPECT_OK(definition_check_names(t->arena, &list));
    EXPECT_OK(parse(t, NAMED("aaa") NAMED("aaa"), &list));
    EXPECT_ERROR(definition_check_names(t->arena, &list),
                 "table aaa is defined twice, in t.json and in t.json: document 2: remove or "
                 "rename one");
}

TEST(a_missing_file_says_so)
{
    struct definition_list list = { 0 };

    EXPECT_ERROR(definition_read(t->arena, SPAN("no/such.json"), &list),
                 "no/such.json: no such file: check the path, seen from here");
}
