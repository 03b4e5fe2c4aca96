/* tests/unit/template/compare_test.c - when a live table is what a definition asks for. */
#include "../test.h"

#include "base/json.h"
#include "template/compare.h"
#include "template/definition.h"

static struct definition read_one(struct test *t, const char *text)
{
    struct definition_list list = { 0 };

    EXPECT_OK(definition_parse(t->arena, SPAN("t.json"), span_from(text), &list));
    return list.items[0];
}

static struct difference_list compare(struct test *t, const char *wanted, const char *found)
{
    struct definition a = read_one(t, wanted);
    struct definition b = read_one(t, found);
    struct difference_list differences;

    compare_definitions(t->arena, &a, &b, &differences);
    return differences;
}

#define KEYS "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]"
#define DEFINED(name) "{\"AttributeName\":\"" name "\",\"AttributeType\":\"S\"}"
#define INDEX(projected)                                                                        \
    "{\"IndexName\":\"by_day\",\"KeySchema\":[{\"AttributeName\":\"day\",\"KeyType\":"          \
    "\"HASH\"}],\"Projection\":{\"ProjectionType\":\"INCLUDE\",\"NonKeyAttributes\":" projected \
    "}}"

TEST(defaults_and_order_make_no_difference)
{
    struct difference_list differences = compare(
        t,
        "{\"TableName\":\"ttt\"," KEYS ",\"AttributeDefinitions\":[" DEFINED("id") "," DEFINED(
            "day") "],\"GlobalSecondaryIndexes\":[" INDEX("[\"b\",\"a\"]") "],"
                                                                           "\"ProvisionedThroughput"
                                                                           "\":{"
                                                                           "\"ReadCapacityUnits\":"
                                                                           "5,"
                                                                           "\"WriteCapacityUnits\":"
                                                                           "5.0},"
                                                                           "\"StreamSpecification\""
                                                                           ":{\"StreamEnabled\":"
                                                                           "false},\"Tags\":[]}",
        "{\"TableName\":\"uuu\",\"TableStatus\":\"ACTIVE\"," KEYS
        ",\"AttributeDefinitions\":[" DEFINED("day") "," DEFINED(
            "id") "],"
                  "\"GlobalSecondaryIndexes\":[" INDEX(
                      "[\"a\",\"b\"]") "],\"ProvisionedThroughput\":"
                                       "{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":5},"
                                       "\"TableClassSummary\":"
                                       "{\"TableClass\":\"STANDARD\"},\"WarmThroughput\":{"
                                       "\"ReadUnitsPerSecond\":5}}");

    EXPECT(differences.count == 0, "%.*s", SPAN_PRINT(differences.items[0].path));
}

TEST(each_difference_has_its_path_and_both_values)
{
    struct difference_list differences = compare(
        t,
        "{\"TableName\":\"ttt\"," KEYS ",\"AttributeDefinitions\":[" DEFINED(
            "id") "],"
                  "\"BillingMode\":\"PAY_PER_REQUEST\",\"LocalSecondaryIndexes\":[" INDEX(
                      "[\"a\"]") "]}",
        "{\"TableName\":\"ttt\"," KEYS ",\"AttributeDefinitions\":[" DEFINED(
            "id") "],"
                  "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":1,\"WriteCapacityUnits\":2},"
                  "\"LocalSecondaryIndexes\":[" INDEX("[\"a\",\"c\"]") "]}");
    const struct difference *at = differences.items;

    EXPECT(differences.count == 3, "%zu differences", differences.count);
    EXPECT(span_is(at[0].path, "BillingMode") && span_is(at[0].wanted, "PAY_PER_REQUEST") &&
               span_is(at[0].found, "PROVISIONED"),
           "billing");
    EXPECT(span_is(at[1].path, "LocalSecondaryIndexes.by_day.Projection") &&
               span_is(at[1].wanted, "INCLUDE a") && span_is(at[1].found, "INCLUDE a, c"),
           "projection");
    EXPECT(span_is(at[2].path, "ProvisionedThroughput") && !at[2].wanted.data &&
               span_is(at[2].found, "1 read, 2 write"),
           "throughput");
}

TEST(the_order_of_key_attributes_is_a_difference)
{
    struct difference_list differences = compare(
        t,
        "{\"TableName\":\"ttt\",\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"},"
        "{\"AttributeName\":\"b\",\"KeyType\":\"RANGE\"}]}",
        "{\"TableName\":\"ttt\",\"KeySchema\":[{\"AttributeName\":\"b\",\"KeyType\":\"HASH\"},"
        "{\"AttributeName\":\"a\",\"KeyType\":\"RANGE\"}]}");

    EXPECT(differences.count == 1 && span_is(differences.items[0].wanted, "a HASH, b RANGE") &&
               span_is(differences.items[0].found, "b HASH, a RANGE"),
           "%zu differences", differences.count);
}
