/* tests/bench/requests.c - signed requests made before the clock runs. */
#include "requests.h"

#include "auth/sigv4.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"

#include <string.h>

enum { KEY_BYTES = 8, ITEM_BYTES_MAX = 4096, HEADERS = 3 };

static const char *const targets[] = {
    [BENCH_CREATE_TABLE] = "DynamoDB_20120810.CreateTable",
    [BENCH_PUT_ITEM] = "DynamoDB_20120810.PutItem",
    [BENCH_GET_ITEM] = "DynamoDB_20120810.GetItem",
};

/* Provisioned, because that is the one billing mode every server has always known. */
static struct span create_body(struct arena *arena, struct span table)
{
    return arena_print(
        arena,
        "{\"TableName\":\"%.*s\",\"KeySchema\":[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"}],"
        "\"AttributeDefinitions\":[{\"AttributeName\":\"pk\",\"AttributeType\":\"S\"}],"
        "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":10,\"WriteCapacityUnits\":10}}",
        SPAN_PRINT(table));
}

/* Names and values count: pk, its eight characters, v, and the filling. */
static struct span put_body(struct arena *arena, struct span table, unsigned number,
                            unsigned item_bytes)
{
    char filling[ITEM_BYTES_MAX];
    size_t other = 2 + KEY_BYTES + 1;
    size_t size = item_bytes > other ? item_bytes - other : 0;

    if (size > sizeof(filling))
        size = sizeof(filling);
    memset(filling, 'x', size);
    return arena_print(arena,
                       "{\"TableName\":\"%.*s\",\"Item\":{\"pk\":{\"S\":\"%08u\"},"
                       "\"v\":{\"S\":\"%.*s\"}}}",
                       SPAN_PRINT(table), number, (int)size, filling);
}

static struct span body_of(struct arena *arena, struct span table, enum bench_operation operation,
                           unsigned number, unsigned item_bytes)
{
    switch (operation) {
    case BENCH_CREATE_TABLE: return create_body(arena, table);
    case BENCH_PUT_ITEM: return put_body(arena, table, number, item_bytes);
    case BENCH_GET_ITEM:
        return arena_print(arena, "{\"TableName\":\"%.*s\",\"Key\":{\"pk\":{\"S\":\"%08u\"}}}",
                           SPAN_PRINT(table), number);
    }
    return (struct span){ 0 };
}

static struct span signed_request(struct arena *arena, struct sigv4 *sigv4,
                                  const struct bench_target *target, enum bench_operation operation,
                                  struct span body)
{
    const struct sigv4_header headers[HEADERS] = {
        { span_from("Host"), target->host },
        { span_from("Content-Type"), span_from("application/x-amz-json-1.0") },
        { span_from("X-Amz-Target"), span_from(targets[operation]) },
    };
    const struct sigv4_request request = {
        .method = span_from("POST"),
        .path = span_from("/"),
        .headers = headers,
        .header_count = HEADERS,
        .body = body,
    };
    const struct sigv4_credentials credentials = {
        .access_key = span_from("AKIAIOSFODNN7EXAMPLE"),
        .secret = span_from("example"),
    };
    const struct sigv4_scope scope = {
        .region = span_from("eu-west-1"),
        .service = span_from("dynamodb"),
        .now_ms = clock_machine_ms(),
    };
    struct sigv4_signed signature;
    struct span head;

    sigv4_sign(sigv4, arena, &request, &credentials, &scope, &signature);
    head = arena_print(arena, "POST / HTTP/1.1\r\nContent-Length: %zu\r\n", body.size);
    for (size_t i = 0; i < HEADERS; i++)
        head = arena_print(arena, "%.*s%.*s: %.*s\r\n", SPAN_PRINT(head),
                           SPAN_PRINT(headers[i].name), SPAN_PRINT(headers[i].value));
    for (size_t i = 0; i < signature.count; i++)
        head = arena_print(arena, "%.*s%.*s: %.*s\r\n", SPAN_PRINT(head),
                           SPAN_PRINT(signature.headers[i].name),
                           SPAN_PRINT(signature.headers[i].value));
    return arena_print(arena, "%.*s\r\n%.*s", SPAN_PRINT(head), SPAN_PRINT(body));
}

struct span *bench_requests(struct arena *arena, const struct bench_target *target,
                            enum bench_operation operation, unsigned count, unsigned item_bytes)
{
    struct sigv4 *sigv4 = sigv4_open();
    struct span *requests = NEW(arena, struct span, count);

    for (unsigned i = 0; i < count; i++)
        requests[i] = signed_request(arena, sigv4, target, operation,
                                     body_of(arena, target->table, operation, i, item_bytes));
    sigv4_close(sigv4);
    return requests;
}

struct span bench_request(struct arena *arena, const struct bench_target *target,
                          enum bench_operation operation, unsigned number, unsigned item_bytes)
{
    struct sigv4 *sigv4 = sigv4_open();
    struct span body = body_of(arena, target->table, operation, number, item_bytes);
    struct span request = signed_request(arena, sigv4, target, operation, body);

    sigv4_close(sigv4);
    return request;
}
