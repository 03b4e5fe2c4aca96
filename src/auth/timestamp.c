/* auth/timestamp.c - fixed-width dates, read digit by digit. */
#include "auth/timestamp.h"

#include "base/arena.h"

#include <string.h>
#include <time.h>

/* count digits as a number; -1 when one is none. */
static int digits(const char *text, size_t count)
{
    int number = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* Days from 1970 to a date of the Gregorian calendar; timegm would take the C library's lock. */
static int64_t days_to(int year, int month, int day)
{
    static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int64_t leap_year = month > 2 ? year : year - 1; /* the last whose 29 February has passed */

    return (int64_t)(year - 1970) * 365 + leap_year / 4 - leap_year / 100 + leap_year / 400 - 477 +
           days_before[month - 1] + day - 1;
}

static bool to_ms(const struct tm *when, int64_t *ms)
{
    static const int days_in[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = when->tm_year;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int64_t hours;

    if (year < 1970 || when->tm_mon < 1 || when->tm_mon > 12 || when->tm_mday < 1 ||
        when->tm_mday > days_in[when->tm_mon - 1] ||
        (when->tm_mon == 2 && when->tm_mday == 29 && !is_leap) || when->tm_hour < 0 ||
        when->tm_hour > 23 || when->tm_min < 0 || when->tm_min > 59 || when->tm_sec < 0 ||
        when->tm_sec > 59)
        return false;
    hours = days_to(year, when->tm_mon, when->tm_mday) * 24 + when->tm_hour;
    *ms = ((hours * 60 + when->tm_min) * 60 + when->tm_sec) * 1000;
    return true;
}

bool timestamp_parse(struct span text, int64_t *ms)
{
    const char *t = text.data;
    struct tm when = { 0 };

    if (text.size != TIMESTAMP_BYTES || t[8] != 'T' || t[15] != 'Z')
        return false;
    when.tm_year = digits(t, 4);
    when.tm_mon = digits(t + 4, 2);
    when.tm_mday = digits(t + 6, 2);
    when.tm_hour = digits(t + 9, 2);
    when.tm_min = digits(t + 11, 2);
    when.tm_sec = digits(t + 13, 2);
    return to_ms(&when, ms);
}

bool timestamp_parse_http(struct span text, int64_t *ms)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    enum { HTTP_DATE_BYTES = 29 };
    const char *t = text.data;
    struct tm when = { 0 };

    if (text.size != HTTP_DATE_BYTES || memcmp(t + 3, ", ", 2) != 0 || t[7] != ' ' ||
        t[11] != ' ' || t[16] != ' ' || t[19] != ':' || t[22] != ':' ||
        memcmp(t + 25, " GMT", 4) != 0)
        return false;
    for (int i = 0; i < 12; i++)
        if (memcmp(months + (size_t)(3 * i), t + 8, 3) == 0)
            when.tm_mon = i + 1;
    when.tm_mday = digits(t + 5, 2);
    when.tm_year = digits(t + 12, 4);
    when.tm_hour = digits(t + 17, 2);
    when.tm_min = digits(t + 20, 2);
    when.tm_sec = digits(t + 23, 2);
    return to_ms(&when, ms);
}

struct span timestamp_print(struct arena *arena, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    char *text = arena_alloc_raw(arena, TIMESTAMP_BYTES + 1);
    struct tm when;

    gmtime_r(&seconds, &when);
    strftime(text, TIMESTAMP_BYTES + 1, "%Y%m%dT%H%M%SZ", &when);
    return (struct span){ text, TIMESTAMP_BYTES };
}
