/* server/intake.h - bytes in, whole requests out: in order, within the limits, knowing no socket.
 *
 * A struct intake reads one connection's stream with llhttp and hands each request on as soon as it
 * is whole. Between requests it holds no buffer: messages come from a pool that the connections of
 * a worker share. */
#pragma once

#include "server/message.h"

enum intake_refusal {
    INTAKE_NOT_REFUSED = 0,
    INTAKE_MALFORMED = 400, /* the statuses of the answers */
    INTAKE_TOO_LARGE = 413,
    INTAKE_BUSY = 503 /* INTAKE_RECEIVED_BYTES_MAX are waiting for their ends */
};

enum intake_result {
    INTAKE_MORE,    /* all was read; a request may be under way */
    INTAKE_STOPPED, /* serve wished so: the rest is unread */
    INTAKE_REFUSED  /* see refusal: the stream can't be read any further */
};

/* Half-received bodies of all connections of a worker; past it a request is refused. */
static const size_t INTAKE_RECEIVED_BYTES_MAX = (size_t)1 << 30;

struct intake {
    llhttp_t parser;
    struct message_pool *pool;
    struct message *message; /* NULL between requests */
    uint64_t begun;          /* requests whose first byte was read */
    enum intake_refusal refusal;
    bool wants_continue; /* the client waits for "100 Continue" before it sends the body */

    /* Called with each whole request, which is gone when it returns. false: stop after it. */
    bool (*serve)(struct intake *intake, struct http_request *http);
};

void intake_init(struct intake *intake, struct message_pool *pool,
                 bool (*serve)(struct intake *intake, struct http_request *http));
void intake_fini(struct intake *intake);

/* *rest is what was not read. */
enum intake_result intake_feed(struct intake *intake, struct span bytes, struct span *rest);
