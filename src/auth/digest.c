/* auth/digest.c - OpenSSL's SHA-256, and HMAC written over it so that no context is made for it. */
#include "auth/digest.h"

#include "base/memory.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum { BLOCK_BYTES = 64 };

struct digest {
    EVP_MD *sha256;
    EVP_MD_CTX *context;
};

struct digest *digest_open(void)
{
    struct digest *digest = memory_new(sizeof(*digest));

    /* The machine's openssl.cnf has nothing to say to a digest, and reading it costs a start. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                            OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
                        NULL);
    digest->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    digest->context = EVP_MD_CTX_new();
    if (digest->sha256 == NULL || digest->context == NULL)
        memory_exhausted();
    return digest;
}

void digest_close(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    EVP_MD_free(digest->sha256);
    memory_free(digest);
}

static void hash_two(struct digest *digest, struct span first, struct span second,
                     uint8_t hash[DIGEST_BYTES])
{
    int is_done = EVP_DigestInit_ex2(digest->context, digest->sha256, NULL) &&
                  EVP_DigestUpdate(digest->context, first.data, first.size) &&
                  EVP_DigestUpdate(digest->context, second.data, second.size) &&
                  EVP_DigestFinal_ex(digest->context, hash, NULL);

    assert(is_done);
}

void digest_sha256(struct digest *digest, struct span text, uint8_t hash[DIGEST_BYTES])
{
    hash_two(digest, text, (struct span){ NULL, 0 }, hash);
}

void digest_hmac(struct digest *digest, struct span key, struct span text,
                 uint8_t mac[DIGEST_BYTES])
{
    char inner[BLOCK_BYTES] = { 0 };
    char outer[BLOCK_BYTES];
    uint8_t hash[DIGEST_BYTES];

    if (key.size > BLOCK_BYTES) {
        digest_sha256(digest, key, hash);
        memcpy(inner, hash, sizeof(hash));
    } else if (key.size > 0) {
        memcpy(inner, key.data, key.size);
    }
    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        outer[i] = (char)(inner[i] ^ 0x5c);
        inner[i] = (char)(inner[i] ^ 0x36);
    }
    hash_two(digest, (struct span){ inner, sizeof(inner) }, text, hash);
    hash_two(digest, (struct span){ outer, sizeof(outer) },
             (struct span){ (const char *)hash, sizeof(hash) }, mac);
    digest_wipe(inner, sizeof(inner));
    digest_wipe(outer, sizeof(outer));
}

void digest_hex(const uint8_t hash[DIGEST_BYTES], char hex[DIGEST_HEX_BYTES])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
}

bool digest_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || CRYPTO_memcmp(a.data, b.data, a.size) == 0);
}

void digest_wipe(void *secret, size_t bytes)
{
    OPENSSL_cleanse(secret, bytes);
}
