/* tests/unit/engine/backup_failure_test.c - every store call of a backup's life fails in turn, a
 * backup survives a restart, and a damaged one harms nobody else. */
#include "../store/drivers.h"
#include "sound.h"

#include "engine/session.h"

#include <string.h>

enum { ARENA_BYTES_MAX = 256 << 20, CALLS_MAX = 1000 };

struct sweep {
    struct test *t;
    struct caller caller;
    struct store *store;
    struct arena *arena; /* of one attempt */
    uint64_t failures;
};

/* The answer when the call went through and was committed; NULL after a failure that left nothing
 * behind. */
static yyjson_val *attempt(struct sweep *sweep, const char *operation, const char *json,
                           uint64_t nth)
{
    struct span before = store_dump(sweep->t, &sweep->caller, sweep->arena);
    struct error *commit;
    struct span answer;

    store_fail_at(sweep->store, nth);
    answer = caller_send_uncommitted(&sweep->caller, operation, json);
    commit = session_commit(sweep->caller.session);
    store_fail_at(sweep->store, 0);
    expect_sound(sweep->t, &sweep->caller);
    if (commit == NULL && strstr(answer.data, "__type") == NULL)
        return json_parse(sweep->caller.arena, answer, NULL);
    sweep->failures++;
    EXPECT(commit || strstr(answer.data, "#InternalServerError\""), "%s, call %llu: %.*s",
           operation, (unsigned long long)nth, SPAN_PRINT(answer));
    EXPECT(span_equal(before, store_dump(sweep->t, &sweep->caller, sweep->arena)),
           "%s, call %llu: something of the turn is seen", operation, (unsigned long long)nth);
    return NULL;
}

static yyjson_val *run(struct sweep *sweep, const char *operation, const char *json)
{
    yyjson_val *answer = NULL;

    for (uint64_t nth = 1; answer == NULL; nth++) {
        EXPECT(nth < CALLS_MAX, "%s never goes through", operation);
        arena_reset(sweep->arena);
        answer = attempt(sweep, operation, json, nth);
    }
    return answer;
}

static void prepare(const struct caller *caller)
{
    caller_do(caller, "CreateTable",
              "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':"
              "'pk','KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],"
              "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
              "{'AttributeName':'sk','AttributeType':'N'},{'AttributeName':'g','AttributeType':"
              "'S'},{'AttributeName':'l','AttributeType':'S'}],'GlobalSecondaryIndexes':[{"
              "'IndexName':'byG','KeySchema':[{'AttributeName':'g','KeyType':'HASH'}],"
              "'Projection':{'ProjectionType':'KEYS_ONLY'}}],'LocalSecondaryIndexes':[{"
              "'IndexName':'byL','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
              "{'AttributeName':'l','KeyType':'RANGE'}],'Projection':{'ProjectionType':'ALL'}}]}");
    caller_do(caller, "BatchWriteItem",
              "{'RequestItems':{'Tab':[{'PutRequest':{'Item':{'pk':{'S':'a'},'sk':{'N':'1'},'g':"
              "{'S':'x'},'l':{'S':'x'}}}},{'PutRequest':{'Item':{'pk':{'S':'a'},'sk':{'N':'2'},"
              "'l':{'S':'y'},'v':{'S':'more'}}}},{'PutRequest':{'Item':{'pk':{'S':'b'},'sk':{'N':"
              "'1'},'g':{'S':'y'}}}}]}}");
}

static struct span list_system(struct sweep *sweep)
{
    return json_at(sweep->arena,
                   caller_do(&sweep->caller, "ListBackups", "{'BackupType':'SYSTEM'}"),
                   "/BackupSummaries");
}

/* However often it fails, at last the expired backup and its space are gone. */
static void sweep_expired(struct sweep *sweep)
{
    EXPECT(list_system(sweep).size > 2, "no backup of the dropped table");
    clock_advance_ms(engine_clock(sweep->caller.engine), 36LL * 24 * 3600 * 1000);
    for (uint64_t nth = 1; list_system(sweep).size > 2; nth++) {
        EXPECT(nth < CALLS_MAX, "the sweep never goes through");
        store_fail_at(sweep->store, nth);
        while (session_sweep(sweep->caller.session))
            continue;
        store_fail_at(sweep->store, 0);
        expect_sound(sweep->t, &sweep->caller);
    }
    while (session_sweep(sweep->caller.session))
        continue;
    expect_sound(sweep->t, &sweep->caller);
}

static const char *with_arn(struct sweep *sweep, const char *arn, const char *more)
{
    return arena_print(sweep->t->arena, "{'BackupArn':'%s'%s}", arn, more).data;
}

static void sweep_store(struct test *t, struct store *store)
{
    const struct engine_options options = { .seed = 1 };
    struct sweep sweep = { .t = t, .store = store, .arena = arena_open(ARENA_BYTES_MAX) };
    const char *arn;

    sweep.caller = caller_open_over(t, store, &options);
    prepare(&sweep.caller);
    arn = json_at(t->arena, run(&sweep, "CreateBackup", "{'TableName':'Tab','BackupName':'one'}"),
                  "/BackupDetails/BackupArn")
              .data;
    run(&sweep, "DescribeBackup", with_arn(&sweep, arn, ""));
    run(&sweep, "ListBackups", "{'TableName':'Tab'}");
    run(&sweep, "UpdateContinuousBackups",
        "{'TableName':'Tab','PointInTimeRecoverySpecification':{'PointInTimeRecoveryEnabled':"
        "true}}");
    run(&sweep, "DescribeContinuousBackups", "{'TableName':'Tab'}");
    run(&sweep, "RestoreTableFromBackup", with_arn(&sweep, arn, ",'TargetTableName':'New'"));
    run(&sweep, "RestoreTableFromBackup",
        with_arn(&sweep, arn, ",'TargetTableName':'Few','LocalSecondaryIndexOverride':[]"));
    EXPECT_AT(t->arena, caller_do(&sweep.caller, "DescribeTable", "{'TableName':'New'}"),
              "/Table/ItemCount", "3");
    run(&sweep, "DeleteBackup", with_arn(&sweep, arn, ""));
    run(&sweep, "DeleteTable", "{'TableName':'Tab'}"); /* its items become a backup */
    sweep_expired(&sweep);
    EXPECT(sweep.failures > 80, "%d failures", (int)sweep.failures);
    caller_close(&sweep.caller);
    arena_close(sweep.arena);
}

TEST(a_store_that_fails_at_any_call_leaves_no_half_backup_and_no_half_restored_table)
{
    struct store *oracle = NULL;

    EXPECT(store_open_memory_map(&oracle), "no map");
    sweep_store(t, oracle);
    sweep_store(t, open_store(t, NULL));
    sweep_store(t, open_store(t, new_path(t, "backups.db")));
}

TEST(backups_and_what_was_restored_survive_a_restart)
{
    const char *path = new_path(t, "restart.db");
    const struct engine_options options = { .seed = 1 };
    struct caller caller = caller_open_over(t, open_store(t, path), &options);
    const char *arn;

    prepare(&caller);
    arn = json_at(t->arena,
                  caller_do(&caller, "CreateBackup", "{'TableName':'Tab','BackupName':'one'}"),
                  "/BackupDetails/BackupArn")
              .data;
    caller_do(&caller, "RestoreTableFromBackup",
              arena_print(t->arena, "{'BackupArn':'%s','TargetTableName':'New'}", arn).data);
    caller_do(&caller, "UpdateContinuousBackups",
              "{'TableName':'New','PointInTimeRecoverySpecification':{'PointInTimeRecoveryEnabled':"
              "true,'RecoveryPeriodInDays':9}}");
    caller_close(&caller);

    caller = caller_open_over(t, open_store(t, path), &options);
    EXPECT_AT(
        t->arena,
        caller_do(&caller, "DescribeBackup", arena_print(t->arena, "{'BackupArn':'%s'}", arn).data),
        "/BackupDescription/BackupDetails/BackupName", "one");
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'New'}"),
              "/Table/RestoreSummary/SourceBackupArn", arn);
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeContinuousBackups", "{'TableName':'New'}"),
              "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/RecoveryPeriodInDays",
              "9");
    expect_sound(t, &caller);
    caller_close(&caller);
}

TEST(a_damaged_description_of_a_backup_is_told_and_harms_no_table)
{
    struct caller caller = caller_open(t, NULL);
    const struct span_range all = { { 0 }, { 0 } };
    struct store_cursor *cursor;
    struct store_entry entry;
    struct span json;

    prepare(&caller);
    json = arena_print(
        t->arena, "{'BackupArn':'%s'}",
        json_at(t->arena,
                caller_do(&caller, "CreateBackup", "{'TableName':'Tab','BackupName':'one'}"),
                "/BackupDetails/BackupArn")
            .data);
    EXPECT_OK(session_write(caller.session));
    EXPECT_OK(store_seek(caller.session->connection, SPACE_BACKUPS, &all, false, &cursor));
    EXPECT_OK(store_next(cursor, &entry));
    entry.key = arena_copy(t->arena, entry.key);
    entry.value = SPAN("{\"version\":2}");
    store_end(cursor);
    EXPECT_OK(store_put(caller.session->connection, SPACE_BACKUPS, &entry));
    EXPECT_OK(session_commit(caller.session));

    EXPECT_REFUSED(&caller, "DescribeBackup", json.data,
                   "InternalServerError: Internal server error");
    EXPECT_REFUSED(&caller, "DeleteBackup", json.data,
                   "InternalServerError: Internal server error");
    EXPECT_REFUSED(&caller, "ListBackups", "{}", "InternalServerError: Internal server error");
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Tab'}"),
              "/Table/ItemCount", "3");
    caller_close(&caller);
}
