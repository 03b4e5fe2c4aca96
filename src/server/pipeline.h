/* server/pipeline.h - from a whole HTTP request to its whole answer, as one plain call.
 *
 * A struct pipeline is one worker's: what answering needs, reused from request to request. It knows
 * no socket. The answers of one turn may leave after pipeline_commit; when that fails each of them
 * is to be replaced by what pipeline_fail writes. */
#pragma once

#include "base/buffer.h"
#include "base/error.h"
#include "server/answer.h"
#include "server/identity.h"
#include "server/metrics.h"

struct arena;
struct engine;
struct held_request;
struct http_request;
struct server_options;
struct session;

struct pipeline {
    const struct server_options *options;
    struct engine *engine;
    struct session *session;
    struct arena *arena; /* of the request being answered */
    struct identity identity;
    struct coding *coding;
    struct buffer inflated; /* a request's body */
    struct buffer body;     /* an answer's */
    struct buffer scratch;  /* an answer's, compressed */
    struct stamp stamp;
    struct metrics *metrics;
    const struct metrics *const *all_metrics; /* of all workers */
    size_t worker_count;
    struct held_request *held; /* set by pipeline_serve: see there */
};

/* false: no session can be opened. */
MUST_USE bool pipeline_open(struct pipeline *pipeline, struct engine *engine,
                            const struct server_options *options);
void pipeline_close(struct pipeline *pipeline);

/* Writes the answer behind what out holds, and how it was asked for into form. Where the engine
 * holds the request (engine_hold_transactions) nothing is written: pipeline->held is the caller's
 * to take, and to resume after the time, or to drop; http need not last that long. */
void pipeline_serve(struct pipeline *pipeline, const struct http_request *http,
                    struct answer_form *form, struct buffer *out);

/* The answer to a held request, part of the turn in which it is called. */
void pipeline_resume(struct pipeline *pipeline, struct held_request *held, struct buffer *out);
void pipeline_drop(struct pipeline *pipeline, struct held_request *held);

/* Ends the turn. NULL: its answers may leave. */
MUST_USE struct error *pipeline_commit(struct pipeline *pipeline);
void pipeline_fail(struct pipeline *pipeline, const struct error *error,
                   const struct answer_form *form, struct buffer *out);
