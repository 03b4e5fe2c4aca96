/* engine/exec.h - the three doors to the data. Every gate (policy, throttle, table state, injected
 * fault) hangs here, so that no operation can forget one.
 *
 * Errors are final: ConditionalCheckFailedException (with Item when asked for), ValidationException
 * of an update that does not fit the item, ItemCollectionSizeLimitExceededException,
 * TransactionConflictException, InternalServerError. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/plan.h"

MUST_USE struct error *exec_read(struct request *req, const struct read_plan *plan,
                                 struct read_result *result);

/* A request that will write looks its table up in the transaction that it will write in: call this
 * before catalog_find. */
MUST_USE struct error *exec_begin_write(struct request *req);

/* Condition, update, size, indexes, collections, capacity: all or nothing. */
MUST_USE struct error *exec_write(struct request *req, const struct write_plan *plan,
                                  struct write_result *result);

/* All members against the state before, then all of them applied, or none: then the error is
 * TransactionCanceledException with a reason for each. A token that was used within ten minutes
 * makes it a replay: nothing is written. Where the engine holds transactions and req can be held,
 * the first run ends with req->held set and an error that is no answer: see request.h. */
MUST_USE struct error *exec_transact_write(struct request *req,
                                           const struct transact_write_plan *plan,
                                           struct transact_write_result *result);

/* All members at one moment; results has plan->count elements. */
MUST_USE struct error *exec_transact_read(struct request *req,
                                          const struct transact_read_plan *plan,
                                          struct read_result *results);

enum control_kind {
    CONTROL_CREATE_TABLE,  /* table: new, without spaces, id, arns: the door gives them */
    CONTROL_REPLACE_TABLE, /* table: the changed description; new indexes are backfilled, dropped
                              ones emptied */
    CONTROL_DROP_TABLE
};

/* old_table must have been found after exec_begin_write. The door completes table in place (space,
 * arn and label of what is new) and copies it. An index with space 0 is new. */
struct control_plan {
    enum control_kind kind;
    const struct table *old_table; /* REPLACE, DROP */
    struct table *table;           /* CREATE, REPLACE */
    uint32_t source_space;         /* CREATE: the table begins with the items there; 0: empty */
};

/* *table is the published description after the change (for DROP: the last one). */
MUST_USE struct error *exec_control(struct request *req, const struct control_plan *plan,
                                    const struct table **table);

/* Items and bytes of a table or index as DescribeTable shows them (exact, at once). */
MUST_USE struct error *exec_measure(struct request *req, const struct table *table,
                                    const struct index *index, uint64_t *items, uint64_t *bytes);

/* The engine's clock, in milliseconds since 1970. */
int64_t exec_now_ms(const struct request *req);
