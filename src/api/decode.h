/* api/decode.h - a request's JSON into the structures of shapes.h, in one pass over its members.
 *
 * Texts point into the JSON document; the rest lives in the arena. Unknown members are ignored,
 * null is absence, and of a member named twice the last one counts, as in the service. Errors:
 * ERR_SERIALIZATION, in the service's words, for JSON that does not fit the model. */
#pragma once

#include "api/schema.h"
#include "base/error.h"
#include "base/json.h"

struct arena;

/* place is zeroed memory of the shape's size. *is_doubtful becomes true when a constraint of the
 * model may be broken: validate then finds out which; otherwise none is. */
MUST_USE struct error *decode_input(struct arena *arena, const struct shape *shape,
                                    yyjson_val *json, void *place, bool *is_doubtful);
