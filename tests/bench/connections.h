/* tests/bench/connections.h - many keep-alive connections, each with one request under way.
 *
 * One thread, epoll. An answer is read as far as its Content-Length or its chunks say. */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LATENCY_US_MAX = 1000000 };

/* What a run saw. */
struct bench_result {
    uint64_t answers;
    uint64_t refusals;      /* answers other than 200 among them */
    uint64_t duration_us;   /* from the first request sent to the last answer */
    uint32_t *latency_us;   /* answers by latency, LATENCY_US_MAX + 1 counters */
    struct span last_error; /* the last refusal, head and body */
};

struct bench_load {
    const char *address; /* 127.0.0.1 */
    int port;
    unsigned connections;
    uint64_t duration_us; /* 0: until every request was sent once */
    struct span *requests;
    size_t request_count;
};

/* false: a connection failed; said on stderr. result->latency_us is the caller's memory. */
bool bench_run(const struct bench_load *load, struct bench_result *result);
