/* base/clock.h - the only clock: wall time that a test can stop and move, and a steady one.
 *
 * A struct clock belongs to one engine and may be read from any thread; setting it is atomic too.
 * TTL, table states, tokens, throttle buckets and time stamps all read the same clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct clock {
    _Atomic int64_t shift_ms;  /* added to the machine's time */
    _Atomic int64_t frozen_ms; /* the time shown while stopped; 0 while running */
};

void clock_init(struct clock *clock);

/* Milliseconds since 1970, as the engine sees them. */
int64_t clock_now_ms(const struct clock *clock);

void clock_advance_ms(struct clock *clock, int64_t ms);
void clock_freeze(struct clock *clock);
void clock_resume(struct clock *clock); /* goes on from where it stood */

/* The machine's own clocks, which no test moves: for log lines, time-outs and durations. */
int64_t clock_machine_ms(void);
int64_t clock_steady_us(void);

void clock_sleep_ms(int64_t ms);
