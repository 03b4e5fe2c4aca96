/* base/moment.c - ISO 8601 in the forms of W3C's note on dates. */
#include "base/moment.h"

#include <stdint.h>

enum { DAY_SECONDS = 86400, HOUR_SECONDS = 3600, MINUTE_SECONDS = 60, NUMBER_DIGITS_MAX = 15 };

struct reading {
    struct span rest;
    bool is_wrong;
};

static bool take(struct reading *reading, char c)
{
    if (reading->rest.size == 0 || reading->rest.data[0] != c)
        return false;
    reading->rest.data++;
    reading->rest.size--;
    return true;
}

static bool is_digit(const struct reading *reading)
{
    return reading->rest.size > 0 && reading->rest.data[0] >= '0' && reading->rest.data[0] <= '9';
}

/* Exactly so many digits, between the limits. */
static int64_t number(struct reading *reading, int digits, int64_t low, int64_t high)
{
    int64_t value = 0;

    for (int i = 0; i < digits; i++) {
        if (!is_digit(reading)) {
            reading->is_wrong = true;
            return low;
        }
        value = value * 10 + (reading->rest.data[0] - '0');
        take(reading, reading->rest.data[0]);
    }
    if (value < low || value > high)
        reading->is_wrong = true;
    return value;
}

/* Days from 1970-01-01 in the Gregorian calendar; March begins the year of the sum. */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    int64_t era = y / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * m + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static double fraction(struct reading *reading)
{
    double value = 0;
    double scale = 0.1;

    if (!take(reading, '.'))
        return 0;
    if (!is_digit(reading))
        reading->is_wrong = true;
    for (; is_digit(reading); scale /= 10) {
        value += scale * (reading->rest.data[0] - '0');
        take(reading, reading->rest.data[0]);
    }
    return value;
}

static int64_t zone(struct reading *reading)
{
    int64_t sign = take(reading, '-') ? -1 : 1;
    int64_t offset;

    if (sign > 0 && !take(reading, '+')) {
        take(reading, 'Z');
        return 0;
    }
    offset = number(reading, 2, 0, 23) * HOUR_SECONDS;
    if (!take(reading, ':'))
        reading->is_wrong = true;
    return sign * (offset + number(reading, 2, 0, 59) * MINUTE_SECONDS);
}

static double time_of_day(struct reading *reading)
{
    double seconds = (double)(number(reading, 2, 0, 23) * HOUR_SECONDS);

    if (!take(reading, ':'))
        reading->is_wrong = true;
    seconds += (double)(number(reading, 2, 0, 59) * MINUTE_SECONDS);
    if (take(reading, ':'))
        seconds += (double)number(reading, 2, 0, 60) + fraction(reading);
    return seconds - (double)zone(reading);
}

static bool is_number(struct span text)
{
    size_t digits = 0;

    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    /* four digits are a year */
    return digits == text.size && digits > 0 && digits != 4 && digits <= NUMBER_DIGITS_MAX;
}

bool moment_read(struct span text, double *seconds)
{
    struct reading reading = { text, false };
    int64_t year;
    int64_t month = 1;
    int64_t day = 1;
    double time = 0;

    if (is_number(text)) {
        *seconds = (double)number(&reading, (int)text.size, 0, INT64_MAX);
        return true;
    }
    year = number(&reading, 4, 0, 9999);
    if (take(&reading, '-')) {
        month = number(&reading, 2, 1, 12);
        if (take(&reading, '-')) {
            day = number(&reading, 2, 1, 31);
            if (take(&reading, 'T'))
                time = time_of_day(&reading);
        }
    }
    *seconds = (double)days(year, month, day) * DAY_SECONDS + time;
    return !reading.is_wrong && reading.rest.size == 0;
}
