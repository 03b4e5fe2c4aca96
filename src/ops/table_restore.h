/* ops/table_restore.h - a new table made of an old one's description and items.
 *
 * spec: keys, indexes, billing mode, throughput and encryption come from the source unless they are
 * overridden; streams, TTL, point-in-time recovery, tags, protection, policy and class do not.
 * Errors: ERR_VALIDATION, ERR_TABLE_ALREADY_EXISTS. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

struct table_restore {
    const struct table *source; /* its space holds the items */
    struct span backup_arn;     /* absent: not from a backup */
    struct span target_name;

    /* Overrides; each absent or NULL when not given. */
    enum billing_mode billing_mode;
    const struct provisioned_throughput *provisioned;
    const struct on_demand_throughput *maximum;
    const struct local_secondary_index_list *local; /* an empty list: no index at all */
    const struct global_secondary_index_list *global;
    const struct sse_specification *sse;
};

/* What can be said without the source. */
MUST_USE struct error *table_restore_check(struct arena *arena,
                                           const struct table_restore *restore);

/* After exec_begin_write. */
MUST_USE struct error *table_restore_run(struct request *req, const struct table_restore *restore,
                                         const struct table_description **description);
