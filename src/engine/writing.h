/* engine/writing.h - one write of an item in two steps: everything that can refuse it, then the
 * store calls. Between the two nothing has changed, so that a transaction can prepare all of its
 * members before it applies the first.
 *
 * Only engine/ includes this. All it points to lives in the request's arena. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/plan.h"

struct index_change;

/* The caller fills in the first six; the result is the one of writing_prepare. */
struct writing {
    struct request *req;
    struct session *session;
    const struct write_plan *plan;
    struct write_result *result;
    const struct writing *earlier; /* members of the same transaction, already prepared */
    size_t earlier_count;

    const struct item *old_item; /* NULL: there is none */
    const struct item *new_item; /* NULL: there will be none */
    size_t old_bytes;
    size_t new_bytes;
    struct index_change *changes; /* one an index; NULL for a check */
    struct span collection_key;   /* absent where there are no collections */
    int64_t collection_growth;
    int64_t collection_bytes; /* after this write */
};

/* In the session's writing transaction. A refusal leaves everything as it was. */
MUST_USE struct error *writing_prepare(struct writing *w);

/* Only the store's errors; after one the turn is spoilt. */
MUST_USE struct error *writing_apply(struct writing *w);
