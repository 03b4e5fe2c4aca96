/* tests/unit/ops/time_to_live_test.c - items that expire. */
#include "follower.h"

#include "../engine/sound.h"

#include <inttypes.h>

#define SWITCH(enabled, attribute)                                     \
    "{'TableName':'Tab','TimeToLiveSpecification':{'Enabled':" enabled \
    ",'AttributeName':'" attribute "'}}"
#define TOO_SOON \
    "ValidationException: Time to live has been modified multiple times within a fixed interval"

static int64_t now(const struct caller *caller)
{
    return clock_now_ms(engine_clock(caller->engine)) / 1000;
}

static struct caller open_stopped(struct test *t, const struct engine_options *options)
{
    struct caller caller = caller_open(t, options);

    stop_clock(&caller);
    create_streamed(&caller, "Tab", "NEW_AND_OLD_IMAGES");
    return caller;
}

static void put(const struct caller *caller, const char *key, const char *value)
{
    caller_do(caller, "PutItem",
              arena_print(caller->arena,
                          "{'TableName':'Tab','Item':{'pk':{'S':'%s'},'sk':{'S':'s'},'ttl':%s}}",
                          key, value)
                  .data);
}

static void put_expiring(const struct caller *caller, const char *key, int64_t in_seconds)
{
    put(caller, key,
        arena_print(caller->arena, "{'N':'%" PRId64 "'}", now(caller) + in_seconds).data);
}

static bool is_there(const struct caller *caller, const char *key)
{
    struct span call = arena_print(
        caller->arena, "{'TableName':'Tab','Key':{'pk':{'S':'%s'},'sk':{'S':'s'}}}", key);

    return json_at(caller->arena, caller_do(caller, "GetItem", call.data), "/Item").size > 0;
}

static void expect_described(const struct caller *caller, const char *status, const char *attribute)
{
    yyjson_val *answer = caller_do(caller, "DescribeTimeToLive", "{'TableName':'Tab'}");

    EXPECT_AT(caller->arena, answer, "/TimeToLiveDescription/TimeToLiveStatus", status);
    EXPECT_AT(caller->arena, answer, "/TimeToLiveDescription/AttributeName", attribute);
}

TEST(time_to_live_is_switched_on_and_off_once_an_hour)
{
    struct caller caller = open_stopped(t, NULL);

    expect_described(&caller, "DISABLED", "");
    EXPECT_REFUSED(&caller, "UpdateTimeToLive", SWITCH("false", "ttl"),
                   "ValidationException: TimeToLive is already disabled");
    EXPECT_AT(t->arena, caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl")),
              "/TimeToLiveSpecification", "{\"AttributeName\":\"ttl\",\"Enabled\":true}");
    expect_described(&caller, "ENABLED", "ttl");
    EXPECT_REFUSED(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"),
                   "ValidationException: TimeToLive is already enabled");
    EXPECT_REFUSED(
        &caller, "UpdateTimeToLive", SWITCH("true", "other"),
        "ValidationException: TimeToLive is active on a different AttributeName: current "
        "AttributeName is ttl");
    EXPECT_REFUSED(
        &caller, "UpdateTimeToLive", SWITCH("false", "other"),
        "ValidationException: TimeToLive is active on a different AttributeName: current "
        "AttributeName is ttl");
    EXPECT_REFUSED(&caller, "UpdateTimeToLive", SWITCH("false", "ttl"), TOO_SOON);
    pass_time(&caller, HOUR_MS - 1);
    EXPECT_REFUSED(&caller, "UpdateTimeToLive", SWITCH("false", "ttl"), TOO_SOON);
    pass_time(&caller, 1);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("false", "ttl"));
    expect_described(&caller, "DISABLED", "");
    EXPECT_REFUSED(&caller, "UpdateTimeToLive", SWITCH("true", "other"), TOO_SOON);
    pass_time(&caller, HOUR_MS);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "other"));
    expect_described(&caller, "ENABLED", "other");
    caller_close(&caller);
}

TEST(a_switch_takes_its_time_where_that_is_asked_for)
{
    const struct engine_options options = { .seed = 1, .ttl_delay_ms = 5000 };
    struct caller caller = open_stopped(t, &options);

    put_expiring(&caller, "a", -10);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"));
    expect_described(&caller, "ENABLING", "ttl");
    sweep_all(&caller);
    EXPECT(is_there(&caller, "a"), "removed before TTL is enabled");
    pass_time(&caller, 5000);
    expect_described(&caller, "ENABLED", "ttl");
    sweep_all(&caller);
    EXPECT(!is_there(&caller, "a"), "not removed");
    pass_time(&caller, HOUR_MS);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("false", "ttl"));
    expect_described(&caller, "DISABLING", "ttl");
    pass_time(&caller, 5000);
    expect_described(&caller, "DISABLED", "");
    caller_close(&caller);
}

TEST(bad_time_to_live_requests_are_refused)
{
    struct caller caller = open_stopped(t, NULL);

    EXPECT_REFUSED(&caller, "UpdateTimeToLive", SWITCH("true", ""),
                   "ValidationException: 1 validation error detected: Value '' at "
                   "'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member "
                   "must have length greater than or equal to 1");
    EXPECT_REFUSED(
        &caller, "UpdateTimeToLive",
        "{'TableName':'None','TimeToLiveSpecification':{'Enabled':true,"
        "'AttributeName':'ttl'}}",
        "ResourceNotFoundException: Requested resource not found: Table: None not found");
    EXPECT_REFUSED(
        &caller, "DescribeTimeToLive", "{'TableName':'None'}",
        "ResourceNotFoundException: Requested resource not found: Table: None not found");
    EXPECT_REFUSED(&caller, "DescribeTimeToLive", "{}",
                   "ValidationException: The parameter 'TableName' is required but was not present "
                   "in the request");
    caller_close(&caller);
}

TEST(an_expired_item_stays_until_it_is_swept_and_others_stay_for_good)
{
    struct caller caller = open_stopped(t, NULL);
    static const char *const staying[] = { "text", "list",  "old",    "negative",
                                           "far",  "later", "changed" };
    int64_t five_years = (int64_t)5 * 365 * 24 * 3600;

    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"));
    put_expiring(&caller, "soon", 10);
    put_expiring(&caller, "just", 19);
    put_expiring(&caller, "later", 20);
    put_expiring(&caller, "old", 20 - five_years - 1);
    put_expiring(&caller, "oldest", 21 - five_years);
    put_expiring(&caller, "changed", 5);
    put_expiring(&caller, "changed", 500);
    put(&caller, "text", "{'S':'1'}");
    put(&caller, "list", "{'L':[{'N':'1'}]}");
    put(&caller, "negative", "{'N':'-5'}");
    put(&caller, "far", "{'N':'1E+125'}");
    put(&caller, "fraction",
        arena_print(t->arena, "{'N':'%" PRId64 ".75'}", now(&caller) + 3).data);
    pass_time(&caller, 20 * 1000);
    EXPECT(is_there(&caller, "soon"), "gone without a sweep");
    sweep_all(&caller);
    EXPECT(!is_there(&caller, "soon") && !is_there(&caller, "just"), "still there");
    EXPECT(!is_there(&caller, "oldest") && !is_there(&caller, "fraction"), "still there");
    for (size_t i = 0; i < COUNT(staying); i++)
        EXPECT(is_there(&caller, staying[i]), "%s is gone", staying[i]);
    expect_sound(t, &caller);
    pass_time(&caller, 1000);
    sweep_all(&caller);
    EXPECT(!is_there(&caller, "later"), "still there");
    caller_close(&caller);
}

TEST(the_record_of_an_expired_item_names_the_service)
{
    struct caller caller = open_stopped(t, NULL);
    struct followed seen;

    put_expiring(&caller, "a", 10);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"));
    pass_time(&caller, 11 * 1000);
    sweep_all(&caller);
    seen = follow(&caller, stream_arn_of(&caller, "Tab"));
    EXPECT(seen.count == 2, "%zu records", seen.count);
    EXPECT_AT(t->arena, seen.records[0], "/userIdentity", "");
    EXPECT_AT(t->arena, seen.records[1], "/eventName", "REMOVE");
    EXPECT_AT(t->arena, seen.records[1], "/userIdentity/Type", "Service");
    EXPECT_AT(t->arena, seen.records[1], "/userIdentity/PrincipalId", "dynamodb.amazonaws.com");
    EXPECT_AT(t->arena, seen.records[1], "/dynamodb/OldImage/pk/S", "a");
    caller_close(&caller);
}

TEST(expired_items_leave_indexes_and_collections_too)
{
    struct caller caller = caller_open(t, NULL);

    stop_clock(&caller);
    caller_do(
        &caller, "CreateTable",
        "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':'pk',"
        "'KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],"
        "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
        "{'AttributeName':'sk','AttributeType':'S'},{'AttributeName':'ttl','AttributeType':"
        "'N'}],'LocalSecondaryIndexes':[{'IndexName':'local','KeySchema':[{'AttributeName':"
        "'pk','KeyType':'HASH'},{'AttributeName':'ttl','KeyType':'RANGE'}],'Projection':"
        "{'ProjectionType':'ALL'}}],'GlobalSecondaryIndexes':[{'IndexName':'global',"
        "'KeySchema':[{'AttributeName':'ttl','KeyType':'HASH'}],'Projection':"
        "{'ProjectionType':'KEYS_ONLY'}}]}");
    put_expiring(&caller, "a", 1);
    put_expiring(&caller, "b", 100);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"));
    pass_time(&caller, 2000);
    sweep_all(&caller);
    EXPECT_AT(t->arena, caller_do(&caller, "Scan", "{'TableName':'Tab','IndexName':'global'}"),
              "/Count", "1");
    expect_sound(t, &caller);
    caller_close(&caller);
}

TEST(a_sweep_goes_on_in_small_slices)
{
    struct caller caller = open_stopped(t, NULL);
    int slices = 1;

    for (int i = 0; i < 330; i++)
        put_expiring(&caller, arena_print(t->arena, "%d", i).data, i % 7);
    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"));
    pass_time(&caller, 10 * 1000);
    for (; session_sweep(caller.session); slices++)
        expect_sound(t, &caller);
    EXPECT(slices > 6 && slices < 20, "%d slices", slices);
    EXPECT_AT(t->arena, caller_do(&caller, "Scan", "{'TableName':'Tab','Select':'COUNT'}"),
              "/Count", "0");
    EXPECT(follow(&caller, stream_arn_of(&caller, "Tab")).count == 660, "records are missing");
    caller_close(&caller);
}

TEST(a_table_that_is_reset_or_dropped_has_nothing_left_to_expire)
{
    struct caller caller = open_stopped(t, NULL);
    uint64_t tables;

    caller_do(&caller, "UpdateTimeToLive", SWITCH("true", "ttl"));
    put_expiring(&caller, "a", 1);
    EXPECT_OK(session_reset(caller.session, NULL, &tables));
    EXPECT_OK(session_commit(caller.session));
    put_expiring(&caller, "b", 1);
    expect_sound(t, &caller);
    pass_time(&caller, 5000);
    sweep_all(&caller);
    EXPECT(!is_there(&caller, "b"), "still there");
    put_expiring(&caller, "c", 1);
    caller_do(&caller, "DeleteTable", "{'TableName':'Tab'}");
    pass_time(&caller, 5000);
    sweep_all(&caller);
    expect_sound(t, &caller);
    caller_close(&caller);
}
