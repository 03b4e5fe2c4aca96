/* cli/say.c - the lines that a command writes on stderr. */
#include "cli/say.h"

#include "base/clock.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>

enum { LINE_BYTES_MAX = 16 << 10 };

/* One write a line, so that lines of several processes do not mix. */
static void put_line(const char *format, va_list arguments, const char *behind)
{
    char text[LINE_BYTES_MAX];
    char line[LINE_BYTES_MAX + 256];

    vsnprintf(text, sizeof(text), format, arguments);
    snprintf(line, sizeof(line), "stator: %s%s\n", text, behind);
    fputs(line, stderr);
}

void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    put_line(format, arguments, "");
    va_end(arguments);
}

void say_step(int64_t started_us, const char *format, ...)
{
    double us = (double)(clock_steady_us() - started_us);
    char duration[64];
    va_list arguments;

    if (us < 1e6)
        snprintf(duration, sizeof(duration), " (%.0f ms)", us / 1e3);
    else
        snprintf(duration, sizeof(duration), " (%.1f s)", us / 1e6);
    va_start(arguments, format);
    put_line(format, arguments, duration);
    va_end(arguments);
}

int say_error(const struct error *error)
{
    say("%.*s", SPAN_PRINT(error->message));
    return EXIT_FAILED;
}

int say_usage(const char *command, const char *format, ...)
{
    char behind[64];
    va_list arguments;

    va_start(arguments, format);
    snprintf(behind, sizeof(behind), ": see stator %s --help", command);
    put_line(format, arguments, behind);
    va_end(arguments);
    return EXIT_USAGE;
}

int say_bad_option(const char *command, int result, char **argv)
{
    const char *option = argv[optind - 1];

    if (result == ':')
        return say_usage(command, "%s needs a value", option);
    if (optopt > 0 && optopt < 128 && option[1] != '-')
        return say_usage(command, "unknown option -%c", optopt);
    return say_usage(command, "unknown option %s", option);
}
