/* cli/interrupt.h - SIGINT, SIGTERM and SIGHUP as counts that a run looks at between its steps.
 *
 * A signal that was ignored when the program started stays ignored. One run a process. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

void interrupt_install(void);

/* How many came so far, and the number of the first; 0 when none came. */
int interrupt_count(void);
int interrupt_signal(void);

/* Counts one that somebody else received on our behalf. */
void interrupt_note(int signal_number);

/* From now on each signal is passed on to this process group; 0: to none. */
void interrupt_forward(pid_t group);

/* Makes interrupt_pause return false once more than count signals came. */
void interrupt_bear(int count);

/* Sleeps that long, or until a signal comes. false: no longer wanted. */
bool interrupt_pause(int64_t ms);
