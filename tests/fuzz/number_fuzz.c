/* tests/fuzz/number_fuzz.c - two texts as numbers: spelling, order, key bytes, sum and difference.
 *
 * The input is split at its first comma. */
#include "base/arena.h"
#include "base/buffer.h"
#include "item/number.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { ARENA_BYTES_MAX = 64 << 20 };

static bool read_number(struct arena *arena, struct span text, struct span *number)
{
    struct span again, older;
    struct error *error = number_canonical(arena, WORDING_NEWER, text, number);

    if (error) {
        assert(number_canonical(arena, WORDING_OLDER, text, &older) != NULL);
        return false;
    }
    error = number_canonical(arena, WORDING_OLDER, text, &older);
    assert(error || span_equal(older, *number)); /* 0e9999999999 is no number there */
    error = number_canonical(arena, WORDING_OLDER, *number, &again);
    assert(error == NULL && span_equal(again, *number));
    assert(number_bytes(*number) >= 1 && number_bytes(*number) <= 22);
    return true;
}

static struct span encoded(struct arena *arena, struct span number)
{
    struct buffer buffer;
    struct span bytes;

    buffer_init(&buffer);
    number_encode(number, &buffer);
    bytes = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    assert(bytes.size <= NUMBER_KEY_BYTES_MAX);
    return bytes;
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void compare(struct arena *arena, struct span a, struct span b)
{
    int order = sign(number_compare(a, b));
    struct span x = encoded(arena, a), y = encoded(arena, b);

    assert(order == -sign(number_compare(b, a)));
    assert(order == sign(span_compare(x, y)));
    assert((order == 0) == span_equal(a, b));
    assert(order == 0 || (!span_starts_with(x, y) && !span_starts_with(y, x)));
}

static void add(struct arena *arena, struct span a, struct span b)
{
    struct span sum, swapped, back, difference;
    struct error *error = number_add(arena, a, b, &sum);

    assert((number_add(arena, b, a, &swapped) == NULL) == (error == NULL));
    if (error)
        return;
    assert(span_equal(sum, swapped));
    assert(sign(number_compare(sum, a)) == sign(number_compare(b, SPAN("0"))));
    error = number_subtract(arena, sum, b, &back);
    assert(error == NULL && span_equal(back, a));
    if (number_subtract(arena, a, b, &difference) == NULL)
        assert(sign(number_compare(difference, SPAN("0"))) == sign(number_compare(a, b)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    struct span text = arena_copy(arena, (struct span){ (const char *)data, size });
    const char *comma = memchr(text.data, ',', size);
    size_t first = comma ? (size_t)(comma - text.data) : size;
    size_t second = comma ? first + 1 : size;
    struct span a, b;

    if (read_number(arena, (struct span){ text.data, first }, &a) &&
        read_number(arena, (struct span){ text.data + second, size - second }, &b)) {
        compare(arena, a, b);
        add(arena, a, b);
    }
    arena_close(arena);
    return 0;
}
