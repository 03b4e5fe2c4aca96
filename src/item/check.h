/* item/check.h - the rules every attribute value must obey, in the service's words.
 *
 * Exactly one type, numbers within range (made canonical in place), sets without duplicates and not
 * empty, NULL true, at most 32 levels. Texts are bare: the operation adds the envelope that its
 * validator uses ("1 validation error detected: ", "ExpressionAttributeValues contains ...").
 * Errors: ERR_VALIDATION. */
#pragma once

#include "base/error.h"
#include "item/value.h"
#include "item/wording.h"

struct arena;

enum {
    ITEM_LEVELS_MAX = 32, /* the attribute itself is level 1: 31 wrappings pass, 32 fail */
    ITEM_BYTES_MAX = 400 * 1024
};

MUST_USE struct error *value_check(struct arena *arena, enum wording wording, struct value *value);
MUST_USE struct error *item_check(struct arena *arena, enum wording wording, struct item *item);
