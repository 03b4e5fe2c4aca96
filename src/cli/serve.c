/* cli/serve.c - stator serve: opens the database, says that it listens, serves until it is told to
 * stop. */
#include "base/arena.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/credentials.h"
#include "cli/serve_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FAILED = 1, ARENA_BYTES_MAX = 64 << 20, TOKEN_BYTES_MAX = 4096 };

struct serving {
    struct arena *arena;
    struct serve_options options;
    struct keyring *keyring;
    struct principals *principals;
    struct engine *engine;
    struct server *server;
};

static int say(struct span problem)
{
    fprintf(stderr, "stator: %.*s\n", SPAN_PRINT(problem));
    return FAILED;
}

/* The first line of the file. */
static bool read_token(struct serving *serving, const char *path, struct span *token,
                       struct span *problem)
{
    char line[TOKEN_BYTES_MAX];
    FILE *file = fopen(path, "re");
    bool is_read = file && fgets(line, sizeof(line), file);

    if (file == NULL)
        *problem = arena_print(serving->arena, "cannot read %s: %s: give a file to --control-token",
                               path, strerror(errno));
    if (file)
        fclose(file);
    if (is_read) {
        *token = arena_copy(serving->arena, (struct span){ line, strcspn(line, "\r\n") });
        is_read = token->size > 0;
    }
    if (file && !is_read)
        *problem = arena_print(serving->arena, "%s is empty: put the control token into it", path);
    return is_read;
}

/* Nothing in it concerns the server yet, but one that is wrong is better said so at once. */
static bool check_config(struct serving *serving, struct span *problem)
{
    struct config config;
    struct error *error = config_read(serving->arena, span_from(serving->options.config), &config);

    if (error)
        *problem = error->message;
    return error == NULL;
}

static bool open_all(struct serving *serving, struct span *problem)
{
    struct serve_options *options = &serving->options;

    if (options->config && !check_config(serving, problem))
        return false;
    if (options->credentials && !credentials_open(serving->arena, span_from(options->credentials),
                                                  &serving->keyring, &serving->principals, problem))
        return false;
    options->server.keyring = serving->keyring;
    options->server.principals = serving->principals;
    if (options->control_token &&
        !read_token(serving, options->control_token, &options->server.control_token, problem))
        return false;
    if (!options->has_seed)
        options->engine.seed = random_seed();
    if (!server_open(serving->arena, &options->server, &serving->server, problem))
        return false;
    if (!engine_open(serving->arena, &options->engine, &serving->engine, problem))
        return false;
    if (!server_attach(serving->server, serving->engine)) {
        *problem = SPAN("cannot open another connection to the database: the log says why");
        return false;
    }
    return true;
}

/* Through a second file, so that whoever waits for this one never reads half of it. */
static bool write_ready_file(struct arena *arena, const char *path, struct span url)
{
    struct span draft = arena_print(arena, "%s.%ld", path, (long)getpid());
    FILE *file = fopen(draft.data, "we");
    bool is_written;

    if (file == NULL)
        return false;
    is_written = fprintf(file, "%.*s\n", SPAN_PRINT(url)) > 0;
    return fclose(file) == 0 && is_written && rename(draft.data, path) == 0;
}

static int announce(struct serving *serving)
{
    struct span url = server_url(serving->server);
    const char *path = serving->options.ready_file;

    if (!serving->options.has_seed)
        fprintf(stderr, "stator: seed %llu\n", (unsigned long long)serving->options.engine.seed);
    printf("stator: listening on %.*s\n", SPAN_PRINT(url));
    fflush(stdout);
    if (path && !write_ready_file(serving->arena, path, url))
        return say(arena_print(serving->arena, "cannot write %s: %s: choose another --ready-file",
                               path, strerror(errno)));
    return 0;
}

int serve_command(int argc, char **argv)
{
    struct serving serving = { .arena = arena_open(ARENA_BYTES_MAX) };
    struct span problem = { NULL, 0 };
    int status = serve_options_read(serving.arena, argc, argv, &serving.options);

    if (status >= 0)
        goto done;
    if (!open_all(&serving, &problem)) {
        status = say(problem);
        goto done;
    }
    status = announce(&serving);
    if (status != 0)
        server_stop(serving.server);
    server_run(serving.server);
done:
    if (serving.server)
        server_close(serving.server);
    if (serving.engine)
        engine_close(serving.engine);
    principals_close(serving.principals);
    keyring_close(serving.keyring);
    arena_close(serving.arena);
    return status;
}
