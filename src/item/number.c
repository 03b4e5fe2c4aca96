/* item/number.c - reading, spelling, comparing, measuring and adding numbers of 38 digits.
 *
 * A decimal is kept as its significant digits, without zeros at either end, and the exponent of the
 * first of them: 1200 is 12 and 3. Zero has no digits. */
#include "item/number.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <assert.h>
#include <inttypes.h>
#include <mpdecimal.h>
#include <string.h>

enum {
    EXPONENT_MAX = 125,
    EXPONENT_MIN = -130,
    SPELLING_BYTES_MAX = 1 + 2 - EXPONENT_MIN + NUMBER_DIGITS_MAX,
    SUM_DIGITS_MAX = 320,               /* 1E125 + 1E-167 has 293 */
    MACHINE_DIGITS_MAX = 18,            /* integers whose sum fits in 64 bits */
    EXPONENT_CLAMP = 1000 * 1000 * 1000 /* times ten still fits; see read_exponent */
};

struct decimal {
    bool is_negative;
    size_t digit_count; /* of the number; digits holds the first NUMBER_DIGITS_MAX */
    int64_t exponent;
    int64_t java_scale;    /* what java.math.BigDecimal would keep: the older validator's limits */
    size_t java_precision; /* show through, see check_range */
    char digits[NUMBER_DIGITS_MAX];
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Is text a canonical number of at most 38 characters? Then it needs no other look: that few
 * characters can't pass any limit. */
static bool is_short_canonical(struct span text)
{
    size_t at = text.size > 0 && text.data[0] == '-';
    size_t integer_at = at;

    if (text.size > NUMBER_DIGITS_MAX)
        return false;
    while (at < text.size && is_digit(text.data[at]))
        at++;
    if (at == integer_at || (at > integer_at + 1 && text.data[integer_at] == '0'))
        return false;
    if (at == text.size)
        return text.data[integer_at] != '0' || integer_at == 0;
    if (text.data[at] != '.')
        return false;
    integer_at = ++at;
    while (at < text.size && is_digit(text.data[at]))
        at++;
    return at == text.size && at > integer_at && text.data[at - 1] != '0';
}

/* [+-]digits to the end of text, clamped far outside what is legal. */
static bool read_exponent(struct span text, size_t at, int64_t *exponent)
{
    bool is_negative = at < text.size && text.data[at] == '-';
    int64_t number = 0;

    if (at < text.size && (text.data[at] == '-' || text.data[at] == '+'))
        at++;
    if (at == text.size)
        return false;
    for (; at < text.size; at++) {
        if (!is_digit(text.data[at]))
            return false;
        if (number <= EXPONENT_CLAMP)
            number = number * 10 + (text.data[at] - '0');
    }
    *exponent = is_negative ? -number : number;
    return true;
}

/* The digits before the exponent, from *at on. false when there is none. */
static bool read_digits(struct span text, size_t *at, struct decimal *decimal)
{
    size_t seen = 0, integer_digits = 0, first = 0, last = 0;
    bool has_point = false;

    for (; *at < text.size; ++*at) {
        char c = text.data[*at];

        if (c == '.' && !has_point) {
            has_point = true;
            integer_digits = seen;
            continue;
        }
        if (!is_digit(c))
            break;
        if (c != '0' && decimal->digit_count == 0) {
            first = seen;
            decimal->digit_count = 1;
        }
        if (c != '0')
            last = seen;
        if (decimal->digit_count > 0 && seen - first < NUMBER_DIGITS_MAX)
            decimal->digits[seen - first] = c;
        seen++;
    }
    if (!has_point)
        integer_digits = seen;
    decimal->java_scale = (int64_t)(seen - integer_digits);
    if (decimal->digit_count > 0) {
        decimal->digit_count = last - first + 1;
        decimal->exponent = (int64_t)integer_digits - 1 - (int64_t)first;
        decimal->java_precision = seen - first;
    }
    return seen > 0;
}

static bool read_decimal(struct span text, struct decimal *decimal)
{
    size_t at = 0;
    int64_t exponent = 0;

    decimal->is_negative = text.size > 0 && text.data[0] == '-';
    decimal->digit_count = 0;
    decimal->exponent = 0;
    decimal->java_precision = 1;
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        at++;
    if (!read_digits(text, &at, decimal))
        return false;
    if (at < text.size) {
        if (text.data[at] != 'e' && text.data[at] != 'E')
            return false;
        if (!read_exponent(text, at + 1, &exponent))
            return false;
    }
    decimal->exponent += exponent;
    decimal->java_scale -= exponent;
    return true;
}

static struct error *fail_not_a_number(struct arena *arena, enum wording wording, struct span text)
{
    struct span start = SPAN("The parameter cannot be converted to a numeric value: ");
    char *message;

    if (text.size == 0 && wording == WORDING_OLDER)
        return fail_with(arena, ERR_VALIDATION,
                         SPAN("The parameter cannot be converted to a numeric value"));
    message = arena_alloc_raw(arena, start.size + text.size + 1);
    memcpy(message, start.data, start.size);
    if (text.size > 0)
        memcpy(message + start.size, text.data, text.size);
    message[start.size + text.size] = '\0';
    return fail_with(arena, ERR_VALIDATION, (struct span){ message, start.size + text.size });
}

static struct error *fail_overflow(struct arena *arena)
{
    return fail_with(arena, ERR_VALIDATION,
                     SPAN("Number overflow. Attempting to store a number with magnitude larger "
                          "than supported range"));
}

static struct error *fail_underflow(struct arena *arena)
{
    return fail_with(arena, ERR_VALIDATION,
                     SPAN("Number underflow. Attempting to store a number with magnitude smaller "
                          "than supported range"));
}

static struct error *check_range(struct arena *arena, enum wording wording, struct span text,
                                 const struct decimal *decimal)
{
    if (wording == WORDING_OLDER) {
        /* The older validator computes in 32 bits: a scale that doesn't fit is no number, and a
         * magnitude that doesn't fit wraps round. spec: 1e2147483647 is an underflow there */
        if (decimal->java_scale > INT32_MAX || decimal->java_scale < INT32_MIN)
            return fail_not_a_number(arena, wording, text);
        if (decimal->digit_count > 0 &&
            (int64_t)decimal->java_precision - decimal->java_scale > INT32_MAX)
            return fail_underflow(arena);
    }
    if (decimal->digit_count == 0)
        return NULL;
    if (decimal->exponent > EXPONENT_MAX)
        return fail_overflow(arena);
    if (decimal->exponent < EXPONENT_MIN)
        return fail_underflow(arena);
    if (decimal->digit_count > NUMBER_DIGITS_MAX)
        return fail_with(arena, ERR_VALIDATION,
                         SPAN("Attempting to store more than 38 significant digits in a Number"));
    return NULL;
}

/* Plain decimal into text, which holds SPELLING_BYTES_MAX. */
static size_t spell(const struct decimal *decimal, char *text)
{
    size_t count = decimal->digit_count;
    size_t size = 0;

    if (count == 0) {
        text[0] = '0';
        return 1;
    }
    if (decimal->is_negative)
        text[size++] = '-';
    if (decimal->exponent < 0) {
        size_t zeros = (size_t)(-decimal->exponent - 1);

        text[size++] = '0';
        text[size++] = '.';
        memset(text + size, '0', zeros);
        memcpy(text + size + zeros, decimal->digits, count);
        return size + zeros + count;
    }
    size_t integer_digits = (size_t)decimal->exponent + 1;
    size_t given = count < integer_digits ? count : integer_digits;

    memcpy(text + size, decimal->digits, given);
    memset(text + size + given, '0', integer_digits - given);
    size += integer_digits;
    if (count > integer_digits) {
        text[size++] = '.';
        memcpy(text + size, decimal->digits + integer_digits, count - integer_digits);
        size += count - integer_digits;
    }
    return size;
}

struct error *number_canonical(struct arena *arena, enum wording wording, struct span text,
                               struct span *canonical)
{
    struct decimal decimal;
    char spelling[SPELLING_BYTES_MAX];
    size_t size;

    if (is_short_canonical(text)) {
        *canonical = text;
        return NULL;
    }
    if (!read_decimal(text, &decimal))
        return fail_not_a_number(arena, wording, text);
    TRY(check_range(arena, wording, text, &decimal));
    size = spell(&decimal, spelling);
    assert(size <= sizeof(spelling));
    if (size == text.size && memcmp(spelling, text.data, size) == 0)
        *canonical = text;
    else
        *canonical = arena_copy(arena, (struct span){ spelling, size });
    return NULL;
}

static size_t integer_digits_of(struct span magnitude)
{
    const char *point = memchr(magnitude.data, '.', magnitude.size);

    return point ? (size_t)(point - magnitude.data) : magnitude.size;
}

int number_compare(struct span a, struct span b)
{
    bool is_negative = a.data[0] == '-';
    size_t a_digits, b_digits;
    int order;

    if (is_negative != (b.data[0] == '-'))
        return is_negative ? -1 : 1;
    if (is_negative) {
        a = (struct span){ a.data + 1, a.size - 1 };
        b = (struct span){ b.data + 1, b.size - 1 };
    }
    a_digits = integer_digits_of(a);
    b_digits = integer_digits_of(b);
    order =
        a_digits != b_digits ? (a_digits > b_digits) - (a_digits < b_digits) : span_compare(a, b);
    return is_negative ? -order : order;
}

/* An integer of few digits, the usual counter. */
static bool to_machine_integer(struct span canonical, int64_t *number)
{
    bool is_negative = canonical.data[0] == '-';
    int64_t magnitude = 0;

    if (canonical.size > MACHINE_DIGITS_MAX)
        return false;
    for (size_t i = is_negative; i < canonical.size; i++) {
        if (!is_digit(canonical.data[i]))
            return false;
        magnitude = magnitude * 10 + (canonical.data[i] - '0');
    }
    *number = is_negative ? -magnitude : magnitude;
    return true;
}

/* libmpdec's number with room for every sum, so that it never allocates. */
struct mpd_room {
    mpd_uint_t words[SUM_DIGITS_MAX / MPD_RDIGITS + 4];
    mpd_t number;
};

static void mpd_from(struct mpd_room *room, struct span canonical, const mpd_context_t *context)
{
    char text[SPELLING_BYTES_MAX + 1];
    uint32_t status = 0;

    assert(canonical.size < sizeof(text));
    memcpy(text, canonical.data, canonical.size);
    text[canonical.size] = '\0';
    room->number = (mpd_t){ .flags = MPD_STATIC | MPD_STATIC_DATA,
                            .alloc = COUNT(room->words),
                            .data = room->words };
    mpd_qset_string(&room->number, text, context, &status);
    assert(status == 0);
}

/* a + b, or a - b, exactly; then the limits as for a number that was sent. */
static struct error *compute(struct arena *arena, struct span a, struct span b, bool is_difference,
                             struct span *result)
{
    struct mpd_room left, right, sum;
    mpd_context_t context;
    uint32_t status = 0;
    struct span text;
    char *scientific;

    mpd_maxcontext(&context);
    mpd_qsetprec(&context, SUM_DIGITS_MAX);
    mpd_from(&left, a, &context);
    mpd_from(&right, b, &context);
    mpd_from(&sum, SPAN("0"), &context);
    if (is_difference)
        mpd_qsub(&sum.number, &left.number, &right.number, &context, &status);
    else
        mpd_qadd(&sum.number, &left.number, &right.number, &context, &status);
    assert((status & (MPD_Errors | MPD_Inexact)) == 0);
    scientific = mpd_to_sci(&sum.number, 0);
    assert(scientific);
    text = arena_copy(arena, span_from(scientific));
    mpd_free(scientific);
    return number_canonical(arena, WORDING_NEWER, text, result);
}

struct error *number_add(struct arena *arena, struct span a, struct span b, struct span *sum)
{
    int64_t left, right;

    if (!to_machine_integer(a, &left) || !to_machine_integer(b, &right))
        return compute(arena, a, b, false, sum);
    *sum = arena_print(arena, "%" PRId64, left + right);
    return NULL;
}

struct error *number_subtract(struct arena *arena, struct span a, struct span b,
                              struct span *difference)
{
    int64_t left, right;

    if (!to_machine_integer(a, &left) || !to_machine_integer(b, &right))
        return compute(arena, a, b, true, difference);
    *difference = arena_print(arena, "%" PRId64, left - right);
    return NULL;
}

size_t number_bytes(struct span canonical)
{
    bool is_negative = canonical.data[0] == '-';
    struct span magnitude = { canonical.data + is_negative, canonical.size - is_negative };
    size_t integer_digits = integer_digits_of(magnitude);
    size_t fraction_digits = magnitude.size - integer_digits;

    if (fraction_digits > 0)
        fraction_digits--; /* the point */
    else
        while (integer_digits > 0 && magnitude.data[integer_digits - 1] == '0')
            integer_digits--;
    if (fraction_digits > 0 && magnitude.data[0] == '0') {
        integer_digits = 0;
        while (magnitude.data[magnitude.size - fraction_digits] == '0')
            fraction_digits--;
    }
    return 1 + (integer_digits + 1) / 2 + (fraction_digits + 1) / 2 + is_negative;
}

/* Zero is one byte. Any other number is: its sign; the exponent of its first pair of digits to base
 * 100; the pairs, each doubled, plus 1 when another pair follows. A negative number has all behind
 * the sign inverted. */
void number_encode(struct span canonical, struct buffer *out)
{
    enum { NEGATIVE = 1, ZERO = 2, POSITIVE = 3 };
    struct decimal decimal;
    unsigned char bytes[NUMBER_KEY_BYTES_MAX];
    unsigned char flip;
    size_t size = 0, at = 0;
    bool is_number = read_decimal(canonical, &decimal);

    assert(is_number && decimal.digit_count <= NUMBER_DIGITS_MAX);
    assert(decimal.exponent >= EXPONENT_MIN && decimal.exponent <= EXPONENT_MAX);
    if (decimal.digit_count == 0) {
        buffer_append_char(out, ZERO);
        return;
    }
    flip = decimal.is_negative ? 0xff : 0;
    bytes[size++] = decimal.is_negative ? NEGATIVE : POSITIVE;
    bytes[size++] = flip ^ (unsigned char)((decimal.exponent - EXPONENT_MIN) / 2);
    while (at < decimal.digit_count) {
        /* The first pair has one digit when the exponent is even. */
        bool is_half = at == 0 && (decimal.exponent - EXPONENT_MIN) % 2 == 0;
        int tens = is_half ? 0 : decimal.digits[at++] - '0';
        int ones = at < decimal.digit_count ? decimal.digits[at++] - '0' : 0;

        bytes[size++] = flip ^ (unsigned char)((tens * 10 + ones) * 2 + (at < decimal.digit_count));
    }
    assert(size <= sizeof(bytes));
    buffer_append(out, bytes, size);
}
