/* template/compare.h - whether a live table is what a definition asks for, and where it is not.
 *
 * Compared are keys, attribute types, indexes with their projections, billing and throughput,
 * stream, table class, deletion protection and whether a customer's key encrypts; TTL and
 * point-in-time recovery where both sides tell of them. Not compared is what doesn't show or moves
 * by itself (tags, policies, warm throughput, the key's name), capacity under on-demand billing,
 * and what one of the two leaves out because it is for a test table.
 * Defaults that are left out equal defaults that are spelled out; order counts only in keys. */
#pragma once

#include "base/span.h"

#include <stdbool.h>

struct arena;
struct definition;

/* One fact about a table: "GlobalSecondaryIndexes.by_day.KeySchema" is "day HASH, id RANGE". */
struct fact {
    struct span path;
    struct span value;
};

struct fact_list {
    size_t count;
    size_t capacity;
    struct fact *items; /* sorted by path */
};

struct difference {
    struct span path;
    struct span wanted; /* absent: the definition doesn't have it */
    struct span found;  /* absent: the live table doesn't have it */
};

struct difference_list {
    size_t count;
    struct difference *items;
};

void compare_facts(struct arena *arena, const struct definition *definition,
                   struct fact_list *facts);

/* Whether the definition tells of this at all: no fact then means "none". */
bool compare_knows(const struct definition *definition, struct span path);

/* None when the definitions are equal. */
void compare_definitions(struct arena *arena, const struct definition *wanted,
                         const struct definition *found, struct difference_list *differences);
