/* tests/unit/ops/backups_test.c - backups, what they hold, and tables restored from them. */
#include "caller.h"

#include <string.h>

#define ARN_START "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/backup/"
#define ABSENT_ARN ARN_START "01489173575360-b308cd7d"
#define BY_OWNER                                                                       \
    "{'IndexName':'byOwner','KeySchema':[{'AttributeName':'owner','KeyType':'HASH'}]," \
    "'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['z','a']}"
#define BY_MADE                                                                   \
    "{'IndexName':'byMade','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}," \
    "{'AttributeName':'made','KeyType':'RANGE'}],'Projection':{'ProjectionType':'ALL'}}"
#define DEFINITIONS                                                                               \
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk',"   \
    "'AttributeType':'N'},{'AttributeName':'owner','AttributeType':'S'},{'AttributeName':'made'," \
    "'AttributeType':'S'}]"
#define KEYS                                                \
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}," \
    "{'AttributeName':'sk','KeyType':'RANGE'}]"

static void put(const struct caller *caller, const char *pk, int sk, const char *more)
{
    caller_do(caller, "PutItem",
              arena_print(caller->arena,
                          "{'TableName':'Orders','Item':{'pk':{'S':'%s'},'sk':{'N':'%d'}%s}}", pk,
                          sk, more)
                  .data);
}

/* Everything that restore must leave behind is on. */
static void create_orders(const struct caller *caller)
{
    caller_do(caller, "CreateTable",
              "{'TableName':'Orders','BillingMode':'PAY_PER_REQUEST'," KEYS "," DEFINITIONS
              ",'GlobalSecondaryIndexes':[" BY_OWNER "}],'LocalSecondaryIndexes':[" BY_MADE "]"
              ",'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'}"
              ",'SSESpecification':{'Enabled':true},'TableClass':'STANDARD_INFREQUENT_ACCESS'"
              ",'DeletionProtectionEnabled':true,'Tags':[{'Key':'k','Value':'v'}]"
              ",'OnDemandThroughput':{'MaxReadRequestUnits':10}}");
    caller_do(caller, "UpdateTimeToLive",
              "{'TableName':'Orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':"
              "'end'}}");
    put(caller, "a", 1, ",'owner':{'S':'x'},'made':{'S':'1'},'a':{'S':'projected'}");
    put(caller, "a", 2, ",'made':{'S':'0'},'v':{'S':'not projected'}");
    put(caller, "b", 1, ",'owner':{'S':'x'}");
}

static const char *create_backup(const struct caller *caller, const char *table, const char *name)
{
    yyjson_val *answer = caller_do(
        caller, "CreateBackup",
        arena_print(caller->arena, "{'TableName':'%s','BackupName':'%s'}", table, name).data);

    return json_at(caller->arena, answer, "/BackupDetails/BackupArn").data;
}

static yyjson_val *with_arn(const struct caller *caller, const char *operation, const char *arn,
                            const char *more)
{
    return caller_do(caller, operation,
                     arena_print(caller->arena, "{'BackupArn':'%s'%s}", arn, more).data);
}

static yyjson_val *restore(const struct caller *caller, const char *arn, const char *name,
                           const char *more)
{
    return with_arn(caller, "RestoreTableFromBackup", arn,
                    arena_print(caller->arena, ",'TargetTableName':'%s'%s", name, more).data);
}

static yyjson_val *describe(const struct caller *caller, const char *name)
{
    return caller_do(caller, "DescribeTable",
                     arena_print(caller->arena, "{'TableName':'%s'}", name).data);
}

TEST(a_backup_describes_itself_and_the_table_as_it_stood)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;
    const char *arn;

    create_orders(&caller);
    answer = caller_do(&caller, "CreateBackup", "{'TableName':'Orders','BackupName':'first'}");
    arn = json_at(t->arena, answer, "/BackupDetails/BackupArn").data;
    EXPECT(strncmp(arn, ARN_START, strlen(ARN_START)) == 0, "%s", arn);
    EXPECT(strlen(arn) == strlen(ABSENT_ARN), "%s", arn);
    EXPECT_AT(t->arena, answer, "/BackupDetails/BackupStatus", "CREATING");
    EXPECT_AT(t->arena, answer, "/BackupDetails/BackupType", "USER");
    EXPECT_AT(t->arena, answer, "/BackupDetails/BackupExpiryDateTime", "");

    put(&caller, "c", 1, "");
    answer = with_arn(&caller, "DescribeBackup", arn, "");
    EXPECT_AT(t->arena, answer, "/BackupDescription/BackupDetails/BackupStatus", "AVAILABLE");
    EXPECT_AT(t->arena, answer, "/BackupDescription/BackupDetails/BackupName", "first");
    EXPECT_AT(t->arena, answer, "/BackupDescription/BackupDetails/BackupSizeBytes", "67");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/TableSizeBytes", "67");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/ItemCount", "3");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/BillingMode",
              "PAY_PER_REQUEST");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/ProvisionedThroughput",
              "{\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0}");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/OnDemandThroughput",
              "{\"MaxReadRequestUnits\":10}");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/KeySchema/1/AttributeName",
              "sk");
    EXPECT_AT(t->arena, answer,
              "/BackupDescription/SourceTableFeatureDetails/GlobalSecondaryIndexes/0/Projection",
              "{\"NonKeyAttributes\":[\"a\",\"z\"],\"ProjectionType\":\"INCLUDE\"}");
    EXPECT_AT(t->arena, answer,
              "/BackupDescription/SourceTableFeatureDetails/LocalSecondaryIndexes/0/IndexName",
              "byMade");
    EXPECT_AT(t->arena, answer,
              "/BackupDescription/SourceTableFeatureDetails/StreamDescription/StreamViewType",
              "NEW_IMAGE");
    EXPECT_AT(t->arena, answer,
              "/BackupDescription/SourceTableFeatureDetails/SSEDescription/SSEType", "KMS");
    EXPECT_AT(t->arena, answer,
              "/BackupDescription/SourceTableFeatureDetails/TimeToLiveDescription",
              "{\"AttributeName\":\"end\",\"TimeToLiveStatus\":\"ENABLED\"}");
    caller_close(&caller);
}

TEST(a_restored_table_has_the_items_indexes_and_settings_of_the_backup_and_no_more)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    put(&caller, "a", 1, "");
    put(&caller, "c", 1, "");
    answer = restore(&caller, arn, "Again", "");
    EXPECT_AT(t->arena, answer, "/TableDescription/TableStatus", "CREATING");
    EXPECT_AT(t->arena, answer, "/TableDescription/RestoreSummary/RestoreInProgress", "true");

    answer = describe(&caller, "Again");
    EXPECT_AT(t->arena, answer, "/Table/TableStatus", "ACTIVE");
    EXPECT_AT(t->arena, answer, "/Table/ItemCount", "3");
    EXPECT_AT(t->arena, answer, "/Table/TableSizeBytes", "67");
    EXPECT_AT(t->arena, answer, "/Table/BillingModeSummary/BillingMode", "PAY_PER_REQUEST");
    EXPECT_AT(t->arena, answer, "/Table/OnDemandThroughput", "{\"MaxReadRequestUnits\":10}");
    EXPECT_AT(t->arena, answer, "/Table/SSEDescription/SSEType", "KMS");
    EXPECT_AT(t->arena, answer, "/Table/RestoreSummary/RestoreInProgress", "false");
    EXPECT_AT(t->arena, answer, "/Table/RestoreSummary/SourceBackupArn", arn);
    EXPECT_AT(t->arena, answer, "/Table/RestoreSummary/SourceTableArn",
              "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/IndexArn",
              "arn:aws:dynamodb:eu-west-1:000000000000:table/Again/index/byOwner");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/ItemCount", "2");
    EXPECT_AT(t->arena, answer, "/Table/LocalSecondaryIndexes/0/ItemCount", "2");
    EXPECT_AT(t->arena, answer, "/Table/StreamSpecification", "");
    EXPECT_AT(t->arena, answer, "/Table/LatestStreamArn", "");
    EXPECT_AT(t->arena, answer, "/Table/TableClassSummary", "");
    EXPECT_AT(t->arena, answer, "/Table/DeletionProtectionEnabled", "false");
    answer = caller_do(&caller, "ListTagsOfResource",
                       "{'ResourceArn':'arn:aws:dynamodb:eu-west-1:000000000000:table/Again'}");
    EXPECT_AT(t->arena, answer, "/Tags", "[]");

    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTimeToLive", "{'TableName':'Again'}"),
              "/TimeToLiveDescription", "{\"TimeToLiveStatus\":\"DISABLED\"}");
    answer = caller_do(&caller, "GetItem",
                       "{'TableName':'Again','Key':{'pk':{'S':'a'},'sk':{'N':'2'}}}");
    EXPECT_AT(t->arena, answer, "/Item/v/S", "not projected");
    answer = caller_do(&caller, "Query",
                       "{'TableName':'Again','IndexName':'byOwner','KeyConditionExpression':"
                       "'#o=:x','ExpressionAttributeNames':{'#o':'owner'},"
                       "'ExpressionAttributeValues':{':x':{'S':'x'}}}");
    EXPECT_AT(t->arena, answer, "/Count", "2");
    answer = caller_do(&caller, "Query",
                       "{'TableName':'Again','IndexName':'byMade','KeyConditionExpression':"
                       "'pk=:a','ExpressionAttributeValues':{':a':{'S':'a'}}}");
    EXPECT_AT(t->arena, answer, "/Items/0/sk/N", "2");
    EXPECT_AT(t->arena, answer, "/Items/1/sk/N", "1");
    EXPECT_AT(t->arena, describe(&caller, "Orders"), "/Table/RestoreSummary", "");
    caller_close(&caller);
}

/* spec: a collection's size counts its items and their entries in local indexes */
TEST(a_restored_table_knows_the_sizes_of_its_item_collections)
{
    struct caller caller = caller_open(t, NULL);
    const char *update = "{'TableName':'%s','Key':{'pk':{'S':'a'},'sk':{'N':'1'}},"
                         "'UpdateExpression':'SET n=:n','ExpressionAttributeValues':{':n':{'N':"
                         "'1'}},'ReturnItemCollectionMetrics':'SIZE'}";
    const char *pointer = "/ItemCollectionMetrics/SizeEstimateRangeGB";
    struct span before, after;

    create_orders(&caller);
    restore(&caller, create_backup(&caller, "Orders", "first"), "Again", "");
    before = json_at(t->arena,
                     caller_do(&caller, "UpdateItem", arena_print(t->arena, update, "Orders").data),
                     pointer);
    after = json_at(t->arena,
                    caller_do(&caller, "UpdateItem", arena_print(t->arena, update, "Again").data),
                    pointer);
    EXPECT(before.size > 0 && span_equal(before, after), "%.*s, not %.*s", SPAN_PRINT(after),
           SPAN_PRINT(before));
    caller_close(&caller);
}

TEST(a_backup_outlives_its_table)
{
    struct caller caller = caller_open(t, NULL);
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    caller_do(&caller, "UpdateTable", "{'TableName':'Orders','DeletionProtectionEnabled':false}");
    caller_do(&caller, "DeleteTable", "{'TableName':'Orders'}");
    while (session_sweep(caller.session))
        continue;
    EXPECT_AT(t->arena, caller_do(&caller, "ListBackups", "{'TableName':'Orders'}"),
              "/BackupSummaries/0/BackupArn", arn);
    restore(&caller, arn, "Orders", "");
    EXPECT_AT(t->arena, describe(&caller, "Orders"), "/Table/ItemCount", "3");
    caller_close(&caller);
}

TEST(a_deleted_backup_is_gone_and_its_tables_stay)
{
    struct caller caller = caller_open(t, NULL);
    const char *refusal;
    yyjson_val *answer;
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    restore(&caller, arn, "Again", "");
    answer = with_arn(&caller, "DeleteBackup", arn, "");
    EXPECT_AT(t->arena, answer, "/BackupDescription/BackupDetails/BackupStatus", "DELETED");
    EXPECT_AT(t->arena, answer, "/BackupDescription/SourceTableDetails/ItemCount", "3");
    while (session_sweep(caller.session))
        continue;
    refusal = arena_print(t->arena, "BackupNotFoundException: Backup not found: %s", arn).data;
    EXPECT_REFUSED(&caller, "DescribeBackup", arena_print(t->arena, "{'BackupArn':'%s'}", arn).data,
                   refusal);
    EXPECT_REFUSED(&caller, "DeleteBackup", arena_print(t->arena, "{'BackupArn':'%s'}", arn).data,
                   refusal);
    EXPECT_REFUSED(&caller, "RestoreTableFromBackup",
                   arena_print(t->arena, "{'BackupArn':'%s','TargetTableName':'New'}", arn).data,
                   refusal);
    EXPECT_AT(t->arena, caller_do(&caller, "ListBackups", "{}"), "/BackupSummaries", "[]");
    EXPECT_AT(t->arena, describe(&caller, "Again"), "/Table/ItemCount", "3");
    caller_close(&caller);
}

TEST(a_backup_is_found_by_its_whole_arn_only)
{
    struct caller caller = caller_open(t, NULL);
    static const char *const bad[] = {
        "01489173575360-b308cd7d-and-so-on-and-so-on",
        "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders",
        "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/index/01489173575360-b308cd7d",
        ARN_START "01489173575360-B308CD7D",
        ARN_START "0148917357536a-b308cd7d",
        ARN_START "01489173575360-b308cd7",
        ARN_START "01489173575360-b308cd7d0",
        ARN_START "01489173575360+b308cd7d",
        "arn:aws:s3:eu-west-1:000000000000:table/Orders/backup/01489173575360-b308cd7d",
    };
    const char *other;
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    other = arena_print(t->arena, "arn:aws:dynamodb:eu-west-1:000000000000:table/Other/backup/%s",
                        arn + strlen(ARN_START))
                .data;
    EXPECT_REFUSED(
        &caller, "DescribeBackup", arena_print(t->arena, "{'BackupArn':'%s'}", other).data,
        arena_print(t->arena, "BackupNotFoundException: Backup not found: %s", other).data);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct span json = arena_print(t->arena, "{'BackupArn':'%s'}", bad[i]);

        EXPECT_REFUSED(&caller, "DescribeBackup", json.data,
                       "ValidationException: Invalid Backup ARN");
        EXPECT_REFUSED(&caller, "DeleteBackup", json.data,
                       "ValidationException: Invalid Backup ARN");
    }
    EXPECT_REFUSED(&caller, "ListBackups",
                   arena_print(t->arena, "{'ExclusiveStartBackupArn':'%s'}", bad[1]).data,
                   "ValidationException: Invalid Backup ARN");
    caller_close(&caller);
}

TEST(tables_that_are_missing_or_in_the_way_are_told)
{
    struct caller caller = caller_open(t, NULL);
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    EXPECT_REFUSED(&caller, "CreateBackup", "{'TableName':'Absent','BackupName':'first'}",
                   "TableNotFoundException: Table not found: Absent");
    EXPECT_REFUSED(&caller, "CreateBackup",
                   "{'TableName':'arn:aws:dynamodb:eu-west-1:000000000000:table/Absent',"
                   "'BackupName':'first'}",
                   "TableNotFoundException: Table not found: Absent");
    EXPECT_REFUSED(&caller, "DescribeContinuousBackups", "{'TableName':'Absent'}",
                   "TableNotFoundException: Table not found: Absent");
    EXPECT_REFUSED(&caller, "RestoreTableFromBackup",
                   arena_print(t->arena, "{'BackupArn':'%s','TargetTableName':'Orders'}", arn).data,
                   "TableAlreadyExistsException: Table already exists: Orders");
    EXPECT_REFUSED(&caller, "RestoreTableFromBackup",
                   "{'BackupArn':'" ABSENT_ARN "','TargetTableName':'New'}",
                   "BackupNotFoundException: Backup not found: " ABSENT_ARN);
    EXPECT_AT(t->arena, caller_do(&caller, "ListTables", "{}"), "/TableNames", "[\"Orders\"]");
    caller_close(&caller);
}

static struct span names_of(const struct caller *caller, const char *json)
{
    yyjson_val *list = yyjson_obj_get(caller_do(caller, "ListBackups", json), "BackupSummaries");
    struct span names = SPAN("");
    yyjson_val *backup;
    size_t i;
    size_t count;

    yyjson_arr_foreach(list, i, count, backup)
    {
        names = arena_print(caller->arena, "%.*s%s ", SPAN_PRINT(names),
                            yyjson_get_str(yyjson_obj_get(backup, "BackupName")));
    }
    return names;
}

static void expect_names(const struct caller *caller, const char *json, const char *names)
{
    struct span found = names_of(caller, json);

    EXPECT(span_is(found, names), "%s: %.*s", json, SPAN_PRINT(found));
}

static struct span made_at(const struct caller *caller, const char *arn)
{
    return json_at(caller->arena, with_arn(caller, "DescribeBackup", arn, ""),
                   "/BackupDescription/BackupDetails/BackupCreationDateTime");
}

TEST(backups_are_listed_in_the_order_made_by_table_type_and_time)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;
    const char *second;
    struct span time;

    create_orders(&caller);
    create_backup(&caller, "Orders", "one");
    clock_advance_ms(engine_clock(caller.engine), 1001);
    second = create_backup(&caller, "Orders", "two");
    clock_advance_ms(engine_clock(caller.engine), 1001);
    restore(&caller, second, "Again", "");
    create_backup(&caller, "Again", "three");

    expect_names(&caller, "{}", "one two three ");
    expect_names(&caller, "{'TableName':'Orders'}", "one two ");
    expect_names(&caller, "{'TableName':'arn:aws:dynamodb:eu-west-1:000000000000:table/Again'}",
                 "three ");
    expect_names(&caller, "{'TableName':'Nothing'}", "");
    expect_names(&caller, "{'BackupType':'USER'}", "one two three ");
    expect_names(&caller, "{'BackupType':'ALL'}", "one two three ");
    expect_names(&caller, "{'BackupType':'SYSTEM'}", "");
    expect_names(&caller, "{'BackupType':'AWS_BACKUP'}", "");

    time = made_at(&caller, second);
    expect_names(&caller,
                 arena_print(t->arena, "{'TimeRangeLowerBound':%.*s}", SPAN_PRINT(time)).data,
                 "two three ");
    expect_names(&caller,
                 arena_print(t->arena, "{'TimeRangeUpperBound':%.*s}", SPAN_PRINT(time)).data,
                 "one ");
    expect_names(&caller, "{'TimeRangeLowerBound':-1e300,'TimeRangeUpperBound':1e300}",
                 "one two three ");

    answer = caller_do(&caller, "ListBackups", "{'Limit':2}");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/1/BackupArn", second);
    EXPECT_AT(t->arena, answer, "/LastEvaluatedBackupArn", second);
    expect_names(&caller,
                 arena_print(t->arena, "{'Limit':2,'ExclusiveStartBackupArn':'%s'}", second).data,
                 "three ");
    answer = caller_do(&caller, "ListBackups", "{'Limit':3}");
    EXPECT_AT(t->arena, answer, "/LastEvaluatedBackupArn", "");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/2/TableName", "Again");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/2/BackupStatus", "AVAILABLE");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/2/BackupSizeBytes", "67");
    caller_close(&caller);
}

TEST(namespaces_keep_backups_apart)
{
    const struct engine_options options = { .seed = 1, .namespace_by = NAMESPACE_REGION };
    struct caller caller = caller_open(t, &options);
    struct caller elsewhere = caller;
    const char *arn;

    elsewhere.region = SPAN("eu-west-2");
    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "here");
    expect_names(&caller, "{}", "here ");
    expect_names(&elsewhere, "{}", "");
    EXPECT_REFUSED(
        &elsewhere, "DeleteBackup", arena_print(t->arena, "{'BackupArn':'%s'}", arn).data,
        arena_print(t->arena, "BackupNotFoundException: Backup not found: %s", arn).data);
    caller_close(&caller);
}

TEST(overrides_change_billing_encryption_and_throughput_of_a_restored_table)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    restore(&caller, arn, "Again",
            ",'BillingModeOverride':'PROVISIONED','ProvisionedThroughputOverride':"
            "{'ReadCapacityUnits':3,'WriteCapacityUnits':4},'SSESpecificationOverride':"
            "{'Enabled':false},'GlobalSecondaryIndexOverride':[" BY_OWNER
            ",'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':6}}]");
    answer = describe(&caller, "Again");
    EXPECT_AT(t->arena, answer, "/Table/BillingModeSummary", "");
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput",
              "{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":3,\"WriteCapacityUnits\":4}");
    EXPECT_AT(t->arena, answer, "/Table/OnDemandThroughput", "");
    EXPECT_AT(t->arena, answer, "/Table/SSEDescription", "");
    EXPECT_AT(t->arena, answer,
              "/Table/GlobalSecondaryIndexes/0/ProvisionedThroughput/ReadCapacityUnits", "5");

    arn = create_backup(&caller, "Again", "provisioned");
    restore(&caller, arn, "Same", "");
    answer = describe(&caller, "Same");
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput/WriteCapacityUnits", "4");
    EXPECT_AT(t->arena, answer,
              "/Table/GlobalSecondaryIndexes/0/ProvisionedThroughput/WriteCapacityUnits", "6");
    restore(&caller, arn, "OnDemand",
            ",'BillingModeOverride':'PAY_PER_REQUEST','OnDemandThroughputOverride':"
            "{'MaxWriteRequestUnits':7},'SSESpecificationOverride':{'Enabled':true}");
    answer = describe(&caller, "OnDemand");
    EXPECT_AT(t->arena, answer, "/Table/BillingModeSummary/BillingMode", "PAY_PER_REQUEST");
    EXPECT_AT(t->arena, answer, "/Table/OnDemandThroughput", "{\"MaxWriteRequestUnits\":7}");
    EXPECT_AT(t->arena, answer, "/Table/ProvisionedThroughput/ReadCapacityUnits", "0");
    EXPECT_AT(t->arena, answer, "/Table/SSEDescription/SSEType", "KMS");
    caller_close(&caller);
}

TEST(indexes_can_be_left_out_at_restore)
{
    struct caller caller = caller_open(t, NULL);
    yyjson_val *answer;
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    restore(&caller, arn, "NoGlobal", ",'GlobalSecondaryIndexOverride':[]");
    answer = describe(&caller, "NoGlobal");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes", "");
    EXPECT_AT(t->arena, answer, "/Table/LocalSecondaryIndexes/0/IndexName", "byMade");
    EXPECT_AT(t->arena, answer, "/Table/AttributeDefinitions/0/AttributeName", "made");
    EXPECT_AT(t->arena, answer, "/Table/AttributeDefinitions/3", "");
    restore(&caller, arn, "NoLocal",
            ",'LocalSecondaryIndexOverride':[],'GlobalSecondaryIndexOverride':[" BY_OWNER "}]");
    answer = describe(&caller, "NoLocal");
    EXPECT_AT(t->arena, answer, "/Table/LocalSecondaryIndexes", "");
    EXPECT_AT(t->arena, answer, "/Table/GlobalSecondaryIndexes/0/ItemCount", "2");
    EXPECT_AT(t->arena, answer, "/Table/ItemCount", "3");
    restore(&caller, arn, "KeptLocal", ",'LocalSecondaryIndexOverride':[" BY_MADE "]");
    EXPECT_AT(t->arena, describe(&caller, "KeptLocal"), "/Table/LocalSecondaryIndexes/0/ItemCount",
              "2");
    caller_close(&caller);
}

TEST(overrides_that_do_not_fit_are_refused)
{
    struct caller caller = caller_open(t, NULL);
    static const char *const cases[][2] = {
        { "'BillingModeOverride':'PROVISIONED'",
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
          "PROVISIONED" },
        { "'BillingModeOverride':'PAY_PER_REQUEST','ProvisionedThroughputOverride':"
          "{'ReadCapacityUnits':3,'WriteCapacityUnits':4}",
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST" },
        { "'ProvisionedThroughputOverride':{'ReadCapacityUnits':3,'WriteCapacityUnits':4}",
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST" },
        { "'BillingModeOverride':'PROVISIONED','ProvisionedThroughputOverride':"
          "{'ReadCapacityUnits':3,'WriteCapacityUnits':4}",
          "ProvisionedThroughput is not specified for index: byOwner" },
        { "'GlobalSecondaryIndexOverride':[" BY_OWNER
          ",'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':6}}]",
          "ProvisionedThroughput should not be specified for index: byOwner when BillingMode is "
          "PAY_PER_REQUEST" },
        { "'GlobalSecondaryIndexOverride':[" BY_OWNER "}," BY_OWNER "}]",
          "Duplicate index name: byOwner" },
        { "'GlobalSecondaryIndexOverride':[{'IndexName':'byMade','KeySchema':[{'AttributeName':"
          "'made','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}]",
          "Index does not match an index of the source table: byMade" },
        { "'GlobalSecondaryIndexOverride':[{'IndexName':'byOwner','KeySchema':[{'AttributeName':"
          "'owner','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}]",
          "Index does not match an index of the source table: byOwner" },
        { "'LocalSecondaryIndexOverride':[" BY_MADE "," BY_MADE "]",
          "Duplicate index name: byMade" },
        { "'SSESpecificationOverride':{'Enabled':false,'SSEType':'KMS'}",
          "SSEType can not be specified if Enabled is false" },
        { "'OnDemandThroughputOverride':{'MaxReadRequestUnits':0}",
          "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid "
          "range" },
    };
    const char *arn;

    create_orders(&caller);
    arn = create_backup(&caller, "Orders", "first");
    for (size_t i = 0; i < COUNT(cases); i++)
        EXPECT_REFUSED(
            &caller, "RestoreTableFromBackup",
            arena_print(t->arena, "{'BackupArn':'%s','TargetTableName':'New',%s}", arn, cases[i][0])
                .data,
            arena_print(t->arena,
                        "ValidationException: One or more parameter values were "
                        "invalid: %s",
                        cases[i][1])
                .data);
    EXPECT_AT(t->arena, caller_do(&caller, "ListTables", "{}"), "/TableNames", "[\"Orders\"]");
    caller_close(&caller);
}
