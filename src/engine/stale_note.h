/* engine/stale_note.h - a read that missed a write is noted, with what it would take to mend it.
 * Only engine/ includes this. */
#pragma once

#include "base/error.h"

struct arena;
struct item;
struct read_plan;
struct reader;
struct request;
struct shown;

/* Of one entry that the read came to, hidden ones too. Nothing is noted where the answer is the
 * same either way: the filter drops both states, or the projection leaves out what changed. */
MUST_USE struct error *stale_note(struct request *req, const struct read_plan *plan,
                                  const struct reader *reader, const struct shown *shown);

/* The keys of the table, and of the index that is read, out of one of its entries. */
const struct item *read_key_of(struct arena *arena, const struct read_plan *plan,
                               struct span entry_json);
