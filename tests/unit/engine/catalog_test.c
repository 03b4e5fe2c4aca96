/* tests/unit/engine/catalog_test.c - the catalog across turns, sessions, failures and files, and
 * the backfill of new indexes. */
#include "../ops/caller.h"

#include "engine/catalog.h"
#include "engine/catalog_document.h"
#include "engine/exec.h"
#include "engine/session.h"
#include "item/json.h"
#include "item/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TABLE(name)                                            \
    "{'TableName':'" name "','BillingMode':'PAY_PER_REQUEST'," \
    "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"   \
    "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}]}"
#define ADD_INDEX(name, projection)                                                             \
    "{'TableName':'Orders','AttributeDefinitions':[{'AttributeName':'a','AttributeType':'N'}]," \
    "'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'" name "','KeySchema':"             \
    "[{'AttributeName':'a','KeyType':'HASH'}],'Projection':" projection "}}]}"

static struct request request_of(const struct caller *caller)
{
    return (struct request){ .arena = caller->arena,
                             .session = caller->session,
                             .region = caller->region,
                             .account = SPAN("000000000000") };
}

static const struct table *find(const struct caller *caller, const char *name)
{
    struct request req = request_of(caller);

    return catalog_peek(&req, span_from(name));
}

static void put(const struct caller *caller, const char *json)
{
    struct request req = request_of(caller);
    struct item *item = NEW(caller->arena, struct item, 1);
    struct write_plan plan = { .kind = WRITE_PUT, .new_item = item };
    struct write_result result;

    item_parse(caller->arena, span_from(json), item);
    EXPECT_OK(exec_begin_write(&req));
    EXPECT_OK(catalog_find(&req, SPAN("Orders"), &plan.table));
    EXPECT_OK(key_from_item(caller->arena, &plan.table->keys, item, &plan.key));
    EXPECT_OK(exec_write(&req, &plan, &result));
    EXPECT_OK(session_commit(caller->session));
}

/* Every entry of a space: key (as hexadecimal), value and size. */
static struct span dump(const struct caller *caller, uint32_t space)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct span text = SPAN("");
    struct store_cursor *cursor;
    struct store_entry entry;

    EXPECT_OK(session_read(caller->session));
    EXPECT_OK(store_seek(caller->session->connection, space, &all, false, &cursor));
    for (;;) {
        EXPECT_OK(store_next(cursor, &entry));
        if (entry.key.data == NULL)
            break;
        for (size_t i = 0; i < entry.key.size; i++)
            text = arena_print(caller->arena, "%.*s%02x", SPAN_PRINT(text),
                               (unsigned char)entry.key.data[i]);
        text = arena_print(caller->arena, "%.*s %.*s %lld\n", SPAN_PRINT(text),
                           SPAN_PRINT(entry.value), (long long)entry.size);
    }
    store_end(cursor);
    EXPECT_OK(session_commit(caller->session));
    return text;
}

static const char *const items[] = {
    "{\"pk\":{\"S\":\"1\"},\"a\":{\"N\":\"7\"},\"b\":{\"S\":\"x\"},\"c\":{\"S\":\"y\"}}",
    "{\"pk\":{\"S\":\"2\"},\"b\":{\"S\":\"x\"}}",
    "{\"pk\":{\"S\":\"3\"},\"a\":{\"S\":\"7\"}}",
    "{\"pk\":{\"S\":\"4\"},\"a\":{\"N\":\"-1\"},\"c\":{\"S\":\"\"}}",
};

TEST(a_backfilled_index_holds_what_upkeep_would_have_put_there)
{
    static const char *const adding[] = {
        ADD_INDEX("one", "{'ProjectionType':'ALL'}"),
        ADD_INDEX("two", "{'ProjectionType':'KEYS_ONLY'}"),
        ADD_INDEX("six", "{'ProjectionType':'INCLUDE','NonKeyAttributes':['b','z']}"),
    };

    for (size_t i = 0; i < COUNT(adding); i++) {
        struct caller before = caller_open(t, NULL);
        struct caller after = caller_open(t, NULL);
        struct span upkept;
        struct span filled;

        caller_do(&before, "CreateTable", TABLE("Orders"));
        caller_do(&before, "UpdateTable", adding[i]);
        caller_do(&after, "CreateTable", TABLE("Orders"));
        for (size_t j = 0; j < COUNT(items); j++) {
            if (j != 2) /* of the wrong type: no write could put it beside the index */
                put(&before, items[j]);
            put(&after, items[j]);
        }
        caller_do(&after, "UpdateTable", adding[i]);
        upkept = dump(&before, find(&before, "Orders")->indexes[0].space);
        filled = dump(&after, find(&after, "Orders")->indexes[0].space);
        EXPECT(span_equal(upkept, filled), "%s\nupkept\n%.*s\nfilled\n%.*s", adding[i],
               SPAN_PRINT(upkept), SPAN_PRINT(filled));
        EXPECT(filled.size > 0, "the index is empty");
        EXPECT_AT(t->arena, caller_do(&after, "DescribeTable", "{'TableName':'Orders'}"),
                  "/Table/GlobalSecondaryIndexes/0/ItemCount", "2");
        caller_close(&before);
        caller_close(&after);
    }
}

TEST(dropped_spaces_are_swept_and_never_used_again)
{
    struct caller caller = caller_open(t, NULL);
    uint32_t table_space;
    uint32_t index_space;

    caller_do(&caller, "CreateTable", TABLE("Orders"));
    caller_do(&caller, "UpdateTable", ADD_INDEX("one", "{'ProjectionType':'ALL'}"));
    put(&caller, items[0]);
    table_space = find(&caller, "Orders")->space;
    index_space = find(&caller, "Orders")->indexes[0].space;
    caller_do(&caller, "UpdateTable",
              "{'TableName':'Orders','GlobalSecondaryIndexUpdates':"
              "[{'Delete':{'IndexName':'one'}}]}");
    caller_do(&caller, "DeleteTable", "{'TableName':'Orders'}");
    while (session_sweep(caller.session))
        continue;
    EXPECT(dump(&caller, table_space).size == 0, "items are left");
    EXPECT(dump(&caller, index_space).size == 0, "index entries are left");
    EXPECT(dump(&caller, SPACE_DROPPED).size == 0, "something is left to sweep");
    caller_do(&caller, "CreateTable", TABLE("Orders"));
    EXPECT(find(&caller, "Orders")->space > index_space, "a space is used again");
    caller_close(&caller);
}

TEST(sessions_see_each_others_tables_in_their_next_turn)
{
    struct caller first = caller_open(t, NULL);
    struct caller second = caller_open_beside(&first);

    caller_do(&first, "CreateTable", TABLE("Orders"));
    EXPECT_AT(t->arena, caller_do(&second, "ListTables", "{}"), "/TableNames", "[\"Orders\"]");
    caller_do(&second, "CreateTable", TABLE("Other"));
    caller_do(&second, "UpdateTable", "{'TableName':'Orders','DeletionProtectionEnabled':true}");
    EXPECT_AT(t->arena, caller_do(&first, "DescribeTable", "{'TableName':'Orders'}"),
              "/Table/DeletionProtectionEnabled", "true");
    caller_do(&second, "DeleteTable", "{'TableName':'Other'}");
    caller_close_beside(&second);
    EXPECT_AT(t->arena, caller_do(&first, "ListTables", "{}"), "/TableNames", "[\"Orders\"]");
    caller_close(&first);
}

TEST(a_session_that_came_and_went_leaves_its_changes)
{
    struct caller first = caller_open(t, NULL);
    struct caller second;

    caller_do(&first, "CreateTable", TABLE("Orders"));
    second = caller_open_beside(&first);
    caller_do(&second, "DeleteTable", "{'TableName':'Orders'}");
    caller_close_beside(&second);
    EXPECT_AT(t->arena, caller_do(&first, "ListTables", "{}"), "/TableNames", "[]");
    caller_close(&first);
}

TEST(a_store_that_fails_at_any_call_leaves_the_catalog_as_it_was)
{
    uint64_t failures = 0;

    for (uint64_t nth = 1; nth < 100; nth++) {
        struct caller caller = caller_open(t, NULL);
        struct span refusal;

        caller_do(&caller, "CreateTable", TABLE("Kept"));
        store_fail_at(engine_store(caller.engine), nth);
        refusal = caller_refusal(&caller, "CreateTable", TABLE("Orders"));
        store_fail_at(engine_store(caller.engine), 0);
        if (span_starts_with(refusal, SPAN("{"))) {
            caller_close(&caller);
            break; /* it no longer takes that many calls */
        }
        failures++;
        EXPECT(span_starts_with(refusal, SPAN("InternalServerError: ")), "call %d: %.*s", (int)nth,
               SPAN_PRINT(refusal));
        EXPECT_AT(t->arena, caller_do(&caller, "ListTables", "{}"), "/TableNames", "[\"Kept\"]");
        caller_do(&caller, "CreateTable", TABLE("Orders"));
        EXPECT_AT(t->arena, caller_do(&caller, "ListTables", "{}"), "/TableNames",
                  "[\"Kept\",\"Orders\"]");
        caller_close(&caller);
    }
    EXPECT(failures > 3, "only %d calls can fail", (int)failures);
}

static struct caller open_file(struct test *t, const char *path)
{
    const struct engine_options options = { .store = { .path = path }, .seed = 1 };

    return caller_open(t, &options);
}

static void remove_file(struct test *t, const char *path)
{
    unlink(path);
    unlink(arena_print(t->arena, "%s-wal", path).data);
    unlink(arena_print(t->arena, "%s-shm", path).data);
}

TEST(tables_are_the_same_after_a_restart)
{
    char path[] = "/tmp/stator-catalog-XXXXXX";
    struct caller caller;
    struct span before;
    int file = mkstemp(path);

    EXPECT(file >= 0, "no temporary file");
    close(file);
    remove_file(t, path);
    caller = open_file(t, path);
    caller_do(&caller, "CreateTable",
              "{'TableName':'Orders','ProvisionedThroughput':{'ReadCapacityUnits':5,"
              "'WriteCapacityUnits':5},'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
              "{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':"
              "[{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk',"
              "'AttributeType':'B'}],'LocalSecondaryIndexes':[{'IndexName':'local','Projection':"
              "{'ProjectionType':'INCLUDE','NonKeyAttributes':['x']},'KeySchema':"
              "[{'AttributeName':'pk','KeyType':'HASH'},{'AttributeName':'sk','KeyType':"
              "'RANGE'}]}],'StreamSpecification':{'StreamEnabled':true,'StreamViewType':"
              "'NEW_IMAGE'},'SSESpecification':{'Enabled':true},'TableClass':'STANDARD',"
              "'Tags':[{'Key':'k','Value':'v'}]}");
    caller_do(&caller, "UpdateTable",
              "{'TableName':'Orders','ProvisionedThroughput':{'ReadCapacityUnits':6,"
              "'WriteCapacityUnits':4}}");
    before = caller_send(&caller, "DescribeTable", "{'TableName':'Orders'}");
    caller_close(&caller);
    caller = open_file(t, path);
    EXPECT(span_equal(before, caller_send(&caller, "DescribeTable", "{'TableName':'Orders'}")),
           "before: %.*s", SPAN_PRINT(before));
    EXPECT_AT(t->arena,
              caller_do(&caller, "ListTagsOfResource",
                        "{'ResourceArn':"
                        "'arn:aws:dynamodb:eu-west-1:000000000000:table/Orders'}"),
              "/Tags", "[{\"Key\":\"k\",\"Value\":\"v\"}]");
    caller_close(&caller);
    remove_file(t, path);
}

TEST(a_damaged_or_newer_description_is_not_read)
{
    struct caller caller = caller_open(t, NULL);
    struct span text;
    struct table table;

    caller_do(&caller, "CreateTable", TABLE("Orders"));
    text = catalog_document_write(t->arena, find(&caller, "Orders"));
    EXPECT(catalog_document_read(t->arena, text, &table), "its own text");
    for (size_t size = 0; size < text.size; size++)
        EXPECT(!catalog_document_read(t->arena, (struct span){ text.data, size }, &table),
               "cut at %d", (int)size);
    EXPECT(!catalog_document_read(t->arena, SPAN("{\"version\":2}"), &table), "a newer version");
    caller_close(&caller);
}

TEST(a_thousand_tables_are_found_and_listed)
{
    struct caller caller = caller_open(t, NULL);
    size_t count = 0;
    yyjson_val *answer = caller_do(&caller, "ListTables", "{}");

    for (int i = 0; i < 1000; i++)
        caller_do(&caller, "CreateTable", arena_print(t->arena, TABLE("Table-%d"), i).data);
    for (int i = 0; i < 1000; i += 3)
        caller_do(&caller, "DeleteTable",
                  arena_print(t->arena, "{'TableName':'Table-%d'}", i).data);
    for (int i = 0; i < 1000; i++)
        EXPECT((find(&caller, arena_print(t->arena, "Table-%d", i).data) != NULL) == (i % 3 != 0),
               "Table-%d", i);
    for (struct span last = SPAN("!!!"); last.size > 0;
         last = json_at(t->arena, answer, "/LastEvaluatedTableName")) {
        answer = caller_do(&caller, "ListTables",
                           count == 0 ? "{}"
                                      : arena_print(t->arena, "{'ExclusiveStartTableName':'%.*s'}",
                                                    SPAN_PRINT(last))
                                            .data);
        count += yyjson_arr_size(yyjson_obj_get(answer, "TableNames"));
    }
    EXPECT(count == 666, "%d tables are listed", (int)count);
    caller_close(&caller);
}
