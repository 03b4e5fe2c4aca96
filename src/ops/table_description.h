/* ops/table_description.h - a table as CreateTable, DescribeTable, UpdateTable and DeleteTable show
 * it. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

struct arena;

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

/* The same for a table that is there already, in an answer that says CREATING as the service's
 * does. */
MUST_USE struct error *
table_description_make_creating(struct request *req, const struct table *created,
                                const struct table_view *view,
                                const struct table_description **description);

/* Parts that the description of a backup has too; NULL when there is nothing to say. */
const struct api_key_schema *table_description_keys(struct arena *arena,
                                                    const struct key_schema *keys);
const struct api_projection *table_description_projection(struct arena *arena,
                                                          const struct index *index);
const struct on_demand_throughput *table_description_maxima(struct arena *arena,
                                                            const struct throughput *throughput);
const struct stream_specification *table_description_stream(struct arena *arena,
                                                            const struct table *table);
const struct sse_description *
table_description_encryption(struct arena *arena, const struct table *table, bool is_updating);
