/* engine/stream_sweep.h - what time does to streams: shards are rolled, records trimmed, what is a
 * day past its end forgotten.
 *
 * One slice a call, from session_sweep, inside its transaction. Streams are looked over once a
 * minute of the engine's clock. */
#pragma once

#include "base/error.h"

#include <stdbool.h>

struct session;

MUST_USE struct error *stream_sweep(struct session *session, bool *is_more);
