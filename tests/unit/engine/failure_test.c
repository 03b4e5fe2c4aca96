/* tests/unit/engine/failure_test.c - every store call of a long script fails in turn: the answer is
 * legal, nothing of the turn is seen, the data are sound, and the session goes on. */
#include "../store/drivers.h"
#include "sound.h"

#include "engine/session.h"
#include "store/driver.h"

#include <string.h>

enum { ARENA_BYTES_MAX = 256 << 20, CALLS_MAX = 1000, DAY_MS = 24 * 3600 * 1000 + 1 };

/* Past what the script's items have as their time to live. */
static const int64_t start_ms = (int64_t)4000000100 * 1000;

struct step {
    const char *operation; /* NULL: a sweep */
    const char *json;
};

#define PUT(pk, sk, attributes)                                                                  \
    {                                                                                            \
        "PutItem",                                                                               \
            "{'TableName':'Tab','Item':{'pk':{'S':'" pk "'},'sk':{'N':'" sk "'}" attributes "}}" \
    }
#define KEY(pk, sk) "'Key':{'pk':{'S':'" pk "'},'sk':{'N':'" sk "'}}"
#define BATCH_PUT(pk, sk, attributes) \
    "{'PutRequest':{'Item':{'pk':{'S':'" pk "'},'sk':{'N':'" sk "'}" attributes "}}}"

static const struct step script[] = {
    { "CreateTable",
      "{'TableName':'Tab','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':'pk',"
      "'KeyType':'HASH'},{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':["
      "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk','AttributeType':'N'},"
      "{'AttributeName':'g','AttributeType':'S'},{'AttributeName':'h','AttributeType':'N'},"
      "{'AttributeName':'l','AttributeType':'S'}],'GlobalSecondaryIndexes':[{'IndexName':'byG',"
      "'KeySchema':[{'AttributeName':'g','KeyType':'HASH'},{'AttributeName':'h','KeyType':"
      "'RANGE'}],'Projection':{'ProjectionType':'ALL'}},{'IndexName':'byH','KeySchema':["
      "{'AttributeName':'h','KeyType':'HASH'}],'Projection':{'ProjectionType':'KEYS_ONLY'}}],"
      "'LocalSecondaryIndexes':[{'IndexName':'byL','KeySchema':[{'AttributeName':'pk','KeyType':"
      "'HASH'},{'AttributeName':'l','KeyType':'RANGE'}],'Projection':{'ProjectionType':"
      "'INCLUDE','NonKeyAttributes':['v']}}],'StreamSpecification':{'StreamEnabled':true,"
      "'StreamViewType':'NEW_AND_OLD_IMAGES'}}" },
    PUT("a", "1", ",'g':{'S':'x'},'h':{'N':'5'},'l':{'S':'p'},'v':{'S':'one'}"),
    PUT("a", "2", ",'g':{'S':'x'},'h':{'N':'7'},'v':{'S':'two'},'w':{'S':'not projected'}"),
    PUT("a", "3", ",'l':{'S':'q'},'w':{'L':[{'S':''},{'N':'1'}]}"),
    PUT("a", "1", ",'g':{'S':'y'},'h':{'N':'5'},'l':{'S':'p'},'v':{'S':'longer'}"),
    { "UpdateItem", "{'TableName':'Tab'," KEY(
                        "a", "1") ",'UpdateExpression':'SET g=:g,h=:h REMOVE l',"
                                  "'ExpressionAttributeValues':{':g':{'S':'z'},':h':{'N':'-1'"
                                  "}},'ReturnValues':'ALL_NEW'}" },
    { "UpdateItem", "{'TableName':'Tab'," KEY(
                        "b", "1") ",'UpdateExpression':'SET l=:l ADD h :h',"
                                  "'ExpressionAttributeValues':{':l':{'S':'z'},':h':{'N':'2'}}}" },
    { "UpdateItem",
      "{'TableName':'Tab'," KEY(
          "a",
          "3") ",'UpdateExpression':'SET w[5]=:h',"
               "'ExpressionAttributeValues':{':h':{'N':'2'}},'ReturnConsumedCapacity':'INDEXES'}" },
    { "BatchWriteItem",
      "{'RequestItems':{'Tab':[" BATCH_PUT("c", "1", ",'g':{'S':'x'},'h':{'N':'1'}") "," BATCH_PUT(
          "c", "2",
          ",'l':{'S':'x'}") "," BATCH_PUT("a", "2",
                                          ",'g':{'S':'x'}") ","
                                                            "{'DeleteRequest':{" KEY(
                                                                "a", "3") "}},{'DeleteRequest':"
                                                                          "{" KEY("no",
                                                                                  "1") "}}]}}" },
    { "DescribeTable", "{'TableName':'Tab'}" },
    { "GetItem", "{'TableName':'Tab'," KEY("a", "1") "}" },
    { "BatchGetItem",
      "{'RequestItems':{'Tab':{'Keys':[{'pk':{'S':'a'},'sk':{'N':'1'}},{'pk':{'S':'c'},'sk':"
      "{'N':'2'}}]}}}" },
    { "Query", "{'TableName':'Tab','KeyConditionExpression':'pk=:p','FilterExpression':"
               "'attribute_exists(v)','ExpressionAttributeValues':{':p':{'S':'a'}},"
               "'ScanIndexForward':false}" },
    { "Query", "{'TableName':'Tab','IndexName':'byL','KeyConditionExpression':'pk=:p','Select':"
               "'ALL_ATTRIBUTES','ExpressionAttributeValues':{':p':{'S':'c'}}}" },
    { "Scan", "{'TableName':'Tab','IndexName':'byG','Limit':2}" },
    { "UpdateTable",
      "{'TableName':'Tab','AttributeDefinitions':[{'AttributeName':'w','AttributeType':'S'},"
      "{'AttributeName':'pk','AttributeType':'S'}],'GlobalSecondaryIndexUpdates':[{'Create':"
      "{'IndexName':'byP','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],'Projection':"
      "{'ProjectionType':'INCLUDE','NonKeyAttributes':['g']}}}]}" },
    { "UpdateTable", "{'TableName':'Tab','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':"
                     "'byH'}}]}" },
    PUT("e", "1", ",'e':{'N':'4000000000'},'l':{'S':'p'},'g':{'S':'x'}"),
    { "UpdateTimeToLive", "{'TableName':'Tab','TimeToLiveSpecification':{'Enabled':true,"
                          "'AttributeName':'e'}}" },
    { "DescribeTimeToLive", "{'TableName':'Tab'}" },
    { "ListStreams", "{'TableName':'Tab'}" },
    PUT("e", "2", ",'e':{'N':'4000000010'},'h':{'N':'5'}"),
    { NULL, NULL },
    PUT("d", "1", ",'g':{'S':'x'},'h':{'N':'5'},'l':{'S':'p'},'v':{'S':'one'}"),
    { "DeleteItem", "{'TableName':'Tab'," KEY("a", "1") ",'ReturnValues':'ALL_OLD'}" },
    { "DeleteItem",
      "{'TableName':'Tab'," KEY("c", "1") ",'ConditionExpression':'g=:g',"
                                          "'ExpressionAttributeValues':{':g':{'S':'x'}}}" },
    { "TagResource", "{'ResourceArn':'arn:aws:dynamodb:eu-west-1:000000000000:table/Tab',"
                     "'Tags':[{'Key':'k','Value':'v'}]}" },
    { "UpdateTimeToLive", "{'TableName':'Tab','TimeToLiveSpecification':{'Enabled':false,"
                          "'AttributeName':'e'}}" },
    { "UpdateTable", "{'TableName':'Tab','StreamSpecification':{'StreamEnabled':false}}" },
    { "UpdateTable", "{'TableName':'Tab','StreamSpecification':{'StreamEnabled':true,"
                     "'StreamViewType':'KEYS_ONLY'}}" },
    { "ListTables", "{}" },
    { "DeleteTable", "{'TableName':'Tab'}" },
    { NULL, NULL },
};

/* One store with its engine, at some place of the script. */
struct sweep {
    struct test *t;
    struct caller caller;
    struct store *store;
    struct arena *arena; /* of one attempt */
    bool is_warm;        /* the catalog is current before each attempt */
    bool has_company;    /* the turn has a write before the step */
    uint64_t failures;
};

static struct span send_all(struct sweep *sweep, const struct step *step, struct span *company)
{
    if (sweep->has_company)
        *company = caller_send_uncommitted(
            &sweep->caller, "UpdateItem",
            "{'TableName':'Other','Key':{'pk':{'S':'n'}},'UpdateExpression':'ADD n :one',"
            "'ExpressionAttributeValues':{':one':{'N':'1'}}}");
    return caller_send_uncommitted(&sweep->caller, step->operation, step->json);
}

static bool is_success(struct span answer)
{
    return strstr(answer.data, "__type") == NULL;
}

static void expect_internal_error(const struct step *step, uint64_t nth, struct span answer)
{
    EXPECT(strstr(answer.data, "#InternalServerError\""), "%s, call %llu: %.*s", step->operation,
           (unsigned long long)nth, SPAN_PRINT(answer));
}

/* true: the step went through. */
static bool attempt(struct sweep *sweep, const struct step *step, uint64_t nth)
{
    struct span before = store_dump(sweep->t, &sweep->caller, sweep->arena);
    struct span company = SPAN("");
    struct span answer;
    struct error *commit;

    if (sweep->is_warm)
        caller_do(&sweep->caller, "ListTables", "{}");
    store_fail_at(sweep->store, nth);
    answer = send_all(sweep, step, &company);
    commit = session_commit(sweep->caller.session);
    if (commit == NULL && is_success(answer) && is_success(company)) {
        store_fail_at(sweep->store, 0);
        return true;
    }
    store_fail_at(sweep->store, 0);
    sweep->failures++;
    if (!is_success(answer))
        expect_internal_error(step, nth, answer);
    if (!is_success(company))
        expect_internal_error(step, nth, company);
    expect_sound(sweep->t, &sweep->caller);
    if (commit)
        EXPECT(commit->code == ERR_INTERNAL_SERVER_ERROR, "%.*s", SPAN_PRINT(commit->message));
    EXPECT(span_equal(before, store_dump(sweep->t, &sweep->caller, sweep->arena)),
           "%s, call %llu: something of the turn is seen", step->operation,
           (unsigned long long)nth);
    return false;
}

static uint64_t count_dropped(struct sweep *sweep)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct session *session = sweep->caller.session;
    uint64_t count, bytes;

    EXPECT_OK(session_read(session));
    EXPECT_OK(store_measure(session->connection, SPACE_DROPPED, &all, &count, &bytes));
    EXPECT_OK(session_commit(session));
    return count;
}

/* A day later, so that there are spaces to empty, shards to roll and records to trim. true: nothing
 * is left to sweep, for no call failed. */
static bool attempt_sweep(struct sweep *sweep, uint64_t nth)
{
    bool is_done;

    EXPECT(nth > 2 || count_dropped(sweep) > 0, "there is nothing to sweep");
    if (nth == (sweep->has_company ? 2 : 1))
        clock_advance_ms(engine_clock(sweep->caller.engine), DAY_MS);
    store_fail_at(sweep->store, nth);
    while (session_sweep(sweep->caller.session))
        continue;
    is_done = sweep->store->calls_until_failure != 0;
    sweep->failures += !is_done;
    store_fail_at(sweep->store, 0);
    expect_sound(sweep->t, &sweep->caller);
    EXPECT(!is_done || count_dropped(sweep) == 0, "spaces are left");
    return is_done;
}

static void run_script(struct sweep *sweep)
{
    for (size_t i = 0; i < COUNT(script); i++) {
        bool is_done = false;

        /* A turn that cannot begin with the first of two begins with the second. */
        for (uint64_t nth = sweep->has_company ? 2 : 1; !is_done; nth++) {
            EXPECT(nth < CALLS_MAX, "step %d never goes through", (int)i);
            arena_reset(sweep->arena);
            is_done =
                script[i].operation ? attempt(sweep, &script[i], nth) : attempt_sweep(sweep, nth);
        }
        expect_sound(sweep->t, &sweep->caller);
    }
}

/* What is left after the last step: the other table, and what it counted. */
static void expect_end(struct sweep *sweep)
{
    struct arena *arena = sweep->arena;

    EXPECT_AT(arena, caller_do(&sweep->caller, "ListTables", "{}"), "/TableNames", "[\"Other\"]");
    EXPECT_AT(arena, caller_do(&sweep->caller, "DescribeTable", "{'TableName':'Other'}"),
              "/Table/ItemCount", sweep->has_company ? "1" : "0");
    EXPECT(sweep->failures > (sweep->has_company ? 200 : 150), "%d failures", (int)sweep->failures);
}

static void sweep_store(struct test *t, struct store *store, bool is_warm, bool has_company)
{
    const struct engine_options options = { .seed = 1 };
    struct sweep sweep = { .t = t,
                           .store = store,
                           .arena = arena_open(ARENA_BYTES_MAX),
                           .is_warm = is_warm,
                           .has_company = has_company };

    sweep.caller = caller_open_over(t, store, &options);
    sweep.caller.arena = sweep.arena;
    clock_freeze(engine_clock(sweep.caller.engine));
    clock_advance_ms(engine_clock(sweep.caller.engine),
                     start_ms - clock_now_ms(engine_clock(sweep.caller.engine)));
    caller_do(&sweep.caller, "CreateTable",
              "{'TableName':'Other','BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':"
              "'pk','KeyType':'HASH'}],'AttributeDefinitions':[{'AttributeName':'pk',"
              "'AttributeType':'S'}]}");
    run_script(&sweep);
    expect_end(&sweep);
    caller_close(&sweep.caller);
    arena_close(sweep.arena);
}

static struct store *open_oracle(void)
{
    struct store *store = NULL;

    EXPECT(store_open_memory_map(&store), "no map");
    return store;
}

TEST(a_store_that_fails_at_any_call_leaves_every_turn_undone_on_the_oracle)
{
    sweep_store(t, open_oracle(), false, false);
    sweep_store(t, open_oracle(), true, true);
}

TEST(a_store_that_fails_at_any_call_leaves_every_turn_undone_in_memory)
{
    sweep_store(t, open_store(t, NULL), true, false);
    sweep_store(t, open_store(t, NULL), false, true);
}

TEST(a_store_that_fails_at_any_call_leaves_every_turn_undone_in_a_file)
{
    sweep_store(t, open_store(t, new_path(t, "sweep.db")), true, true);
}
