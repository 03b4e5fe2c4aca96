/* ops/parameters.h - checks that several operations make of their parameters together. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "expr/expression.h"
#include "plan/plan.h"

#include "shapes.h"

struct arena;

struct parameter {
    const char *name;
    bool is_present;
};

/* "Can not use both expression and non-expression parameters in the same request: ..."; both lists
 * end with a NULL name and are in the order in which the service names them. */
MUST_USE struct error *parameters_check_mixing(struct arena *arena, const struct parameter *legacy,
                                               const struct parameter *expressions);

/* No path, of a condition, a projection or an update's targets (either may be NULL), leads into a
 * key attribute of the table or of an index: "Key attributes must be scalars; list random access
 * '[]' and map lookup '.' are not allowed: Key: a". */
MUST_USE struct error *parameters_check_scalar_keys(struct arena *arena, const struct table *table,
                                                    const struct condition *condition,
                                                    const struct projection *projection);

/* ItemCollectionMetrics of a write; NULL unless wanted and the table has local indexes. */
const struct item_collection_metrics *
parameters_collection_metrics(struct arena *arena, enum return_item_collection_metrics wanted,
                              const struct write_plan *plan, const struct write_result *result);
