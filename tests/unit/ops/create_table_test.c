/* tests/unit/ops/create_table_test.c - CreateTable and what it refuses. */
#include "caller.h"

#include <stdio.h>
#include <string.h>

#define INVALID "ValidationException: One or more parameter values were invalid: "
#define KEYS "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}]"
#define PAIR                                                \
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}," \
    "{'AttributeName':'sk','KeyType':'RANGE'}]"
#define DEFINE_PK "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}]"
#define DEFINE(more)                                                      \
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}," \
    "{'AttributeName':'sk','AttributeType':'N'}" more "]"
#define DEFINE_A ",{'AttributeName':'a','AttributeType':'S'}"
#define ON_DEMAND "'BillingMode':'PAY_PER_REQUEST'"
#define PROVISIONED "'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':6}"
#define ALL "'Projection':{'ProjectionType':'ALL'}"
#define ON_A "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}]"

/* The rest of a CreateTable of table T, and the refusal it meets. */
static void expect_refused(struct test *t, const char *rest, const char *refusal)
{
    struct caller caller = caller_open(t, NULL);
    struct span json = arena_print(t->arena, "{'TableName':'Table',%s}", rest);

    EXPECT_REFUSED(&caller, "CreateTable", json.data, refusal);
    EXPECT_AT(t->arena, caller_do(&caller, "ListTables", "{}"), "/TableNames", "[]");
    caller_close(&caller);
}

TEST(create_table_answers_creating_and_the_table_is_active_at_once)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer = caller_do(&caller, "CreateTable",
                                   "{'TableName':'Orders'," KEYS "," DEFINE_PK "," ON_DEMAND "}");

    EXPECT_AT(t->arena, answer, "/TableDescription/TableStatus", "CREATING");
    EXPECT_AT(t->arena, answer, "/TableDescription/WarmThroughput", "");
    EXPECT_AT(t->arena, answer, "/TableDescription/BillingModeSummary",
              "{\"BillingMode\":\"PAY_PER_REQUEST\"}");
    answer = caller_do(&caller, "DescribeTable", "{'TableName':'Orders'}");
    EXPECT_AT(t->arena, answer, "/Table/TableStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, "/Table/TableArn",
              "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput",
              "{\"ReadUnitsPerSecond\":12000,\"Status\":\"ACTIVE\",\"WriteUnitsPerSecond\":4000}");
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput",
              "{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0}");
    EXPECT_AT(t->arena, answer, "/Table/DeletionProtectionEnabled", "false");
    EXPECT_AT(t->arena, answer, "/Table/ItemCount", "0");
    EXPECT_AT(t->arena, answer, "/Table/TableSizeBytes", "0");
    EXPECT_AT(t->arena, answer, "/Table/StreamSpecification", "");
    EXPECT_AT(t->arena, answer, "/Table/SSEDescription", "");
    EXPECT_AT(t->arena, answer, "/Table/TableClassSummary", "");
    caller_close(&caller);
}

TEST(a_provisioned_table_has_no_billing_mode_summary)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable",
              "{'TableName':'Orders'," KEYS "," DEFINE_PK "," PROVISIONED
              ",'BillingMode':'PROVISIONED'}");
    answer = caller_do(&caller, "DescribeTable", "{'TableName':'Orders'}");
    EXPECT_AT(t->arena, answer, "/Table/BillingModeSummary", "");
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput",
              "{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6}");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput",
              "{\"ReadUnitsPerSecond\":5,\"Status\":\"ACTIVE\",\"WriteUnitsPerSecond\":6}");
    caller_close(&caller);
}

TEST(a_table_shows_all_of_its_settings)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable",
              "{'TableName':'Orders'," KEYS "," DEFINE_PK "," ON_DEMAND
              ",'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'}"
              ",'SSESpecification':{'Enabled':true},'TableClass':'STANDARD_INFREQUENT_ACCESS'"
              ",'DeletionProtectionEnabled':true,'Tags':[{'Key':'k','Value':''}]"
              ",'OnDemandThroughput':{'MaxReadRequestUnits':10}"
              ",'WarmThroughput':{'ReadUnitsPerSecond':12001}}");
    answer = caller_do(&caller, "DescribeTable", "{'TableName':'Orders'}");
    EXPECT_AT(t->arena, answer, "/Table/StreamSpecification",
              "{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"}");
    EXPECT(span_starts_with(json_at(t->arena, answer, "/Table/LatestStreamArn"),
                            SPAN("arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/stream/2")),
           "no stream ARN");
    EXPECT(json_at(t->arena, answer, "/Table/LatestStreamLabel").size == 23, "label");
    EXPECT_AT(t->arena, answer, "/Table/SSEDescription/Status", "ENABLED");
    EXPECT_AT(t->arena, answer, "/Table/SSEDescription/SSEType", "KMS");
    EXPECT_AT(t->arena, answer, "/Table/TableClassSummary",
              "{\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\"}");
    EXPECT_AT(t->arena, answer, "/Table/DeletionProtectionEnabled", "true");
    EXPECT_AT(t->arena, answer, "/Table/OnDemandThroughput", "{\"MaxReadRequestUnits\":10}");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput/ReadUnitsPerSecond", "12001");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput/WriteUnitsPerSecond", "4000");
    caller_close(&caller);
}

TEST(a_global_index_may_have_four_hash_and_four_range_attributes)
{
    struct caller caller = caller_open(t, NULL);
    struct span definitions = SPAN("{'AttributeName':'pk','AttributeType':'S'}");
    struct span keys = SPAN("");
    yyjson_val *answer;

    for (int i = 0; i < 8; i++) {
        definitions = arena_print(t->arena, "{'AttributeName':'k%d','AttributeType':'S'},%.*s", i,
                                  SPAN_PRINT(definitions));
        keys = arena_print(t->arena, "%.*s%s{'AttributeName':'k%d','KeyType':'%s'}",
                           SPAN_PRINT(keys), i ? "," : "", i, i < 4 ? "HASH" : "RANGE");
    }
    answer = caller_do(&caller, "CreateTable",
                       arena_print(t->arena,
                                   "{'TableName':'Orders'," KEYS "," ON_DEMAND
                                   ",'AttributeDefinitions':[%.*s],'GlobalSecondaryIndexes':"
                                   "[{'IndexName':'wide','KeySchema':[%.*s],'Projection':{"
                                   "'ProjectionType':'INCLUDE','NonKeyAttributes':['z','b']}}]}",
                                   SPAN_PRINT(definitions), SPAN_PRINT(keys))
                           .data);
    EXPECT_AT(t->arena, answer, "/TableDescription/GlobalSecondaryIndexes/0/IndexStatus",
              "CREATING");
    EXPECT_AT(t->arena, answer, "/TableDescription/GlobalSecondaryIndexes/0/Backfilling", "");
    EXPECT_AT(t->arena, answer, "/TableDescription/AttributeDefinitions/0/AttributeName", "k0");
    answer = caller_do(&caller, "DescribeTable", "{'TableName':'Orders'}");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/IndexStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/IndexArn",
              "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/index/wide");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/KeySchema/7",
              "{\"AttributeName\":\"k7\",\"KeyType\":\"RANGE\"}");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/Projection",
              "{\"NonKeyAttributes\":[\"b\",\"z\"],\"ProjectionType\":\"INCLUDE\"}");
    caller_close(&caller);
}

TEST(a_table_that_exists_is_in_use)
{
    struct caller caller = caller_open(t, NULL);
    const char *json = "{'TableName':'Orders'," KEYS "," DEFINE_PK "," ON_DEMAND "}";

    caller_do(&caller, "CreateTable", json);
    EXPECT_REFUSED(&caller, "CreateTable", json,
                   "ResourceInUseException: Table already exists: Orders");
    caller_close(&caller);
}

TEST(billing_mode_and_throughput_must_fit)
{
    expect_refused(t, KEYS "," DEFINE_PK,
                   INVALID "ReadCapacityUnits and WriteCapacityUnits must both be specified when "
                           "BillingMode is PROVISIONED");
    expect_refused(t, KEYS "," DEFINE_PK "," ON_DEMAND "," PROVISIONED,
                   INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                           "BillingMode is PAY_PER_REQUEST");
    expect_refused(t,
                   KEYS "," DEFINE_PK ",'ProvisionedThroughput':{'ReadCapacityUnits':"
                        "1000000000001,'WriteCapacityUnits':1}",
                   "ValidationException: Given value 1000000000001 for ReadCapacityUnits is out "
                   "of bounds");
    expect_refused(
        t, KEYS "," DEFINE_PK "," PROVISIONED ",'OnDemandThroughput':{'MaxReadRequestUnits':1}",
        INVALID "MaxReadRequestUnits for OnDemandThroughput cannot be specified when "
                "the table BillingMode is PROVISIONED");
    expect_refused(
        t, KEYS "," DEFINE_PK "," ON_DEMAND ",'OnDemandThroughput':{'MaxWriteRequestUnits':-1}",
        INVALID "Requested MaxWriteRequestUnits for OnDemandThroughput for table is "
                "outside of valid range");
    expect_refused(t,
                   KEYS "," DEFINE_PK "," PROVISIONED ",'WarmThroughput':{'ReadUnitsPerSecond':4}",
                   INVALID "Requested ReadUnitsPerSecond for WarmThroughput for table is lower "
                           "than ReadCapacityUnits of ProvisionedThroughput");
}

TEST(key_schemas_are_checked_against_their_definitions)
{
    expect_refused(
        t, DEFINE_PK "," ON_DEMAND ",'KeySchema':[{'AttributeName':'pk','KeyType':'RANGE'}]",
        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a "
        "HASH key type");
    expect_refused(t,
                   DEFINE("") "," ON_DEMAND ",'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
                              "{'AttributeName':'sk','KeyType':'HASH'}]",
                   "ValidationException: Invalid KeySchema: The second KeySchemaElement is not a "
                   "RANGE key type");
    expect_refused(t, PAIR "," DEFINE_PK "," ON_DEMAND,
                   "ValidationException: Invalid KeySchema: Some index key attribute have no "
                   "definition");
    expect_refused(t,
                   DEFINE("") "," ON_DEMAND ",'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
                              "{'AttributeName':'pk','KeyType':'RANGE'}]",
                   "ValidationException: Both the Hash Key and the Range Key element in the "
                   "KeySchema have the same name");
    expect_refused(t,
                   DEFINE_PK "," ON_DEMAND ",'KeySchema':[{'AttributeName':'PK','KeyType':'HASH'}]",
                   INVALID "Some index key attributes are not defined in AttributeDefinitions. "
                           "Keys: [PK], AttributeDefinitions: [pk]");
    expect_refused(t, KEYS "," DEFINE("") "," ON_DEMAND,
                   INVALID "Number of attributes in KeySchema does not exactly match number of "
                           "attributes defined in AttributeDefinitions");
    expect_refused(t,
                   KEYS "," ON_DEMAND
                        ",'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
                        "{'AttributeName':'pk','AttributeType':'N'}]",
                   "ValidationException: Attribute Name is duplicated: pk");
    expect_refused(t, DEFINE_PK "," ON_DEMAND,
                   "ValidationException: 1 validation error detected: Value null at 'keySchema' "
                   "failed to satisfy constraint: Member must not be null");
}

TEST(unused_definitions_are_listed_in_the_services_order)
{
    expect_refused(
        t,
        PAIR "," DEFINE(DEFINE_A
                        ",{'AttributeName':'b','AttributeType':'S'},"
                        "{'AttributeName':'c','AttributeType':'S'}") "," ON_DEMAND
                                                                     ",'GlobalSecondaryIndexes':[{'"
                                                                     "IndexName':'ind'," ON_A
                                                                     "," ALL "}]",
        INVALID "Some AttributeDefinitions are not used. AttributeDefinitions: [sk, a, "
                "b, pk, c], keys used: [a, sk, pk]");
}

#define LOCAL(keys) ",'LocalSecondaryIndexes':[{'IndexName':'ind','KeySchema':[" keys "]," ALL "}]"

TEST(local_indexes_share_the_tables_hash_key)
{
    expect_refused(t, KEYS "," DEFINE_PK "," ON_DEMAND ",'LocalSecondaryIndexes':[]",
                   INVALID "List of LocalSecondaryIndexes is empty");
    expect_refused(
        t,
        KEYS "," DEFINE("") "," ON_DEMAND LOCAL("{'AttributeName':'pk','KeyType':"
                                                "'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}"),
        INVALID "Table KeySchema does not have a range key, which is required when "
                "specifying a LocalSecondaryIndex");
    expect_refused(
        t, PAIR "," DEFINE("") "," ON_DEMAND LOCAL("{'AttributeName':'pk','KeyType':'HASH'}"),
        INVALID "Index KeySchema does not have a range key for index: ind");
    expect_refused(t,
                   PAIR "," DEFINE(DEFINE_A) "," ON_DEMAND LOCAL(
                       "{'AttributeName':'a','KeyType':"
                       "'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}"),
                   INVALID "Index KeySchema does not have the same leading hash key as table "
                           "KeySchema for index: ind. index hash key: a, table hash key: pk");
}

#define GLOBAL(body) ",'GlobalSecondaryIndexes':[{'IndexName':'ind'," body "}]"

TEST(global_indexes_need_a_fitting_projection)
{
    const char *before = PAIR "," DEFINE(DEFINE_A) "," ON_DEMAND;
    static const char *const cases[][2] = {
        { "{}", "Unknown ProjectionType: null" },
        { "{'ProjectionType':'ALL','NonKeyAttributes':['x']}",
          "ProjectionType is ALL, but NonKeyAttributes is specified" },
        { "{'ProjectionType':'KEYS_ONLY','NonKeyAttributes':['x']}",
          "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified" },
        { "{'ProjectionType':'INCLUDE'}",
          "ProjectionType is INCLUDE, but NonKeyAttributes is not specified" },
        { "{'ProjectionType':'INCLUDE','NonKeyAttributes':['x','y','x']}",
          "Duplicate element in NonKeyAttributes: x" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span rest =
            arena_print(t->arena, "%s" GLOBAL(ON_A ",'Projection':%s"), before, cases[i][0]);
        struct span refusal = arena_print(t->arena, INVALID "%s", cases[i][1]);

        expect_refused(t, rest.data, refusal.data);
    }
}

TEST(global_indexes_are_checked_key_by_key)
{
    const char *before = PAIR "," DEFINE(DEFINE_A) "," ON_DEMAND;
    static const char *const cases[][2] = {
        { "{'AttributeName':'a','KeyType':'RANGE'}",
          "Invalid KeySchema: The first KeySchemaElement is not a HASH key type" },
        { "{'AttributeName':'a','KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'},"
          "{'AttributeName':'pk','KeyType':'HASH'}",
          "One or more parameter values were invalid: All HASH key attributes must precede RANGE "
          "key attributes in the KeySchema" },
        { "{'AttributeName':'a','KeyType':'HASH'},{'AttributeName':'a','KeyType':'HASH'}",
          "The KeySchema contains multiple key attributes with the same name" },
        { "{'AttributeName':'q','KeyType':'HASH'}",
          "One or more parameter values were invalid: Some index key attributes are not defined "
          "in AttributeDefinitions. Keys: [q], AttributeDefinitions: [sk, a, pk]" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span rest =
            arena_print(t->arena, "%s" GLOBAL("'KeySchema':[%s]," ALL), before, cases[i][0]);
        struct span refusal = arena_print(t->arena, "ValidationException: %s", cases[i][1]);

        expect_refused(t, rest.data, refusal.data);
    }
}

TEST(global_indexes_need_throughput_when_the_table_has_it)
{
    expect_refused(t, PAIR "," DEFINE(DEFINE_A) "," PROVISIONED GLOBAL(ON_A "," ALL),
                   INVALID "ProvisionedThroughput is not specified for index: ind");
    expect_refused(t, PAIR "," DEFINE(DEFINE_A) "," ON_DEMAND GLOBAL(ON_A "," ALL "," PROVISIONED),
                   INVALID "ProvisionedThroughput should not be specified for index: ind when "
                           "BillingMode is PAY_PER_REQUEST");
    expect_refused(t,
                   PAIR "," DEFINE(DEFINE_A) "," ON_DEMAND
                                             ",'GlobalSecondaryIndexes':[{'IndexName':'ind'," ON_A
                                             "," ALL "},{'IndexName':'ind'," ON_A "," ALL "}]",
                   INVALID "Duplicate index name: ind");
}

TEST(settings_are_checked_last)
{
    const char *before = KEYS "," DEFINE_PK "," ON_DEMAND;
    static const char *const cases[][2] = {
        { "'StreamSpecification':{'StreamEnabled':true}",
          INVALID "Table is being created with a stream enabled, UpdateViewType is required" },
        { "'StreamSpecification':{'StreamEnabled':false,'StreamViewType':'KEYS_ONLY'}",
          INVALID "Table is being created with a stream disabled, UpdateViewType should not be "
                  "specified" },
        { "'SSESpecification':{'Enabled':true,'SSEType':'AES256'}",
          INVALID "SSEType AES256 is not supported" },
        { "'SSESpecification':{'Enabled':true,'KMSMasterKeyId':'k'}",
          INVALID "SSEType KMS is required if KMSMasterKeyId is specified" },
        { "'SSESpecification':{'Enabled':false,'KMSMasterKeyId':'k'}",
          INVALID "KMSMasterKeyId can not be specified if Enabled is false" },
        { "'TableClass':'GLACIER'",
          "ValidationException: Invalid table-class parameter provided. Please try again with a "
          "valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS]." },
        { "'Tags':[{'Key':'aws:x','Value':'1'}]",
          "ValidationException: Tag Key cannot be prefixed with aws:, Key: aws:x" },
        { "'ResourcePolicy':'{}'", INVALID "ResourcePolicy is not supported by this server" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span rest = arena_print(t->arena, "%s,%s", before, cases[i][0]);

        expect_refused(t, rest.data, cases[i][1]);
    }
}
