/* engine/counter.h - the numbers that the whole file shares: versions, what is handed out next.
 *
 * One entry of SPACE_META each, read and written inside the session's transaction. Errors are the
 * store's. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdint.h>

struct session;

/* 0 for one that was never written. */
MUST_USE struct error *counter_read(struct session *session, struct span key, int64_t *counter);
MUST_USE struct error *counter_write(struct session *session, struct span key, int64_t counter);
