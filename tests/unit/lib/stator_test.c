/* tests/unit/lib/stator_test.c - libstator through its public header alone. */
#include "../test.h"

#include "stator.h"

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
