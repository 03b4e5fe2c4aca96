/* client/client.h - signed calls to one DynamoDB endpoint, several at a time.
 *
 * Calls that the service could not take now (throttled, 5xx, a lost connection) are repeated with
 * growing pauses. A client belongs to one thread. What a call answers lives in the arena given. */
#pragma once

#include "auth/sigv4.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct client;

struct client_options {
    struct span endpoint; /* http://HOST[:PORT] or https://HOST[:PORT] */
    struct span region;
    struct sigv4_credentials credentials;
    int attempts; /* of one call; 0: as many as are sensible */

    /* Sleeps for that long, 0 included; false: drop everything. NULL: only sleeps. */
    bool (*pause)(int64_t ms);
};

struct client_call {
    const char *operation; /* "CreateTable" */
    struct span body;

    int status;         /* HTTP; 0: nobody answered */
    yyjson_val *answer; /* NULL when there is none or it isn't JSON */
    struct span error;  /* absent: success; "ResourceInUseException", "Unreachable", "Stopped" */
    struct span message;
    bool was_lost; /* an attempt was sent whose answer never came: it may have been carried out */
};

/* The options' spans must outlive the client. */
MUST_USE struct error *client_open(struct arena *arena, const struct client_options *options,
                                   struct client **client);
void client_close(struct client *client);

/* Makes all calls at once and returns when each has its outcome. */
void client_call(struct client *client, struct arena *arena, struct client_call *calls,
                 size_t count);

static inline bool client_failed_with(const struct client_call *call, const char *error)
{
    return call->error.data && span_is(call->error, error);
}

/* Access key, secret and session token as the environment has them, otherwise ones that a local
 * endpoint takes. */
struct sigv4_credentials client_credentials(void);
