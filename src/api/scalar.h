/* api/scalar.h - the service's reading of single JSON values, and of maps with a key named twice.
 */
#pragma once

#include "base/json.h"
#include "base/span.h"

#include <stdint.h>

struct arena;

/* A JSON number; out of range it becomes the nearest that fits 32 or 64 bits. */
int64_t scalar_integer(yyjson_val *number, bool is_long);

/* true, false, yes, no, 1 or 0 in any case: what is accepted in a string where a boolean belongs.
 */
bool scalar_is_spelled_boolean(yyjson_val *string);
bool scalar_is_true(yyjson_val *boolean); /* a JSON boolean, or a string as above */

struct scalar_pair {
    struct span key;
    yyjson_val *value;
};

/* An object's members in the order sent; of a key named twice the last one. */
struct scalar_pair *scalar_last_pairs(struct arena *arena, yyjson_val *object, size_t *count);
