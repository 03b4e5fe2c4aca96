/* server/identity.c - from a signature to an access key and a region. */
#include "server/identity.h"

#include "auth/keyring.h"
#include "auth/sigv4.h"
#include "base/clock.h"
#include "cloud/policy/principals.h"
#include "engine/request.h"
#include "server/http.h"

static struct error *check_token(struct request *req, const struct keyring_key *key,
                                 const struct sigv4_claim *claim, int64_t now_ms)
{
    if (key == NULL)
        return fail(req->arena, ERR_UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid.");
    if (!span_equal(key->credentials.session_token, claim->session_token))
        return fail(req->arena, ERR_UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid");
    if (key->expires_ms != 0 && key->expires_ms <= now_ms)
        return fail(req->arena, ERR_EXPIRED_TOKEN,
                    "The security token included in the request is expired");
    return NULL;
}

/* Signatures are checked against the machine's clock: the client's is not one that a test moves. */
struct error *identity_check(const struct identity *identity, const struct http_request *http,
                             int64_t now_ms, struct request *req)
{
    const struct sigv4_request signed_request = { http->method_name,  http->path,
                                                  http->query,        http->headers,
                                                  http->header_count, http->body };
    enum sigv4_mode mode = identity->keyring ? SIGV4_STRICT : SIGV4_WELL_FORMED;
    int64_t machine_ms = identity->keyring ? clock_machine_ms() : 0;
    const struct keyring_key *known;
    struct sigv4_claim claim;

    TRY(sigv4_parse(req->arena, &signed_request, mode, machine_ms, &claim));
    req->access_key = claim.access_key;
    if (claim.region.size > 0)
        req->region = claim.region;
    if (identity->keyring == NULL)
        return NULL;

    known = keyring_find(identity->keyring, claim.access_key);
    TRY(check_token(req, known, &claim, now_ms));
    TRY(sigv4_verify(identity->sigv4, req->arena, &signed_request, &claim,
                     known->credentials.secret));
    if (identity->principals) {
        req->caller = principals_find(identity->principals, claim.access_key);
        req->account = req->caller->account;
    }
    return NULL;
}
