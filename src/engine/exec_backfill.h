/* engine/exec_backfill.h - filling a new index, or a whole new table, from stored items.
 *
 * Both work inside the session's writing transaction, all at once. Items that don't fit an index
 * are left out of it. Errors are the store's. */
#pragma once

#include "base/error.h"
#include "plan/table.h"

struct session;

/* A new index from the items that its table holds. */
MUST_USE struct error *exec_backfill(struct session *session, const struct table *table,
                                     const struct index *index);

/* A new table, its indexes and the sizes of its item collections from the items of another space,
 * which have the same key. */
MUST_USE struct error *exec_fill(struct session *session, const struct table *table,
                                 uint32_t source_space);
