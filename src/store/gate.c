/* store/gate.c - a condition variable with a time limit, fair to those who have waited long. */
#include "store/gate.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

enum { PATIENCE_US = 1000 };

void gate_init(struct gate *gate)
{
    pthread_condattr_t attributes;

    *gate = (struct gate){ 0 };
    pthread_mutex_init(&gate->lock, NULL);
    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(&gate->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void gate_fini(struct gate *gate)
{
    assert(!gate->is_taken);
    pthread_cond_destroy(&gate->changed);
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
    return pthread_cond_timedwait_relative_np(&gate->changed, &gate->lock, &left);
#else
    struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };

    return pthread_cond_timedwait(&gate->changed, &gate->lock, &until);
#endif
}

/* Under the lock. Once impatient it gets the gate handed over, for one who leaves and asks again at
 * once would be faster every time. */
static bool wait_in_turn(struct gate *gate, int64_t until_us)
{
    int64_t patient_until_us = clock_steady_us() + PATIENCE_US;
    bool is_entered;

    if (patient_until_us > until_us)
        patient_until_us = until_us;
    while (gate->is_taken && wait_until(gate, patient_until_us) == 0)
        continue;
    if (!gate->is_taken) {
        gate->is_taken = true;
        return true;
    }
    gate->impatient_count++;
    while (!gate->is_handed_over && wait_until(gate, until_us) == 0)
        continue;
    gate->impatient_count--;
    is_entered = gate->is_handed_over;
    gate->is_handed_over = false;
    return is_entered;
}

bool gate_enter(struct gate *gate, int64_t limit_ms)
{
    bool is_entered = true;

    pthread_mutex_lock(&gate->lock);
    if (gate->is_taken)
        is_entered = wait_in_turn(gate, clock_steady_us() + limit_ms * 1000);
    else
        gate->is_taken = true;
    pthread_mutex_unlock(&gate->lock);
    return is_entered;
}

void gate_leave(struct gate *gate)
{
    bool is_handed_over;

    pthread_mutex_lock(&gate->lock);
    assert(gate->is_taken && !gate->is_handed_over);
    is_handed_over = gate->impatient_count > 0;
    gate->is_handed_over = is_handed_over;
    gate->is_taken = is_handed_over;
    pthread_mutex_unlock(&gate->lock);
    if (is_handed_over)
        pthread_cond_broadcast(&gate->changed); /* patient ones wake, too, and wait on */
    else
        pthread_cond_signal(&gate->changed);
}
