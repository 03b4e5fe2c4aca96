/* tests/unit/ops/continuous_backups_test.c - point-in-time recovery on and off, and its window. */
#include "caller.h"

#include <stdlib.h>

#define DAY_S (24 * 3600.0)
#define DESCRIPTION "/ContinuousBackupsDescription/"
#define RECOVERY DESCRIPTION "PointInTimeRecoveryDescription"

static struct caller open_with_table(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    clock_freeze(engine_clock(caller.engine));
    caller_do(&caller, "CreateTable",
              "{'TableName':'Orders','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':"
              "'pk','KeyType':'HASH'}],'AttributeDefinitions':[{'AttributeName':'pk',"
              "'AttributeType':'S'}]}");
    return caller;
}

static yyjson_val *update(const struct caller *caller, const char *specification)
{
    return caller_do(caller, "UpdateContinuousBackups",
                     arena_print(caller->arena,
                                 "{'TableName':'Orders','PointInTimeRecoverySpecification':{%s}}",
                                 specification)
                         .data);
}

static yyjson_val *describe(const struct caller *caller)
{
    return caller_do(caller, "DescribeContinuousBackups", "{'TableName':'Orders'}");
}

/* Both ends, in seconds before now. */
static void expect_window(const struct caller *caller, double earliest_s, double latest_s)
{
    yyjson_val *answer = describe(caller);
    double now_s = (double)clock_now_ms(engine_clock(caller->engine)) / 1000.0;
    double earliest =
        atof(json_at(caller->arena, answer, RECOVERY "/EarliestRestorableDateTime").data);
    double latest = atof(json_at(caller->arena, answer, RECOVERY "/LatestRestorableDateTime").data);

    EXPECT(now_s - earliest > earliest_s - 0.01 && now_s - earliest < earliest_s + 0.01,
           "earliest %f s ago", now_s - earliest);
    EXPECT(now_s - latest > latest_s - 0.01 && now_s - latest < latest_s + 0.01, "latest %f s ago",
           now_s - latest);
}

TEST(continuous_backups_are_on_and_point_in_time_recovery_is_off_at_first)
{
    struct caller caller = open_with_table(t);

    EXPECT_AT(t->arena, describe(&caller), DESCRIPTION "ContinuousBackupsStatus", "ENABLED");
    EXPECT_AT(t->arena, describe(&caller), RECOVERY,
              "{\"PointInTimeRecoveryStatus\":\"DISABLED\"}");
    caller_close(&caller);
}

TEST(the_window_begins_when_recovery_is_turned_on_and_ends_five_minutes_ago)
{
    struct caller caller = open_with_table(t);
    yyjson_val *answer = update(&caller, "'PointInTimeRecoveryEnabled':true");

    EXPECT_AT(t->arena, answer, RECOVERY "/PointInTimeRecoveryStatus", "ENABLED");
    EXPECT_AT(t->arena, answer, RECOVERY "/RecoveryPeriodInDays", "35");
    expect_window(&caller, 0, 0);
    clock_advance_ms(engine_clock(caller.engine), 60 * 1000);
    expect_window(&caller, 60, 60);
    clock_advance_ms(engine_clock(caller.engine), 3600 * 1000);
    update(&caller, "'PointInTimeRecoveryEnabled':true");
    expect_window(&caller, 3660, 300);
    clock_advance_ms(engine_clock(caller.engine), 40LL * 24 * 3600 * 1000);
    expect_window(&caller, 35 * DAY_S, 300);
    update(&caller, "'PointInTimeRecoveryEnabled':true,'RecoveryPeriodInDays':1");
    expect_window(&caller, DAY_S, 300);
    caller_close(&caller);
}

TEST(a_window_that_was_closed_begins_anew)
{
    struct caller caller = open_with_table(t);
    yyjson_val *answer;

    update(&caller, "'PointInTimeRecoveryEnabled':true,'RecoveryPeriodInDays':7");
    clock_advance_ms(engine_clock(caller.engine), 3600 * 1000);
    answer = update(&caller, "'PointInTimeRecoveryEnabled':false");
    EXPECT_AT(t->arena, answer, RECOVERY, "{\"PointInTimeRecoveryStatus\":\"DISABLED\"}");
    EXPECT_AT(t->arena, describe(&caller), RECOVERY,
              "{\"PointInTimeRecoveryStatus\":\"DISABLED\"}");
    update(&caller, "'PointInTimeRecoveryEnabled':true");
    EXPECT_AT(t->arena, describe(&caller), RECOVERY "/RecoveryPeriodInDays", "35");
    expect_window(&caller, 0, 0);
    caller_close(&caller);
}

TEST(a_period_of_recovery_that_is_off_is_refused)
{
    struct caller caller = open_with_table(t);

    EXPECT_REFUSED(&caller, "UpdateContinuousBackups",
                   "{'TableName':'Orders','PointInTimeRecoverySpecification':{"
                   "'PointInTimeRecoveryEnabled':false,'RecoveryPeriodInDays':7}}",
                   "ValidationException: Invalid Request: Cannot specify RecoveryPeriodInDays when "
                   "disabling point-in-time recovery.");
    EXPECT_REFUSED(&caller, "UpdateContinuousBackups",
                   "{'TableName':'Absent','PointInTimeRecoverySpecification':{"
                   "'PointInTimeRecoveryEnabled':true}}",
                   "TableNotFoundException: Table not found: Absent");
    caller_close(&caller);
}

static void sweep(const struct caller *caller)
{
    while (session_sweep(caller->session))
        continue;
}

TEST(a_table_dropped_with_recovery_on_leaves_a_backup_for_35_days)
{
    struct caller caller = open_with_table(t);
    yyjson_val *answer;
    const char *arn;
    struct span json;

    update(&caller, "'PointInTimeRecoveryEnabled':true");
    caller_do(&caller, "PutItem", "{'TableName':'Orders','Item':{'pk':{'S':'a'}}}");
    caller_do(&caller, "DeleteTable", "{'TableName':'Orders'}");
    sweep(&caller);
    EXPECT_AT(t->arena, caller_do(&caller, "ListBackups", "{}"), "/BackupSummaries", "[]");
    answer = caller_do(&caller, "ListBackups", "{'BackupType':'SYSTEM'}");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/0/BackupName", "Orders$DeletedTableBackup");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/0/BackupType", "SYSTEM");
    EXPECT_AT(t->arena, answer, "/BackupSummaries/0/BackupSizeBytes", "3");
    EXPECT(
        atof(json_at(t->arena, answer, "/BackupSummaries/0/BackupExpiryDateTime").data) -
                atof(json_at(t->arena, answer, "/BackupSummaries/0/BackupCreationDateTime").data) ==
            35 * DAY_S,
        "expires at another time");
    arn = json_at(t->arena, answer, "/BackupSummaries/0/BackupArn").data;
    json = arena_print(t->arena, "{'BackupArn':'%s'}", arn);
    EXPECT_REFUSED(&caller, "DeleteBackup", json.data,
                   arena_print(t->arena,
                               "ValidationException: One or more parameter values were invalid: "
                               "Backups of type SYSTEM cannot be deleted: %s",
                               arn)
                       .data);

    clock_advance_ms(engine_clock(caller.engine), 35LL * 24 * 3600 * 1000 - 1);
    sweep(&caller);
    caller_do(&caller, "RestoreTableFromBackup",
              arena_print(t->arena, "{'BackupArn':'%s','TargetTableName':'Orders'}", arn).data);
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Orders'}"),
              "/Table/ItemCount", "1");
    EXPECT_AT(t->arena, describe(&caller), RECOVERY "/PointInTimeRecoveryStatus", "DISABLED");
    clock_advance_ms(engine_clock(caller.engine), 1);
    sweep(&caller);
    EXPECT_REFUSED(
        &caller, "DescribeBackup", json.data,
        arena_print(t->arena, "BackupNotFoundException: Backup not found: %s", arn).data);
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Orders'}"),
              "/Table/ItemCount", "1");
    caller_close(&caller);
}
