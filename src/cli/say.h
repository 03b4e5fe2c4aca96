/* cli/say.h - the lines that a command writes on stderr, away from what it prints.
 *
 * An error is one line, "stator: what went wrong: what to do". A step of a run is one line too and
 * ends in the time it took. */
#pragma once

#include "base/compiler.h"
#include "base/error.h"

#include <stdint.h>

/* Exit statuses of every command. */
enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* "stator: <text>" */
void say(const char *format, ...) PRINTF_LIKE(1, 2);

/* "stator: <text> (12 ms)", the time since started_us of clock_steady_us. */
void say_step(int64_t started_us, const char *format, ...) PRINTF_LIKE(2, 3);

/* Says the error and returns EXIT_FAILED. */
int say_error(const struct error *error);

/* Says what is wrong with the command line and returns EXIT_USAGE. */
int say_usage(const char *command, const char *format, ...) PRINTF_LIKE(2, 3);

/* What getopt_long refused, at result '?' or ':'. */
int say_bad_option(const char *command, int result, char **argv);
