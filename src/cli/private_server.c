/* cli/private_server.c - starts this program once more as a server and waits for its ready line. */
#include "cli/private_server.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

enum { START_MS_MAX = 10000, POLL_MS = 100, LINE_BYTES_MAX = 512, ARGUMENTS_MAX = 12 };

/* The program that is running now, even when its file was replaced meanwhile. */
static void exec_self(char **arguments)
{
#ifdef __APPLE__
    char path[4096];
    uint32_t size = sizeof(path);

    if (_NSGetExecutablePath(path, &size) == 0)
        execv(path, arguments);
#else
    execv("/proc/self/exe", arguments);
#endif
    execvp(arguments[0], arguments);
}

/* A server that stays must not hold on to anything that whoever reads our output waits for. */
static void start(char **arguments, int ready, bool is_kept)
{
    int nothing = open("/dev/null", O_RDWR);
    sigset_t none;

    setsid();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    dup2(ready, STDOUT_FILENO);
    if (is_kept && nothing >= 0)
        dup2(nothing, STDERR_FILENO);
    exec_self(arguments);
    _exit(127);
}

static void list_arguments(struct arena *arena, const struct private_server_options *options,
                           char *arguments[ARGUMENTS_MAX])
{
    static const char *const fixed[] = { "stator", "serve", "--memory", "--port", "0" };
    size_t count = 0;

    for (size_t i = 0; i < COUNT(fixed); i++)
        arguments[count++] = (char *)(size_t)fixed[i];
    if (options->seed.data) {
        arguments[count++] = (char *)(size_t) "--seed";
        arguments[count++] = (char *)(size_t)arena_copy(arena, options->seed).data;
    }
    if (!options->is_kept)
        arguments[count++] = (char *)(size_t) "--die-with-parent";
    arguments[count] = NULL;
}

/* The URL behind "listening on ", once the line is whole. */
static struct span url_in(struct arena *arena, const char *line, size_t size)
{
    static const char before[] = "listening on ";
    const char *end = memchr(line, '\n', size);
    const char *url = end ? memmem(line, (size_t)(end - line), before, sizeof(before) - 1) : NULL;

    if (!url)
        return (struct span){ 0 };
    url += sizeof(before) - 1;
    return arena_copy(arena, (struct span){ url, (size_t)(end - url) });
}

static struct error *no_server(struct arena *arena, struct private_server *server)
{
    int status = 0;

    while (waitpid(server->process, &status, 0) < 0 && errno == EINTR)
        continue;
    server->process = 0;
    return fail(arena, ERR_SERVICE_UNAVAILABLE,
                "the private server ended with status %d: see what it says above, or try 'stator "
                "serve --memory --port 0'",
                WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static struct error *await_url(struct arena *arena, struct private_server *server)
{
    int64_t until_us = clock_steady_us() + START_MS_MAX * 1000LL;
    char line[LINE_BYTES_MAX];
    size_t size = 0;

    while (clock_steady_us() < until_us && size < sizeof(line)) {
        struct pollfd reader = { server->ready, POLLIN, 0 };
        ssize_t count = 0;

        if (!interrupt_pause(0))
            return fail(arena, ERR_SERVICE_UNAVAILABLE, "stopped by a signal");
        if (poll(&reader, 1, POLL_MS) <= 0)
            continue;
        count = read(server->ready, line + size, sizeof(line) - size);
        if (count == 0)
            return no_server(arena, server);
        size += count > 0 ? (size_t)count : 0;
        server->url = url_in(arena, line, size);
        if (server->url.data)
            return NULL;
    }
    return fail(arena, ERR_SERVICE_UNAVAILABLE,
                "the private server does not get ready: try 'stator serve --memory --port 0'");
}

struct error *private_server_start(struct arena *arena,
                                   const struct private_server_options *options,
                                   struct private_server *server)
{
    char *arguments[ARGUMENTS_MAX];
    int ready[2];

    *server = (struct private_server){ .ready = -1 };
    list_arguments(arena, options, arguments);
    if (pipe(ready) != 0)
        return fail(arena, ERR_INTERNAL_FAILURE, "no pipe: %s", strerror(errno));
    fcntl(ready[0], F_SETFD, FD_CLOEXEC);
    fcntl(ready[1], F_SETFD, FD_CLOEXEC);
    server->process = fork();
    if (server->process == 0)
        start(arguments, ready[1], options->is_kept);
    close(ready[1]);
    if (server->process < 0) {
        server->process = 0;
        close(ready[0]);
        return fail(arena, ERR_INTERNAL_FAILURE, "no process: %s", strerror(errno));
    }
    server->ready = ready[0];
    return NULL;
}

struct error *private_server_await(struct arena *arena, struct private_server *server)
{
    struct error *error = await_url(arena, server);

    close(server->ready);
    server->ready = -1;
    return error;
}

void private_server_stop(struct private_server *server)
{
    if (server->process <= 0)
        return;
    kill(server->process, SIGKILL); /* it keeps nothing: no reason to wait for its good-bye */
    while (waitpid(server->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    server->process = 0;
}
