/* server/connection.c - reading, answering in order, writing, pausing and closing. */
#include "server/connection.h"

#include "base/clock.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "server/intake.h"
#include "server/peer.h"
#include "server/server.h"

#include <assert.h>
#include <stddef.h>

enum state { STATE_OPEN, STATE_WRITING, STATE_LINGERING, STATE_CLOSING };

struct connection {
    uv_tcp_t tcp;
    struct intake intake;
    struct worker *worker;
    struct connection *previous;
    struct connection *next;
    struct connection *next_queued; /* in the worker's answered or deferred list */
    struct connection *next_held;   /* in the worker's list of those with a held request */
    struct held_request *held;      /* not answered yet; nothing is read meanwhile */
    uint64_t due_ms;                /* when it is resumed */
    struct output *output;          /* NULL when nothing is to be sent */
    struct buffer unread;           /* received while paused */
    struct answer_form form;        /* of the last answer */
    uint32_t turn_answers;          /* in output, waiting for the commit */
    int64_t since_ms;               /* idle, receiving or without progress since then */
    size_t waiting_bytes;           /* not taken by the client when last looked at */
    uv_shutdown_t shutdown;
    enum state state;
    bool is_queued;
    bool is_paused; /* not reading: unread and the socket wait for a later turn */
    bool is_last;   /* no request after the one answered last */
    bool has_ended; /* the client sends no more */
    bool is_from_loopback;
    char source_ip[PEER_ADDRESS_BYTES];
};

static int64_t now_ms(const struct connection *c)
{
    return (int64_t)uv_now(&c->worker->loop);
}

struct connection *connection_next(const struct connection *connection)
{
    return connection->next;
}

struct connection *connection_take(struct connection **list)
{
    struct connection *first = *list;

    if (first) {
        *list = first->next_queued;
        first->next_queued = NULL;
        first->is_queued = false;
    }
    return first;
}

void connection_queue(struct connection **list, struct connection *connection)
{
    struct connection *c = connection;

    if (c->is_queued)
        return;
    c->is_queued = true;
    c->next_queued = *list;
    *list = c;
}

static void unqueue(struct connection **list, struct connection *c)
{
    for (struct connection **at = list; *at; at = &(*at)->next_queued) {
        if (*at == c) {
            connection_take(at);
            return;
        }
    }
}

static void drop_output(struct connection *c)
{
    if (c->output)
        output_return(&c->worker->outputs, c->output);
    c->output = NULL;
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    struct worker *worker = c->worker;

    intake_fini(&c->intake);
    drop_output(c);
    buffer_fini(&c->unread);
    if (c->previous)
        c->previous->next = c->next;
    else
        worker->connections = c->next;
    if (c->next)
        c->next->previous = c->previous;
    worker->connection_count--;
    worker->shared->connection_count--;
    metrics_add(&worker->metrics.connections_open, UINT64_MAX);
    memory_free(c);
    worker_end_if_done(worker);
}

static void unhold(struct connection *c)
{
    struct connection **at = &c->worker->held;

    while (*at != c)
        at = &(*at)->next_held;
    *at = c->next_held;
    c->next_held = NULL;
}

/* A request still held then is not carried out: nobody has been told that it was. */
static void shut(struct connection *c)
{
    if (c->state == STATE_CLOSING)
        return;
    c->state = STATE_CLOSING;
    if (c->held) {
        unhold(c);
        pipeline_drop(&c->worker->pipeline, c->held);
        c->held = NULL;
    }
    unqueue(&c->worker->answered, c);
    unqueue(&c->worker->deferred, c);
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static struct buffer *output_of(struct connection *c)
{
    if (c->output == NULL)
        c->output = output_take(&c->worker->outputs);
    connection_queue(&c->worker->answered, c);
    return &c->output->buffer;
}

/* Answers what can't be read, or must not be, and reads no further request. */
static void refuse(struct connection *c)
{
    struct stamp *stamp = &c->worker->pipeline.stamp;

    metrics_add(&c->worker->metrics.requests_malformed, 1);
    c->is_last = true;
    stamp_refresh(stamp, clock_machine_ms());
    answer_write_refusal(stamp, (int)c->intake.refusal, output_of(c));
}

static void hold(struct connection *c)
{
    struct worker *worker = c->worker;

    c->held = worker->pipeline.held;
    worker->pipeline.held = NULL;
    c->is_paused = true;
    c->due_ms =
        uv_now(&worker->loop) + (uint64_t)engine_transaction_hold_ms(worker->pipeline.engine);
    c->next_held = worker->held;
    worker->held = c;
    worker_await_held(worker);
}

/* An answer is in the output, from there on. */
static void count_answer(struct connection *c, size_t from, bool keeps_alive)
{
    struct worker *worker = c->worker;
    size_t size = c->output->buffer.size;

    worker->has_served = true;
    worker->turn_bytes += size - from;
    c->turn_answers++;
    c->is_last = !keeps_alive;
    c->is_paused = size > OUTPUT_BYTES_MAX || worker->turn_bytes > TURN_BYTES_MAX;
}

static bool serve(struct intake *intake, struct http_request *http)
{
    struct connection *c =
        (struct connection *)((char *)intake - offsetof(struct connection, intake));
    struct worker *worker = c->worker;
    struct buffer *out = output_of(c);
    size_t from = out->size;

    http->is_from_loopback = c->is_from_loopback;
    http->source_ip = span_from(c->source_ip);
    http->keeps_alive = http->keeps_alive && !worker->is_stopping;
    pipeline_serve(&worker->pipeline, http, &c->form, out);
    if (worker->pipeline.held) {
        worker->has_served = true;
        hold(c);
        return false;
    }
    count_answer(c, from, c->form.keeps_alive);
    return !c->is_last && !c->is_paused;
}

void connection_resume(struct connection *connection)
{
    struct connection *c = connection;
    struct held_request *held = c->held;
    struct buffer *out = output_of(c);
    size_t from = out->size;

    unhold(c);
    c->held = NULL;
    pipeline_resume(&c->worker->pipeline, held, out);
    count_answer(c, from, c->form.keeps_alive && !c->worker->is_stopping);
    c->is_paused = !c->is_last; /* what came meanwhile is read when the answer has left */
    c->since_ms = now_ms(c);
}

struct connection *connection_find_due(const struct worker *worker, uint64_t now_ms)
{
    for (struct connection *c = worker->held; c; c = c->next_held)
        if (c->due_ms <= now_ms && c->state == STATE_OPEN)
            return c;
    return NULL;
}

bool connection_next_due(const struct worker *worker, uint64_t now_ms, uint64_t *ms)
{
    uint64_t due_ms = UINT64_MAX;

    for (const struct connection *c = worker->held; c; c = c->next_held)
        if (c->due_ms < due_ms && c->state == STATE_OPEN)
            due_ms = c->due_ms;
    *ms = due_ms > now_ms ? due_ms - now_ms : 0;
    return due_ms != UINT64_MAX;
}

/* Keeps bytes for a later turn. */
static void pause_at(struct connection *c, struct span rest)
{
    c->is_paused = true;
    uv_read_stop((uv_stream_t *)&c->tcp);
    buffer_append_span(&c->unread, rest);
}

/* Runs every request that becomes whole by these bytes. */
static void consume(struct connection *c, struct span received)
{
    uint64_t begun = c->intake.begun;
    struct span rest;

    if (c->is_last || received.size == 0) /* what follows the last request is nobody's */
        return;
    switch (intake_feed(&c->intake, received, &rest)) {
    case INTAKE_MORE: break;
    case INTAKE_STOPPED:
        if (c->is_paused)
            pause_at(c, rest);
        break;
    case INTAKE_REFUSED:
        if (!c->is_last)
            refuse(c);
        break;
    }
    if (c->intake.begun != begun)
        c->since_ms = now_ms(c);
    if (c->intake.wants_continue)
        output_of(c);
}

static void on_room(uv_handle_t *handle, size_t wished, uv_buf_t *room)
{
    struct connection *c = handle->data;

    (void)wished;
    *room = uv_buf_init(c->worker->read_bytes, READ_BYTES);
}

/* The client has closed its side; what it asked before is still answered. */
static void end_input(struct connection *c)
{
    c->has_ended = true;
    uv_read_stop((uv_stream_t *)&c->tcp);
    if (c->output == NULL || c->state == STATE_LINGERING)
        shut(c);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *room)
{
    struct connection *c = stream->data;
    struct span received = { room->base, count > 0 ? (size_t)count : 0 };

    if (count == 0)
        return;
    if (count == UV_EOF) {
        end_input(c);
        return;
    }
    if (count < 0) {
        shut(c);
        return;
    }
    metrics_add(&c->worker->metrics.bytes_received, received.size);
    if (c->state == STATE_LINGERING)
        return;
    if (c->worker->turn_bytes > TURN_BYTES_MAX && c->output == NULL) {
        pause_at(c, received);
        worker_defer(c->worker, c);
        return;
    }
    consume(c, received);
}

static void start_reading(struct connection *c)
{
    if (uv_read_start((uv_stream_t *)&c->tcp, on_room, on_read) != 0 &&
        !uv_is_active((const uv_handle_t *)&c->tcp))
        shut(c);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    struct connection *c = request->handle->data;

    if (status != 0 && c->state != STATE_CLOSING)
        shut(c);
}

/* After an answer to a request that was not read to its end: closing at once would reset the
 * connection and take the answer with it. */
static void linger(struct connection *c)
{
    c->state = STATE_LINGERING;
    c->since_ms = now_ms(c);
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) != 0)
        shut(c);
    else
        start_reading(c);
}

static void go_on_after_output(struct connection *c)
{
    bool was_writing = c->state == STATE_WRITING;

    drop_output(c);
    c->state = STATE_OPEN;
    if (c->intake.message == NULL || was_writing)
        c->since_ms = now_ms(c);
    if (c->has_ended || (c->is_last && c->intake.refusal == 0) ||
        (c->worker->is_stopping && c->intake.message == NULL))
        shut(c);
    else if (c->is_last)
        linger(c);
    else if (c->held)
        worker_await_held(c->worker);
    else if (c->is_paused)
        worker_defer(c->worker, c);
    else if (was_writing)
        start_reading(c);
}

static void on_written(uv_write_t *write, int status)
{
    struct connection *c = write->handle->data;

    if (c->state == STATE_CLOSING)
        return;
    if (status != 0)
        shut(c);
    else
        go_on_after_output(c);
}

static void write_output(struct connection *c)
{
    struct buffer *buffer = &c->output->buffer;
    uv_buf_t bytes = uv_buf_init(buffer->data, (unsigned)buffer->size);
    int sent = uv_try_write((uv_stream_t *)&c->tcp, &bytes, 1);

    metrics_add(&c->worker->metrics.bytes_sent, buffer->size);
    if (sent == UV_EAGAIN)
        sent = 0;
    if (sent < 0) {
        shut(c);
    } else if ((size_t)sent == buffer->size) {
        go_on_after_output(c);
    } else {
        bytes = uv_buf_init(buffer->data + sent, (unsigned)(buffer->size - (size_t)sent));
        c->state = STATE_WRITING;
        c->since_ms = now_ms(c);
        c->waiting_bytes = bytes.len;
        uv_read_stop((uv_stream_t *)&c->tcp);
        if (uv_write(&c->output->write, (uv_stream_t *)&c->tcp, &bytes, 1, on_written) != 0)
            shut(c);
    }
}

/* What was answered in this turn has not happened: each answer becomes the error. */
static void replace_answers(struct connection *c, const struct error *error)
{
    struct pipeline *pipeline = &c->worker->pipeline;

    c->output->buffer.size = 0;
    for (uint32_t i = 0; i < c->turn_answers; i++)
        pipeline_fail(pipeline, error, &c->form, &c->output->buffer);
    if (c->intake.refusal)
        answer_write_refusal(&pipeline->stamp, (int)c->intake.refusal, &c->output->buffer);
}

void connection_send(struct connection *connection, const struct error *error)
{
    struct connection *c = connection;

    assert(c->state == STATE_OPEN && c->output);
    if (error && c->turn_answers > 0)
        replace_answers(c, error);
    c->turn_answers = 0;
    if (c->intake.wants_continue)
        buffer_append_literal(&c->output->buffer, "HTTP/1.1 100 Continue\r\n\r\n");
    c->intake.wants_continue = false;
    if (c->output->buffer.size == 0)
        drop_output(c); /* a body that came before it was asked for */
    else
        write_output(c);
}

void connection_continue(struct connection *connection)
{
    struct connection *c = connection;
    struct buffer rest = c->unread;

    buffer_init(&c->unread);
    c->is_paused = false;
    consume(c, buffer_span(&rest));
    buffer_fini(&rest);
    if (c->state == STATE_OPEN && !c->is_paused && !c->is_last)
        start_reading(c);
}

void connection_check_time(struct connection *connection)
{
    struct connection *c = connection;
    const struct server_options *options = c->worker->shared->options;
    int64_t passed_ms = now_ms(c) - c->since_ms;
    int64_t allowed_ms = options->idle_ms;

    if (c->held && c->state == STATE_OPEN)
        return;
    switch (c->state) {
    case STATE_CLOSING: return;
    case STATE_LINGERING: allowed_ms = LINGER_MS; break;
    case STATE_WRITING: {
        size_t waiting = uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp);

        allowed_ms = options->request_ms;
        if (waiting < c->waiting_bytes) {
            c->waiting_bytes = waiting;
            c->since_ms = now_ms(c);
            return;
        }
        break;
    }
    case STATE_OPEN:
        if (c->intake.message)
            allowed_ms = options->request_ms;
        if (c->intake.message && c->intake.message->state == MESSAGE_HEAD &&
            allowed_ms > HEAD_MS_MAX)
            allowed_ms = HEAD_MS_MAX;
        break;
    }
    if (passed_ms > allowed_ms) {
        metrics_add(&c->worker->metrics.connections_timed_out, 1);
        shut(c);
    }
}

void connection_stop(struct connection *connection, bool is_now)
{
    struct connection *c = connection;
    bool is_idle = c->intake.message == NULL && c->output == NULL && c->unread.size == 0;

    if (is_now || is_idle)
        shut(c);
}

void connection_accept(struct worker *worker)
{
    struct connection *c = memory_new(sizeof(*c));

    c->worker = worker;
    c->since_ms = (int64_t)uv_now(&worker->loop);
    uv_tcp_init(&worker->loop, &c->tcp);
    c->tcp.data = c;
    intake_init(&c->intake, &worker->messages, serve);
    c->next = worker->connections;
    if (c->next)
        c->next->previous = c;
    worker->connections = c;
    worker->connection_count++;
    metrics_add(&worker->metrics.connections_open, 1);
    metrics_add(&worker->metrics.connections_total, 1);
    worker->shared->connection_count++;
    if (uv_accept((uv_stream_t *)&worker->listener, (uv_stream_t *)&c->tcp) != 0 ||
        worker->shared->connection_count > worker->shared->options->connections_max) {
        shut(c);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    c->is_from_loopback = peer_is_loopback(&c->tcp);
    peer_address(&c->tcp, c->source_ip);
    start_reading(c);
}
