/* expr/legacy.h - the parameters from before expressions, compiled into the same conditions,
 * projections, updates and key conditions: Expected, QueryFilter, ScanFilter, KeyConditions,
 * AttributeUpdates, AttributesToGet.
 *
 * Names are whole top-level attribute names (dots mean nothing). NULL and empty maps give NULL
 * results; empty KeyConditions are an error. Names in a map are unique.
 * Errors: ERR_VALIDATION, bare, in the service's words and order. */
#pragma once

#include "base/error.h"
#include "expr/expression.h"
#include "item/wording.h"

#include "shapes.h" /* generated */

struct arena;

MUST_USE struct error *legacy_expected(struct arena *arena, enum wording wording,
                                       const struct expected_attribute_map *expected,
                                       enum conditional_operator joined_by,
                                       struct condition **condition);

/* For QueryFilter and ScanFilter. */
MUST_USE struct error *legacy_filter(struct arena *arena, enum wording wording,
                                     const struct filter_condition_map *filter,
                                     enum conditional_operator joined_by,
                                     struct condition **condition);

/* The values alone: Query and Scan look at them before anything else. */
MUST_USE struct error *legacy_check_filter_values(struct arena *arena, enum wording wording,
                                                  const struct filter_condition_map *filter);
MUST_USE struct error *legacy_check_key_values(struct arena *arena, enum wording wording,
                                               const struct key_conditions *conditions);

MUST_USE struct error *legacy_key_conditions(struct arena *arena, enum wording wording,
                                             const struct key_conditions *conditions,
                                             struct key_condition **condition);

MUST_USE struct error *legacy_updates(struct arena *arena, enum wording wording,
                                      const struct attribute_updates *updates,
                                      struct update **update);

MUST_USE struct error *legacy_attributes_to_get(struct arena *arena,
                                                const struct string_list *names,
                                                struct projection **projection);
