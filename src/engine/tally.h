/* engine/tally.h - how many items and bytes a space holds, kept up while it is written to.
 *
 * Belongs to one session and is right only while no other one has written; otherwise spaces are
 * measured anew each time (exec_measure decides). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally_row {
    uint32_t space;
    int64_t items;
    int64_t bytes;
};

struct tally {
    size_t count;
    size_t capacity;
    struct tally_row *rows; /* sorted by space */
    uint64_t alone_since;   /* when they were measured, see struct session */
};

void tally_fini(struct tally *tally);
void tally_forget(struct tally *tally); /* everything: after a rollback */
void tally_drop(struct tally *tally, uint32_t space);

/* NULL when the space hasn't been measured. */
struct tally_row *tally_find(const struct tally *tally, uint32_t space);
void tally_set(struct tally *tally, uint32_t space, int64_t items, int64_t bytes);

/* Nothing happens when the space hasn't been measured. */
void tally_add(struct tally *tally, uint32_t space, int64_t items, int64_t bytes);
