/* cloud/lag.h - how far eventually consistent reads may lag behind, and what they may still show.
 *
 * While any lag is set, each write leaves a record of what was there before it. A read that may be
 * stale opens a view, which picks a moment between now - lag and now for each item; the oldest
 * record after that moment holds what the item was then. Without one the store has it.
 *
 * Memory: a record is kept for the longest lag that is set, and is as large as what it replaces
 * (item, and each index entry that changed) and some 250 bytes. All together stay under
 * LAG_BYTES_MAX: past it the oldest writes are forgotten first, and reads of them are current.
 *
 * Threads: any. A view holds off writers' records from open to close, so it should be short, and
 * what it hands out lives until it is closed. Writers are one at a time, as the store has it. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buffer;
struct lag;
struct lag_key;

enum { LAG_BYTES_MAX = 64 << 20, LAG_RULES_MAX = 1000, LAG_MS_MAX = 60 * 60 * 1000 };

/* A local index behaves as its table; LAG_OF_INDEX is for global ones. */
enum lag_of { LAG_OF_TABLE, LAG_OF_INDEX, LAG_OF_COUNT };

enum lag_kind {
    LAG_NONE,
    LAG_RANDOM, /* any moment of the lag, another one for each item of each read */
    LAG_WORST   /* the oldest legal one */
};

struct lag_setting {
    enum lag_kind kind;
    int64_t ms;
};

/* For a table, by its name; what it doesn't set is as for all tables. */
struct lag_rule {
    struct span table;
    bool is_set[LAG_OF_COUNT];
    struct lag_setting settings[LAG_OF_COUNT];
};

struct lag_config {
    struct lag_setting settings[LAG_OF_COUNT];
    size_t rule_count;
    const struct lag_rule *rules;
};

/* "none", "random", "random:MS", "worst:MS" with MS from 1 to LAG_MS_MAX; without MS 1000, of an
 * index 2000. */
MUST_USE bool lag_parse(struct span text, enum lag_of of, struct lag_setting *setting);

struct lag *lag_open(const struct lag_config *config); /* copies it */
void lag_close(struct lag *lag);
void lag_set(struct lag *lag, const struct lag_config *config);
bool lag_is_on(const struct lag *lag);

/* The settings as JSON members: "lag":"none","index_lag":"none","tables":{...} */
void lag_write(struct lag *lag, struct buffer *out);
void lag_get(struct lag *lag, struct arena *arena, struct lag_config *config); /* a copy */

/* --- writing --- */

struct lag_change {
    const void *writer; /* the session: only its own reads see what isn't committed */
    bool is_first;      /* the table's item; the index entries of the same write follow it */
    bool is_removal;
    uint32_t space;
    struct span key;
    struct span item_key; /* the key of the table's item, also for an index entry */
    struct span before;   /* absent: there was nothing */
    int64_t size_before;
    int64_t now_ms;
    struct span operation; /* "PutItem" */
};

void lag_record(struct lag *lag, const struct lag_change *change);

/* Around the store's commit, so that nobody sees one without the other. */
void lag_begin_commit(struct lag *lag);
void lag_end_commit(struct lag *lag, const void *writer, bool is_kept);
void lag_rollback(struct lag *lag, const void *writer); /* before the store's */

/* Forgets what no read may show any more. true: something is left. */
bool lag_trim(struct lag *lag, int64_t now_ms);
size_t lag_bytes(struct lag *lag);

/* --- reading --- */

enum { LAG_OPERATION_BYTES_MAX = 32 };

/* A write that a read missed, and what was there before it. */
struct lag_record {
    struct span before; /* absent: nothing */
    int64_t size_before;
    int64_t at_ms;
    bool is_removal;
    char operation[LAG_OPERATION_BYTES_MAX];
};

struct lag_view {
    struct lag *lag;
    const void *reader; /* the session */
    enum lag_kind kind;
    int64_t ms;
    int64_t now_ms;
    uint64_t draw; /* what random moments are made from; one a read */
};

/* The caller fills in all but kind and ms. false: nothing lags here, and there is nothing to
 * close. */
MUST_USE bool lag_view_open(struct lag_view *view, struct span table, enum lag_of of);
void lag_view_close(struct lag_view *view);

/* The first write of the key that the read misses; NULL: none. */
const struct lag_record *lag_view_find(const struct lag_view *view, uint32_t space,
                                       struct span key);

/* The keys of a range that were written lately, one after the other. NULL: no more. */
const struct lag_key *lag_view_seek(const struct lag_view *view, uint32_t space,
                                    const struct span_range *range, bool is_backward);
const struct lag_key *lag_view_next(const struct lag_key *key, const struct span_range *range,
                                    bool is_backward);
struct span lag_key_bytes(const struct lag_key *key);
const struct lag_record *lag_view_pick(const struct lag_view *view, const struct lag_key *key);
