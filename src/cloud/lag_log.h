/* cloud/lag_log.h - recent changes, by key and by time: a skip list of keys, each with its records
 * from the oldest to the newest, and all records in one queue. Only cloud/ includes this.
 *
 * No locks here: lag.c has them. */
#pragma once

#include "cloud/lag.h"

enum { LAG_LEVELS = 20 };

struct lag_entry {
    struct lag_record record;
    struct lag_entry *older; /* in the queue */
    struct lag_entry *newer;
    struct lag_entry *newer_of_key;
    struct lag_entry *older_of_key;
    struct lag_key *key;
    uint64_t number; /* counts up */
    uint64_t group;  /* the same for all that one write changed */
    size_t bytes;
    char before[]; /* the bytes of record.before */
};

struct lag_key {
    uint32_t space;
    struct span bytes;
    uint64_t item_hash;
    struct lag_entry *oldest;
    struct lag_entry *newest;
    struct lag_key *back; /* the key before it; NULL: none */
    size_t own_bytes;
    int levels;
    struct lag_key *next[]; /* levels of them; then the key's bytes */
};

struct lag_log {
    struct lag_entry *oldest;
    struct lag_entry *newest;
    struct lag_key *first[LAG_LEVELS];
    uint64_t last_number;
    size_t bytes;
};

struct lag_entry *lag_log_add(struct lag_log *log, const struct lag_change *change);
void lag_log_drop_oldest(struct lag_log *log);
void lag_log_drop_newest(struct lag_log *log);

/* The first key that is not below; NULL: none. *before is the one in front of it, or NULL. */
struct lag_key *lag_log_find(const struct lag_log *log, uint32_t space, struct span bytes,
                             struct lag_key **before);
