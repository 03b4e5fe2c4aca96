/* server/pool.h - messages and outputs that are used again, so that idle connections need none. */
#pragma once

#include "server/message.h"
#include "server/worker.h"

struct output {
    struct output *next;
    struct buffer buffer;
    uv_write_t write;
};

struct message *pool_take_message(struct worker *worker);
void pool_return_message(struct worker *worker, struct message *message);
struct output *pool_take_output(struct worker *worker);
void pool_return_output(struct worker *worker, struct output *output);
void pool_drain(struct worker *worker);
