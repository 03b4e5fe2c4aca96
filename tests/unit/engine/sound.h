/* tests/unit/engine/sound.h - is what the store holds one consistent whole?
 *
 * Looks into the store behind the doors' backs: keys and sizes fit their items, index entries and
 * items match both ways, collections add up, tallies are right, and no space is left behind. */
#pragma once

#include "../ops/caller.h"

/* Fails the test otherwise. Ends the caller's turn. */
void expect_sound(struct test *t, const struct caller *caller);

/* Every entry of every space as text: two stores of equal dumps hold the same. Ends the turn. */
struct span store_dump(struct test *t, const struct caller *caller, struct arena *arena);
