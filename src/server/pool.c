/* server/pool.c - two lists of spare buffers. */
#include "server/pool.h"

#include "base/memory.h"

struct message *pool_take_message(struct worker *worker)
{
    struct message *message = worker->messages;

    if (message == NULL)
        return message_open();
    worker->messages = message->next;
    worker->message_count--;
    message_begin(message);
    return message;
}

void pool_return_message(struct worker *worker, struct message *message)
{
    if (worker->message_count == POOL_MAX) {
        message_close(message);
        return;
    }
    buffer_empty(&message->body); /* gives back what a large body took */
    message->next = worker->messages;
    worker->messages = message;
    worker->message_count++;
}

struct output *pool_take_output(struct worker *worker)
{
    struct output *output = worker->outputs;

    if (output == NULL)
        return memory_new(sizeof(*output));
    worker->outputs = output->next;
    worker->output_count--;
    return output;
}

static void close_output(struct output *output)
{
    buffer_fini(&output->buffer);
    memory_free(output);
}

void pool_return_output(struct worker *worker, struct output *output)
{
    if (worker->output_count == POOL_MAX) {
        close_output(output);
        return;
    }
    buffer_empty(&output->buffer);
    output->next = worker->outputs;
    worker->outputs = output;
    worker->output_count++;
}

void pool_drain(struct worker *worker)
{
    while (worker->messages) {
        struct message *message = worker->messages;

        worker->messages = message->next;
        message_close(message);
    }
    while (worker->outputs) {
        struct output *output = worker->outputs;

        worker->outputs = output->next;
        close_output(output);
    }
}
