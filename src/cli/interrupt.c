/* cli/interrupt.c - signals as counts, and sleeps that they end. */
#include "cli/interrupt.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t count;
static volatile sig_atomic_t first;
static volatile sig_atomic_t forward_group;
static int borne;
static int wake[2] = { -1, -1 }; /* a byte for each signal, so that no sleep misses one */

static void on_signal(int signal_number)
{
    int before = errno;

    interrupt_note(signal_number);
    if (forward_group > 0)
        kill(-(pid_t)forward_group, signal_number);
    if (write(wake[1], "", 1) < 0) {
        /* full of bytes that nobody read yet: it wakes all the same */
    }
    errno = before;
}

void interrupt_install(void)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction action = { .sa_handler = on_signal };

    if (pipe(wake) == 0) {
        for (size_t i = 0; i < 2; i++) {
            fcntl(wake[i], F_SETFD, FD_CLOEXEC);
            fcntl(wake[i], F_SETFL, O_NONBLOCK);
        }
    }
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct sigaction before;

        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

int interrupt_count(void)
{
    return count;
}

int interrupt_signal(void)
{
    return first;
}

void interrupt_note(int signal_number)
{
    if (first == 0)
        first = signal_number;
    count++;
}

void interrupt_forward(pid_t group)
{
    forward_group = group;
}

void interrupt_bear(int most)
{
    borne = most;
}

bool interrupt_pause(int64_t ms)
{
    int64_t until_us = clock_steady_us() + ms * 1000;
    int64_t left_us = ms * 1000;
    char bytes[16];

    while (left_us > 0 && count <= borne) {
        struct pollfd waker = { wake[0], POLLIN, 0 };

        if (poll(&waker, 1, (int)((left_us + 999) / 1000)) > 0)
            while (read(wake[0], bytes, sizeof(bytes)) > 0)
                continue;
        left_us = until_us - clock_steady_us();
    }
    return count <= borne;
}
