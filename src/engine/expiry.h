/* engine/expiry.h - a table's items in the order in which they expire, and their removal.
 *
 * While TTL is on, the table's ttl_space holds a key for every item that has a time to live: the
 * second in which it expires, then the item's own key. Writes keep it in step (engine/record.c), so
 * a sweep looks at expired items alone.
 * Inside the session's transaction; errors are the store's. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

#include <stdbool.h>

struct arena;

/* What DescribeTimeToLive shows now. Items expire while it is ENABLED. */
enum time_to_live_status expiry_status(const struct session *session, const struct table *table);

/* Brings the order by expiry in step with a description that is about to be stored: made from all
 * items when TTL was switched on, given up when it was switched off. */
MUST_USE struct error *expiry_follow(struct session *session, const struct table *old,
                                     struct table *table);

/* One item changed; NULL: there was or will be none. */
MUST_USE struct error *expiry_change(struct session *session, const struct table *table,
                                     struct span key, const struct item *old_item,
                                     const struct item *new_item);

/* Removes some expired items of one table. *is_more: this or another table may have others. */
MUST_USE struct error *expiry_sweep(struct session *session, bool *is_more);
