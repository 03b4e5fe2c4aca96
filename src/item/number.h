/* item/number.h - DynamoDB numbers: 38 significant digits, 1E-130 to 9.99...E+125, exact.
 *
 * Text in, canonical text out. Pure; results live in the arena.
 * Errors: ERR_VALIDATION in the service's words. Arithmetic is libmpdec's. */
#pragma once

#include "base/error.h"
#include "base/span.h"
#include "item/wording.h"

struct arena;
struct buffer;

enum { NUMBER_DIGITS_MAX = 38, NUMBER_KEY_BYTES_MAX = 24 };

/* Any accepted spelling (" 1" and "1e" are not) to canonical plain decimal. The result may point
 * into text when that is canonical already. */
MUST_USE struct error *number_canonical(struct arena *arena, enum wording wording, struct span text,
                                        struct span *canonical);

/* Both canonical. */
int number_compare(struct span a, struct span b);
MUST_USE struct error *number_add(struct arena *arena, struct span a, struct span b,
                                  struct span *sum);
MUST_USE struct error *number_subtract(struct arena *arena, struct span a, struct span b,
                                       struct span *difference);

/* 1 + half of the integer digits + half of the fraction digits, each rounded up, + 1 if negative.
 * spec: sizes measured on the service; 1 -> 2, -42 -> 3, 123456 -> 4, 1E125 -> 2, 0 -> 1 */
size_t number_bytes(struct span canonical);

/* Self-delimiting bytes whose memcmp order is the order of the numbers; appended to out. */
void number_encode(struct span canonical, struct buffer *out);
