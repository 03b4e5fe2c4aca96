/* api/mismatch.h - JSON of the wrong kind for a shape, in the words of the service's parser. */
#pragma once

#include "api/schema.h"
#include "base/error.h"
#include "base/json.h"

struct arena;

enum position {
    POSITION_MEMBER, /* of a structure */
    POSITION_ELEMENT /* of a list, or a value of a map */
};

/* NULL when json is of the kind that the shape wants; null is not asked about.
 * Errors: ERR_SERIALIZATION. */
MUST_USE struct error *mismatch_find(struct arena *arena, const struct shape *shape,
                                     enum position position, yyjson_val *json);
