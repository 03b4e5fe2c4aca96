/* auth/sigv4_parse.c - who signed a request, read from its Authorization header or its query, and
 * everything that can be wrong with that before a secret is looked at. */
#include "auth/canonical.h"
#include "auth/sigv4.h"
#include "auth/timestamp.h"
#include "base/arena.h"

#include <string.h>

static const char algorithm[] = "AWS4-HMAC-SHA256";

static struct span trim(struct span text)
{
    while (text.size > 0 && (*text.data == ' ' || *text.data == '\t')) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

/* Takes what stands before the separator off the front of rest. */
static struct span take(struct span *rest, char separator)
{
    const char *end = rest->size > 0 ? memchr(rest->data, separator, rest->size) : NULL;
    struct span part = { rest->data, end ? (size_t)(end - rest->data) : rest->size };
    size_t used = part.size + (end != NULL);

    rest->data += used;
    rest->size -= used;
    return part;
}

static struct error *malformed_pair(struct arena *arena, struct span pair, struct span header)
{
    return fail(arena, ERR_INCOMPLETE_SIGNATURE,
                "'%.*s' not a valid key=value pair (missing equal-sign) in Authorization header: "
                "'%.*s'.",
                SPAN_PRINT(pair), SPAN_PRINT(header));
}

static struct error *parse_header(struct arena *arena, const struct sigv4_request *request,
                                  struct span header, struct sigv4_claim *claim)
{
    struct span rest = header;

    claim->algorithm = take(&rest, ' ');
    while (rest.size > 0) {
        struct span pair = trim(take(&rest, ','));
        struct span value = pair;
        struct span name;

        if (pair.size == 0)
            continue;
        name = take(&value, '=');
        if (name.size == pair.size)
            return malformed_pair(arena, pair, header);
        if (span_is(name, "Credential"))
            claim->credential = value;
        else if (span_is(name, "SignedHeaders"))
            claim->signed_headers = value;
        else if (span_is(name, "Signature"))
            claim->signature = value;
    }
    claim->timestamp = canonical_find_header(request, SPAN("x-amz-date"));
    if (claim->timestamp.size == 0)
        claim->timestamp = canonical_find_header(request, SPAN("date"));
    claim->session_token = canonical_find_header(request, SPAN("x-amz-security-token"));
    return NULL;
}

/* One sentence for each part that is missing, in the service's order. */
static struct error *check_header_complete(struct arena *arena, struct span header,
                                           const struct sigv4_claim *claim)
{
    bool is_complete = claim->credential.size && claim->signature.size &&
                       claim->signed_headers.size && claim->timestamp.size;

    if (is_complete)
        return NULL;
    return fail(
        arena, ERR_INCOMPLETE_SIGNATURE, "%s%s%s%sAuthorization=%.*s",
        claim->credential.size ? "" : "Authorization header requires 'Credential' parameter. ",
        claim->signature.size ? "" : "Authorization header requires 'Signature' parameter. ",
        claim->signed_headers.size ? ""
                                   : "Authorization header requires 'SignedHeaders' parameter. ",
        claim->timestamp.size ? ""
                              : "Authorization header requires existence of either a 'X-Amz-Date' "
                                "or a 'Date' header. ",
        SPAN_PRINT(header));
}

static void parse_query(struct arena *arena, struct span query, struct sigv4_claim *claim)
{
    const struct {
        const char *name;
        struct span *part;
    } parts[] = {
        { "X-Amz-Algorithm", &claim->algorithm },
        { "X-Amz-Credential", &claim->credential },
        { "X-Amz-Signature", &claim->signature },
        { "X-Amz-SignedHeaders", &claim->signed_headers },
        { "X-Amz-Date", &claim->timestamp },
        { "X-Amz-Expires", &claim->expires },
        { "X-Amz-Security-Token", &claim->session_token },
    };

    while (query.size > 0) {
        struct span value = take(&query, '&');
        struct span name = take(&value, '=');

        for (size_t i = 0; i < COUNT(parts); i++)
            if (span_is(name, parts[i].name))
                *parts[i].part = canonical_percent_decode(arena, value);
    }
    claim->is_presigned = claim->algorithm.data != NULL;
}

static struct error *check_query_complete(struct arena *arena, const struct sigv4_claim *claim)
{
    bool is_complete = claim->algorithm.size && claim->credential.size && claim->signature.size &&
                       claim->signed_headers.size && claim->timestamp.size;

    if (is_complete)
        return NULL;
#define MUST_INCLUDE(part, name) \
    (part.size ? "" : "AWS query-string parameters must include '" name "'. ")
    return fail(arena, ERR_INCOMPLETE_SIGNATURE,
                "%s%s%s%s%sRe-examine the query-string parameters.",
                MUST_INCLUDE(claim->algorithm, "X-Amz-Algorithm"),
                MUST_INCLUDE(claim->credential, "X-Amz-Credential"),
                MUST_INCLUDE(claim->signature, "X-Amz-Signature"),
                MUST_INCLUDE(claim->signed_headers, "X-Amz-SignedHeaders"),
                MUST_INCLUDE(claim->timestamp, "X-Amz-Date"));
#undef MUST_INCLUDE
}

static struct error *check_date(struct arena *arena, struct sigv4_claim *claim, int64_t *signed_ms)
{
    if (timestamp_parse(claim->timestamp, signed_ms))
        return NULL;
    if (!claim->is_presigned && timestamp_parse_http(claim->timestamp, signed_ms)) {
        claim->timestamp = timestamp_print(arena, *signed_ms);
        return NULL;
    }
    return fail(arena, ERR_INCOMPLETE_SIGNATURE,
                "Date must be in ISO-8601 'basic format'. Got '%.*s'. See "
                "http://en.wikipedia.org/wiki/ISO_8601",
                SPAN_PRINT(claim->timestamp));
}

/* X-Amz-Expires of a presigned request, at most a week; SIGV4_SKEW_MS for all others. */
static int64_t validity_ms(const struct sigv4_claim *claim)
{
    enum { SECONDS_MAX = 7 * 24 * 60 * 60 };
    int64_t seconds = 0;

    if (claim->expires.size == 0)
        return SIGV4_SKEW_MS;
    for (size_t i = 0; i < claim->expires.size && seconds < SECONDS_MAX; i++) {
        if (claim->expires.data[i] < '0' || claim->expires.data[i] > '9')
            return SIGV4_SKEW_MS;
        seconds = seconds * 10 + (claim->expires.data[i] - '0');
    }
    return (seconds < SECONDS_MAX ? seconds : SECONDS_MAX) * 1000;
}

static struct error *check_time(struct arena *arena, const struct sigv4_claim *claim,
                                int64_t signed_ms, int64_t now_ms)
{
    int64_t valid_ms = validity_ms(claim);
    struct span now = timestamp_print(arena, now_ms);

    if (signed_ms < now_ms - valid_ms)
        return fail(arena, ERR_INVALID_SIGNATURE,
                    "Signature expired: %.*s is now earlier than %.*s (%.*s - %lld min.)",
                    SPAN_PRINT(claim->timestamp),
                    SPAN_PRINT(timestamp_print(arena, now_ms - valid_ms)), SPAN_PRINT(now),
                    (long long)(valid_ms / 60000));
    if (signed_ms > now_ms + SIGV4_SKEW_MS)
        return fail(arena, ERR_INVALID_SIGNATURE,
                    "Signature not yet current: %.*s is still later than %.*s (%.*s + 15 min.)",
                    SPAN_PRINT(claim->timestamp),
                    SPAN_PRINT(timestamp_print(arena, now_ms + SIGV4_SKEW_MS)), SPAN_PRINT(now));
    return NULL;
}

static struct error *check_host_signed(struct arena *arena, const struct sigv4_claim *claim)
{
    struct span names = claim->signed_headers;

    while (names.size > 0)
        if (span_is(take(&names, ';'), "host"))
            return NULL;
    return fail(arena, ERR_INVALID_SIGNATURE,
                "'Host' must be a 'SignedHeader' in the AWS Authorization.");
}

static struct error *split_credential(struct arena *arena, struct sigv4_claim *claim)
{
    struct span *parts[] = { &claim->access_key, &claim->date, &claim->region, &claim->service,
                             &claim->terminator };
    struct span rest = claim->credential;
    size_t slashes = 0;

    for (size_t i = 0; i < rest.size; i++)
        slashes += rest.data[i] == '/';
    if (slashes + 1 != COUNT(parts))
        return fail(arena, ERR_INCOMPLETE_SIGNATURE,
                    "Credential must have exactly 5 slash-delimited elements, e.g. "
                    "keyid/date/region/service/term, got '%.*s'",
                    SPAN_PRINT(claim->credential));
    for (size_t i = 0; i < COUNT(parts); i++)
        *parts[i] = take(&rest, '/');
    return NULL;
}

/* eu-west-1, us-gov-east-1; and the names that people give their own machine. */
static bool is_region(struct span region)
{
    size_t hyphens = 0;

    if (span_is(region, "local") || span_is(region, "localhost") || span_is(region, "ddblocal"))
        return true;
    for (size_t i = 0; i < region.size; i++) {
        char c = region.data[i];

        if (c != '-' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
        hyphens += c == '-';
    }
    return hyphens >= 2 && region.data[0] >= 'a' && region.data[region.size - 1] >= '0' &&
           region.data[region.size - 1] <= '9';
}

/* All that is wrong with the scope, in one text. */
static struct error *check_scope(struct arena *arena, const struct sigv4_claim *claim)
{
    struct span today = { claim->timestamp.data, TIMESTAMP_DATE_BYTES };
    struct span none = SPAN("");
    struct span region = none;
    struct span service = none;
    struct span terminator = none;
    struct span date = none;

    if (!is_region(claim->region))
        region = arena_print(arena, "Credential should be scoped to a valid region, not '%.*s'. ",
                             SPAN_PRINT(claim->region));
    if (!span_is(claim->service, "dynamodb"))
        service = SPAN("Credential should be scoped to correct service: 'dynamodb'. ");
    if (!span_is(claim->terminator, "aws4_request"))
        terminator = arena_print(arena,
                                 "Credential should be scoped with a valid terminator: "
                                 "'aws4_request', not '%.*s'. ",
                                 SPAN_PRINT(claim->terminator));
    if (!span_equal(claim->date, today))
        date =
            arena_print(arena,
                        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version "
                        "of date from HTTP: '%.*s' != '%.*s', from '%.*s'.",
                        SPAN_PRINT(claim->date), SPAN_PRINT(today), SPAN_PRINT(claim->timestamp));
    if (region.size + service.size + terminator.size + date.size == 0)
        return NULL;
    return fail(arena, ERR_INVALID_SIGNATURE, "%.*s%.*s%.*s%.*s", SPAN_PRINT(region),
                SPAN_PRINT(service), SPAN_PRINT(terminator), SPAN_PRINT(date));
}

static struct error *find_claim(struct arena *arena, const struct sigv4_request *request,
                                struct sigv4_claim *claim)
{
    struct span header = canonical_find_header(request, SPAN("authorization"));

    if (request->query.size > 0)
        parse_query(arena, request->query, claim);
    if (claim->is_presigned && header.data)
        return fail(arena, ERR_INVALID_SIGNATURE,
                    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as "
                    "HTTP header.");
    if (claim->is_presigned)
        return check_query_complete(arena, claim);

    *claim = (struct sigv4_claim){ 0 };
    header = trim(header);
    if (!span_starts_with(header, SPAN("AWS4-")))
        return fail(arena, ERR_MISSING_AUTHENTICATION_TOKEN,
                    "Request is missing Authentication Token");
    TRY(parse_header(arena, request, header, claim));
    return check_header_complete(arena, header, claim);
}

struct error *sigv4_parse(struct arena *arena, const struct sigv4_request *request,
                          enum sigv4_mode mode, int64_t now_ms, struct sigv4_claim *claim)
{
    int64_t signed_ms = 0;

    *claim = (struct sigv4_claim){ 0 };
    TRY(find_claim(arena, request, claim));
    TRY(check_date(arena, claim, &signed_ms));
    if (mode == SIGV4_STRICT) {
        TRY(check_time(arena, claim, signed_ms, now_ms));
        TRY(check_host_signed(arena, claim));
    }
    if (!span_is(claim->algorithm, algorithm))
        return fail(arena, ERR_INCOMPLETE_SIGNATURE,
                    "Unsupported AWS 'algorithm': '%.*s' (only AWS4-HMAC-SHA256 for now). ",
                    SPAN_PRINT(claim->algorithm));
    TRY(split_credential(arena, claim));
    return mode == SIGV4_STRICT ? check_scope(arena, claim) : NULL;
}
