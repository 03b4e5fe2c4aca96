/* engine/exec_backfill.h - filling a new index from the items that its table holds. */
#pragma once

#include "base/error.h"
#include "plan/table.h"

struct session;

/* Inside the session's writing transaction, all at once. Items that don't fit the index are left
 * out. Errors are the store's. */
MUST_USE struct error *exec_backfill(struct session *session, const struct table *table,
                                     const struct index *index);
