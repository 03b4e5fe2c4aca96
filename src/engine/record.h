/* engine/record.h - what the change of an item leaves behind beside the item: a record in the
 * table's stream, and its place in the order of expiry.
 *
 * The one hook of every write. Inside the session's writing transaction, so that a change and its
 * traces are kept or lost together. Errors are the store's. */
#pragma once

#include "base/error.h"
#include "item/value.h"
#include "plan/table.h"

#include <stdbool.h>

struct session;

/* The items before and after, NULL for none; checked, and parsed or with their json. A change that
 * changes nothing leaves nothing. by_service: TTL removes an expired item. Uses session->scratch.
 */
MUST_USE struct error *record_change(struct session *session, const struct table *table,
                                     const struct item *old_item, const struct item *new_item,
                                     bool by_service);
