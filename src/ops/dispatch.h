/* ops/dispatch.h - one request from JSON text to JSON text, through api, an operation, and api.
 *
 * Two steps, because the service looks at the signature between them: an unknown target and a body
 * that is no JSON win over a missing signature, everything else loses. */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "engine/request.h"

struct buffer;
struct operation; /* generated table, ops/operations.h */

struct call {
    const struct operation *operation;
    yyjson_val *input;
};

/* target is the X-Amz-Target header ("DynamoDB_20120810.PutItem"). Sets req->operation.
 * Errors: ERR_SERIALIZATION without a message (no JSON), ERR_UNKNOWN_OPERATION. */
MUST_USE struct error *dispatch_parse(struct request *req, struct span target, struct span body,
                                      struct call *call);

/* The same where there is no header: name is "PutItem", of either API. */
MUST_USE struct error *dispatch_parse_named(struct request *req, struct span name, struct span body,
                                            struct call *call);

/* Decodes, validates, runs, and writes the answer behind what out holds; on an error out is left as
 * it was (see error_write for the error's body). The answer may leave after session_commit. */
MUST_USE struct error *dispatch_run(struct request *req, const struct call *call,
                                    struct buffer *out);

/* The rest of a request that dispatch_run left held (see engine/request.h): its arena, its call and
 * what they point to must still be there. */
MUST_USE struct error *dispatch_resume(struct request *req, const struct call *call,
                                       struct buffer *out);
