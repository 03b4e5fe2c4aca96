/* lib/stator.c - the embeddable engine: one handle is one engine with one session. */
#include "stator.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "engine/engine.h"
#include "engine/request.h"
#include "ops/dispatch.h"

#include <stdio.h>
#include <string.h>

/* Far more than the largest legal request needs; past it the process ends. */
static const size_t arena_bytes_max = (size_t)4 << 30;
static const size_t request_bytes_max = (size_t)16 << 20;

enum { LOOK_US = 100 * 1000 }; /* between two looks for work in the background */

struct stator {
    struct engine *engine;
    struct session *session;
    struct arena *arena; /* of the last call */
    struct buffer answer;
    char *region;
    char *account;
    enum validator validator;
    bool is_sweeping;  /* there may be something left to do in the background */
    int64_t looked_us; /* when that was looked for */
};

static void say(char *problem, size_t problem_bytes, struct span text)
{
    if (problem_bytes > 0)
        snprintf(problem, problem_bytes, "%.*s", SPAN_PRINT(text));
}

static bool open_engine(struct stator *handle, const char *path,
                        const struct stator_options *options, struct span *problem)
{
    bool in_memory = strcmp(path, ":memory:") == 0;
    struct engine_options settings = {
        .store = { .path = in_memory ? NULL : path,
                   .sync = options->sync_full ? STORE_SYNC_FULL : STORE_SYNC_NORMAL },
        .seed = options->seed ? options->seed : random_seed(),
        .validator = handle->validator,
    };

    if (!engine_open(handle->arena, &settings, &handle->engine, problem))
        return false;
    if (session_open(handle->engine, &handle->session))
        return true;
    engine_close(handle->engine);
    *problem = SPAN("the database cannot be connected to");
    return false;
}

static void dispose(struct stator *handle)
{
    buffer_fini(&handle->answer);
    arena_close(handle->arena);
    memory_free(handle->region);
    memory_free(handle->account);
    memory_free(handle);
}

struct stator *stator_open(const char *path, const struct stator_options *options, char *problem,
                           size_t problem_bytes)
{
    static const struct stator_options defaults = { 0 };
    struct stator *handle = memory_new(sizeof(*handle));
    struct span reason = { 0 };

    if (!options)
        options = &defaults;
    handle->arena = arena_open(arena_bytes_max);
    buffer_init(&handle->answer);
    handle->region = memory_copy_text(options->region ? options->region : "us-east-1");
    handle->account = memory_copy_text(options->account ? options->account : "000000000000");
    handle->validator = options->classic_validator ? VALIDATOR_CLASSIC : VALIDATOR_CURRENT;
    if (!open_engine(handle, path, options, &reason)) {
        say(problem, problem_bytes, reason);
        dispose(handle);
        return NULL;
    }
    say(problem, problem_bytes, SPAN(""));
    handle->is_sweeping = true;
    return handle;
}

void stator_close(struct stator *handle)
{
    if (!handle)
        return;
    session_close(handle->session);
    engine_close(handle->engine);
    dispose(handle);
}

static struct error *run(struct stator *handle, struct request *req, struct span operation,
                         struct span json)
{
    struct call call = { NULL, NULL };
    struct error *error;

    TRY(dispatch_parse_named(req, operation, json, &call));
    error = dispatch_run(req, &call, &handle->answer);
    TRY(session_commit(handle->session));
    return error;
}

static bool is_dropping(struct span operation)
{
    return span_is(operation, "DeleteTable") || span_is(operation, "UpdateTable");
}

/* There is no idle time in here: a slice follows a call now and then. */
static void sweep(struct stator *handle, bool is_due)
{
    int64_t now_us = clock_steady_us();

    if (!is_due && !handle->is_sweeping && now_us < handle->looked_us + LOOK_US)
        return;
    handle->looked_us = now_us;
    handle->is_sweeping = session_sweep(handle->session);
}

struct stator_answer stator_call(struct stator *handle, const char *operation, const char *json,
                                 size_t length)
{
    struct request req = {
        .session = handle->session,
        .region = span_from(handle->region),
        .account = span_from(handle->account),
        .validator = handle->validator,
    };
    struct error *error;

    if (length > request_bytes_max)
        return (struct stator_answer){ 413, "", 0 };
    arena_reset(handle->arena);
    buffer_empty(&handle->answer);
    req.arena = handle->arena;
    error = run(handle, &req, span_from(operation), (struct span){ json, length });
    if (error) {
        buffer_empty(&handle->answer);
        error_write(error, &handle->answer);
    }
    sweep(handle, is_dropping(req.operation));
    return (struct stator_answer){ error ? error_kinds[error->code].http_status : 200,
                                   handle->answer.size > 0 ? handle->answer.data : "",
                                   handle->answer.size };
}
