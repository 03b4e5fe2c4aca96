/* base/span.h - text and bytes with their length, owned by somebody else.
 *
 * A span is borrowed: it never frees, and it lives as long as what it points into, mostly a
 * request's arena. It is not terminated by NUL. data == NULL means "absent", which is not the same
 * as an empty span: an absent parameter and an empty string are different things on the wire. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *data;
    size_t size;
};

/* Keys from low (inclusive; absent: the first) up to high (exclusive; absent: past the last), in
 * span_compare order. */
struct span_range {
    struct span low;
    struct span high;
};

/* A map of strings to strings in the order in which it was sent, as in ExpressionAttributeNames. */
struct string_pair {
    struct span key;
    struct span value;
};

struct string_map {
    size_t count;
    struct string_pair *entries;
};

struct string_list {
    size_t count;
    struct span *items;
};

/* A span over a string literal. */
#define SPAN(literal) ((struct span){ ("" literal), sizeof(literal) - 1 })

/* For printf: printf("%.*s", SPAN_PRINT(span)). */
#define SPAN_PRINT(span) (int)(span).size, (span).data ? (span).data : ""

struct span span_from(const char *text); /* text may be NULL, which gives an absent span */
bool span_equal(struct span a, struct span b);
bool span_is(struct span span, const char *text);
bool span_starts_with(struct span span, struct span prefix);

/* memcmp order, a shorter span before a longer one that it begins. */
int span_compare(struct span a, struct span b);

/* A 64-bit hash with well mixed high bits; part of the storage format, so it never changes. */
unsigned long long span_hash(struct span span);
