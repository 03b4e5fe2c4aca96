/* ops/usage.h - capacity used by a request, table by table, and the three forms of reporting it. */
#pragma once

#include "plan/plan.h"

struct arena;

/* Transactions say which kind of units they count; single requests and batches do not. */
enum usage_split { USAGE_NOT_SPLIT, USAGE_OF_READS, USAGE_OF_WRITES };

struct usage {
    struct span table_name; /* as the request has it: a name or an ARN */
    const struct table *table;
    uint64_t table_half_units;  /* in half capacity units */
    uint64_t *index_half_units; /* one an index of the table; NULL until one is used */
    enum usage_split split;
};

void usage_add_read(struct arena *arena, struct usage *usage, const struct read_plan *plan,
                    const struct read_result *result);
void usage_add_write(struct arena *arena, struct usage *usage, const struct write_plan *plan,
                     const struct write_result *result);

/* NULL when the request didn't ask for it. Indexes that cost nothing are left out, not
 * zero; the table is always there. */
const struct consumed_capacity *
usage_report(struct arena *arena, enum return_consumed_capacity wanted, const struct usage *usage);

/* One entry a table, for batches; NULL when not asked for. */
const struct consumed_capacity_multiple *usage_report_all(struct arena *arena,
                                                          enum return_consumed_capacity wanted,
                                                          const struct usage *usages, size_t count);
