/* server/identity.h - who sends a request: its signature read, and checked where keys are known. */
#pragma once

#include "base/error.h"

#include <stdint.h>

struct http_request;
struct keyring;
struct principals;
struct request;
struct sigv4;

struct identity {
    const struct keyring *keyring;       /* NULL: any well-formed credentials are accepted */
    const struct principals *principals; /* NULL: whoever has a key may do everything */
    struct sigv4 *sigv4;                 /* NULL when keyring is */
};

/* Sets req->access_key and req->region, and with principals req->caller and req->account. Keys
 * expire by the engine's clock, which is now_ms. */
MUST_USE struct error *identity_check(const struct identity *identity,
                                      const struct http_request *http, int64_t now_ms,
                                      struct request *req);
