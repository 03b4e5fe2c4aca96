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

static bool to_ms(struct tm when, int64_t *ms)
{
    struct tm same = when;
    time_t seconds;

    if (when.tm_year < 0 || when.tm_mon < 0 || when.tm_mday < 1 || when.tm_hour < 0 ||
        when.tm_min < 0 || when.tm_sec < 0)
        return false;
    seconds = timegm(&same); /* brings what is past its range into it: then it was wrong */
    if (same.tm_mon != when.tm_mon || same.tm_mday != when.tm_mday ||
        same.tm_hour != when.tm_hour || same.tm_min != when.tm_min || same.tm_sec != when.tm_sec)
        return false;
    *ms = (int64_t)seconds * 1000;
    return true;
}

bool timestamp_parse(struct span text, int64_t *ms)
{
    const char *t = text.data;
    struct tm when = { 0 };

    if (text.size != TIMESTAMP_BYTES || t[8] != 'T' || t[15] != 'Z')
        return false;
    when.tm_year = digits(t, 4) - 1900;
    when.tm_mon = digits(t + 4, 2) - 1;
    when.tm_mday = digits(t + 6, 2);
    when.tm_hour = digits(t + 9, 2);
    when.tm_min = digits(t + 11, 2);
    when.tm_sec = digits(t + 13, 2);
    return to_ms(when, ms);
}

bool timestamp_parse_http(struct span text, int64_t *ms)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    enum { HTTP_DATE_BYTES = 29 };
    const char *t = text.data;
    struct tm when = { .tm_mon = -1 };

    if (text.size != HTTP_DATE_BYTES || memcmp(t + 3, ", ", 2) != 0 || t[7] != ' ' ||
        t[11] != ' ' || t[16] != ' ' || t[19] != ':' || t[22] != ':' ||
        memcmp(t + 25, " GMT", 4) != 0)
        return false;
    for (int i = 0; i < 12; i++)
        if (memcmp(months + (size_t)(3 * i), t + 8, 3) == 0)
            when.tm_mon = i;
    when.tm_mday = digits(t + 5, 2);
    when.tm_year = digits(t + 12, 4) - 1900;
    when.tm_hour = digits(t + 17, 2);
    when.tm_min = digits(t + 20, 2);
    when.tm_sec = digits(t + 23, 2);
    return to_ms(when, ms);
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
