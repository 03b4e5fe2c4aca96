/* ops/java_set.h - a set of names as the service prints it: in the order of Java's hash tables.
 *
 * spec: observed "AttributeDefinitions: [sk, a, b, pk, c], keys used: [a, sk, pk]"; these are the
 * orders of tables of 8 and 16 places over String.hashCode. */
#pragma once

#include "base/span.h"

struct arena;

enum { JAVA_SET_PLACES = 16 }; /* of a set that grows from nothing */

/* "[a, b]", each name once. places: the least size of the table; it grows when three quarters are
 * taken. */
struct span java_set_print(struct arena *arena, const struct string_list *names, size_t places);
