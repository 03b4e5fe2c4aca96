/* item/json.h - attribute values from and to DynamoDB JSON.
 *
 * decode reads what a client sent: it trusts nothing, refuses what does not fit the model with
 * ERR_SERIALIZATION in the service's words, and leaves the rules of item/check.h to be checked.
 * parse reads what the store holds: canonical text that this module wrote.
 * Spans point into the document or the arena. Of an attribute named twice the last one counts. */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "item/value.h"

struct arena;
struct buffer;

MUST_USE struct error *value_decode(struct arena *arena, yyjson_val *json, struct value *value);
MUST_USE struct error *item_decode(struct arena *arena, yyjson_val *json, struct item *item);

/* json must be text that item_write wrote: anything else is a damaged store and asserts. item->json
 * is set to it; who changes attributes afterwards must make it absent. */
void item_parse(struct arena *arena, struct span json, struct item *item);

/* Canonical text; item->json is used when present. */
void value_write(const struct value *value, struct buffer *out);
void item_write(const struct item *item, struct buffer *out);
