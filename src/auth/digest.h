/* auth/digest.h - SHA-256 and HMAC over one reused digest context.
 *
 * A struct digest belongs to one thread. Creating a context costs more than hashing a request with
 * it, so one is opened once and serves every request. */
#pragma once

#include "base/span.h"

#include <stdint.h>

enum { DIGEST_BYTES = 32, DIGEST_HEX_BYTES = 64 };

struct digest;

struct digest *digest_open(void);
void digest_close(struct digest *digest);

void digest_sha256(struct digest *digest, struct span text, uint8_t hash[DIGEST_BYTES]);

/* key and mac may be the same bytes. */
void digest_hmac(struct digest *digest, struct span key, struct span text,
                 uint8_t mac[DIGEST_BYTES]);

void digest_hex(const uint8_t hash[DIGEST_BYTES], char hex[DIGEST_HEX_BYTES]);

/* Takes the same time wherever the two differ. */
bool digest_equal(struct span a, struct span b);

/* Overwrites a secret; the compiler does not leave it out. */
void digest_wipe(void *secret, size_t bytes);
