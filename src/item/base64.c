/* item/base64.c - decoding binary values. */
#include "item/base64.h"

#include "base/arena.h"

#include <stdint.h>

enum { DIGIT_FIRST = '+', DIGIT_LAST = 'z' };

static const signed char digit_values[DIGIT_LAST - DIGIT_FIRST + 1] = {
    62, -1, -1, -1, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1,
    -1, -1, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1, -1, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
};

/* Negative for anything that isn't a digit. */
static int digit_value(char c)
{
    unsigned at = (unsigned)(unsigned char)c - DIGIT_FIRST;

    return at < sizeof(digit_values) ? digit_values[at] : -1;
}

/* The length as the service counts it: in UTF-16 units. */
static size_t utf16_length(struct span text)
{
    size_t units = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        units += (c & 0xc0) != 0x80; /* begins a character */
        units += c >= 0xf0;          /* beyond the basic plane: two units */
    }
    return units;
}

static struct error *fail_base64(struct arena *arena, struct span text)
{
    size_t units = utf16_length(text);

    if (units % 4 != 0)
        return fail(arena, ERR_SERIALIZATION,
                    "Base64 encoded length is expected a multiple of 4 bytes but found: %zu",
                    units);
    return fail_with(arena, ERR_SERIALIZATION,
                     SPAN("Invalid last non-pad Base64 character dectected"));
}

/* count digits (2 or 3) of the last group; false when one is none or bits are left over. */
static bool decode_tail(const char *in, size_t count, char *out)
{
    int a = digit_value(in[0]);
    int b = digit_value(in[1]);
    int c = count == 3 ? digit_value(in[2]) : 0;

    if ((a | b | c) < 0 || (count == 2 ? (b & 15) != 0 : (c & 3) != 0))
        return false;
    out[0] = (char)(a << 2 | b >> 4);
    if (count == 3)
        out[1] = (char)((b & 15) << 4 | c >> 2);
    return true;
}

struct error *base64_decode(struct arena *arena, struct span text, struct span *bytes)
{
    size_t pads = 0, whole, i = 0, size = 0;
    char *out;

    *bytes = SPAN("");
    if (text.size == 0)
        return NULL;
    if (text.size % 4 != 0)
        return fail_base64(arena, text);
    while (pads < 2 && text.data[text.size - 1 - pads] == '=')
        pads++;
    whole = pads > 0 ? text.size - 4 : text.size;
    out = arena_alloc_raw(arena, text.size / 4 * 3);
    for (; i < whole; i += 4) {
        int a = digit_value(text.data[i]), b = digit_value(text.data[i + 1]);
        int c = digit_value(text.data[i + 2]), d = digit_value(text.data[i + 3]);

        if ((a | b | c | d) < 0)
            return fail_base64(arena, text);
        out[size++] = (char)(a << 2 | b >> 4);
        out[size++] = (char)((b & 15) << 4 | c >> 2);
        out[size++] = (char)((c & 3) << 6 | d);
    }
    if (pads > 0 && !decode_tail(text.data + whole, 4 - pads, out + size))
        return fail_base64(arena, text);
    *bytes = (struct span){ out, text.size / 4 * 3 - pads };
    return NULL;
}
