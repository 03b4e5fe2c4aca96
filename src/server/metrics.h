/* server/metrics.h - what a worker counts, and the Prometheus text over all workers.
 *
 * One thread writes a struct metrics; any thread may read it while that goes on. */
#pragma once

#include "base/span.h"

#include <stdatomic.h>
#include <stdint.h>

struct buffer;

enum { METRICS_ROWS_MAX = 96, METRICS_STATUSES = 4, METRICS_NAME_BYTES_MAX = 64 };

struct metrics_row {
    char name[METRICS_NAME_BYTES_MAX];
    size_t name_size;
    _Atomic uint64_t by_status[METRICS_STATUSES]; /* 200, 400, 500, other */
};

struct metrics {
    struct metrics_row rows[METRICS_ROWS_MAX];
    _Atomic size_t row_count;
    _Atomic uint64_t connections_open;
    _Atomic uint64_t connections_total;
    _Atomic uint64_t connections_timed_out;
    _Atomic uint64_t requests_malformed;
    _Atomic uint64_t commits;
    _Atomic uint64_t commits_failed;
    _Atomic uint64_t bytes_received;
    _Atomic uint64_t bytes_sent;
};

/* For the one thread that writes: no locked instruction. */
static inline void metrics_add(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

/* An absent operation counts as "none": refused before it was known. */
void metrics_count_request(struct metrics *metrics, struct span operation, int status);

void metrics_write(const struct metrics *const *workers, size_t count, struct buffer *out);
