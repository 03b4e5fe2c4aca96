/* ops/key_set.c - a small open-addressing set of keys. */
#include "ops/key_set.h"

#include "base/arena.h"

struct member {
    struct span key; /* absent: free */
    uint32_t space;
};

struct key_set {
    size_t mask; /* capacity - 1; at least twice the keys it is made for */
    struct member *members;
};

struct key_set *key_set_open(struct arena *arena, size_t keys_max)
{
    struct key_set *set = NEW(arena, struct key_set, 1);
    size_t capacity = 4;

    while (capacity < 2 * keys_max)
        capacity *= 2;
    set->mask = capacity - 1;
    set->members = NEW(arena, struct member, capacity);
    return set;
}

bool key_set_add(struct key_set *set, uint32_t space, struct span key)
{
    size_t at = (size_t)(span_hash(key) + space) & set->mask;

    while (set->members[at].key.data) {
        if (set->members[at].space == space && span_equal(set->members[at].key, key))
            return false;
        at = (at + 1) & set->mask;
    }
    set->members[at] = (struct member){ key, space };
    return true;
}
