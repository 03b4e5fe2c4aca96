/* api/double.c - Java's layout of the shortest decimal that gives the same double. */
#include "api/double.h"

#include "base/buffer.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 17, TEXT_MAX = 40 };

static const double plain_from = 1e-3;
static const double plain_below = 1e7;

/* Capacity units are halves of small integers: most of what is ever written. */
static bool write_halves(double number, struct buffer *out)
{
    double halves = number * 2;

    if (halves < 0 || halves >= 2 * plain_below || halves != (double)(int64_t)halves)
        return false;
    buffer_append_integer(out, (int64_t)halves / 2);
    buffer_append_span(out, (int64_t)halves % 2 ? SPAN(".5") : SPAN(".0"));
    return true;
}

/* "d.ddde+XX" with the fewest digits; number > 0. */
static void print_shortest(double number, char text[TEXT_MAX])
{
    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        snprintf(text, TEXT_MAX, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

static void write_plain(const char *digits, int count, int exponent, struct buffer *out)
{
    int place = 0;

    if (exponent < 0)
        buffer_append_char(out, '0');
    for (; exponent >= 0 && place <= exponent; place++)
        buffer_append_char(out, place < count ? digits[place] : '0');
    buffer_append_char(out, '.');
    for (int zeros = exponent + 1; zeros < 0; zeros++)
        buffer_append_char(out, '0');
    if (place >= count)
        buffer_append_char(out, '0');
    for (; place < count; place++)
        buffer_append_char(out, digits[place]);
}

static void write_scientific(const char *digits, int count, int exponent, struct buffer *out)
{
    buffer_append_char(out, digits[0]);
    buffer_append_char(out, '.');
    if (count > 1)
        buffer_append(out, digits + 1, (size_t)count - 1);
    else
        buffer_append_char(out, '0');
    buffer_append_char(out, 'E');
    buffer_append_integer(out, exponent);
}

void double_write(double number, struct buffer *out)
{
    char text[TEXT_MAX];
    char digits[TEXT_MAX];
    int count = 0;
    int exponent;

    assert(isfinite(number));
    if (write_halves(number, out))
        return;
    if (number < 0) {
        buffer_append_char(out, '-');
        number = -number;
    }
    print_shortest(number, text);
    for (const char *c = text; *c != 'e'; c++)
        if (*c != '.')
            digits[count++] = *c;
    exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    if (number >= plain_from && number < plain_below)
        write_plain(digits, count, exponent, out);
    else
        write_scientific(digits, count, exponent, out);
}
