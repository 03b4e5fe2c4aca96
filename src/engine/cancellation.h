/* engine/cancellation.h - TransactionCanceledException out of what each member was refused with. */
#pragma once

#include "base/error.h"

struct arena;

/* Whether a member's error cancels its transaction; any other fails the request by itself. */
bool cancellation_has_reason(const struct error *error);

/* One refusal a member, NULL for those that were not refused; NULL when that's all of them. */
MUST_USE struct error *cancellation_make(struct arena *arena, struct error *const *refusals,
                                         size_t count);
