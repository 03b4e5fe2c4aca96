/* item/base64.h - binary values from the text that they travel as.
 *
 * Pure; the bytes live in the arena. Errors: ERR_SERIALIZATION in the service's words. */
#pragma once

#include "base/error.h"
#include "base/span.h"

struct arena;

/* Only what an encoder would write: padded, no other characters, no bits left over. */
MUST_USE struct error *base64_decode(struct arena *arena, struct span text, struct span *bytes);
