/* ops/transaction.h - what the members of a transaction have in common: tables, keys, refusals, no
 * item twice, capacity.
 *
 * spec: a key that does not fit its table cancels the transaction (as a reason, ValidationError);
 * an empty or too long key value and one item named twice are errors of the whole request. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "ops/usage.h"
#include "plan/plan.h"

/* Finds the tables of all members, then fills plan.key or refusal of each. For writes after
 * exec_begin_write. */
MUST_USE struct error *transaction_bind_writes(struct request *req,
                                               const struct transact_write_plan *plan);
MUST_USE struct error *transaction_bind_reads(struct request *req,
                                              const struct transact_read_plan *plan);

/* One usage a table, in the order in which the members name them; *usages has room for one a
 * member. Gives their number. */
size_t transaction_count_writes(struct arena *arena, const struct transact_write_plan *plan,
                                const struct transact_write_result *result, struct usage *usages);
size_t transaction_count_reads(struct arena *arena, const struct transact_read_plan *plan,
                               const struct read_result *results, struct usage *usages);
