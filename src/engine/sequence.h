/* engine/sequence.h - sequence numbers of stream records: they grow across all streams of a file,
 * across restarts and across sessions, because only one transaction writes at a time.
 *
 * Errors are the store's. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct session;

/* Hands out a number; inside the session's writing transaction. */
MUST_USE struct error *sequence_take(struct session *session, int64_t *number);

/* The number that will be handed out next. */
MUST_USE struct error *sequence_peek(struct session *session, int64_t *number);

/* Before the transaction is committed; and when it has ended either way. */
MUST_USE struct error *sequence_store(struct session *session);
void sequence_forget(struct session *session);

/* As clients see it: 21 digits, so that comparing the texts compares the numbers. */
struct span sequence_text(struct arena *arena, int64_t number);

/* false unless text is a decimal number. One that sequence_text would not have written becomes 0 or
 * INT64_MAX: before or behind all others. */
MUST_USE bool sequence_read(struct span text, int64_t *number);
