/* template/script.c - has node evaluate a module and print what it exports. */
#include "template/script.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

enum { SCRIPT_MS_MAX = 30 * 1000, OUTPUT_BYTES_MAX = 64 << 20, NO_SUCH_PROGRAM = 127 };

extern char **environ;

/* Whatever the module prints itself goes to stderr; what it exports goes to descriptor 3. */
static const char program[] =
    "const fs=require('node:fs'),url=require('node:url');"
    "console.log=console.info=console.error;"
    "(async()=>{const m=await import(url.pathToFileURL(require('node:path').resolve("
    "process.argv[1])).href);"
    "let v=m.default??m;if(v&&v.default)v=v.default;if(typeof v==='function')v=await v();"
    "fs.writeSync(3,String(JSON.stringify(v)));process.exit(0)})()"
    ".catch(e=>{console.error(String(e&&e.stack||e));process.exit(1)})";

bool script_is(struct span path)
{
    static const char *const tails[] = { ".js", ".cjs", ".mjs" };

    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        size_t size = strlen(tails[i]);

        if (path.size > size && memcmp(path.data + path.size - size, tails[i], size) == 0)
            return true;
    }
    return false;
}

static int start(const char *path, int output, pid_t *process)
{
    char *const arguments[] = { (char *)(size_t) "node", (char *)(size_t) "-e",
                                (char *)(size_t)program, (char *)(size_t)path, NULL };
    posix_spawn_file_actions_t actions;
    int code;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 2, 1);
    posix_spawn_file_actions_adddup2(&actions, output, 3);
    code = posix_spawnp(process, "node", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

/* Until the program has closed its end; false: it took too long or told too much. */
static bool read_output(int input, struct buffer *buffer)
{
    int64_t until_us = clock_steady_us() + SCRIPT_MS_MAX * 1000LL;

    for (;;) {
        struct pollfd ready = { .fd = input, .events = POLLIN };
        int64_t left_us = until_us - clock_steady_us();
        char bytes[1 << 14];
        ssize_t count;

        if (left_us <= 0 || buffer->size > OUTPUT_BYTES_MAX)
            return false;
        if (poll(&ready, 1, (int)(left_us / 1000) + 1) <= 0)
            continue;
        count = read(input, bytes, sizeof(bytes));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return true;
        buffer_append(buffer, bytes, (size_t)count);
    }
}

static int await(pid_t process)
{
    int status = 0;

    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct error *script_run(struct arena *arena, struct span path, struct span *json)
{
    const char *file = arena_copy(arena, path).data;
    struct buffer buffer;
    bool is_whole;
    pid_t process;
    int ends[2];
    int status;

    if (access(file, R_OK) != 0)
        return fail(arena, ERR_VALIDATION, "%s: cannot be read: %s", file, strerror(errno));
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(arena, ERR_VALIDATION, "%s: node cannot be started: %s", file, strerror(errno));
    status = start(file, ends[1], &process);
    close(ends[1]);
    if (status != 0) {
        close(ends[0]);
        return fail(arena, ERR_VALIDATION,
                    "%s: a script, and node cannot be started: %s: install node, or export the "
                    "tables as JSON",
                    file, strerror(status));
    }
    buffer_init(&buffer);
    is_whole = read_output(ends[0], &buffer);
    close(ends[0]);
    if (!is_whole)
        kill(process, SIGKILL);
    status = await(process);
    *json = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    if (!is_whole)
        return fail(arena, ERR_VALIDATION, "%s: no end after %d s: does it wait for something?",
                    file, SCRIPT_MS_MAX / 1000);
    if (status == NO_SUCH_PROGRAM)
        return fail(arena, ERR_VALIDATION, "%s: a script, and there is no node: install it", file);
    if (status != 0)
        return fail(arena, ERR_VALIDATION, "%s: node ended with status %d: mend the script", file,
                    status);
    return NULL;
}
