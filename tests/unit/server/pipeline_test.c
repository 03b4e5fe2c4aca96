/* tests/unit/server/pipeline_test.c - a request's whole way in memory, and turns that fail. */
#include "server/pipeline.h"

#include "../test.h"
#include "engine/engine.h"
#include "server/http.h"
#include "server/server.h"

#include <string.h>
#include <zlib.h>

#define KEY                                                                      \
    "AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/dynamodb/aws4_request, " \
    "SignedHeaders=host, Signature=0"

struct fixture {
    struct server_options options;
    struct engine *engine;
    struct metrics metrics;
    struct pipeline pipeline;
    struct answer_form form; /* of the last answer */
    struct buffer out;
};

static void set_up(struct test *t, struct fixture *fixture)
{
    const struct engine_options options = { .seed = 1 };
    struct span problem = { NULL, 0 };

    *fixture = (struct fixture){ 0 };
    EXPECT(engine_open(t->arena, &options, &fixture->engine, &problem), "%.*s",
           SPAN_PRINT(problem));
    EXPECT(pipeline_open(&fixture->pipeline, fixture->engine, &fixture->options), "no session");
    fixture->pipeline.metrics = &fixture->metrics;
    buffer_init(&fixture->out);
}

static void tear_down(struct fixture *fixture)
{
    buffer_fini(&fixture->out);
    pipeline_close(&fixture->pipeline);
    engine_close(fixture->engine);
}

/* The answer to one call, behind what out holds. */
static struct span call(struct fixture *fixture, const char *target, const char *body)
{
    static const struct sigv4_header headers[] = {
        { { "authorization", 13 }, { KEY, sizeof(KEY) - 1 } },
        { { "x-amz-date", 10 }, { "20260101T000000Z", 16 } },
    };
    struct http_request http = { .method = METHOD_POST,
                                 .method_name = SPAN("POST"),
                                 .path = SPAN("/"),
                                 .headers = headers,
                                 .header_count = COUNT(headers),
                                 .body = span_from(body),
                                 .keeps_alive = true };
    size_t from = fixture->out.size;

    http.known[HEADER_CONTENT_TYPE] = SPAN("application/x-amz-json-1.0");
    http.known[HEADER_TARGET] = span_from(target);
    http.known[HEADER_AUTHORIZATION] = headers[0].value;
    pipeline_serve(&fixture->pipeline, &http, &fixture->form, &fixture->out);
    return (struct span){ fixture->out.data + from, fixture->out.size - from };
}

static bool says(struct span answer, const char *text)
{
    return memmem(answer.data, answer.size, text, strlen(text)) != NULL;
}

static const char create[] =
    "{\"TableName\":\"Orders\",\"KeySchema\":[{\"AttributeName\":\"k\",\"KeyType\":\"HASH\"}],"
    "\"AttributeDefinitions\":[{\"AttributeName\":\"k\",\"AttributeType\":\"S\"}],"
    "\"BillingMode\":\"PAY_PER_REQUEST\"}";
static const char put[] = "{\"TableName\":\"Orders\",\"Item\":{\"k\":{\"S\":\"a\"}}}";
static const char get[] = "{\"TableName\":\"Orders\",\"Key\":{\"k\":{\"S\":\"a\"}}}";

TEST(a_call_goes_all_the_way_and_back)
{
    struct fixture fixture;
    struct span answer;

    set_up(t, &fixture);
    answer = call(&fixture, "DynamoDB_20120810.CreateTable", create);
    EXPECT(says(answer, "HTTP/1.1 200 OK\r\n"), "%.*s", SPAN_PRINT(answer));
    answer = call(&fixture, "DynamoDB_20120810.PutItem", put);
    EXPECT(says(answer, "\r\n\r\n{}"), "%.*s", SPAN_PRINT(answer));
    EXPECT_OK(pipeline_commit(&fixture.pipeline));
    answer = call(&fixture, "DynamoDB_20120810.GetItem", get);
    EXPECT(says(answer, "\r\n\r\n{\"Item\":{\"k\":{\"S\":\"a\"}}}"), "%.*s", SPAN_PRINT(answer));
    EXPECT_OK(pipeline_commit(&fixture.pipeline));
    tear_down(&fixture);
}

/* However the medium fails, an answered write is there and one answered with 500 is not. */
TEST(a_turn_that_cannot_be_committed_answers_500_and_leaves_nothing)
{
    bool has_failed_late = false;

    for (uint64_t nth = 1; !has_failed_late; nth++) {
        struct fixture fixture;
        struct span answer;
        struct error *error;
        bool is_put;

        set_up(t, &fixture);
        call(&fixture, "DynamoDB_20120810.CreateTable", create);
        EXPECT_OK(pipeline_commit(&fixture.pipeline));
        store_fail_at(engine_store(fixture.engine), nth);
        buffer_empty(&fixture.out);
        is_put = says(call(&fixture, "DynamoDB_20120810.PutItem", put), " 200 OK");
        error = pipeline_commit(&fixture.pipeline);
        store_fail_at(engine_store(fixture.engine), 0);
        has_failed_late = is_put && error == NULL; /* nth is past the last call */
        if (error) {
            buffer_empty(&fixture.out);
            pipeline_fail(&fixture.pipeline, error, &fixture.form, &fixture.out);
            answer = buffer_span(&fixture.out);
            EXPECT(says(answer, "HTTP/1.1 500 Internal Server Error\r\n"), "%.*s",
                   SPAN_PRINT(answer));
            EXPECT(says(answer, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
                                "InternalServerError\",\"message\":\""),
                   "%.*s", SPAN_PRINT(answer));
        }
        answer = call(&fixture, "DynamoDB_20120810.GetItem", get);
        EXPECT(says(answer, "{\"Item\":") == (is_put && error == NULL), "failing call %d: %.*s",
               (int)nth, SPAN_PRINT(answer));
        EXPECT_OK(pipeline_commit(&fixture.pipeline));
        EXPECT(nth < 100, "it never succeeds");
        tear_down(&fixture);
    }
}

TEST(every_answer_has_an_id_of_its_own_and_a_true_checksum)
{
    struct fixture fixture;
    struct span one;
    struct span two;
    const char *id;
    const char *body;

    set_up(t, &fixture);
    one = arena_copy(t->arena, call(&fixture, "", "{}"));
    two = arena_copy(t->arena, call(&fixture, "", "{}"));
    EXPECT(one.size == two.size && !span_equal(one, two), "the same answer twice");
    id = strstr(one.data, "x-amzn-RequestId: ") + strlen("x-amzn-RequestId: ");
    EXPECT(strspn(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == REQUEST_ID_BYTES, "%.60s", id);
    body = strstr(one.data, "\r\n\r\n") + 4;
    EXPECT(strstr(one.data, arena_print(t->arena, "\r\nx-amz-crc32: %lu\r\n",
                                        crc32(0, (const Bytef *)body, (uInt)strlen(body)))
                                .data),
           "%s", one.data);
    tear_down(&fixture);
}
