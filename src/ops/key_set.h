/* ops/key_set.h - has this key of this table been named before in the request? */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct key_set;

struct key_set *key_set_open(struct arena *arena, size_t keys_max);

/* false: it was there already. The bytes are kept by reference. */
bool key_set_add(struct key_set *set, uint32_t space, struct span key);
