/* cloud/policy/text.h - comparing names without case, and finding the name that was meant. */
#pragma once

#include "base/span.h"

struct arena;

/* Equal but for the case of ASCII letters. */
bool text_same(struct span a, struct span b);
char text_lower(char c);

/* Takes what stands before the next separator off text, separator included; all of it when there is
 * none. */
struct span text_cut(struct span *text, char separator);

struct text_guess {
    struct span name;  /* that was written */
    struct span found; /* the nearest so far; absent: none is near */
    size_t distance;
};

/* Offers a candidate: the one with the fewest letters to change is kept. */
void text_guess(struct text_guess *guess, struct span candidate);

/* ": did you mean X", or the other text when none is near. */
struct span text_advice(struct arena *arena, const struct text_guess *guess, const char *otherwise);
