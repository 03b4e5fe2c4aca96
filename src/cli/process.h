/* cli/process.h - runs the command under test in a process group of its own.
 *
 * Signals that this process gets go to the whole group. Where standard input is the terminal, the
 * group has it while it runs, so that a watch mode works and Ctrl-C and Ctrl-Z reach it. */
#pragma once

#include "base/error.h"
#include "base/span.h"

struct arena;
struct environment;

enum { EXIT_CANNOT_START = 126, EXIT_NO_COMMAND = 127, EXIT_SIGNAL = 128 };

/* arguments ends in NULL. Waits for the end; *status is what the shell would show: the exit status,
 * or 128 + the signal. When the command can't be started that is an error, and *status is 127 or
 * 126. A second signal while it runs kills the group. */
MUST_USE struct error *process_run(struct arena *arena, char **arguments,
                                   const struct environment *environment, int *status);
