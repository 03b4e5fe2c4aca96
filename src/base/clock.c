/* base/clock.c - the machine's time, shifted or stopped. */
#include "base/clock.h"

#include <errno.h>
#include <time.h>

int64_t clock_machine_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_steady_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_init(struct clock *clock)
{
    clock->shift_ms = 0;
    clock->frozen_ms = 0;
}

int64_t clock_now_ms(const struct clock *clock)
{
    int64_t frozen_ms = clock->frozen_ms;

    return frozen_ms ? frozen_ms : clock_machine_ms() + clock->shift_ms;
}

void clock_advance_ms(struct clock *clock, int64_t ms)
{
    if (clock->frozen_ms)
        clock->frozen_ms += ms;
    else
        clock->shift_ms += ms;
}

void clock_freeze(struct clock *clock)
{
    clock->frozen_ms = clock_now_ms(clock);
}

void clock_resume(struct clock *clock)
{
    if (clock->frozen_ms) {
        clock->shift_ms = clock->frozen_ms - clock_machine_ms();
        clock->frozen_ms = 0;
    }
}

void clock_sleep_ms(int64_t ms)
{
    struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}
