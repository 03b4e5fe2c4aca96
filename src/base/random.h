/* base/random.h - repeatable random numbers from one seed, and unrepeatable ones for names.
 *
 * xoshiro256**. A struct random belongs to one thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

void random_init(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);

/* 0 .. bound - 1, without bias; bound > 0. */
uint64_t random_below(struct random *random, uint64_t bound);

/* count characters out of alphabet, no NUL behind them. */
void random_text(struct random *random, const char *alphabet, char *text, size_t count);

/* A seed from the operating system. */
uint64_t random_seed(void);

/* "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx" and a NUL. */
void random_uuid(struct random *random, char uuid[37]);
