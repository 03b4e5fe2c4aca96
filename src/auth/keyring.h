/* auth/keyring.h - the access keys that a server knows, read from the file of --credentials.
 *
 * The file is a JSON list: [{"AccessKeyId": "...", "SecretAccessKey": "..."}], with "SessionToken"
 * for temporary ones. Read once; safe on any thread afterwards. */
#pragma once

#include "auth/sigv4.h"

struct keyring;

/* false: *problem says what is wrong with the file; it lives in the arena. */
MUST_USE bool keyring_open(struct arena *arena, const char *path, struct keyring **keyring,
                           struct span *problem);
void keyring_close(struct keyring *keyring);

/* NULL when it isn't known. */
const struct sigv4_credentials *keyring_find(const struct keyring *keyring, struct span access_key);
