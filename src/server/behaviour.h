/* server/behaviour.h - what of the engine's behaviour can be seen and changed while it runs, as
 * JSON: transaction_hold_ms, lag, index_lag, tables. */
#pragma once

#include "base/span.h"

struct arena;
struct buffer;
struct engine;

void behaviour_write(struct engine *engine, struct buffer *out);

/* Members that are missing stay as they are; "tables" is replaced whole. NULL, or what is wrong
 * with it: then nothing has changed. */
const char *behaviour_change(struct engine *engine, struct arena *arena, struct span body);
