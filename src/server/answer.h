/* server/answer.h - writes HTTP answers with the headers that the service sends.
 *
 * A struct stamp belongs to one worker: the Date line of the second, and request ids. */
#pragma once

#include "base/random.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct coding;
struct http_request;

enum { ANSWER_COMPRESS_BYTES_MIN = 4096, REQUEST_ID_BYTES = 52, DATE_BYTES = 29 };

struct stamp {
    struct random random;
    int64_t second; /* of date */
    char date[DATE_BYTES];
};

enum content_type {
    CONTENT_AMZ_JSON, /* application/x-amz-json-1.0 */
    CONTENT_JSON,     /* application/json */
    CONTENT_TEXT,     /* text/plain: metrics */
    CONTENT_NONE
};

/* How the answer to one request is to look, whatever it says. */
struct answer_form {
    enum content_type type;
    bool keeps_alive;
    bool has_body;            /* false for HEAD: headers alone */
    struct span allow_origin; /* absent: no CORS headers */
    bool varies_by_origin;    /* allow_origin is one of several */
    struct coding *coding;    /* NULL: never compressed */
    bool accepts_gzip;
    bool accepts_deflate;
};

void stamp_init(struct stamp *stamp, uint64_t seed);

/* To be called once a turn, before its first answer. */
void stamp_refresh(struct stamp *stamp, int64_t machine_ms);

/* Status line, headers and body behind what out holds. scratch is for a compressed body. */
void answer_write(struct stamp *stamp, const struct answer_form *form, int status, struct span body,
                  struct buffer *scratch, struct buffer *out);

/* The answer to a CORS preflight. */
void answer_write_preflight(struct stamp *stamp, const struct answer_form *form,
                            const struct http_request *http, struct buffer *out);

/* An answer without a body to a request that was not read to its end; closes. */
void answer_write_refusal(struct stamp *stamp, int status, struct buffer *out);
