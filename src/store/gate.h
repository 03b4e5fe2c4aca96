/* store/gate.h - lets one writer in at a time; the others wait asleep, up to a limit.
 *
 * Unlike a mutex it may be left by another thread than entered it, and a thread that asks twice
 * waits and is refused instead of hanging for good. */
#pragma once

#include "base/compiler.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_taken;
    bool is_handed_over; /* to whichever impatient one wakes first */
    unsigned impatient_count;
};

void gate_init(struct gate *gate);
void gate_fini(struct gate *gate);
MUST_USE bool gate_enter(struct gate *gate, int64_t limit_ms);
void gate_leave(struct gate *gate);
