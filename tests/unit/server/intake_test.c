/* tests/unit/server/intake_test.c - a stream of requests, cut in every way. */
#include "server/intake.h"

#include "../test.h"

#include <stdio.h>
#include <string.h>

static const char stream[] =
    "POST /a?b=c HTTP/1.1\r\nHost: one\r\nContent-Type:  application/json \r\nEmpty:\r\n"
    "Content-Length: 5\r\n\r\nhello"
    "GET / HTTP/1.1\r\nhost: two\r\n\r\n"
    "POST / HTTP/1.1\r\nHOST: three\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nHost: trailer\r\nOther: trailer\r\n\r\n"
    "OPTIONS * HTTP/1.1\r\nHost: four\r\nConnection: close\r\n\r\n";

static const char expected[] = "POST /a b=c one application/json hello 4 keeps\n"
                               "GET /  two   1 keeps\n"
                               "POST /  three  abcde 2 keeps\n"
                               "OPTIONS *  four   2 closes\n";

/* What was served, a line a request. */
static char seen[4096];
static size_t seen_size;
static uint32_t stop_after; /* that many requests; 0: never */

static bool note(struct intake *intake, struct http_request *http)
{
    seen_size += (size_t)snprintf(
        seen + seen_size, sizeof(seen) - seen_size, "%.*s %.*s %.*s %.*s %.*s %.*s %zu %s\n",
        SPAN_PRINT(http->method_name), SPAN_PRINT(http->path), SPAN_PRINT(http->query),
        SPAN_PRINT(http->known[HEADER_HOST]), SPAN_PRINT(http->known[HEADER_CONTENT_TYPE]),
        SPAN_PRINT(http->body), http->header_count, http->keeps_alive ? "keeps" : "closes");
    return stop_after == 0 || intake->begun % stop_after != 0;
}

static void start(struct intake *intake, struct message_pool *pool)
{
    seen_size = 0;
    seen[0] = '\0';
    intake_init(intake, pool, note);
}

/* Feeds it all, going on wherever it stops. */
static enum intake_result feed(struct intake *intake, struct span bytes)
{
    enum intake_result result = intake_feed(intake, bytes, &bytes);

    while (result == INTAKE_STOPPED && bytes.size > 0)
        result = intake_feed(intake, bytes, &bytes);
    return result;
}

TEST(a_stream_gives_the_same_requests_wherever_it_is_cut)
{
    struct span whole = { stream, sizeof(stream) - 1 };
    struct message_pool pool = { 0 };
    struct intake intake;

    for (stop_after = 0; stop_after < 3; stop_after++) {
        for (size_t cut = 0; cut <= whole.size; cut++) {
            start(&intake, &pool);
            EXPECT(feed(&intake, (struct span){ stream, cut }) != INTAKE_REFUSED, "%zu", cut);
            EXPECT(feed(&intake, (struct span){ stream + cut, whole.size - cut }) != INTAKE_REFUSED,
                   "after %zu", cut);
            EXPECT(strcmp(seen, expected) == 0, "cut at %zu: %s", cut, seen);
            EXPECT(intake.message == NULL && pool.received_bytes == 0, "something is kept");
            intake_fini(&intake);
        }
    }
    stop_after = 0;
    start(&intake, &pool);
    for (size_t i = 0; i < whole.size; i++)
        EXPECT(feed(&intake, (struct span){ stream + i, 1 }) == INTAKE_MORE, "byte %zu", i);
    EXPECT(strcmp(seen, expected) == 0, "byte by byte: %s", seen);
    intake_fini(&intake);
    message_pool_drain(&pool);
}

TEST(a_request_that_ends_early_leaves_nothing_behind)
{
    struct message_pool pool = { 0 };

    for (size_t cut = 0; cut < sizeof(stream); cut++) {
        struct intake intake;

        start(&intake, &pool);
        EXPECT(feed(&intake, (struct span){ stream, cut }) == INTAKE_MORE, "%zu", cut);
        intake_fini(&intake);
        EXPECT(pool.received_bytes == 0 && pool.count <= 1, "cut at %zu", cut);
        message_pool_drain(&pool);
    }
}

TEST(a_refused_stream_says_which_limit_it_broke)
{
    static const char too_large[] = "POST / HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n";
    static const char largest[] = "POST / HTTP/1.1\r\nContent-Length: 16777216\r\n\r\n";
    struct message_pool pool = { 0 };
    struct intake intake;

    start(&intake, &pool);
    EXPECT(feed(&intake, SPAN("nonsense\r\n")) == INTAKE_REFUSED, "nonsense passes");
    EXPECT(intake.refusal == INTAKE_MALFORMED, "%d", intake.refusal);
    start(&intake, &pool);
    EXPECT(feed(&intake, span_from(too_large)) == INTAKE_REFUSED, "a large body passes");
    EXPECT(intake.refusal == INTAKE_TOO_LARGE, "%d", intake.refusal);
    start(&intake, &pool);
    EXPECT(feed(&intake, span_from(largest)) == INTAKE_MORE, "the largest body does not pass");
    intake_fini(&intake);
    pool.received_bytes = INTAKE_RECEIVED_BYTES_MAX + 1;
    start(&intake, &pool);
    EXPECT(feed(&intake, span_from(largest)) == INTAKE_REFUSED, "a busy worker takes more");
    EXPECT(intake.refusal == INTAKE_BUSY, "%d", intake.refusal);
    EXPECT(intake.message == NULL, "a refused message is kept");
    message_pool_drain(&pool);
}

TEST(only_a_client_that_waits_is_told_to_continue)
{
    static const char head[] =
        "POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
    struct message_pool pool = { 0 };
    struct intake intake;

    start(&intake, &pool);
    feed(&intake, span_from(head));
    EXPECT(intake.wants_continue, "a waiting client is left waiting");
    feed(&intake, SPAN("{}"));
    EXPECT(!intake.wants_continue && seen_size > 0, "it goes on waiting");
    intake_fini(&intake);
    message_pool_drain(&pool);
}
