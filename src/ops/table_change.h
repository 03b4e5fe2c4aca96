/* ops/table_change.h - what one UpdateTable does to a table: the description that is stored, and
 * the one that is answered.
 *
 * The service answers while it is still at work: it shows old values with a status for some
 * changes, new ones for others. The two are kept side by side here. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "ops/table_description.h"
#include "plan/table.h"

struct table_change {
    struct request *req;
    struct arena *arena;
    const struct update_table_input *in;
    const struct table *old;
    struct table next;  /* to be stored */
    struct table shown; /* to be answered */
    struct table_view view;
    enum billing_mode mode; /* after the change */
    int64_t now_ms;
};

/* Empty structures count as absent. */
bool table_change_has_warm(const struct warm_throughput *in);
bool table_change_has_maxima(const struct on_demand_throughput *in);

/* Both copies of the old table, with room for one more index. */
void table_change_begin(struct table_change *change, struct request *req,
                        const struct update_table_input *in, const struct table *old);

/* Of the copies, by name. The index is there. */
struct index *table_change_index(struct table *table, struct span name);

/* BillingMode, ProvisionedThroughput, OnDemandThroughput, WarmThroughput of the table. */
MUST_USE struct error *table_change_throughput(struct table_change *change);

/* Everything in GlobalSecondaryIndexUpdates. */
MUST_USE struct error *table_change_indexes(struct table_change *change);

/* The same, as far as it can be judged without knowing the table. */
MUST_USE struct error *table_change_check_indexes(struct arena *arena,
                                                  const struct update_table_input *in);
