/* base/error.h - what a client is told when a request can't be carried out.
 *
 * An error is a value, made once, where the facts are, in its final words, and returned untouched
 * by everyone above. NULL means success. Our own bugs are asserts, not errors.
 * The codes, with wire name, namespace, HTTP status and spelling of the message's key, are
 * generated from model/dynamodb.json and model/errors.json. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"

#include "error_codes.h" /* generated: enum error_code, error_kinds[] */

struct arena;
struct buffer;

struct error { /* lives in the request's arena */
    enum error_code code;
    struct span message; /* the exact text the client receives; absent: none is sent */
    struct span members; /* further members as JSON, each with a leading comma:
                            ,"Item":{...} or ,"CancellationReasons":[...]; mostly absent */
};

MUST_USE PRINTF_LIKE(3, 4) struct error *fail(struct arena *arena, enum error_code code,
                                              const char *format, ...);

/* The same with a message that is already made. */
MUST_USE struct error *fail_with(struct arena *arena, enum error_code code, struct span message);

/* The same error with text before its message. */
MUST_USE struct error *fail_prefixed(struct arena *arena, const char *prefix,
                                     const struct error *error);

/* {"__type":"...","message":"..."} as the service sends it. */
void error_write(const struct error *error, struct buffer *out);

#define TRY(call)                  \
    do {                           \
        struct error *e_ = (call); \
        if (e_)                    \
            return e_;             \
    } while (0)
