/* tests/unit/engine/session_test.c - turns: what is seen when, what a failed commit leaves, and
 * what a file keeps. */
#include "../store/drivers.h"
#include "sound.h"

#include "engine/catalog.h"
#include "engine/session.h"

#include <string.h>

#define TABLE(name)                                            \
    "{'TableName':'" name "','BillingMode':'PAY_PER_REQUEST'," \
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"   \
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}]}"
#define PUT(pk) "{'TableName':'Tab','Item':{'pk':{'S':'" pk "'}}}"
#define GET(pk) "{'TableName':'Tab','Key':{'pk':{'S':'" pk "'}},'ConsistentRead':true}"

static struct caller open_with_table(struct test *t, const char *path)
{
    const struct engine_options options = { .seed = 1, .store = { .path = path } };
    struct caller caller = caller_open(t, &options);

    caller_do(&caller, "CreateTable", TABLE("Tab"));
    return caller;
}

static bool has(const struct caller *caller, const char *get_json)
{
    struct span answer = caller_send_uncommitted(caller, "GetItem", get_json);

    EXPECT(strstr(answer.data, "__type") == NULL, "%.*s", SPAN_PRINT(answer));
    return strstr(answer.data, "Item") != NULL;
}

static void expect_seen_after_commit_alone(struct test *t, const char *path)
{
    struct caller writer = open_with_table(t, path);
    struct caller reader = caller_open_beside(&writer);

    caller_send_uncommitted(&writer, "PutItem", PUT("a"));
    EXPECT(has(&writer, GET("a")), "the turn does not see its own write");
    EXPECT(!has(&reader, GET("a")), "a write is seen before its commit");
    EXPECT_OK(session_commit(writer.session));
    EXPECT(!has(&reader, GET("a")), "a turn changes its mind");
    EXPECT_OK(session_commit(reader.session));
    EXPECT(has(&reader, GET("a")), "a committed write is not seen");
    caller_close_beside(&reader);
    caller_close(&writer);
}

TEST(a_write_is_seen_by_others_after_its_commit_alone)
{
    expect_seen_after_commit_alone(t, NULL);
    expect_seen_after_commit_alone(t, new_path(t, "seen.db"));
}

static void expect_failed_commit_undoes_all(struct test *t, const char *path)
{
    struct caller caller = open_with_table(t, path);
    struct caller other = caller_open_beside(&caller);
    struct error *error;

    caller_send_uncommitted(&caller, "PutItem", PUT("a"));
    caller_send_uncommitted(&caller, "CreateTable", TABLE("New"));
    EXPECT(has(&caller, GET("a")), "the write is not there");
    store_fail_at(engine_store(caller.engine), 1);
    error = session_commit(caller.session);
    EXPECT(error && error->code == ERR_INTERNAL_SERVER_ERROR, "the commit goes through");
    EXPECT_REFUSED(&caller, "DescribeTable", "{'TableName':'New'}",
                   "ResourceNotFoundException: Requested resource not found: Table: New not found");
    EXPECT(!has(&caller, GET("a")) && !has(&other, GET("a")), "the write is there");
    EXPECT_OK(session_commit(caller.session));
    EXPECT_OK(session_commit(other.session));
    caller_do(&caller, "PutItem", PUT("a"));
    EXPECT(has(&other, GET("a")), "the session does not go on");
    caller_close_beside(&other);
    caller_close(&caller);
}

TEST(a_commit_that_fails_undoes_the_whole_turn)
{
    expect_failed_commit_undoes_all(t, NULL);
    expect_failed_commit_undoes_all(t, new_path(t, "undone.db"));
}

TEST(a_refused_request_leaves_the_others_of_its_turn)
{
    struct caller caller = open_with_table(t, NULL);
    struct span refusal;

    caller_send_uncommitted(&caller, "PutItem", PUT("a"));
    refusal = caller_send_uncommitted(&caller, "PutItem",
                                      "{'TableName':'Tab','Item':{'pk':{'S':'a'}},"
                                      "'ConditionExpression':'attribute_not_exists(pk)'}");
    EXPECT(strstr(refusal.data, "ConditionalCheckFailedException"), "%s", refusal.data);
    caller_send_uncommitted(&caller, "PutItem", PUT("b"));
    EXPECT_OK(session_commit(caller.session));
    EXPECT(has(&caller, GET("a")) && has(&caller, GET("b")), "a write is lost");
    caller_close(&caller);
}

TEST(a_session_that_closes_within_a_turn_undoes_it)
{
    struct caller caller = open_with_table(t, NULL);
    struct caller other = caller_open_beside(&caller);

    caller_send_uncommitted(&other, "PutItem", PUT("a"));
    caller_close_beside(&other);
    EXPECT(!has(&caller, GET("a")), "the write is there");
    caller_do(&caller, "PutItem", PUT("a"));
    caller_close(&caller);
}

TEST(a_turn_reads_a_table_to_its_end_though_another_session_drops_it)
{
    struct caller reader = open_with_table(t, NULL);
    struct caller writer = caller_open_beside(&reader);

    caller_do(&writer, "PutItem", PUT("a"));
    EXPECT(has(&reader, GET("a")), "nothing is there");
    caller_do(&writer, "DeleteTable", "{'TableName':'Tab'}");
    while (session_sweep(writer.session))
        continue;
    EXPECT(has(&reader, GET("a")), "a turn changes its mind");
    EXPECT_OK(session_commit(reader.session));
    EXPECT_REFUSED(&reader, "GetItem", GET("a"),
                   "ResourceNotFoundException: Requested resource not found");
    caller_close_beside(&writer);
    caller_close(&reader);
}

TEST(a_count_is_right_though_a_session_came_wrote_and_went)
{
    struct caller caller = open_with_table(t, NULL);
    struct caller guest;

    caller_do(&caller, "PutItem", PUT("a"));
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Tab'}"),
              "/Table/ItemCount", "1");
    guest = caller_open_beside(&caller);
    caller_do(&guest, "PutItem", PUT("b"));
    caller_do(&caller, "PutItem", PUT("c"));
    caller_close_beside(&guest);
    caller_do(&caller, "PutItem", PUT("d"));
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Tab'}"),
              "/Table/ItemCount", "4");
    caller_close(&caller);
}

TEST(a_count_that_a_turn_took_of_an_older_state_is_not_kept)
{
    struct caller caller = open_with_table(t, NULL);
    struct caller guest;
    struct span answer;

    EXPECT(!has(&caller, GET("a")), "there is an item");
    guest = caller_open_beside(&caller);
    caller_do(&guest, "PutItem", PUT("a"));
    caller_close_beside(&guest);
    answer = caller_send_uncommitted(&caller, "DescribeTable", "{'TableName':'Tab'}");
    EXPECT(strstr(answer.data, "\"ItemCount\":0"), "a turn changes its mind: %s", answer.data);
    EXPECT_OK(session_commit(caller.session));
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Tab'}"),
              "/Table/ItemCount", "1");
    caller_close(&caller);
}

TEST(tables_made_by_different_sessions_have_different_ids)
{
    struct caller first = open_with_table(t, NULL);
    struct caller second = caller_open_beside(&first);
    struct caller third;
    struct span ids[2];

    third = caller_open_beside(&first);
    caller_do(&third, "CreateTable", TABLE("One"));
    caller_close_beside(&second);
    second = caller_open_beside(&first);
    caller_do(&second, "CreateTable", TABLE("Two"));
    ids[0] = json_at(t->arena, caller_do(&first, "DescribeTable", "{'TableName':'One'}"),
                     "/Table/TableId");
    ids[1] = json_at(t->arena, caller_do(&first, "DescribeTable", "{'TableName':'Two'}"),
                     "/Table/TableId");
    EXPECT(ids[0].size == 36 && !span_equal(ids[0], ids[1]), "%.*s twice", SPAN_PRINT(ids[0]));
    caller_close_beside(&second);
    caller_close_beside(&third);
    caller_close(&first);
}

TEST(a_file_keeps_items_indexes_and_what_is_to_be_swept)
{
    const char *path = new_path(t, "kept.db");
    const struct engine_options options = { .seed = 1, .store = { .path = path } };
    struct caller caller = open_with_table(t, path);
    struct span before;

    caller_do(&caller, "CreateTable", TABLE("Gone"));
    caller_do(&caller, "PutItem", "{'TableName':'Gone','Item':{'pk':{'S':'x'}}}");
    caller_do(&caller, "UpdateTable",
              "{'TableName':'Tab','AttributeDefinitions':[{'AttributeName':'g','AttributeType':"
              "'S'}],'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'byG','KeySchema':"
              "[{'AttributeName':'g','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}}]}");
    caller_do(&caller, "PutItem", "{'TableName':'Tab','Item':{'pk':{'S':'a'},'g':{'S':'x'}}}");
    caller_do(&caller, "DeleteTable", "{'TableName':'Gone'}");
    caller_send_uncommitted(&caller, "PutItem", PUT("not committed"));
    session_rollback(caller.session);
    before = store_dump(t, &caller, t->arena);
    caller_close(&caller);

    caller = caller_open(t, &options);
    EXPECT(span_equal(before, store_dump(t, &caller, t->arena)), "before: %.*s",
           SPAN_PRINT(before));
    expect_sound(t, &caller);
    EXPECT(strstr(before.data, "dropped") != NULL, "nothing is left to sweep");
    while (session_sweep(caller.session))
        continue;
    EXPECT(strstr(store_dump(t, &caller, t->arena).data, "dropped") == NULL, "it is not swept");
    caller_do(&caller, "CreateTable", TABLE("Gone"));
    EXPECT_AT(t->arena, caller_do(&caller, "Scan", "{'TableName':'Gone'}"), "/Count", "0");
    EXPECT_AT(t->arena, caller_do(&caller, "Scan", "{'TableName':'Tab','IndexName':'byG'}"),
              "/Count", "1");
    expect_sound(t, &caller);
    caller_close(&caller);
}

TEST(a_reset_empties_tables_and_counts)
{
    struct caller caller = open_with_table(t, NULL);
    uint64_t count = 0;

    caller_do(&caller, "PutItem", PUT("a"));
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Tab'}"),
              "/Table/ItemCount", "1");
    EXPECT_OK(session_reset(caller.session, NULL, &count));
    EXPECT_OK(session_commit(caller.session));
    EXPECT(count == 1, "%d tables", (int)count);
    EXPECT_AT(t->arena, caller_do(&caller, "DescribeTable", "{'TableName':'Tab'}"),
              "/Table/ItemCount", "0");
    EXPECT(!has(&caller, GET("a")), "the item is there");
    expect_sound(t, &caller);
    while (session_sweep(caller.session))
        continue;
    expect_sound(t, &caller);
    caller_close(&caller);
}
