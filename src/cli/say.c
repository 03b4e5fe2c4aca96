/* cli/say.c - the lines that a command writes on stderr. */
#include "cli/say.h"

#include "base/clock.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>

void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("stator: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void say_step(int64_t started_us, const char *format, ...)
{
    int64_t us = clock_steady_us() - started_us;
    va_list arguments;

    va_start(arguments, format);
    fputs("stator: ", stderr);
    vfprintf(stderr, format, arguments);
    if (us < 1000 * 1000)
        fprintf(stderr, " (%.0f ms)\n", (double)us / 1e3);
    else
        fprintf(stderr, " (%.1f s)\n", (double)us / 1e6);
    va_end(arguments);
}

int say_error(const struct error *error)
{
    say("%.*s", SPAN_PRINT(error->message));
    return EXIT_FAILED;
}

int say_usage(const char *command, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("stator: ", stderr);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, ": see stator %s --help\n", command);
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
