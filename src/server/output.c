/* server/output.c - spare output buffers. */
#include "server/output.h"

#include "base/memory.h"

enum { POOL_MAX = 64 };

struct output *output_take(struct output_pool *pool)
{
    struct output *output = pool->first;

    if (output == NULL)
        return memory_new(sizeof(*output));
    pool->first = output->next;
    pool->count--;
    return output;
}

static void close_output(struct output *output)
{
    buffer_fini(&output->buffer);
    memory_free(output);
}

void output_return(struct output_pool *pool, struct output *output)
{
    if (pool->count == POOL_MAX) {
        close_output(output);
        return;
    }
    buffer_empty(&output->buffer);
    output->next = pool->first;
    pool->first = output;
    pool->count++;
}

void output_pool_drain(struct output_pool *pool)
{
    while (pool->first) {
        struct output *output = pool->first;

        pool->first = output->next;
        close_output(output);
    }
    pool->count = 0;
}
