/* server/worker.h - inside server: one thread's loop and everything that hangs on it. */
#pragma once

#include "server/message.h"
#include "server/metrics.h"
#include "server/output.h"
#include "server/pipeline.h"

#include <uv.h>

struct connection;
struct server_options;

enum {
    READ_BYTES = 64 * 1024,
    /* A connection is not read from while this much waits to be sent on it ... */
    OUTPUT_BYTES_MAX = 1024 * 1024,
    /* ... and a turn takes no further request once it has made this much. */
    TURN_BYTES_MAX = 64 * 1024 * 1024,
    HEAD_MS_MAX = 20 * 1000, /* from a request's first byte to the end of its headers */
    LINGER_MS = 2000,        /* for a client to read the answer to what it was still sending */
    STOP_MS = 500,           /* for half-received requests and slow readers when stopping */
    SWEEP_MS = 100,          /* from a turn to the cleaning up after it */
    REMEMBER_MS = 1000,      /* from one look at what may be forgotten to the next */
    PARENT_CHECK_MS = 200
};

struct worker_shared { /* by all workers of a server */
    const struct server_options *options;
    _Atomic uint32_t connection_count;
};

struct worker {
    struct worker_shared *shared;
    struct pipeline pipeline;
    struct metrics metrics;
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_check_t turn_end; /* after the poll phase: commit, then answer */
    uv_idle_t busy;      /* keeps the loop from sleeping while connections are deferred */
    uv_timer_t tick;     /* time-outs; runs while there are connections */
    uv_timer_t sweep;    /* what dropped tables left */
    uv_timer_t grace;    /* when stopping */
    uv_timer_t due;      /* when the next held request is */
    uv_async_t stop_signal;
    struct connection *connections;
    size_t connection_count;
    struct connection *answered; /* have output that waits for this turn's commit */
    struct connection *deferred; /* have received bytes that wait for a later turn */
    struct connection *held;     /* have a request that the engine holds */
    struct message_pool messages;
    struct output_pool outputs;
    size_t turn_bytes; /* of output made in this turn */
    bool has_served;   /* requests in this turn */
    bool is_stopping;
    char read_bytes[READ_BYTES];
};

/* socket: listening, taken over. */
void worker_open(struct worker *worker, struct worker_shared *shared, int socket);
void worker_run(struct worker *worker);
void worker_stop(struct worker *worker); /* from any thread */
void worker_close(struct worker *worker);

/* For connection.c. */
void worker_end_if_done(struct worker *worker);
void worker_defer(struct worker *worker, struct connection *connection);
void worker_await_held(struct worker *worker); /* the held list has changed */
