/* tests/bench/requests.h - signed requests made before the clock runs, so that sending costs
 * little.
 *
 * Every request is a whole HTTP message in one piece of memory that lives in the arena. */
#pragma once

#include "base/span.h"

#include <stddef.h>

struct arena;

enum bench_operation {
    BENCH_CREATE_TABLE,
    BENCH_PUT_ITEM,
    BENCH_GET_ITEM,
};

struct bench_target {
    struct span host; /* as in the Host header, with its port */
    struct span table;
};

/* One request; number chooses the item, item_bytes is its size as the service counts it. */
struct span bench_request(struct arena *arena, const struct bench_target *target,
                          enum bench_operation operation, unsigned number, unsigned item_bytes);

/* Requests number 0 to count - 1. */
struct span *bench_requests(struct arena *arena, const struct bench_target *target,
                            enum bench_operation operation, unsigned count, unsigned item_bytes);
