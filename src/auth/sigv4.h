/* auth/sigv4.h - AWS Signature Version 4: signing a request, reading who signed one, checking it.
 *
 * A struct sigv4 holds one thread's digest contexts and the signing keys it derived last; opening
 * one starts OpenSSL, so a server that checks no signature never opens one. sigv4_parse needs none.
 * Ownership: results live in the arena or point into the request; nothing is kept but derived keys.
 * Errors: the service's, MissingAuthenticationToken to InvalidSignature, in its own words. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct sigv4;

enum { SIGV4_HEADERS_MAX = 3, SIGV4_SKEW_MS = 15 * 60 * 1000 };

struct sigv4_header {
    struct span name; /* in any case */
    struct span value;
};

/* A request as it is sent: nothing in it is decoded. */
struct sigv4_request {
    struct span method;                 /* "POST" */
    struct span path;                   /* "/", without the query */
    struct span query;                  /* without its '?'; absent or empty when there is none */
    const struct sigv4_header *headers; /* Host among them */
    size_t header_count;
    struct span body;
};

struct sigv4_credentials {
    struct span access_key;
    struct span secret;
    struct span session_token; /* absent for a long-lived key */
};

/* What is to be sent beside the headers that were signed: X-Amz-Date, Authorization and, with a
 * session token, X-Amz-Security-Token. */
struct sigv4_signed {
    size_t count;
    struct sigv4_header headers[SIGV4_HEADERS_MAX];
};

struct sigv4 *sigv4_open(void);
void sigv4_close(struct sigv4 *sigv4);

/* Where and when a signature is valid. */
struct sigv4_scope {
    struct span region;
    struct span service; /* "dynamodb", for streams too */
    int64_t now_ms;
};

/* Signs the request with all headers that it has; the caller sends signature->headers too. */
void sigv4_sign(struct sigv4 *sigv4, struct arena *arena, const struct sigv4_request *request,
                const struct sigv4_credentials *credentials, const struct sigv4_scope *scope,
                struct sigv4_signed *signature);

/* What a request says about who signed it. The spans point into the request or the arena. */
struct sigv4_claim {
    bool is_presigned;     /* said in the query instead of in the headers */
    struct span algorithm; /* AWS4-HMAC-SHA256 */
    struct span credential;
    struct span access_key; /* the five parts of credential */
    struct span date;
    struct span region;
    struct span service;
    struct span terminator;
    struct span signed_headers; /* "host;x-amz-date" */
    struct span signature;
    struct span timestamp; /* 20130609T100015Z */
    struct span expires;   /* X-Amz-Expires in seconds; absent: none */
    struct span session_token;
};

enum sigv4_mode {
    SIGV4_WELL_FORMED, /* all that is needed is there, whatever it says */
    SIGV4_STRICT       /* also: not older than 15 minutes, Host signed, scope of this service */
};

/* Reads the Authorization header or the presigned query. */
MUST_USE struct error *sigv4_parse(struct arena *arena, const struct sigv4_request *request,
                                   enum sigv4_mode mode, int64_t now_ms, struct sigv4_claim *claim);

/* Whether the claim's signature is the one that this secret gives; compared in constant time. */
MUST_USE struct error *sigv4_verify(struct sigv4 *sigv4, struct arena *arena,
                                    const struct sigv4_request *request,
                                    const struct sigv4_claim *claim, struct span secret);
