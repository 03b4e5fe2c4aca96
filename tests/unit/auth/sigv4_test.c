/* tests/unit/auth/sigv4_test.c - signatures against AWS's published examples, and every text that a
 * bad claim is answered with. */
#include "auth/sigv4.h"

#include "../test.h"
#include "auth/timestamp.h"

#include <string.h>

enum { HEADERS_MAX = 8 };

static const struct sigv4_credentials example = {
    { "AKIDEXAMPLE", 11 }, { "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40 }, { NULL, 0 }
};
static const int64_t example_ms = 1440938160000; /* 20150830T123600Z */

/* A case of AWS's Signature Version 4 test suite, or of the General Reference. */
struct published {
    const char *name;
    const char *method;
    const char *query;
    const char *service;
    struct sigv4_header headers[HEADERS_MAX];
    const char *body;
    const char *signature;
};

#define HEADER(name, value)          \
    {                                \
        { name, sizeof(name) - 1 },  \
        {                            \
            value, sizeof(value) - 1 \
        }                            \
    }
#define EXAMPLE_HOST HEADER("Host", "example.amazonaws.com")

static const struct published published[] = {
    { "get-vanilla",
      "GET",
      NULL,
      "service",
      { EXAMPLE_HOST },
      "",
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
    { "post-vanilla",
      "POST",
      NULL,
      "service",
      { EXAMPLE_HOST },
      "",
      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
    { "get-vanilla-query-order-key-case",
      "GET",
      "Param2=value2&Param1=value1",
      "service",
      { EXAMPLE_HOST },
      "",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
    { "get-vanilla-utf8-query",
      "GET",
      "\xe1\x88\xb4=bar",
      "service",
      { EXAMPLE_HOST },
      "",
      "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04" },
    { "get-header-value-trim",
      "GET",
      NULL,
      "service",
      { EXAMPLE_HOST, HEADER("My-Header1", " value1"), HEADER("My-Header2", " \"a   b   c\"") },
      "",
      "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736" },
    { "get-header-key-duplicate",
      "GET",
      NULL,
      "service",
      { EXAMPLE_HOST, HEADER("My-Header1", "value2"), HEADER("My-Header1", "value2"),
        HEADER("My-Header1", "value1") },
      "",
      "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea" },
    { "post-x-www-form-urlencoded",
      "POST",
      NULL,
      "service",
      { EXAMPLE_HOST, HEADER("Content-Type", "application/x-www-form-urlencoded") },
      "Param1=value1",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a" },
    { "General Reference, ListUsers",
      "GET",
      "Action=ListUsers&Version=2010-05-08",
      "iam",
      { HEADER("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        HEADER("Host", "iam.amazonaws.com") },
      "",
      "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7" },
};

static size_t header_count(const struct sigv4_header *headers)
{
    size_t count = 0;

    while (count < HEADERS_MAX && headers[count].name.data)
        count++;
    return count;
}

static struct span signature_in(struct span authorization)
{
    static const char word[] = "Signature=";
    const char *at = memmem(authorization.data, authorization.size, word, sizeof(word) - 1);

    EXPECT(at != NULL, "no signature in %.*s", SPAN_PRINT(authorization));
    at += sizeof(word) - 1;
    return (struct span){ at, (size_t)(authorization.data + authorization.size - at) };
}

TEST(signatures_equal_the_published_examples)
{
    struct sigv4 *sigv4 = sigv4_open();

    for (size_t i = 0; i < COUNT(published); i++) {
        const struct published *p = &published[i];
        struct sigv4_request request = { span_from(p->method),     SPAN("/"),
                                         span_from(p->query),      p->headers,
                                         header_count(p->headers), span_from(p->body) };
        struct sigv4_scope scope = { SPAN("us-east-1"), span_from(p->service), example_ms };
        struct sigv4_signed out;
        struct span signature;

        sigv4_sign(sigv4, t->arena, &request, &example, &scope, &out);
        EXPECT(out.count == 2, "%s: %zu headers", p->name, out.count);
        EXPECT(span_is(out.headers[0].value, "20150830T123600Z"), "%s: date", p->name);
        signature = signature_in(out.headers[1].value);
        EXPECT(span_is(signature, p->signature), "%s: %.*s", p->name, SPAN_PRINT(signature));
    }
    sigv4_close(sigv4);
}

/* A signed request as a server receives it. */
struct received {
    struct sigv4_request request;
    struct sigv4_header headers[HEADERS_MAX + SIGV4_HEADERS_MAX];
};

static void sign(struct test *t, struct sigv4 *sigv4, const struct sigv4_credentials *key,
                 struct received *received)
{
    struct sigv4_scope scope = { SPAN("eu-west-1"), SPAN("dynamodb"), example_ms };
    struct sigv4_signed signature;

    received->headers[0] = (struct sigv4_header)HEADER("host", "localhost:8000");
    received->headers[1] = (struct sigv4_header)HEADER("x-amz-target", "DynamoDB_20120810.GetItem");
    received->request =
        (struct sigv4_request){ SPAN("POST"),      SPAN("/"), { NULL, 0 },
                                received->headers, 2,         SPAN("{\"TableName\":\"T\"}") };
    sigv4_sign(sigv4, t->arena, &received->request, key, &scope, &signature);
    for (size_t i = 0; i < signature.count; i++)
        received->headers[received->request.header_count++] = signature.headers[i];
}

TEST(a_signature_holds_for_its_request_and_for_no_other)
{
    static const char mismatch[] =
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details.";
    struct sigv4_credentials with_token = example;
    struct sigv4 *sigv4 = sigv4_open();
    struct sigv4_claim claim;
    struct received got;

    with_token.session_token = SPAN("token/+=");
    sign(t, sigv4, &with_token, &got);
    EXPECT_OK(sigv4_parse(t->arena, &got.request, SIGV4_STRICT, example_ms, &claim));
    EXPECT(span_is(claim.access_key, "AKIDEXAMPLE"), "key %.*s", SPAN_PRINT(claim.access_key));
    EXPECT(span_is(claim.region, "eu-west-1"), "region %.*s", SPAN_PRINT(claim.region));
    EXPECT(span_is(claim.session_token, "token/+="), "token %.*s", SPAN_PRINT(claim.session_token));
    EXPECT(span_is(claim.signed_headers, "host;x-amz-date;x-amz-security-token;x-amz-target"),
           "names %.*s", SPAN_PRINT(claim.signed_headers));
    EXPECT_OK(sigv4_verify(sigv4, t->arena, &got.request, &claim, example.secret));

    EXPECT_ERROR(sigv4_verify(sigv4, t->arena, &got.request, &claim, SPAN("another")), mismatch);
    got.request.body = SPAN("{\"TableName\":\"U\"}");
    EXPECT_ERROR(sigv4_verify(sigv4, t->arena, &got.request, &claim, example.secret), mismatch);
    sign(t, sigv4, &with_token, &got);
    got.headers[1].value = SPAN("DynamoDB_20120810.PutItem");
    EXPECT_ERROR(sigv4_verify(sigv4, t->arena, &got.request, &claim, example.secret), mismatch);
    sigv4_close(sigv4);
}

TEST(a_kept_signing_key_serves_only_its_own_secret_and_region)
{
    struct sigv4 *sigv4 = sigv4_open();
    struct sigv4_header host = EXAMPLE_HOST;
    struct sigv4_request request = { SPAN("GET"), SPAN("/"), { NULL, 0 }, &host, 1, SPAN("") };
    static const char *regions[] = { "us-east-1", "eu-west-1", "us-east-1", "eu-west-1" };
    struct span seen[COUNT(regions)];

    for (size_t i = 0; i < COUNT(regions); i++) {
        struct sigv4_scope scope = { span_from(regions[i]), SPAN("service"), example_ms };
        struct sigv4_signed out;

        sigv4_sign(sigv4, t->arena, &request, &example, &scope, &out);
        seen[i] = signature_in(out.headers[1].value);
    }
    EXPECT(!span_equal(seen[0], seen[1]), "two regions sign alike");
    EXPECT(span_equal(seen[0], seen[2]) && span_equal(seen[1], seen[3]), "a kept key changed");
    EXPECT(span_is(seen[0], published[0].signature), "%.*s", SPAN_PRINT(seen[0]));
    sigv4_close(sigv4);
}

/* What a request with this Authorization header, X-Amz-Date and query is answered with. */
struct refused {
    const char *authorization;
    const char *date;
    const char *query;
    enum error_code code;
    const char *text;
};

#define SCOPED(key, date, region, service, term)                                \
    "AWS4-HMAC-SHA256 Credential=" key "/" date "/" region "/" service "/" term \
    ", SignedHeaders=host;x-amz-date, Signature=0"
#define GOOD SCOPED("k", "20150830", "eu-west-1", "dynamodb", "aws4_request")
#define NOW "20150830T123600Z"

static const struct refused malformed[] = {
    { NULL, NOW, NULL, ERR_MISSING_AUTHENTICATION_TOKEN,
      "Request is missing Authentication Token" },
    { "Bearer x", NOW, NULL, ERR_MISSING_AUTHENTICATION_TOKEN,
      "Request is missing Authentication Token" },
    { GOOD, NOW, "X-Amz-Algorithm=AWS4-HMAC-SHA256", ERR_INVALID_SIGNATURE,
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header." },
    { "AWS4-", NULL, NULL, ERR_INCOMPLETE_SIGNATURE,
      "Authorization header requires 'Credential' parameter. Authorization header requires "
      "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
      "Authorization=AWS4-" },
    { "AWS4-HMAC-SHA256 Credential=a,Signature=b", NOW, NULL, ERR_INCOMPLETE_SIGNATURE,
      "Authorization header requires 'SignedHeaders' parameter. "
      "Authorization=AWS4-HMAC-SHA256 Credential=a,Signature=b" },
    { "AWS4-HMAC-SHA256 Credential", NOW, NULL, ERR_INCOMPLETE_SIGNATURE,
      "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: "
      "'AWS4-HMAC-SHA256 Credential'." },
    { NULL, NULL, "X-Amz-Algorithm", ERR_INCOMPLETE_SIGNATURE,
      "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters "
      "must include 'X-Amz-Credential'. AWS query-string parameters must include "
      "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS "
      "query-string parameters must include 'X-Amz-Date'. Re-examine the query-string "
      "parameters." },
    { NULL, NULL,
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-SignedHeaders=host&"
      "X-Amz-Date=" NOW,
      ERR_INCOMPLETE_SIGNATURE,
      "AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the query-string "
      "parameters." },
    { GOOD, "201", NULL, ERR_INCOMPLETE_SIGNATURE,
      "Date must be in ISO-8601 'basic format'. Got '201'. See "
      "http://en.wikipedia.org/wiki/ISO_8601" },
    { GOOD, "20150830T243600Z", NULL, ERR_INCOMPLETE_SIGNATURE,
      "Date must be in ISO-8601 'basic format'. Got '20150830T243600Z'. See "
      "http://en.wikipedia.org/wiki/ISO_8601" },
    { "AWS4-HMAC-SHA25 Credential=a/b/c/d/e, SignedHeaders=host, Signature=d", NOW, NULL,
      ERR_INCOMPLETE_SIGNATURE,
      "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). " },
    { "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=d", NOW, NULL,
      ERR_INCOMPLETE_SIGNATURE,
      "Credential must have exactly 5 slash-delimited elements, e.g. "
      "keyid/date/region/service/term, got 'a/b/c/d'" },
};

static const struct refused only_strict[] = {
    { GOOD, "20150830T122059Z", NULL, ERR_INVALID_SIGNATURE,
      "Signature expired: 20150830T122059Z is now earlier than 20150830T122100Z "
      "(20150830T123600Z - 15 min.)" },
    { GOOD, "20150830T125101Z", NULL, ERR_INVALID_SIGNATURE,
      "Signature not yet current: 20150830T125101Z is still later than 20150830T125100Z "
      "(20150830T123600Z + 15 min.)" },
    { "AWS4-HMAC-SHA256 Credential=k/20150830/eu-west-1/dynamodb/aws4_request, "
      "SignedHeaders=x-amz-date, Signature=0",
      NOW, NULL, ERR_INVALID_SIGNATURE,
      "'Host' must be a 'SignedHeader' in the AWS Authorization." },
    { SCOPED("a", "b", "c", "d", "e"), NOW, NULL, ERR_INVALID_SIGNATURE,
      "Credential should be scoped to a valid region, not 'c'. Credential should be scoped to "
      "correct service: 'dynamodb'. Credential should be scoped with a valid terminator: "
      "'aws4_request', not 'e'. Date in Credential scope does not match YYYYMMDD from ISO-8601 "
      "version of date from HTTP: 'b' != '20150830', from '20150830T123600Z'." },
    { SCOPED("a", "20150830", "eu-west-1", "s3", "aws4_request"), NOW, NULL, ERR_INVALID_SIGNATURE,
      "Credential should be scoped to correct service: 'dynamodb'. " },
};

static struct error *parse(struct test *t, const struct refused *r, enum sigv4_mode mode,
                           struct sigv4_claim *claim)
{
    struct sigv4_header headers[2] = { { SPAN("X-AMZ-DATE"), span_from(r->date) } };
    struct sigv4_request request = { SPAN("POST"), SPAN("/"),       span_from(r->query),
                                     headers,      r->date ? 1 : 0, SPAN("{}") };

    if (r->authorization)
        headers[request.header_count++] =
            (struct sigv4_header){ SPAN("authorization"), span_from(r->authorization) };
    return sigv4_parse(t->arena, &request, mode, example_ms, claim);
}

TEST(a_malformed_claim_is_refused_in_the_services_words)
{
    for (size_t i = 0; i < COUNT(malformed); i++) {
        struct sigv4_claim claim;
        struct error *error = parse(t, &malformed[i], SIGV4_WELL_FORMED, &claim);

        EXPECT(error != NULL, "accepted: %s", malformed[i].text);
        EXPECT(span_is(error->message, malformed[i].text), "%.*s", SPAN_PRINT(error->message));
        EXPECT(error->code == malformed[i].code, "code of %s", malformed[i].text);
    }
}

TEST(a_stale_or_foreign_claim_is_refused_only_where_signatures_are_checked)
{
    for (size_t i = 0; i < COUNT(only_strict); i++) {
        struct sigv4_claim claim;
        struct error *error = parse(t, &only_strict[i], SIGV4_STRICT, &claim);

        EXPECT(error != NULL, "accepted: %s", only_strict[i].text);
        EXPECT(span_is(error->message, only_strict[i].text), "%.*s", SPAN_PRINT(error->message));
        EXPECT(error->code == only_strict[i].code, "code of %s", only_strict[i].text);
        EXPECT_OK(parse(t, &only_strict[i], SIGV4_WELL_FORMED, &claim));
    }
}

TEST(a_date_header_serves_where_there_is_no_x_amz_date)
{
    struct sigv4_header headers[] = { HEADER("Date", "Sun, 30 Aug 2015 12:36:00 GMT"),
                                      HEADER("Authorization", GOOD) };
    struct sigv4_request request = { SPAN("POST"), SPAN("/"), { NULL, 0 }, headers, 2, SPAN("{}") };
    struct sigv4_claim claim;

    EXPECT_OK(sigv4_parse(t->arena, &request, SIGV4_STRICT, example_ms, &claim));
    EXPECT(span_is(claim.timestamp, NOW), "%.*s", SPAN_PRINT(claim.timestamp));
}

TEST(a_presigned_query_is_decoded_and_lasts_as_long_as_it_says)
{
    struct refused r = { NULL, NULL,
                         "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                         "k%2F20150830%2Feu-west-1%2Fdynamodb%2Faws4_request&X-Amz-Date="
                         "20150830T113600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&"
                         "X-Amz-Security-Token=a%2Bb&X-Amz-Signature=0",
                         ERR_COUNT, NULL };
    struct sigv4_claim claim;

    EXPECT_OK(parse(t, &r, SIGV4_STRICT, &claim));
    EXPECT(span_is(claim.access_key, "k"), "key %.*s", SPAN_PRINT(claim.access_key));
    EXPECT(span_is(claim.session_token, "a+b"), "token %.*s", SPAN_PRINT(claim.session_token));
    r.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
              "k%2F20150830%2Feu-west-1%2Fdynamodb%2Faws4_request&X-Amz-Date="
              "20150830T113559Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=0";
    EXPECT_ERROR(parse(t, &r, SIGV4_STRICT, &claim),
                 "Signature expired: 20150830T113559Z is now earlier than 20150830T113600Z "
                 "(20150830T123600Z - 60 min.)");
}

TEST(dates_are_the_calendars)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: no date */
    } cases[] = {
        { "19700101T000000Z", 0 },
        { "20150830T123600Z", 1440938160000 },
        { "20000229T235959Z", 951868799000 },
        { "20000301T000000Z", 951868800000 },
        { "20240229T000000Z", 1709164800000 },
        { "20991231T235959Z", 4102444799000 },
        { "21000301T000000Z", 4107542400000 },
        { "21000229T000000Z", -1 },
        { "20230229T000000Z", -1 },
        { "20230431T000000Z", -1 },
        { "20231301T000000Z", -1 },
        { "20230001T000000Z", -1 },
        { "20230100T000000Z", -1 },
        { "20230101T240000Z", -1 },
        { "20230101T006000Z", -1 },
        { "20230101T000060Z", -1 },
        { "19691231T235959Z", -1 },
        { "20230101 000000Z", -1 },
        { "2023010xT000000Z", -1 },
        { "20230101T000000", -1 },
        { "", -1 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = -1;
        bool is_date = timestamp_parse(span_from(cases[i].text), &ms);

        EXPECT(is_date == (cases[i].ms >= 0) && ms == cases[i].ms, "%s: %lld", cases[i].text,
               (long long)ms);
        if (is_date)
            EXPECT(span_is(timestamp_print(t->arena, ms), cases[i].text), "%s", cases[i].text);
    }
}
