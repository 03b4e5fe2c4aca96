/* partiql/bind.h - a parsed statement and its table give the plans that the JSON operations make:
 * a SELECT with a whole key is a READ_GET, one with a partition key a READ_QUERY, any other a
 * READ_SCAN; INSERT, UPDATE, DELETE and EXISTS are one write plan each.
 *
 * Plans live in the arena; table and index must stay as long as they do.
 * Errors: ERR_VALIDATION in the service's words. */
#pragma once

#include "base/error.h"
#include "partiql/statement.h"
#include "plan/plan.h"

struct arena;

/* spec: at most so many partition keys in an IN, and so many of them answered at a time */
enum { PARTITIONS_MAX = 50, READS_PER_PAGE_MAX = 10 };

/* One after another these reads are the statement. Several partition keys, or several whole keys,
 * make several reads. */
struct statement_reads {
    size_t count;
    struct read_plan *plans; /* without is_consistent, limit and start_after */
    bool is_whole_key;       /* the statement names one item of the table */
};

/* SELECT. index is the statement's, or NULL. */
MUST_USE struct error *statement_bind_read(struct arena *arena, const struct statement *statement,
                                           const struct table *table, const struct index *index,
                                           struct statement_reads *reads);

/* All others. Fills all of plan but the key's bytes, which come of key_attributes or new_item, and
 * what the request's other parameters say. That INSERT refuses an item which is there, and UPDATE
 * one which is not, is in the plan. */
MUST_USE struct error *statement_bind_write(struct arena *arena, const struct statement *statement,
                                            const struct table *table, struct write_plan *plan);
