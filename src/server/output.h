/* server/output.h - bytes on their way to a client; pooled, so that an idle connection has none. */
#pragma once

#include "base/buffer.h"

#include <uv.h>

struct output {
    struct output *next;
    struct buffer buffer;
    uv_write_t write;
};

/* One thread's outputs. Starts zeroed. */
struct output_pool {
    struct output *first;
    size_t count;
};

struct output *output_take(struct output_pool *pool);
void output_return(struct output_pool *pool, struct output *output);
void output_pool_drain(struct output_pool *pool);
