/* tests/fuzz/http_fuzz.c - any bytes as a connection's stream, through the whole server but its
 * sockets. The first byte says how large the pieces are in which the rest arrives. */
#include "base/arena.h"
#include "engine/engine.h"
#include "server/intake.h"
#include "server/pipeline.h"
#include "server/server.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct server_options options;
static struct metrics metrics;
static const struct metrics *const all_metrics[] = { &metrics };
static struct pipeline pipeline;
static struct buffer out;

static void start(void)
{
    const struct engine_options engine_options = { .seed = 1 };
    struct arena *arena = arena_open(1 << 20);
    struct engine *engine;
    struct span problem;

    if (!engine_open(arena, &engine_options, &engine, &problem) ||
        !pipeline_open(&pipeline, engine, &options))
        abort();
    pipeline.metrics = &metrics;
    pipeline.all_metrics = all_metrics;
    pipeline.worker_count = 1;
    buffer_init(&out);
    arena_close(arena);
}

/* An answer is whole, and its length is what it says. */
static bool serve(struct intake *intake, struct http_request *http)
{
    static const char length_name[] = "\r\nContent-Length: ";
    struct answer_form form;
    char *body;
    char *length;

    (void)intake;
    buffer_empty(&out);
    http->is_from_loopback = true;
    pipeline_serve(&pipeline, http, &form, &out);
    if (pipeline.held) { /* its time is over at once */
        pipeline_resume(&pipeline, pipeline.held, &out);
        pipeline.held = NULL;
    }
    buffer_append_char(&out, '\0');
    body = strstr(out.data, "\r\n\r\n");
    assert(strncmp(out.data, "HTTP/1.1 ", 9) == 0 && body != NULL);
    length = strstr(out.data, length_name);
    assert(length || strstr(out.data, "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    if (length && form.has_body)
        assert(strtoul(length + sizeof(length_name) - 1, NULL, 10) ==
               (size_t)(out.data + out.size - 1 - (body + 4)));
    return form.keeps_alive;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct message_pool pool;
    struct intake intake;
    enum intake_result result = INTAKE_MORE;
    size_t piece;

    if (pipeline.engine == NULL)
        start();
    if (size == 0)
        return 0;
    piece = data[0] == 0 ? size : data[0];
    intake_init(&intake, &pool, serve);
    for (size_t at = 1; at < size && result == INTAKE_MORE; at += piece) {
        struct span bytes = { (const char *)data + at, size - at < piece ? size - at : piece };
        struct span rest;

        result = intake_feed(&intake, bytes, &rest);
        assert(rest.size <= bytes.size && rest.data + rest.size == bytes.data + bytes.size);
        if (pipeline_commit(&pipeline) != NULL)
            abort();
    }
    intake_fini(&intake);
    assert(pool.received_bytes == 0);
    return 0;
}
