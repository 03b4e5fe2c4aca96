/* tests/unit/store/gate_test.c - one at a time, and nobody waits for good. */
#include "../test.h"

#include "store/gate.h"

#include <stdatomic.h>

struct crowd {
    struct gate gate;
    _Atomic bool is_over;
    int inside;
    int worst;
    _Atomic long entered;
};

/* Leaves and asks again at once. */
static void *hog(void *argument)
{
    struct crowd *crowd = argument;

    while (!crowd->is_over) {
        if (!gate_enter(&crowd->gate, 1000))
            continue;
        if (++crowd->inside > crowd->worst)
            crowd->worst = crowd->inside;
        crowd->entered++;
        for (volatile int i = 0; i < 2000; i++)
            continue;
        crowd->inside--;
        gate_leave(&crowd->gate);
    }
    return NULL;
}

TEST(a_taken_gate_refuses_after_the_limit)
{
    struct gate gate;

    gate_init(&gate);
    EXPECT(gate_enter(&gate, 0), "a free gate is shut");
    EXPECT(!gate_enter(&gate, 0), "a taken gate is open");
    EXPECT(!gate_enter(&gate, 5), "a taken gate opens by itself");
    gate_leave(&gate);
    EXPECT(gate_enter(&gate, 0), "a free gate is shut");
    gate_leave(&gate);
    gate_fini(&gate);
}

TEST(a_gate_lets_one_in_at_a_time_and_everybody_at_last)
{
    struct crowd crowd = { .worst = 0 };
    pthread_t hogs[3];

    gate_init(&crowd.gate);
    for (size_t i = 0; i < COUNT(hogs); i++)
        EXPECT(pthread_create(&hogs[i], NULL, hog, &crowd) == 0, "no thread");
    for (int i = 0; i < 20 || crowd.entered < 500; i++) {
        bool is_entered = gate_enter(&crowd.gate, 5000);

        if (is_entered)
            gate_leave(&crowd.gate);
        EXPECT(is_entered, "shut out the %dth time", i);
    }
    crowd.is_over = true;
    for (size_t i = 0; i < COUNT(hogs); i++)
        pthread_join(hogs[i], NULL);
    EXPECT(crowd.worst == 1, "%d inside at once", crowd.worst);
    gate_fini(&crowd.gate);
}
