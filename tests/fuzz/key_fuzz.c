/* tests/fuzz/key_fuzz.c - three binaries out of the input as keys: order, beginnings, ranges.
 *
 * The first two bytes are the lengths of the first two parts. */
#include "base/arena.h"
#include "item/key.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 16 << 20 };

static const struct key_schema schema = {
    .hash_count = 1,
    .range_count = 1,
    .parts = { { { "p", 1 }, VALUE_B }, { { "s", 1 }, VALUE_B } },
};

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static struct value take(struct span *rest, size_t size)
{
    struct value value = { .type = VALUE_B };

    size = size < rest->size ? size : rest->size;
    value.text = (struct span){ rest->data, size };
    *rest = (struct span){ rest->data + size, rest->size - size };
    return value;
}

static bool is_inside(struct span key, struct span_range range)
{
    return span_compare(key, range.low) >= 0 &&
           (range.high.data == NULL || span_compare(key, range.high) < 0);
}

static void compare(struct arena *arena, struct span prefix, const struct value *a,
                    const struct value *b)
{
    struct span x = key_append(arena, prefix, a), y = key_append(arena, prefix, b);
    struct span beginning = key_append_beginning(arena, prefix, a);
    struct span_range range = { beginning, key_after(arena, beginning) };
    bool begins = span_starts_with(b->text, a->text);

    assert(sign(span_compare(x, y)) == sign(span_compare(a->text, b->text)));
    assert(span_equal(x, y) || !span_starts_with(x, y));
    assert(is_inside(x, range));
    assert(is_inside(y, range) == begins);
    assert(is_inside(key_append(arena, y, a), range) == begins);
    assert(is_inside(y, (struct span_range){ prefix, key_after(arena, prefix) }));
}

/* The key of an item is its prefix and its sort part, or an error with a text. */
static void make(struct arena *arena, const struct value *hash, const struct value *range)
{
    struct attribute attributes[] = { { schema.parts[0].name, *hash },
                                      { schema.parts[1].name, *range } };
    struct item item = { .count = 2, .attributes = attributes };
    struct span key, same, prefix = key_prefix(arena, &schema, hash);
    struct error *error = key_from_key(arena, &schema, &item, &key);

    assert((key_from_item(arena, &schema, &item, &same) == NULL) == (error == NULL));
    if (error) {
        assert(error->message.size > 0);
        return;
    }
    assert(span_equal(key, same));
    assert(span_equal(key, key_append(arena, prefix, range)));
    assert(key_digest(key) == key_digest(prefix));
    key_from_index(arena, &schema, &item, key, &same);
    assert(span_starts_with(same, key));
    assert(same.size == 2 * key.size - KEY_DIGEST_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;
    struct span rest;
    struct value hash, a, b;

    if (size < 2)
        return 0;
    rest = (struct span){ (const char *)data + 2, size - 2 };
    arena = arena_open(ARENA_BYTES_MAX);
    hash = take(&rest, data[0]);
    a = take(&rest, data[1]);
    b = take(&rest, rest.size);
    compare(arena, key_prefix(arena, &schema, &hash), &a, &b);
    compare(arena, key_prefix(arena, &schema, &hash), &b, &a);
    make(arena, &hash, &a);
    make(arena, &hash, &b);
    arena_close(arena);
    return 0;
}
