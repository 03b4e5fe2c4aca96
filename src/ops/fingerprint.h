/* ops/fingerprint.h - bytes that are equal for requests that ask for the same, however a client
 * happens to order their maps and sets: what an idempotency token stands for.
 *
 * Every part is written with its length or its type, so that two requests never run into one.
 * Values must have been checked. */
#pragma once

#include "item/value.h"

struct arena;
struct buffer;

void fingerprint_add_number(struct buffer *out, uint64_t number);
void fingerprint_add_text(struct buffer *out, struct span text); /* may be absent */

/* NULL: absent. arena is for sorting. */
void fingerprint_add_names(struct arena *arena, struct buffer *out, const struct string_map *names);
void fingerprint_add_item(struct arena *arena, struct buffer *out, const struct item *item);
void fingerprint_add_value(struct arena *arena, struct buffer *out, const struct value *value);
