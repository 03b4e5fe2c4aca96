/* store/gate.c - a condition variable with a time limit. */
#include "store/gate.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

void gate_init(struct gate *gate)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(&gate->lock, NULL);
    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(&gate->opened, &attributes);
    pthread_condattr_destroy(&attributes);
    gate->is_taken = false;
}

void gate_fini(struct gate *gate)
{
    assert(!gate->is_taken);
    pthread_cond_destroy(&gate->opened);
    pthread_mutex_destroy(&gate->lock);
}

/* Waits for a signal until the steady clock shows until_us; 0, or ETIMEDOUT. */
static int wait_until(struct gate *gate, int64_t until_us)
{
#ifdef __APPLE__
    int64_t left_us = until_us - clock_steady_us();
    struct timespec left = { left_us / 1000000, left_us % 1000000 * 1000 };

    if (left_us <= 0)
        return ETIMEDOUT;
    return pthread_cond_timedwait_relative_np(&gate->opened, &gate->lock, &left);
#else
    struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };

    return pthread_cond_timedwait(&gate->opened, &gate->lock, &until);
#endif
}

bool gate_enter(struct gate *gate, int64_t limit_ms)
{
    bool is_entered;

    pthread_mutex_lock(&gate->lock);
    if (gate->is_taken) {
        int64_t until_us = clock_steady_us() + limit_ms * 1000;

        while (gate->is_taken && wait_until(gate, until_us) == 0)
            continue;
    }
    is_entered = !gate->is_taken;
    gate->is_taken = true;
    pthread_mutex_unlock(&gate->lock);
    return is_entered;
}

void gate_leave(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    assert(gate->is_taken);
    gate->is_taken = false;
    pthread_mutex_unlock(&gate->lock);
    pthread_cond_signal(&gate->opened);
}
