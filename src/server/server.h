/* server/server.h - a DynamoDB endpoint over HTTP for one engine.
 *
 * Each worker is a thread with its own loop, listener, session and arenas; the first one runs on
 * the thread that calls server_run. All requests of one turn of a worker's loop share a commit, and
 * no answer leaves before it. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct engine;
struct keyring;
struct principals;
struct server;

enum { SERVER_THREADS_MAX = 64 };

/* What is not set (0, NULL, absent) has the default named here. All of it outlives the server. */
struct server_options {
    const char *host;                    /* 127.0.0.1 */
    uint16_t port;                       /* 0: a free one */
    uint32_t threads;                    /* 1 */
    struct span cors;                    /* origins, with commas between; absent: all */
    const struct keyring *keyring;       /* NULL: any well-formed credentials are accepted */
    const struct principals *principals; /* NULL: whoever has a key may do everything */
    struct span control_token;           /* absent: control endpoints for this machine only */
    uint32_t connections_max;            /* 4096, of all workers */
    uint32_t idle_ms;                    /* 180 s without a request: closed */
    uint32_t request_ms; /* 60 s from a request's first byte to its last, or without any
                            byte of an answer being taken: closed */
    bool dies_with_parent;
};

/* Listens from here on; answers once server_run runs. false: *problem says why, in the arena. */
MUST_USE bool server_open(struct arena *arena, const struct server_options *options,
                          struct server **server, struct span *problem);

/* Before server_run. false: no session can be opened; the log says why. The engine outlives the
 * server. */
MUST_USE bool server_attach(struct server *server, struct engine *engine);

/* "http://127.0.0.1:8000"; lives as long as the server. */
struct span server_url(const struct server *server);

/* Serves until SIGTERM, SIGINT, server_stop or, where asked for, the parent's death. What was
 * received whole is answered; it returns within a second. */
void server_run(struct server *server);
void server_stop(struct server *server); /* from any thread */

void server_close(struct server *server);
