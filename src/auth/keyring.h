/* auth/keyring.h - the access keys that a server knows, read from the file of --credentials.
 *
 * The file is a list of keys, or an object whose Principals have such lists as their AccessKeys:
 *   [{"AccessKeyId": "...", "SecretAccessKey": "..."}]
 *   {"Principals": [{"AccessKeys": [{...}], ...}]}
 * A temporary key has a "SessionToken", and may have an "Expiration". What else principals have is
 * read elsewhere (cloud/policy/principals.h). Read once; safe on any thread afterwards. */
#pragma once

#include "auth/sigv4.h"

struct keyring;

struct keyring_key {
    struct sigv4_credentials credentials;
    int64_t expires_ms; /* by the engine's clock; 0: never */
};

/* text is JSON; file is its name, for places. false: *problem, in the arena, says what is wrong
 * with it: "FILE:LINE:COLUMN: ...". */
MUST_USE bool keyring_open(struct arena *arena, struct span file, struct span text,
                           struct keyring **keyring, struct span *problem);
void keyring_close(struct keyring *keyring);

/* NULL when it isn't known. */
const struct keyring_key *keyring_find(const struct keyring *keyring, struct span access_key);
