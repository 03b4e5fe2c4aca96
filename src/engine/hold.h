/* engine/hold.h - transactions held between their check and their commit: their keys, and their
 * tokens.
 *
 * A held transaction has found that all its conditions hold and has written nothing yet. Nobody
 * else may write to its keys, so that its second run finds what the first found. Only engine/
 * includes this; operations see engine_hold_transactions.
 * Threads: any. A held transaction is owned by the request that made it. */
#pragma once

#include "auth/digest.h"
#include "base/span.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held;
struct transact_write_plan;

struct holds {
    pthread_mutex_t lock;
    struct held *first;
    _Atomic size_t count; /* mostly 0: then nobody takes the lock */
};

/* What makes two requests the same; token absent: the request has none. */
struct token {
    struct span key; /* namespace and token */
    uint8_t digest[DIGEST_BYTES];
};

void holds_init(struct holds *holds);
void holds_fini(struct holds *holds);

/* Copies what it keeps. */
struct held *holds_add(struct holds *holds, const struct transact_write_plan *plan,
                       const struct token *token);
void holds_drop(struct holds *holds, struct held *held);

/* Whether a held transaction other than own (NULL: any) writes to or checks this key. */
bool holds_have_key(struct holds *holds, uint32_t space, struct span key, const struct held *own);

/* Whether a held transaction other than own has this token; *is_same when it's the same request. */
bool holds_have_token(struct holds *holds, const struct token *token, const struct held *own,
                      bool *is_same);
