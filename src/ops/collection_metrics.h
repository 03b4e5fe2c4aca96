/* ops/collection_metrics.h - ItemCollectionMetrics of a request that writes to several tables. */
#pragma once

#include "engine/request.h"
#include "plan/plan.h"

#include "shapes.h"

struct collection_metrics;

/* writes_max: the most that will be added to one table. */
struct collection_metrics *collection_metrics_open(struct arena *arena,
                                                   enum return_item_collection_metrics wanted,
                                                   size_t tables_max, size_t writes_max);

/* table_name as the request has it; tables stand in the order in which they are first named. */
void collection_metrics_add(struct collection_metrics *metrics, struct span table_name,
                            const struct write_plan *plan, const struct write_result *result);

/* NULL when there is nothing to report. */
const struct item_collection_metrics_per_table *
collection_metrics_close(const struct collection_metrics *metrics);
