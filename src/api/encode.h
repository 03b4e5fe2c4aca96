/* api/encode.h - the structures of shapes.h as the service's JSON. */
#pragma once

#include "api/schema.h"

struct buffer;

/* Writes the members that are present, in the model's order. An item with json is written from that
 * alone. Timestamps are seconds since 1970 with a fraction. */
void encode_output(const struct shape *shape, const void *place, struct buffer *out);
