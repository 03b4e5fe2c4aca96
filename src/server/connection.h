/* server/connection.h - one client's TCP connection: bytes in, requests in order, answers out.
 *
 * What a connection does: READING -> (turn ends, output written) READING
 *                         READING -> (output not taken at once) WRITING -> READING
 *                         READING -> (output or turn too large) paused: deferred -> READING
 *                         READING -> (request held) paused and waiting -> resumed -> READING
 *                         any     -> (last answer after bad input) LINGERING -> closed
 * An idle connection holds no buffer: message and output come from the worker's pools. */
#pragma once

#include "server/worker.h"

#include <stdint.h>

struct connection;

/* Takes the next client off the listener. */
void connection_accept(struct worker *worker);

/* The turn's commit is done: send what was answered, or the error in its place when there is one.*/
void connection_send(struct connection *connection, const struct error *error);

/* Goes on with bytes that were received and left. */
void connection_continue(struct connection *connection);

/* The time of a held request is over: answers it. */
void connection_resume(struct connection *connection);

/* Of those with a held request that can be answered: one whose time is over at now_ms, or NULL, and
 * the time until the next one is due (false: there is none). While earlier answers are still being
 * written on a connection its held request waits. */
struct connection *connection_find_due(const struct worker *worker, uint64_t now_ms);
bool connection_next_due(const struct worker *worker, uint64_t now_ms, uint64_t *ms);

/* Closes what has idled or dawdled for too long. */
void connection_check_time(struct connection *connection);

/* The server stops: close at once what is idle; the rest after its answers. */
void connection_stop(struct connection *connection, bool is_now);

struct connection *connection_next(const struct connection *connection); /* of all */
void connection_queue(struct connection **list, struct connection *connection);
struct connection *connection_take(struct connection **list); /* first of answered or deferred */
