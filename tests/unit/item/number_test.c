/* tests/unit/item/number_test.c - 38-digit numbers: spelling, limits, order, sums, sizes. */
#include "../test.h"

#include "base/buffer.h"
#include "base/random.h"
#include "item/number.h"

static struct span canonical(struct test *t, const char *text)
{
    struct span result = { 0 };

    EXPECT_OK(number_canonical(t->arena, WORDING_NEWER, span_from(text), &result));
    return result;
}

static struct error *refusal(struct test *t, enum wording wording, const char *text)
{
    struct span result = { 0 };

    return number_canonical(t->arena, wording, span_from(text), &result);
}

static struct span encoded(struct test *t, struct span number)
{
    struct buffer buffer;
    struct span bytes;

    buffer_init(&buffer);
    number_encode(number, &buffer);
    bytes = arena_copy(t->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return bytes;
}

TEST(numbers_come_back_as_plain_decimals)
{
    static const char *const spellings[][2] = {
        { "0", "0" },
        { "-0", "0" },
        { "0.000", "0" },
        { "-0.0e5", "0" },
        { "0e999", "0" },
        { "1", "1" },
        { "+1", "1" },
        { "1.50", "1.5" },
        { "001", "1" },
        { "-001.100", "-1.1" },
        { "1.", "1" },
        { ".5", "0.5" },
        { "-.5", "-0.5" },
        { "1e3", "1000" },
        { "1E+3", "1000" },
        { "12.34e1", "123.4" },
        { "12.34e2", "1234" },
        { "12.34e3", "12340" },
        { "12.34e-1", "1.234" },
        { "12.34e-3", "0.01234" },
        { "1000e-3", "1" },
        { "100", "100" },
        { "0.1", "0.1" },
        { "00000000000000000000000000000000000000000000000000.1", "0.1" },
        { "12345678901234567890123456789012345678", "12345678901234567890123456789012345678" },
        { "-12345678901234567890.123456789012345678", "-12345678901234567890.123456789012345678" },
        { "123456789012345678901234567890123456780000",
          "123456789012345678901234567890123456780000" },
    };

    for (size_t i = 0; i < COUNT(spellings); i++) {
        struct span result = canonical(t, spellings[i][0]);

        EXPECT(span_is(result, spellings[i][1]), "%s becomes %.*s", spellings[i][0],
               SPAN_PRINT(result));
    }
}

TEST(exponents_are_expanded_to_all_their_digits)
{
    struct span large = canonical(t, "1E125");
    struct span small = canonical(t, "-1E-130");

    EXPECT(large.size == 126, "1E125 has %zu characters", large.size);
    EXPECT(large.data[0] == '1' && large.data[125] == '0', "1E125 is %.*s", SPAN_PRINT(large));
    EXPECT(small.size == 133, "-1E-130 has %zu characters", small.size);
    EXPECT(span_starts_with(small, SPAN("-0.00")) && small.data[132] == '1', "-1E-130 is %.*s",
           SPAN_PRINT(small));
    EXPECT(canonical(t, "9.9999999999999999999999999999999999999E+125").size == 126, "largest");
    EXPECT(canonical(t, "1.2345678901234567890123456789012345678E-130").size == 169, "longest");
}

TEST(a_canonical_number_is_not_copied)
{
    static const char *const texts[] = {
        "0", "7", "-42", "123456.789", "0.25", "-0.5", "1234567890123456789012345678901234567800"
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        EXPECT(canonical(t, texts[i]).data == texts[i], "%s is copied", texts[i]);
}

TEST(what_is_not_a_number_is_named)
{
    static const char *const texts[] = { "abc",   " 1",  "1 ",  "1e",    "1e+",  "e5",  "-",
                                         "+",     ".",   "-.",  "1.2.3", "0x10", "NaN", "Infinity",
                                         "1e1.5", "--1", "1_0", "\t1",   "1e5x" };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct span text = arena_print(
            t->arena, "The parameter cannot be converted to a numeric value: %s", texts[i]);

        EXPECT_ERROR(refusal(t, WORDING_NEWER, texts[i]), text.data);
        EXPECT_ERROR(refusal(t, WORDING_OLDER, texts[i]), text.data);
    }
}

TEST(an_empty_number_has_two_wordings)
{
    EXPECT_ERROR(refusal(t, WORDING_OLDER, ""),
                 "The parameter cannot be converted to a numeric value");
    EXPECT_ERROR(refusal(t, WORDING_NEWER, ""),
                 "The parameter cannot be converted to a numeric value: ");
}

#define TOO_MANY_DIGITS "Attempting to store more than 38 significant digits in a Number"
#define OVERFLOW \
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
#define UNDERFLOW \
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"

TEST(thirty_nine_significant_digits_are_too_many)
{
    static const char *const texts[] = { "123456789012345678901234567890123456789",
                                         "1.23456789012345678901234567890123456789",
                                         "-0.00123456789012345678901234567890123456789",
                                         "100000000000000000000000000000000000001" };

    for (size_t i = 0; i < COUNT(texts); i++)
        EXPECT_ERROR(refusal(t, WORDING_NEWER, texts[i]), TOO_MANY_DIGITS);
    canonical(t, "00012345678901234567890123456789012345678000");
}

TEST(magnitudes_outside_the_range_are_refused)
{
    static const char *const large[] = { "1E126", "-1E126", "10E125", "1e999999999999999999999" };
    static const char *const small[] = { "1E-131", "-1E-131", "9.9E-131", "0.1E-130",
                                         "1e-999999999999999999999" };

    for (size_t i = 0; i < COUNT(large); i++)
        EXPECT_ERROR(refusal(t, WORDING_NEWER, large[i]), OVERFLOW);
    for (size_t i = 0; i < COUNT(small); i++)
        EXPECT_ERROR(refusal(t, WORDING_NEWER, small[i]), UNDERFLOW);
    EXPECT_ERROR(refusal(t, WORDING_OLDER, "1E126"), OVERFLOW);
    EXPECT_ERROR(refusal(t, WORDING_OLDER, "1E-131"), UNDERFLOW);
}

TEST(the_older_validator_wraps_round_at_the_largest_exponent)
{
    EXPECT_ERROR(refusal(t, WORDING_NEWER, "1e2147483647"), OVERFLOW);
    EXPECT_ERROR(refusal(t, WORDING_OLDER, "1e2147483647"), UNDERFLOW);
    EXPECT_ERROR(refusal(t, WORDING_OLDER, "1e2147483646"), OVERFLOW);
    EXPECT_ERROR(refusal(t, WORDING_OLDER, "1e-2147483647"), UNDERFLOW);
    EXPECT_ERROR(refusal(t, WORDING_OLDER, "1e9999999999"),
                 "The parameter cannot be converted to a numeric value: 1e9999999999");
}

TEST(numbers_compare_by_value)
{
    static const char *const ascending[] = { "-9.9999999999999999999999999999999999999E125",
                                             "-1E125",
                                             "-100",
                                             "-99.5",
                                             "-99",
                                             "-10",
                                             "-9.75",
                                             "-9.5",
                                             "-1",
                                             "-0.5",
                                             "-0.05",
                                             "-1E-130",
                                             "0",
                                             "1E-130",
                                             "1.5E-130",
                                             "0.05",
                                             "0.5",
                                             "0.55",
                                             "1",
                                             "1.5",
                                             "1.55",
                                             "1.6",
                                             "2",
                                             "9",
                                             "10",
                                             "10.01",
                                             "11",
                                             "99",
                                             "100",
                                             "101",
                                             "1E38",
                                             "1E125" };

    for (size_t i = 0; i < COUNT(ascending); i++)
        for (size_t j = 0; j < COUNT(ascending); j++) {
            struct span a = canonical(t, ascending[i]);
            struct span b = canonical(t, ascending[j]);
            int order = number_compare(a, b);

            EXPECT((order < 0) == (i < j) && (order > 0) == (i > j), "%s and %s: %d", ascending[i],
                   ascending[j], order);
            order = span_compare(encoded(t, a), encoded(t, b));
            EXPECT((order < 0) == (i < j) && (order > 0) == (i > j), "encoded %s and %s: %d",
                   ascending[i], ascending[j], order);
        }
}

/* A random number, mostly one near others. */
static struct span random_number(struct test *t, struct random *random)
{
    char digits[40];
    size_t count = 1 + random_below(random, random_below(random, 3) ? 4 : 38);
    long exponent = random_below(random, 3) ? (long)random_below(random, 6) - 3
                                            : (long)random_below(random, 210) - 125;

    random_text(random, random_below(random, 2) ? "0123456789" : "019", digits, count);
    return canonical(t, arena_print(t->arena, "%s%.*sE%ld", random_below(random, 2) ? "-" : "",
                                    (int)count, digits, exponent)
                            .data);
}

TEST(encoded_numbers_sort_as_the_numbers_and_none_begins_another)
{
    struct random random;

    random_init(&random, 20);
    for (int i = 0; i < 50000; i++) {
        struct span a = random_number(t, &random), b = random_number(t, &random);
        struct span x = encoded(t, a), y = encoded(t, b);
        int order = number_compare(a, b), bytes_order = span_compare(x, y);

        EXPECT((order < 0) == (bytes_order < 0) && (order > 0) == (bytes_order > 0),
               "%.*s and %.*s: %d, %d", SPAN_PRINT(a), SPAN_PRINT(b), order, bytes_order);
        EXPECT(order == 0 || !span_starts_with(x, y), "%.*s begins %.*s", SPAN_PRINT(b),
               SPAN_PRINT(a));
        EXPECT((order == 0) == span_equal(a, b), "equal numbers are spelled alike");
        EXPECT(x.size <= NUMBER_KEY_BYTES_MAX, "%.*s takes %zu bytes", SPAN_PRINT(a), x.size);
    }
}

static void expect_sum(struct test *t, const char *a, const char *b, const char *sum)
{
    struct span x = canonical(t, a), y = canonical(t, b), z = canonical(t, sum);
    struct span result = { 0 };

    EXPECT_OK(number_add(t->arena, x, y, &result));
    EXPECT(span_equal(result, z), "%s + %s is %.*s", a, b, SPAN_PRINT(result));
    EXPECT_OK(number_subtract(t->arena, z, y, &result));
    EXPECT(span_equal(result, x), "%s - %s is %.*s", sum, b, SPAN_PRINT(result));
}

TEST(sums_and_differences_are_exact)
{
    expect_sum(t, "1", "2", "3");
    expect_sum(t, "-1", "1", "0");
    expect_sum(t, "0.1", "0.2", "0.3");
    expect_sum(t, "-0.5", "0.25", "-0.25");
    expect_sum(t, "999999999999999999", "1", "1000000000000000000");
    expect_sum(t, "-99999999999999999", "-99999999999999999", "-199999999999999998");
    expect_sum(t, "99999999999999999999999999999999999999", "1", "1E38");
    expect_sum(t, "12345678901234567890", "0.123456789012345678",
               "12345678901234567890.123456789012345678");
    expect_sum(t, "1E125", "8E125", "9E125");
    expect_sum(t, "1E-130", "1E-130", "2E-130");
    expect_sum(t, "1E-130", "0", "1E-130");
    expect_sum(t, "5e-130", "5e-130", "1e-129");
}

TEST(sums_that_do_not_fit_are_refused)
{
    struct span result = { 0 };

    EXPECT_ERROR(number_add(t->arena, canonical(t, "1E38"), SPAN("0.1"), &result), TOO_MANY_DIGITS);
    EXPECT_ERROR(number_add(t->arena, canonical(t, "1E125"), canonical(t, "1E-130"), &result),
                 TOO_MANY_DIGITS);
    EXPECT_ERROR(number_add(t->arena, canonical(t, "9E125"), canonical(t, "1E125"), &result),
                 OVERFLOW);
    EXPECT_ERROR(number_subtract(t->arena, canonical(t, "-9E125"), canonical(t, "9E125"), &result),
                 OVERFLOW);
    EXPECT_ERROR(
        number_subtract(t->arena, canonical(t, "1.1E-130"), canonical(t, "1E-130"), &result),
        UNDERFLOW);
}

TEST(sums_agree_with_machine_integers)
{
    struct random random;

    random_init(&random, 4);
    for (int i = 0; i < 5000; i++) {
        int64_t a = (int64_t)(random_next(&random) >> random_below(&random, 62)) / 4;
        int64_t b = (int64_t)(random_next(&random) >> random_below(&random, 62)) / 4 - a / 3;
        struct span sum, difference;

        EXPECT_OK(number_add(t->arena, arena_print(t->arena, "%lld", (long long)a),
                             arena_print(t->arena, "%lld", (long long)b), &sum));
        EXPECT_OK(number_subtract(t->arena, arena_print(t->arena, "%lld", (long long)a),
                                  arena_print(t->arena, "%lld", (long long)b), &difference));
        EXPECT(span_equal(sum, arena_print(t->arena, "%lld", (long long)(a + b))), "%lld + %lld",
               (long long)a, (long long)b);
        EXPECT(span_equal(difference, arena_print(t->arena, "%lld", (long long)(a - b))),
               "%lld - %lld", (long long)a, (long long)b);
    }
}

TEST(numbers_are_measured_as_the_service_measures_them)
{
    static const struct {
        const char *text;
        size_t bytes;
    } sizes[] = {
        { "0", 1 },      { "1", 2 },       { "42", 2 },
        { "-42", 3 },    { "123", 3 },     { "123456", 4 },
        { "1200", 2 },   { "3.14159", 5 }, { "1E125", 2 },
        { "-1E125", 3 }, { "0.5", 2 },     { "0.001", 2 },
        { "0.0012", 2 }, { "1.05", 3 },    { "100.5", 4 },
        { "1E-130", 2 }, { "-0.5", 3 },    { "12345678901234567890123456789012345678", 20 },
    };

    for (size_t i = 0; i < COUNT(sizes); i++) {
        size_t bytes = number_bytes(canonical(t, sizes[i].text));

        EXPECT(bytes == sizes[i].bytes, "%s has %zu bytes", sizes[i].text, bytes);
    }
}
