/* ops/table_description.h - a table as CreateTable, DescribeTable, UpdateTable and DeleteTable show
 * it. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

/* How an answer differs from DescribeTable's. All zero: DescribeTable itself. */
struct table_view {
    bool hides_billing_date; /* the answer to a change of billing mode */
    bool hides_warm;         /* CreateTable leaves WarmThroughput out unless it was asked for */
    bool is_warm_updating;   /* WarmThroughput's own Status */
    bool is_sse_updating;    /* SSEDescription's own Status; type and key only if there were some */
    bool is_being_deleted;   /* DeleteTable says neither keys nor indexes */
};

/* table may be a changed copy of a published one; only indexes with a space are measured. Errors
 * are the store's. */
MUST_USE struct error *table_description_make(struct request *req, const struct table *table,
                                              const struct table_view *view,
                                              const struct table_description **description);
