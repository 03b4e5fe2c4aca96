/* tests/unit/lib/stator_test.c - libstator through its public header alone. */
#include "../test.h"

#include "stator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void expect_answer(struct stator *db, const char *operation, const char *json, int status,
                          const char *text)
{
    struct stator_answer answer = stator_call(db, operation, json, strlen(json));
    struct span body = { answer.json, answer.length };

    EXPECT(answer.status == status, "%s: %d %.*s", operation, answer.status, SPAN_PRINT(body));
    EXPECT(span_is(body, text), "%s: %.*s", operation, SPAN_PRINT(body));
}

static struct stator *open_memory(const struct stator_options *options)
{
    char problem[200];
    struct stator *db = stator_open(":memory:", options, problem, sizeof(problem));

    EXPECT(db != NULL, "%s", problem);
    EXPECT(problem[0] == '\0', "a problem though it is open: %s", problem);
    return db;
}

TEST(a_handle_answers_as_the_service_does)
{
    struct stator *db = open_memory(NULL);

    expect_answer(db, "Nothing", "{}", 400,
                  "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
    expect_answer(db, "PutItem", "{", 400,
                  "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
    expect_answer(db, "PutItem", "", 400,
                  "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
    stator_close(db);
}

static const char create_table[] =
    "{\"TableName\":\"Music\",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":"
    "[{\"AttributeName\":\"Artist\",\"AttributeType\":\"S\"}],\"KeySchema\":"
    "[{\"AttributeName\":\"Artist\",\"KeyType\":\"HASH\"}]}";
static const char put_item[] =
    "{\"TableName\":\"Music\",\"Item\":{\"Artist\":{\"S\":\"a\"},\"Year\":{\"N\":\"1997\"}}}";
static const char get_item[] = "{\"TableName\":\"Music\",\"Key\":{\"Artist\":{\"S\":\"a\"}}}";
static const char item_answer[] = "{\"Item\":{\"Artist\":{\"S\":\"a\"},\"Year\":{\"N\":\"1997\"}}}";

static void expect_status(struct stator *db, const char *operation, const char *json, int status)
{
    struct stator_answer answer = stator_call(db, operation, json, strlen(json));

    EXPECT(answer.status == status, "%s: %d %.*s", operation, answer.status, (int)answer.length,
           answer.json);
}

TEST(an_item_that_was_put_can_be_got)
{
    struct stator *db = open_memory(NULL);

    expect_status(db, "CreateTable", create_table, 200);
    expect_status(db, "CreateTable", create_table, 400);
    expect_answer(db, "PutItem", put_item, 200, "{}");
    expect_answer(db, "GetItem", get_item, 200, item_answer);
    expect_status(db, "DeleteTable", "{\"TableName\":\"Music\"}", 200);
    expect_answer(db, "GetItem", get_item, 400,
                  "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
                  "\"message\":\"Requested resource not found\"}");
    stator_close(db);
}

TEST(a_file_keeps_what_was_put_into_it)
{
    char folder[] = "/tmp/stator_test_XXXXXX";
    char problem[200];
    const char *path;
    struct stator *db;

    EXPECT(mkdtemp(folder) != NULL, "no folder to work in");
    path = arena_print(t->arena, "%s/a.db", folder).data;
    db = stator_open(path, NULL, problem, sizeof(problem));
    EXPECT(db != NULL, "%s", problem);
    expect_status(db, "CreateTable", create_table, 200);
    expect_answer(db, "PutItem", put_item, 200, "{}");
    stator_close(db);
    db = stator_open(path, NULL, problem, sizeof(problem));
    EXPECT(db != NULL, "%s", problem);
    expect_answer(db, "GetItem", get_item, 200, item_answer);
    stator_close(db);
    EXPECT(remove(path) == 0 && rmdir(folder) == 0, "something is left in %s", folder);
}

TEST(tagging_answers_an_empty_body)
{
    static const struct stator_options options = { .account = "123456789012",
                                                   .region = "eu-west-1" };
    struct stator *db = open_memory(&options);

    expect_status(db, "CreateTable", create_table, 200);
    expect_answer(db, "TagResource",
                  "{\"ResourceArn\":\"arn:aws:dynamodb:eu-west-1:123456789012:table/Music\","
                  "\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}",
                  200, "");
    stator_close(db);
}

TEST(a_request_of_more_than_16_mb_is_refused_unread)
{
    struct stator *db = open_memory(NULL);
    struct stator_answer answer = stator_call(db, "PutItem", "", (16 << 20) + 1);

    EXPECT(answer.status == 413 && answer.length == 0, "status %d", answer.status);
    stator_close(db);
}

TEST(a_file_that_cannot_be_opened_gives_a_reason)
{
    char problem[200] = "";
    struct stator *db = stator_open("/nowhere/at/all/stator.db", NULL, problem, sizeof(problem));

    EXPECT(db == NULL, "opened a file in a folder that is not there");
    EXPECT(problem[0] != '\0', "no reason is given");
    EXPECT(stator_open("/nowhere/at/all/stator.db", NULL, NULL, 0) == NULL, "nor without room");
}

TEST(handles_in_memory_know_nothing_of_each_other)
{
    static const struct stator_options classic = { .classic_validator = 1, .seed = 7 };
    struct stator *one = open_memory(NULL);
    struct stator *two = open_memory(&classic);

    expect_answer(one, "Nothing", "{}", 400,
                  "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
    stator_close(one);
    expect_answer(two, "Nothing", "{}", 400,
                  "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
    stator_close(two);
    stator_close(NULL);
}
