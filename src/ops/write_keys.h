/* ops/write_keys.h - a write plan's key, once its table is known: single writes, batches and
 * transactions make theirs here.
 *
 * Errors: ERR_VALIDATION in the service's words, never in an envelope. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/plan.h"

/* Out of plan->new_item, which must also fit the table's indexes. */
MUST_USE struct error *write_keys_from_item(struct request *req, struct write_plan *plan);

/* Out of plan->key_attributes. */
MUST_USE struct error *write_keys_from_key(struct request *req, struct write_plan *plan);

/* plan->update must not write to an attribute of the table's key. */
MUST_USE struct error *write_keys_check_update(struct request *req, const struct write_plan *plan);
