/* tests/unit/engine/history.h - what a random history knows: the model, and the reads that compare
 * it with the answers. */
#pragma once

#include "../ops/caller.h"

#include "base/random.h"

enum { SESSIONS_MAX = 2, PARTITIONS = 4, NUMBERS = 9, LETTERS = 4 };

/* Sort keys in the order of their values, as they are sent. */
extern const char *const sent_numbers[NUMBERS];

struct thing {
    bool is_present;
    int g; /* a letter, or -1: there is none */
    int h; /* a number, or -1 */
    int l; /* a letter, or -1 */
    int count;
    int filler; /* bytes */
};

struct history {
    struct test *t;
    struct random random;
    struct caller callers[SESSIONS_MAX];
    size_t session_count;
    const struct caller *caller; /* whose turn it is */
    struct arena *arena;         /* of one turn */
    struct thing things[PARTITIONS][NUMBERS];
    bool has_extra_index;
    bool has_other_table;
    uint64_t found; /* items in answers, so that an empty history can't pass */
    int step;
};

int history_below(struct history *history, int bound);
const char *history_key_json(struct history *history, int p, int n);

/* In the turn that is open; the answer is no error. */
yyjson_val *history_call(struct history *history, const char *operation, const char *json);

/* An item in an answer is the whole thing. */
void history_expect_whole(struct history *history, yyjson_val *item, const struct thing *thing);

/* Random reads: all that belongs is there once, in order, page by page. */
void history_get(struct history *history);
void history_query_table(struct history *history);
void history_query_local(struct history *history);
void history_query_global(struct history *history);
void history_query_extra(struct history *history);
void history_scan(struct history *history);
