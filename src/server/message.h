/* server/message.h - collects one HTTP request out of whatever pieces the network delivers.
 *
 * llhttp calls back; a struct message copies what it is told into buffers of its own and checks the
 * limits. Messages are pooled by the worker, so that an idle connection holds none. */
#pragma once

#include "base/buffer.h"
#include "server/http.h"

#include <llhttp.h>

enum message_state { MESSAGE_HEAD, MESSAGE_BODY, MESSAGE_COMPLETE };

/* Why a message isn't taken: the status of the answer. */
enum message_refusal { REFUSE_MALFORMED = 400, REFUSE_TOO_LARGE = 413, REFUSE_BUSY = 503 };

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

struct message *message_open(void);
void message_close(struct message *message);
void message_begin(struct message *message); /* makes it as new */

/* The pieces, as llhttp reports them. false: over a limit, answer REFUSE_MALFORMED. */
MUST_USE bool message_add_target(struct message *message, const char *at, size_t size);
MUST_USE bool message_add_name(struct message *message, const char *at, size_t size);
MUST_USE bool message_add_value(struct message *message, const char *at, size_t size);
void message_end_header(struct message *message);

/* false: over HTTP_BODY_BYTES_MAX, answer REFUSE_TOO_LARGE. */
MUST_USE bool message_add_body(struct message *message, const char *at, size_t size);

/* The whole request; points into the message. */
void message_read(const struct message *message, const llhttp_t *parser, struct http_request *http);
