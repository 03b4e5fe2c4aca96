/* server/worker.c - the loop: requests of one turn run as they arrive, one commit, then the
 * answers.
 */
#include "server/worker.h"

#include "engine/engine.h"
#include "server/connection.h"
#include "server/server.h"

#include <assert.h>

enum { TICK_MS_MAX = 1000, TICK_MS_MIN = 10 };

static void on_connection(uv_stream_t *listener, int status)
{
    struct worker *worker = listener->data;

    if (status != 0)
        return;
    connection_accept(worker);
    if (!uv_is_active((uv_handle_t *)&worker->tick))
        uv_timer_again(&worker->tick);
}

static void on_sweep(uv_timer_t *timer)
{
    struct worker *worker = timer->data;

    if (session_sweep(worker->pipeline.session))
        uv_timer_start(timer, on_sweep, 0, 0);
    else if (session_remembers(worker->pipeline.session))
        uv_timer_start(timer, on_sweep, REMEMBER_MS, 0);
}

/* Requests ran while the loop polled; what they did is committed before any of them is answered. */
static void end_turn(struct worker *worker)
{
    const struct error *error = NULL;
    struct connection *c;

    if (worker->has_served) {
        error = pipeline_commit(&worker->pipeline);
        if (!uv_is_active((uv_handle_t *)&worker->sweep))
            uv_timer_start(&worker->sweep, on_sweep, SWEEP_MS, 0);
    }
    worker->has_served = false;
    worker->turn_bytes = 0;
    while ((c = connection_take(&worker->answered)) != NULL)
        connection_send(c, error);
}

static void on_turn_end(uv_check_t *check)
{
    end_turn(check->data);
}

/* Held requests whose time is over are a turn of their own, because the loop may sleep next. */
static void on_due(uv_timer_t *timer)
{
    struct worker *worker = timer->data;
    struct connection *c;

    while ((c = connection_find_due(worker, uv_now(&worker->loop))) != NULL)
        connection_resume(c);
    end_turn(worker);
    worker_await_held(worker);
}

void worker_await_held(struct worker *worker)
{
    uint64_t ms;

    if (connection_next_due(worker, uv_now(&worker->loop), &ms))
        uv_timer_start(&worker->due, on_due, ms, 0);
}

/* Before the loop polls: what an earlier turn could not take. */
static void on_busy(uv_idle_t *busy)
{
    struct worker *worker = busy->data;
    struct connection *waiting = worker->deferred;
    struct connection *c;

    worker->deferred = NULL;
    while ((c = connection_take(&waiting)) != NULL) {
        if (worker->turn_bytes > TURN_BYTES_MAX)
            worker_defer(worker, c);
        else
            connection_continue(c);
    }
    if (worker->deferred == NULL && worker->answered == NULL) /* answers: the loop must not sleep */
        uv_idle_stop(busy);
}

void worker_defer(struct worker *worker, struct connection *connection)
{
    connection_queue(&worker->deferred, connection);
    uv_idle_start(&worker->busy, on_busy);
}

static void on_tick(uv_timer_t *timer)
{
    struct worker *worker = timer->data;

    if (worker->connections == NULL)
        uv_timer_stop(timer);
    for (struct connection *c = worker->connections; c; c = connection_next(c))
        connection_check_time(c);
}

static void stop_connections(struct worker *worker, bool is_now)
{
    for (struct connection *c = worker->connections; c; c = connection_next(c))
        connection_stop(c, is_now);
}

static void on_grace_over(uv_timer_t *timer)
{
    stop_connections(timer->data, true);
}

/* When stopping nobody waits for a held request's time. */
static void resume_all(struct worker *worker)
{
    struct connection *c;

    while ((c = connection_find_due(worker, UINT64_MAX)) != NULL)
        connection_resume(c);
}

static void on_stop(uv_async_t *signal)
{
    struct worker *worker = signal->data;

    if (worker->is_stopping)
        return;
    worker->is_stopping = true;
    uv_close((uv_handle_t *)&worker->listener, NULL);
    uv_timer_start(&worker->grace, on_grace_over, STOP_MS, 0);
    resume_all(worker);
    stop_connections(worker, false);
    worker_end_if_done(worker);
}

void worker_end_if_done(struct worker *worker)
{
    uv_handle_t *const handles[] = {
        (uv_handle_t *)&worker->turn_end,    (uv_handle_t *)&worker->busy,
        (uv_handle_t *)&worker->tick,        (uv_handle_t *)&worker->sweep,
        (uv_handle_t *)&worker->grace,       (uv_handle_t *)&worker->due,
        (uv_handle_t *)&worker->stop_signal,
    };

    if (!worker->is_stopping || worker->connection_count > 0 || uv_is_closing(handles[0]))
        return;
    for (size_t i = 0; i < COUNT(handles); i++)
        uv_close(handles[i], NULL);
}

static uint64_t tick_ms(const struct server_options *options)
{
    uint32_t least =
        options->idle_ms < options->request_ms ? options->idle_ms : options->request_ms;
    uint32_t half = least / 2 > TICK_MS_MIN ? least / 2 : TICK_MS_MIN;

    return half < TICK_MS_MAX ? half : TICK_MS_MAX;
}

void worker_open(struct worker *worker, struct worker_shared *shared, int socket)
{
    uv_loop_t *loop = &worker->loop;
    uint64_t period_ms = tick_ms(shared->options);
    int result;

    worker->shared = shared;
    worker->pipeline.metrics = &worker->metrics;
    result = uv_loop_init(loop) | uv_tcp_init(loop, &worker->listener) |
             uv_check_init(loop, &worker->turn_end) | uv_idle_init(loop, &worker->busy) |
             uv_timer_init(loop, &worker->tick) | uv_timer_init(loop, &worker->sweep) |
             uv_timer_init(loop, &worker->grace) | uv_timer_init(loop, &worker->due) |
             uv_async_init(loop, &worker->stop_signal, on_stop);
    assert(result == 0);
    worker->listener.data = worker;
    worker->turn_end.data = worker;
    worker->busy.data = worker;
    worker->tick.data = worker;
    worker->sweep.data = worker;
    worker->grace.data = worker;
    worker->due.data = worker;
    worker->stop_signal.data = worker;
    result = uv_tcp_open(&worker->listener, socket) |
             uv_listen((uv_stream_t *)&worker->listener, SOMAXCONN, on_connection) |
             uv_check_start(&worker->turn_end, on_turn_end) |
             uv_timer_start(&worker->tick, on_tick, period_ms, period_ms);
    assert(result == 0);
}

void worker_run(struct worker *worker)
{
    uv_run(&worker->loop, UV_RUN_DEFAULT);
}

void worker_stop(struct worker *worker)
{
    uv_async_send(&worker->stop_signal);
}

void worker_close(struct worker *worker)
{
    int result = uv_loop_close(&worker->loop);

    assert(result == 0);
    message_pool_drain(&worker->messages);
    output_pool_drain(&worker->outputs);
}
