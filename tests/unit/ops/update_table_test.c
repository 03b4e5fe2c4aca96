/* tests/unit/ops/update_table_test.c - UpdateTable: what it changes, what it answers meanwhile, and
 * what it refuses. */
#include "caller.h"

#define INVALID "ValidationException: One or more parameter values were invalid: "
#define TABLE "/TableDescription"

static const char *const on_demand_table =
    "{'TableName':'Orders','BillingMode':'PAY_PER_REQUEST',"
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
    "{'AttributeName':'a','AttributeType':'S'}],"
    "'GlobalSecondaryIndexes':[{'IndexName':'by-a','Projection':{'ProjectionType':'ALL'},"
    "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}]}]}";

static const char *const provisioned_table =
    "{'TableName':'Orders','ProvisionedThroughput':"
    "{'ReadCapacityUnits':5,'WriteCapacityUnits':5},"
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
    "{'AttributeName':'sk','KeyType':'RANGE'}],"
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
    "{'AttributeName':'sk','AttributeType':'S'},{'AttributeName':'a','AttributeType':'S'}],"
    "'LocalSecondaryIndexes':[{'IndexName':'local','Projection':{'ProjectionType':'ALL'},"
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
    "{'AttributeName':'a','KeyType':'RANGE'}]}],"
    "'GlobalSecondaryIndexes':[{'IndexName':'by-a','Projection':{'ProjectionType':'ALL'},"
    "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}],"
    "'ProvisionedThroughput':{'ReadCapacityUnits':2,'WriteCapacityUnits':2}}]}";

/* UpdateTable of Orders with these members. */
static yyjson_val *update(const struct caller *caller, const char *members)
{
    return caller_do(caller, "UpdateTable",
                     arena_print(caller->arena, "{'TableName':'Orders',%s}", members).data);
}

static yyjson_val *describe(const struct caller *caller)
{
    return caller_do(caller, "DescribeTable", "{'TableName':'Orders'}");
}

static void expect_refused(const struct caller *caller, const char *members, const char *text)
{
    struct span json = arena_print(caller->arena, "{'TableName':'Orders',%s}", members);

    EXPECT_REFUSED(caller, "UpdateTable", json.data, text);
}

struct refusal {
    const char *members;
    const char *text;
};

static void expect_all_refused(struct test *t, const char *table, const struct refusal *refusals,
                               size_t count)
{
    struct caller caller = caller_open(t, NULL);
    struct span before;

    caller_do(&caller, "CreateTable", table);
    before = json_at(t->arena, describe(&caller), "/Table");
    for (size_t i = 0; i < count; i++)
        expect_refused(&caller, refusals[i].members, refusals[i].text);
    EXPECT(span_equal(before, json_at(t->arena, describe(&caller), "/Table")),
           "a refused change has changed the table");
    caller_close(&caller);
}

#define CAPACITY(read, write) \
    "'ProvisionedThroughput':{'ReadCapacityUnits':" #read ",'WriteCapacityUnits':" #write "}"
#define UPDATES(update) "'GlobalSecondaryIndexUpdates':[" update "]"

TEST(new_capacity_is_answered_with_the_old_and_described_at_once)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", provisioned_table);
    answer = update(&caller, CAPACITY(7, 6));
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "UPDATING");
    EXPECT_AT(t->arena, answer, TABLE "/ProvisionedThroughput/ReadCapacityUnits", "5");
    EXPECT(json_at(t->arena, answer, TABLE "/ProvisionedThroughput/LastIncreaseDateTime").size > 0,
           "no time of increase");
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/TableStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput/ReadCapacityUnits", "7");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput/WriteUnitsPerSecond", "6");
    caller_close(&caller);
}

TEST(decreases_are_counted_by_the_day_and_leave_warm_throughput_alone)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    clock_freeze(engine_clock(caller.engine));
    caller_do(&caller, "CreateTable", provisioned_table);
    update(&caller, CAPACITY(4, 4));
    update(&caller, CAPACITY(4, 3));
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput/NumberOfDecreasesToday", "2");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput/ReadUnitsPerSecond", "5");
    clock_advance_ms(engine_clock(caller.engine), 24 * 3600 * 1000);
    EXPECT_AT(t->arena, describe(&caller), "/Table/ProvisionedThroughput/NumberOfDecreasesToday",
              "0");
    caller_close(&caller);
}

TEST(a_switch_to_on_demand_and_back_keeps_its_date)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", provisioned_table);
    answer = update(&caller, "'BillingMode':'PAY_PER_REQUEST'");
    EXPECT_AT(t->arena, answer, TABLE "/BillingModeSummary",
              "{\"BillingMode\":\"PAY_PER_REQUEST\"}");
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput/ReadCapacityUnits", "0");
    EXPECT_AT(t->arena, answer, "/Table/WarmThroughput/ReadUnitsPerSecond", "12000");
    EXPECT_AT(t->arena, answer,
              "/Table/GlobalSecondaryIndexes/0/ProvisionedThroughput/ReadCapacityUnits", "0");
    update(&caller, "'OnDemandThroughput':{'MaxReadRequestUnits':9}");
    expect_refused(&caller, "'BillingMode':'PROVISIONED'," CAPACITY(1, 1),
                   INVALID "ProvisionedThroughput must be specified for index: by-a");
    update(&caller, "'BillingMode':'PROVISIONED'," CAPACITY(1, 1) "," UPDATES(
                        "{'Update':{'IndexName':'by-a'," CAPACITY(3, 3) "}}"));
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/BillingModeSummary/BillingMode", "PROVISIONED");
    EXPECT(json_at(t->arena, answer, "/Table/BillingModeSummary/LastUpdateToPayPerRequestDateTime")
                   .size > 0,
           "no date");
    EXPECT_AT(t->arena, answer, "/Table/OnDemandThroughput", "");
    EXPECT_AT(t->arena, answer,
              "/Table/GlobalSecondaryIndexes/0/ProvisionedThroughput/ReadCapacityUnits", "3");
    caller_close(&caller);
}

TEST(on_demand_again_is_no_error)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable", on_demand_table);
    EXPECT_AT(t->arena, update(&caller, "'BillingMode':'PAY_PER_REQUEST'"), TABLE "/TableStatus",
              "UPDATING");
    caller_close(&caller);
}

TEST(a_maximum_is_taken_away_with_minus_one)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", on_demand_table);
    update(&caller, "'OnDemandThroughput':{'MaxReadRequestUnits':9,'MaxWriteRequestUnits':8}");
    answer = update(&caller, "'OnDemandThroughput':{'MaxReadRequestUnits':-1}");
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, TABLE "/OnDemandThroughput",
              "{\"MaxReadRequestUnits\":-1,\"MaxWriteRequestUnits\":8}");
    EXPECT_AT(t->arena, describe(&caller), "/Table/OnDemandThroughput",
              "{\"MaxWriteRequestUnits\":8}");
    update(&caller, "'OnDemandThroughput':{'MaxWriteRequestUnits':-1}");
    EXPECT_AT(t->arena, describe(&caller), "/Table/OnDemandThroughput", "");
    caller_close(&caller);
}

TEST(warm_throughput_grows_only)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", on_demand_table);
    answer = update(&caller, "'WarmThroughput':{'ReadUnitsPerSecond':13000}");
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, TABLE "/WarmThroughput/Status", "UPDATING");
    EXPECT_AT(t->arena, answer, TABLE "/WarmThroughput/ReadUnitsPerSecond", "12000");
    EXPECT_AT(t->arena, describe(&caller), "/Table/WarmThroughput/ReadUnitsPerSecond", "13000");
    expect_refused(&caller, "'WarmThroughput':{'ReadUnitsPerSecond':12999}",
                   INVALID "Requested ReadUnitsPerSecond for WarmThroughput for table is lower "
                           "than current WarmThroughput, decreasing WarmThroughput is not "
                           "supported");
    caller_close(&caller);
}

TEST(streams_are_switched_on_and_off)
{
    struct caller caller = caller_open(t, NULL);
    const char *on = "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}";
    const char *off = "'StreamSpecification':{'StreamEnabled':false}";
    struct span first;
    yyjson_val *answer;

    clock_freeze(engine_clock(caller.engine));
    caller_do(&caller, "CreateTable", on_demand_table);
    expect_refused(&caller, off,
                   "ValidationException: Table has no stream to disable: TableName: Orders");
    answer = update(&caller, on);
    first = json_at(t->arena, answer, TABLE "/LatestStreamArn");
    EXPECT_AT(t->arena, answer, TABLE "/StreamSpecification/StreamViewType", "KEYS_ONLY");
    EXPECT(first.size > 0, "no ARN in the answer");
    expect_refused(&caller, on,
                   "ValidationException: Table already has an enabled stream: TableName: Orders");
    update(&caller, off);
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/StreamSpecification", "");
    EXPECT_AT(t->arena, answer, "/Table/LatestStreamArn", first.data);
    answer = update(&caller, on);
    EXPECT(!span_equal(json_at(t->arena, answer, TABLE "/LatestStreamArn"), first),
           "a new stream has the old ARN");
    caller_close(&caller);
}

TEST(encryption_class_and_protection_are_switched)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", on_demand_table);
    answer = update(&caller, "'SSESpecification':{'Enabled':true}");
    EXPECT_AT(t->arena, answer, TABLE "/SSEDescription", "{\"Status\":\"UPDATING\"}");
    EXPECT_AT(t->arena, describe(&caller), "/Table/SSEDescription/Status", "ENABLED");
    update(&caller, "'SSESpecification':{'Enabled':false}");
    EXPECT_AT(t->arena, describe(&caller), "/Table/SSEDescription", "");
    answer = update(&caller, "'TableClass':'STANDARD_INFREQUENT_ACCESS'");
    EXPECT_AT(t->arena, answer, TABLE "/TableClassSummary", "");
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/TableClassSummary/TableClass",
              "STANDARD_INFREQUENT_ACCESS");
    EXPECT(json_at(t->arena, answer, "/Table/TableClassSummary/LastUpdateDateTime").size > 0,
           "no date");
    answer = update(&caller, "'DeletionProtectionEnabled':true");
    EXPECT_AT(t->arena, answer, TABLE "/DeletionProtectionEnabled", "true");
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "ACTIVE");
    EXPECT_REFUSED(&caller, "DeleteTable", "{'TableName':'Orders'}",
                   "ValidationException: Resource cannot be deleted as it is currently protected "
                   "against deletion. Disable deletion protection first.");
    caller_close(&caller);
}

#define CREATE(name, attribute)                                                          \
    "'AttributeDefinitions':[{'AttributeName':'" attribute "','AttributeType':'N'},"     \
    "{'AttributeName':'unused','AttributeType':'S'}]," UPDATES(                          \
        "{'Create':{'IndexName':'" name "','Projection':{'ProjectionType':'KEYS_ONLY'}," \
        "'KeySchema':[{'AttributeName':'" attribute "','KeyType':'HASH'}]}}")

TEST(a_new_index_is_answered_as_creating_and_active_at_once)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", on_demand_table);
    answer = update(&caller, CREATE("by-b", "b"));
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "UPDATING");
    EXPECT_AT(t->arena, answer, TABLE "/GlobalSecondaryIndexes/1/IndexStatus", "CREATING");
    EXPECT_AT(t->arena, answer, TABLE "/GlobalSecondaryIndexes/1/Backfilling", "false");
    EXPECT_AT(t->arena, answer, TABLE "/GlobalSecondaryIndexes/1/IndexArn",
              "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/index/by-b");
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/1/IndexStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/1/Backfilling", "");
    EXPECT_AT(t->arena, answer, "/Table/AttributeDefinitions",
              "[{\"AttributeName\":\"a\",\"AttributeType\":\"S\"},"
              "{\"AttributeName\":\"b\",\"AttributeType\":\"N\"},"
              "{\"AttributeName\":\"pk\",\"AttributeType\":\"S\"}]");
    caller_close(&caller);
}

TEST(a_deleted_index_takes_its_definitions_along)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", on_demand_table);
    answer = update(&caller, UPDATES("{'Delete':{'IndexName':'by-a'}}"));
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "UPDATING");
    EXPECT_AT(t->arena, answer, TABLE "/GlobalSecondaryIndexes/0/IndexStatus", "DELETING");
    answer = describe(&caller);
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes", "");
    EXPECT_AT(t->arena, answer, "/Table/AttributeDefinitions",
              "[{\"AttributeName\":\"pk\",\"AttributeType\":\"S\"}]");
    caller_close(&caller);
}

TEST(an_indexs_capacity_is_changed_by_itself)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;

    caller_do(&caller, "CreateTable", provisioned_table);
    answer = update(&caller, UPDATES("{'Update':{'IndexName':'by-a'," CAPACITY(9, 2) "}}"));
    EXPECT_AT(t->arena, answer, TABLE "/TableStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, TABLE "/GlobalSecondaryIndexes/0/IndexStatus", "UPDATING");
    EXPECT_AT(t->arena, describe(&caller),
              "/Table/GlobalSecondaryIndexes/0/ProvisionedThroughput/ReadCapacityUnits", "9");
    caller_close(&caller);
}

TEST(nothing_to_do_is_refused)
{
    static const char list[] =
        "ValidationException: At least one of ProvisionedThroughput, BillingMode, "
        "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
        "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required";
    const struct refusal refusals[] = {
        { "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'N'}]", list },
        { UPDATES(""), list },
        { UPDATES("") ",'DeletionProtectionEnabled':true",
          INVALID "List of GlobalSecondaryIndexUpdates is empty" },
        { "'ReplicaUpdates':[{'Create':{'RegionName':'eu-west-2'}}]",
          INVALID "ReplicaUpdates is not supported by this server" },
    };

    expect_all_refused(t, on_demand_table, refusals, COUNT(refusals));
}

#define ALONE(what) INVALID what " modification must be the only operation in the request"
#define STREAM "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'}"

TEST(most_changes_stand_alone)
{
    const struct refusal refusals[] = {
        { "'SSESpecification':{'Enabled':true},'TableClass':'STANDARD'",
          ALONE("Server-Side Encryption") },
        { "'DeletionProtectionEnabled':true,'TableClass':'STANDARD'", ALONE("TableClass") },
        { "'DeletionProtectionEnabled':true,'BillingMode':'PAY_PER_REQUEST'",
          ALONE("DeletionProtection") },
        { "'WarmThroughput':{'ReadUnitsPerSecond':9}," STREAM,
          INVALID "WarmThroughput must be the only operation in the request" },
        { "'OnDemandThroughput':{'MaxReadRequestUnits':9}," STREAM,
          INVALID "OnDemandThroughput can only be combined with BillingMode in an UpdateTable "
                  "request" },
        { STREAM "," CAPACITY(1, 1),
          INVALID "You cannot modify stream status while updating table IOPS" },
        { CREATE("by-b", "b") "," CAPACITY(1, 1),
          INVALID "You cannot create or delete index while updating table IOPS" },
        { CREATE("by-b", "b") "," STREAM,
          INVALID "You cannot create or delete index while changing stream status" },
        { UPDATES("{'Delete':{'IndexName':'by-a'}},{'Delete':{'IndexName':'by-b'}}"),
          "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created "
          "or deleted simultaneously per table" },
    };

    expect_all_refused(t, provisioned_table, refusals, COUNT(refusals));
}

TEST(capacity_must_change_and_fit_the_billing_mode)
{
    const struct refusal provisioned[] = {
        { CAPACITY(5, 5),
          "ValidationException: The provisioned throughput for the table will not change. The "
          "requested value equals the current value. Current ReadCapacityUnits provisioned for "
          "the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned "
          "for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB "
          "Developer Guide for current limits and how to request higher limits." },
        { "'BillingMode':'PROVISIONED'",
          INVALID "ProvisionedThroughput must be specified when BillingMode is PROVISIONED" },
        { "'OnDemandThroughput':{'MaxReadRequestUnits':9}",
          INVALID "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table "
                  "BillingMode is PROVISIONED" },
        { CREATE("by-b", "b"), INVALID "Both ReadCapacityUnits and WriteCapacityUnits must be "
                                       "specified for index: by-b" },
    };
    const struct refusal on_demand[] = {
        { CAPACITY(5, 5), INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
                                  "specified when BillingMode is PAY_PER_REQUEST" },
        { UPDATES("{'Update':{'IndexName':'by-a'," CAPACITY(1, 1) "}}"),
          INVALID "The only Updates for index: by-a when TableThroughputMode is PAY_PER_REQUEST "
                  "can be to OnDemandThroughput, WarmThroughput" },
        { "'OnDemandThroughput':{'MaxReadRequestUnits':0}",
          INVALID "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of "
                  "valid range" },
    };

    expect_all_refused(t, provisioned_table, provisioned, COUNT(provisioned));
    expect_all_refused(t, on_demand_table, on_demand, COUNT(on_demand));
}

TEST(index_updates_name_an_index_that_fits)
{
    const struct refusal refusals[] = {
        { UPDATES("{}"), INVALID "One of GlobalSecondaryIndexUpdate.Update, "
                                 "GlobalSecondaryIndexUpdate.Create, "
                                 "GlobalSecondaryIndexUpdate.Delete must not be null" },
        { UPDATES("{'Delete':{'IndexName':'by-a'},'Update':{'IndexName':'by-a'}}"),
          INVALID "Only one global secondary index action is allowed per "
                  "GlobalSecondaryIndexUpdate object" },
        { UPDATES("{'Delete':{'IndexName':'by-a'}},{'Update':{'IndexName':'by-a'}}"),
          INVALID "Only one global secondary index update per index is allowed simultaneously. "
                  "Index: by-a" },
        { UPDATES("{'Delete':{'IndexName':'none'}}"),
          "ResourceNotFoundException: Requested resource not found: Index none for table Orders" },
        { UPDATES("{'Delete':{'IndexName':'local'}}"),
          "ValidationException: Cannot delete an index that is not a GlobalSecondaryIndex: "
          "local" },
        { UPDATES("{'Update':{'IndexName':'local'," CAPACITY(1, 1) "}}"),
          "ValidationException: Cannot update an index that is not a GlobalSecondaryIndex: "
          "local" },
        { CREATE("by-a", "b"),
          "ValidationException: Attempting to create an index which already exists" },
        { UPDATES("{'Create':{'IndexName':'new','Projection':{'ProjectionType':'ALL'},"
                  "'KeySchema':[{'AttributeName':'b','KeyType':'HASH'}]}}"),
          INVALID "AttributeDefinitions is not specified for index: new" },
        { CREATE("new", "a"),
          INVALID "Attributes cannot be redefined. Please check that your attribute has the same "
                  "type as previously defined. Existing schema: Schema:[SchemaElement: "
                  "key{pk:S:HASH}, SchemaElement: key{a:S:RANGE}] New schema: "
                  "Schema:[SchemaElement: key{a:N:HASH}]" },
    };

    expect_all_refused(t, provisioned_table, refusals, COUNT(refusals));
}

TEST(an_unknown_table_cannot_be_updated)
{
    struct caller caller = caller_open(t, NULL);

    expect_refused(&caller, "'DeletionProtectionEnabled':true",
                   "ResourceNotFoundException: Requested resource not found: Table: Orders not "
                   "found");
    caller_close(&caller);
}
