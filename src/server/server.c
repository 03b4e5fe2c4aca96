/* server/server.c - workers on their threads, and the signals that end them. */
#include "server/server.h"

#include "base/arena.h"
#include "base/memory.h"
#include "server/listener.h"
#include "server/worker.h"

#include <assert.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 4096,
    IDLE_MS = 180 * 1000,
    REQUEST_MS = 60 * 1000,
    SPARE_FILES = 64 /* for the store, the loop and the standard streams */
};

struct server {
    struct server_options options;
    struct worker_shared shared;
    struct span url;
    uint32_t worker_count;
    int sockets[SERVER_THREADS_MAX];
    struct worker *workers[SERVER_THREADS_MAX];
    const struct metrics *metrics[SERVER_THREADS_MAX];
    uv_thread_t threads[SERVER_THREADS_MAX];
    uv_signal_t terminate; /* these four on the first worker's loop */
    uv_signal_t interrupt;
    uv_timer_t parent_check;
    uv_async_t stop;
    pid_t parent;
};

static void set_defaults(struct server_options *options)
{
    if (options->host == NULL)
        options->host = "127.0.0.1";
    if (options->threads == 0)
        options->threads = 1;
    if (options->connections_max == 0)
        options->connections_max = CONNECTIONS_MAX;
    if (options->idle_ms == 0)
        options->idle_ms = IDLE_MS;
    if (options->request_ms == 0)
        options->request_ms = REQUEST_MS;
}

/* As many files as the connections need, or as many as the system allows. */
static void allow_files(uint32_t connections_max)
{
    rlim_t wished = (rlim_t)connections_max + SPARE_FILES;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wished)
        return;
    limit.rlim_cur = limit.rlim_max < wished ? limit.rlim_max : wished;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void on_stop(uv_async_t *stop)
{
    struct server *server = stop->data;

    if (uv_is_closing((uv_handle_t *)stop))
        return;
    uv_close((uv_handle_t *)&server->terminate, NULL);
    uv_close((uv_handle_t *)&server->interrupt, NULL);
    signal(SIGTERM, SIG_IGN); /* the end is under way; a second one must not cut it short */
    signal(SIGINT, SIG_IGN);
    uv_close((uv_handle_t *)&server->parent_check, NULL);
    uv_close((uv_handle_t *)stop, NULL);
    for (uint32_t i = 0; i < server->worker_count; i++)
        worker_stop(server->workers[i]);
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    server_stop(handle->data);
}

static void on_parent_check(uv_timer_t *timer)
{
    struct server *server = timer->data;

    if (getppid() != server->parent)
        server_stop(server);
}

static void watch(struct server *server)
{
    uv_loop_t *loop = &server->workers[0]->loop;
    int result =
        uv_signal_init(loop, &server->terminate) | uv_signal_init(loop, &server->interrupt) |
        uv_timer_init(loop, &server->parent_check) | uv_async_init(loop, &server->stop, on_stop);

    assert(result == 0);
    server->terminate.data = server;
    server->interrupt.data = server;
    server->parent_check.data = server;
    server->stop.data = server;
    uv_signal_start(&server->terminate, on_signal, SIGTERM);
    uv_signal_start(&server->interrupt, on_signal, SIGINT);
    if (server->options.dies_with_parent)
        uv_timer_start(&server->parent_check, on_parent_check, PARENT_CHECK_MS, PARENT_CHECK_MS);
}

bool server_attach(struct server *server, struct engine *engine)
{
    uint32_t count = server->options.threads;

    for (uint32_t i = 0; i < count; i++) {
        struct worker *worker = memory_new(sizeof(*worker));

        if (!pipeline_open(&worker->pipeline, engine, &server->options)) {
            memory_free(worker);
            return false;
        }
        worker_open(worker, &server->shared, server->sockets[i]);
        worker->pipeline.all_metrics = server->metrics;
        worker->pipeline.worker_count = count;
        server->workers[i] = worker;
        server->metrics[i] = &worker->metrics;
        server->worker_count++;
    }
    watch(server);
    return true;
}

bool server_open(struct arena *arena, const struct server_options *options, struct server **server,
                 struct span *problem)
{
    struct server *opened = memory_new(sizeof(*opened));
    struct span url;

    opened->options = *options;
    set_defaults(&opened->options);
    assert(opened->options.threads <= SERVER_THREADS_MAX);
    if (!listener_open(arena, opened->options.host, opened->options.port, opened->options.threads,
                       opened->sockets, &url, problem)) {
        memory_free(opened);
        return false;
    }
    signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error of write() */
    allow_files(opened->options.connections_max);
    opened->url = span_from(memory_copy_text(url.data));
    opened->shared.options = &opened->options;
    opened->parent = getppid();
    *server = opened;
    return true;
}

struct span server_url(const struct server *server)
{
    return server->url;
}

static void run_thread(void *worker)
{
    worker_run(worker);
}

void server_run(struct server *server)
{
    for (uint32_t i = 1; i < server->worker_count; i++) {
        int result = uv_thread_create(&server->threads[i], run_thread, server->workers[i]);

        assert(result == 0);
    }
    worker_run(server->workers[0]);
    for (uint32_t i = 1; i < server->worker_count; i++)
        uv_thread_join(&server->threads[i]);
}

void server_stop(struct server *server)
{
    uv_async_send(&server->stop);
}

void server_close(struct server *server)
{
    for (uint32_t i = 0; i < server->worker_count; i++) {
        struct worker *worker = server->workers[i];

        worker_close(worker);
        pipeline_close(&worker->pipeline);
        memory_free(worker);
    }
    memory_free((char *)(size_t)server->url.data);
    memory_free(server);
}
