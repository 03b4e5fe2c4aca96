/* base/span.c - comparing and hashing borrowed bytes. */
#include "base/span.h"

#include <string.h>

struct span span_from(const char *text)
{
    return (struct span){ text, text ? strlen(text) : 0 };
}

bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool span_is(struct span span, const char *text)
{
    return span_equal(span, span_from(text));
}

bool span_starts_with(struct span span, struct span prefix)
{
    return span.size >= prefix.size &&
           (prefix.size == 0 || memcmp(span.data, prefix.data, prefix.size) == 0);
}

int span_compare(struct span a, struct span b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;

    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

unsigned long long span_hash(struct span span)
{
    /* FNV-1a over the bytes, then MurmurHash3's finaliser to spread the high bits. */
    unsigned long long hash = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < span.size; i++)
        hash = (hash ^ (unsigned char)span.data[i]) * 0x100000001b3ULL;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return hash ^ (hash >> 33);
}
