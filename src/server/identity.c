/* server/identity.c - from a signature to an access key and a region. */
#include "server/identity.h"

#include "auth/keyring.h"
#include "auth/sigv4.h"
#include "base/clock.h"
#include "engine/request.h"
#include "server/http.h"

/* Signatures are checked against the machine's clock: the client's is not one that a test moves. */
struct error *identity_check(const struct identity *identity, const struct http_request *http,
                             struct request *req)
{
    const struct sigv4_request signed_request = { http->method_name,  http->path,
                                                  http->query,        http->headers,
                                                  http->header_count, http->body };
    enum sigv4_mode mode = identity->keyring ? SIGV4_STRICT : SIGV4_WELL_FORMED;
    int64_t now_ms = identity->keyring ? clock_machine_ms() : 0;
    const struct sigv4_credentials *known;
    struct sigv4_claim claim;

    TRY(sigv4_parse(req->arena, &signed_request, mode, now_ms, &claim));
    req->access_key = claim.access_key;
    if (claim.region.size > 0)
        req->region = claim.region;
    if (identity->keyring == NULL)
        return NULL;

    known = keyring_find(identity->keyring, claim.access_key);
    if (known == NULL)
        return fail(req->arena, ERR_UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid.");
    if (!span_equal(known->session_token, claim.session_token))
        return fail(req->arena, ERR_UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid");
    return sigv4_verify(identity->sigv4, req->arena, &signed_request, &claim, known->secret);
}
