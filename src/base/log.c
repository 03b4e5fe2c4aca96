/* base/log.c - one write per line, so that lines of several threads do not mix. */
#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 2048 };

static enum log_level shown_level = LOG_WARNING;

void log_set_level(enum log_level level)
{
    shown_level = level;
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const names[] = { "error", "warning", "info", "debug" };
    char line[LINE_BYTES_MAX];
    int64_t now_ms = clock_machine_ms();
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc;
    va_list arguments;
    size_t used;
    int written;

    if (level > shown_level)
        return;
    gmtime_r(&seconds, &utc);
    used = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &utc);
    used += (size_t)snprintf(line + used, sizeof(line) - used, ".%03dZ %s ", (int)(now_ms % 1000),
                             names[level]);
    va_start(arguments, format);
    written = vsnprintf(line + used, sizeof(line) - used - 1, format, arguments);
    va_end(arguments);
    if (written < 0)
        return;
    used += (size_t)written < sizeof(line) - used - 1 ? (size_t)written : sizeof(line) - used - 2;
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0)
        return; /* nobody is listening */
}
