/* server/identity.h - who sends a request: its signature read, and checked where keys are known. */
#pragma once

#include "base/error.h"

struct http_request;
struct keyring;
struct request;
struct sigv4;

struct identity {
    const struct keyring *keyring; /* NULL: any well-formed credentials are accepted */
    struct sigv4 *sigv4;           /* NULL when keyring is */
};

/* Sets req->access_key and req->region. */
MUST_USE struct error *identity_check(const struct identity *identity,
                                      const struct http_request *http, struct request *req);
