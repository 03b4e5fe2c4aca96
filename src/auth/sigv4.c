/* auth/sigv4.c - string to sign, signing key and signature, for the side that signs and the side
 * that checks. */
#include "auth/sigv4.h"

#include "auth/canonical.h"
#include "auth/digest.h"
#include "auth/timestamp.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/memory.h"

#include <string.h>

enum { KEYS_KEPT = 16, KEY_NAME_BYTES_MAX = 256 };

/* A signing key is four HMACs away from its secret and stays the same for a day. */
struct derived_key {
    size_t name_size; /* of secret, date, region and service; 0: free */
    char name[KEY_NAME_BYTES_MAX];
    uint8_t key[DIGEST_BYTES];
};

struct sigv4 {
    struct digest *digest;
    struct buffer scratch;
    struct derived_key kept[KEYS_KEPT];
};

struct sigv4 *sigv4_open(void)
{
    struct sigv4 *sigv4 = memory_new(sizeof(*sigv4));

    sigv4->digest = digest_open();
    buffer_init(&sigv4->scratch);
    return sigv4;
}

void sigv4_close(struct sigv4 *sigv4)
{
    if (sigv4 == NULL)
        return;
    digest_wipe(sigv4->kept, sizeof(sigv4->kept));
    buffer_fini(&sigv4->scratch);
    digest_close(sigv4->digest);
    memory_free(sigv4);
}

static struct span bytes_of(const uint8_t mac[DIGEST_BYTES])
{
    return (struct span){ (const char *)mac, DIGEST_BYTES };
}

static void derive(struct sigv4 *sigv4, struct arena *arena, struct span secret,
                   const struct sigv4_claim *claim, uint8_t key[DIGEST_BYTES])
{
    struct span first = arena_print(arena, "AWS4%.*s", SPAN_PRINT(secret));

    digest_hmac(sigv4->digest, first, claim->date, key);
    digest_hmac(sigv4->digest, bytes_of(key), claim->region, key);
    digest_hmac(sigv4->digest, bytes_of(key), claim->service, key);
    digest_hmac(sigv4->digest, bytes_of(key), SPAN("aws4_request"), key);
    digest_wipe((char *)(size_t)first.data, first.size);
}

/* The signing key, out of the kept ones where it is there. */
static void signing_key(struct sigv4 *sigv4, struct arena *arena, struct span secret,
                        const struct sigv4_claim *claim, uint8_t key[DIGEST_BYTES])
{
    struct span parts[] = { secret, claim->date, claim->region, claim->service };
    char name[KEY_NAME_BYTES_MAX];
    size_t size = 0;
    struct derived_key *kept;

    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i].size + 1 > sizeof(name) - size) {
            derive(sigv4, arena, secret, claim, key);
            return;
        }
        memcpy(name + size, parts[i].data, parts[i].size);
        size += parts[i].size;
        name[size++] = '\0';
    }
    kept = &sigv4->kept[span_hash((struct span){ name, size }) % KEYS_KEPT];
    if (kept->name_size != size || memcmp(kept->name, name, size) != 0) {
        derive(sigv4, arena, secret, claim, kept->key);
        memcpy(kept->name, name, size);
        kept->name_size = size;
    }
    memcpy(key, kept->key, DIGEST_BYTES);
    digest_wipe(name, size);
}

/* The signature of the request in hex, by what the claim says about scope, time and headers. */
static void signature_of(struct sigv4 *sigv4, struct arena *arena,
                         const struct sigv4_request *request, const struct sigv4_claim *claim,
                         struct span secret, char hex[DIGEST_HEX_BYTES])
{
    struct buffer *text = &sigv4->scratch;
    struct span hex_span = { hex, DIGEST_HEX_BYTES };
    uint8_t hash[DIGEST_BYTES];
    uint8_t key[DIGEST_BYTES];

    digest_sha256(sigv4->digest, request->body, hash);
    digest_hex(hash, hex);
    buffer_empty(text);
    canonical_request(request, claim->signed_headers, hex_span, arena, text);
    digest_sha256(sigv4->digest, buffer_span(text), hash);
    digest_hex(hash, hex);

    buffer_empty(text);
    buffer_append_literal(text, "AWS4-HMAC-SHA256\n");
    buffer_append_span(text, claim->timestamp);
    buffer_append_char(text, '\n');
    buffer_append_span(text, claim->date);
    buffer_append_char(text, '/');
    buffer_append_span(text, claim->region);
    buffer_append_char(text, '/');
    buffer_append_span(text, claim->service);
    buffer_append_literal(text, "/aws4_request\n");
    buffer_append_span(text, hex_span);

    signing_key(sigv4, arena, secret, claim, key);
    digest_hmac(sigv4->digest, bytes_of(key), buffer_span(text), hash);
    digest_hex(hash, hex);
    digest_wipe(key, sizeof(key));
}

struct error *sigv4_verify(struct sigv4 *sigv4, struct arena *arena,
                           const struct sigv4_request *request, const struct sigv4_claim *claim,
                           struct span secret)
{
    char hex[DIGEST_HEX_BYTES];

    signature_of(sigv4, arena, request, claim, secret, hex);
    if (digest_equal((struct span){ hex, sizeof(hex) }, claim->signature))
        return NULL;
    return fail(arena, ERR_INVALID_SIGNATURE,
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method. Consult the service "
                "documentation for details.");
}

static void add_header(struct sigv4_signed *signature, struct span name, struct span value)
{
    signature->headers[signature->count++] = (struct sigv4_header){ name, value };
}

void sigv4_sign(struct sigv4 *sigv4, struct arena *arena, const struct sigv4_request *request,
                const struct sigv4_credentials *credentials, const struct sigv4_scope *scope,
                struct sigv4_signed *signature)
{
    struct sigv4_request whole = *request;
    struct sigv4_header *headers =
        NEW(arena, struct sigv4_header, request->header_count + SIGV4_HEADERS_MAX);
    struct sigv4_claim claim = { .region = scope->region, .service = scope->service };
    char hex[DIGEST_HEX_BYTES];

    *signature = (struct sigv4_signed){ 0 };
    claim.timestamp = timestamp_print(arena, scope->now_ms);
    claim.date = (struct span){ claim.timestamp.data, TIMESTAMP_DATE_BYTES };
    add_header(signature, SPAN("X-Amz-Date"), claim.timestamp);
    if (credentials->session_token.data)
        add_header(signature, SPAN("X-Amz-Security-Token"), credentials->session_token);

    for (size_t i = 0; i < request->header_count; i++)
        headers[i] = request->headers[i];
    memcpy(headers + request->header_count, signature->headers,
           signature->count * sizeof(*headers));
    whole.headers = headers;
    whole.header_count += signature->count;
    claim.signed_headers = canonical_header_names(arena, whole.headers, whole.header_count);

    signature_of(sigv4, arena, &whole, &claim, credentials->secret, hex);
    add_header(signature, SPAN("Authorization"),
               arena_print(arena,
                           "AWS4-HMAC-SHA256 Credential=%.*s/%.*s/%.*s/%.*s/aws4_request, "
                           "SignedHeaders=%.*s, Signature=%.*s",
                           SPAN_PRINT(credentials->access_key), SPAN_PRINT(claim.date),
                           SPAN_PRINT(claim.region), SPAN_PRINT(claim.service),
                           SPAN_PRINT(claim.signed_headers), DIGEST_HEX_BYTES, hex));
}
