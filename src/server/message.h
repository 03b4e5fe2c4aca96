/* server/message.h - one HTTP request, put together from whatever pieces the network delivers.
 *
 * A struct message copies what it is told into buffers of its own and checks the limits. Messages
 * are pooled, so that an idle connection holds none. */
#pragma once

#include "base/buffer.h"
#include "server/http.h"

#include <llhttp.h>

enum message_state { MESSAGE_HEAD, MESSAGE_BODY };

struct message {
    struct message *next; /* in the pool */
    enum message_state state;
    size_t target_bytes;
    size_t header_bytes;
    size_t header_count;
    struct sigv4_header headers[HTTP_HEADERS_MAX];
    struct span known[HEADER_COUNT];
    struct buffer body;
    /* The target, then names and values one behind the other. */
    char head[HTTP_LINE_BYTES_MAX + HTTP_HEADER_BYTES_MAX];
};

/* One thread's messages. Starts zeroed. */
struct message_pool {
    struct message *first;
    size_t count;
    size_t received_bytes; /* of bodies whose requests are not complete */
};

struct message *message_take(struct message_pool *pool);
void message_return(struct message_pool *pool, struct message *message);
void message_pool_drain(struct message_pool *pool);

/* The pieces, as llhttp reports them. false: over a limit. */
MUST_USE bool message_add_target(struct message *message, const char *at, size_t size);
MUST_USE bool message_add_name(struct message *message, const char *at, size_t size);
MUST_USE bool message_add_value(struct message *message, const char *at, size_t size);
void message_end_header(struct message *message);

/* false: over HTTP_BODY_BYTES_MAX. */
MUST_USE bool message_add_body(struct message *message, const char *at, size_t size);

/* The whole request; points into the message. */
void message_read(const struct message *message, const llhttp_t *parser, struct http_request *http);
