/* cli/test.c - stator test: tables, a command that uses them, and nothing left behind. */
#include "cli/command.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "cli/environment.h"
#include "cli/fleet.h"
#include "cli/fleet_show.h"
#include "cli/interrupt.h"
#include "cli/private_server.h"
#include "cli/process.h"
#include "cli/report.h"
#include "cli/say.h"
#include "cli/test_options.h"
#include "client/client.h"
#include "template/definition.h"

#include <signal.h>
#include <string.h>

enum { ARENA_BYTES_MAX = 1 << 30, HURRIED_REMOVE_MS = 2000, SEEDS = 1000000000 };

struct run {
    struct arena *arena;
    struct test_options options;
    struct selection *selection; /* in options */
    struct fleet fleet;
    struct private_server server;
    struct report report;
    char **command;
    int status; /* what stator test exits with */
};

static void done_step(struct run *run, int64_t started_us, const char *name, struct span what)
{
    report_step(&run->report, name, started_us);
    say_step(started_us, "%.*s", SPAN_PRINT(what));
}

static char **config_command(struct run *run)
{
    const struct string_list *words = &run->selection->config.command;
    char **command = NEW(run->arena, char *, words->count + 1);

    for (size_t i = 0; i < words->count; i++)
        command[i] = (char *)(size_t)arena_copy(run->arena, words->items[i]).data;
    return words->count > 0 ? command : NULL;
}

/* The private server starts while files are read and libcurl is loaded. */
static struct error *connect_target(struct run *run)
{
    int64_t started_us = clock_steady_us();
    bool is_local = selection_is_local(run->selection);
    struct private_server_options options = { run->options.seed, run->options.is_kept };

    if (!options.seed.data) /* short enough to be typed again */
        options.seed = arena_print(run->arena, "%llu", (unsigned long long)random_seed() % SEEDS);
    run->report.seed = options.seed;
    if (is_local)
        TRY(private_server_start(run->arena, &options, &run->server));
    TRY(selection_tables(run->selection, &run->fleet));
    if (!is_local)
        return selection_connect(run->selection, &run->fleet, run->selection->target);
    TRY(private_server_await(run->arena, &run->server));
    TRY(selection_connect(run->selection, &run->fleet, run->server.url));
    done_step(run, started_us, "start server",
              arena_print(run->arena, "server at %.*s, seed %.*s", SPAN_PRINT(run->server.url),
                          SPAN_PRINT(options.seed)));
    return NULL;
}

static struct error *check_reuse(struct run *run)
{
    size_t different = fleet_count(&run->fleet, FLEET_DIFFERENT);

    if (different == 0)
        return NULL;
    for (size_t i = 0; i < run->fleet.count; i++)
        say_differences(&run->fleet.tables[i]);
    return fail(run->arena, ERR_RESOURCE_IN_USE,
                "--reuse: defined differently at %.*s: %.*s: change the file, or use --suffix run",
                SPAN_PRINT(run->fleet.endpoint),
                SPAN_PRINT(fleet_names(&run->fleet, FLEET_DIFFERENT)));
}

static struct error *make_tables(struct run *run)
{
    int64_t started_us = clock_steady_us();
    struct fleet *fleet = &run->fleet;

    if (fleet->count == 0)
        return NULL;
    if (run->options.may_reuse) {
        TRY(fleet_look(fleet));
        TRY(check_reuse(run));
    }
    if (fleet_count(fleet, FLEET_EQUAL) > 0)
        say("using %.*s, there already", SPAN_PRINT(fleet_names(fleet, FLEET_EQUAL)));
    interrupt_bear(1); /* a table whose making is broken off is ours or not: nobody knows */
    TRY(fleet_make(fleet));
    interrupt_bear(0);
    TRY(fleet_await(fleet, FLEET_READY_MS, false));
    TRY(fleet_set(fleet));
    fleet_say_left_out(fleet);
    if (fleet_count(fleet, FLEET_MADE) > 0)
        done_step(run, started_us, "make tables",
                  arena_print(run->arena, "made %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_MADE))));
    return NULL;
}

static struct error *fill_tables(struct run *run)
{
    int64_t started_us = clock_steady_us();
    int64_t items = 0;

    TRY(fleet_fill(&run->fleet));
    for (size_t i = 0; i < run->fleet.count; i++)
        items += run->fleet.tables[i].item_count;
    if (items > 0)
        done_step(run, started_us, "put items",
                  arena_print(run->arena, "put %lld items", (long long)items));
    return NULL;
}

/* Credentials count as set when any of the ways to name them in the environment is used. */
static bool has_credentials(const struct environment *environment)
{
    static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_PROFILE",
                                         "AWS_WEB_IDENTITY_TOKEN_FILE",
                                         "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                         "AWS_CONTAINER_CREDENTIALS_FULL_URI" };

    for (size_t i = 0; i < COUNT(names); i++)
        if (environment_find(environment, span_from(names[i])).size > 0)
            return true;
    return false;
}

static void name_tables(struct run *run, struct environment *environment)
{
    const struct fleet *fleet = &run->fleet;

    if (fleet->count == 1)
        environment_set(environment, SPAN("TABLE_NAME"), fleet->tables[0].name);
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];

        environment_set(environment,
                        arena_print(run->arena, "TABLE_NAME_%.*s", SPAN_PRINT(table->variable)),
                        table->name);
        if (table->env.data)
            environment_set(environment, table->env, table->name);
    }
}

static void set_environment(struct run *run, struct environment *environment)
{
    environment_init(environment, run->arena);
    name_tables(run, environment);
    environment_set(environment, SPAN("AWS_REGION"), run->selection->region);
    environment_set(environment, SPAN("STATOR_TARGET"), run->selection->target);
    environment_set(environment, SPAN("STATOR_RUN_ID"), span_from(run->selection->run_id));
    environment_set(environment, SPAN("AWS_ENDPOINT_URL_DYNAMODB"), run->fleet.endpoint);
    environment_set(environment, SPAN("AWS_ENDPOINT_URL_DYNAMODB_STREAMS"), run->fleet.endpoint);
    if (!has_credentials(environment)) {
        environment_set(environment, SPAN("AWS_ACCESS_KEY_ID"), SPAN("stator"));
        environment_set(environment, SPAN("AWS_SECRET_ACCESS_KEY"), SPAN("stator"));
    }
}

static struct error *run_command(struct run *run)
{
    struct environment environment;
    int64_t started_us = clock_steady_us();

    if (!interrupt_pause(0))
        return fail(run->arena, ERR_SERVICE_UNAVAILABLE, "stopped by a signal");
    set_environment(run, &environment);
    TRY(process_run(run->arena, run->command, &environment, &run->status));
    done_step(run, started_us, "run command",
              arena_print(run->arena, "%s ended with status %d", run->command[0], run->status));
    return NULL;
}

static struct error *carry_out(struct run *run)
{
    TRY(connect_target(run));
    TRY(make_tables(run));
    TRY(fill_tables(run));
    return run_command(run);
}

/* What is left, and the command that removes it. */
static void say_left(const struct run *run, const char *why)
{
    const struct fleet *fleet = &run->fleet;

    if (fleet_count(fleet, FLEET_MADE) > 0)
        say("%s at %.*s: %.*s: remove with: stator tables down%.*s", why,
            SPAN_PRINT(fleet->endpoint), SPAN_PRINT(fleet_names(fleet, FLEET_MADE)),
            SPAN_PRINT(selection_repeat(run->selection, fleet->endpoint)));
    if (fleet_count(fleet, FLEET_UNSURE) > 0)
        say("perhaps made at %.*s, nobody answered: %.*s: look with: stator tables plan%.*s",
            SPAN_PRINT(fleet->endpoint), SPAN_PRINT(fleet_names(fleet, FLEET_UNSURE)),
            SPAN_PRINT(selection_repeat(run->selection, fleet->endpoint)));
}

static void stop_server(struct run *run)
{
    int64_t started_us = clock_steady_us();

    if (run->server.process == 0)
        return;
    if (run->options.is_kept && run->server.url.data) {
        say("kept: server at %.*s: end it with: kill %d", SPAN_PRINT(run->server.url),
            (int)run->server.process);
        return;
    }
    private_server_stop(&run->server);
    for (size_t i = 0; i < run->fleet.count; i++)
        if (run->fleet.tables[i].state == FLEET_MADE)
            run->fleet.tables[i].state = FLEET_REMOVED;
    done_step(run, started_us, "stop server", SPAN("server and its tables are gone"));
}

static void remove_tables(struct run *run)
{
    int64_t started_us = clock_steady_us();
    int signals = interrupt_count();
    struct fleet *fleet = &run->fleet;
    struct error *error;

    if (run->options.is_kept) {
        say_left(run, "kept");
        return;
    }
    interrupt_bear(signals > 1 ? signals : 1);
    error = fleet_remove(fleet, signals > 1 ? HURRIED_REMOVE_MS : FLEET_GONE_MS);
    if (error)
        say_error(error);
    if (fleet_count(fleet, FLEET_REMOVED) > 0)
        done_step(
            run, started_us, "remove tables",
            arena_print(run->arena, "removed %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_REMOVED))));
    say_left(run, "left");
}

static void tear_down(struct run *run)
{
    if (selection_is_local(run->selection))
        stop_server(run);
    else if (run->fleet.client)
        remove_tables(run);
    if (run->fleet.client)
        client_close(run->fleet.client);
}

static void note_error(struct run *run, const struct error *error)
{
    if (!error)
        return;
    say_error(error);
    run->report.error = error->message;
    if (run->status == 0)
        run->status = interrupt_count() > 0 ? 128 + interrupt_signal() : EXIT_FAILED;
}

static int run_test(struct run *run)
{
    struct error *error = selection_settle(run->selection);

    if (error)
        return say_error(error);
    run->command = run->options.command ? run->options.command : config_command(run);
    if (!run->command)
        return say_usage("test", "no command to run: put it behind --");
    error = report_open(run->arena, run->options.report, &run->report);
    if (error)
        return say_error(error);
    signal(SIGPIPE, SIG_IGN);
    interrupt_install();
    note_error(run, carry_out(run));
    tear_down(run);
    run->report.exit_status = run->status;
    error = report_write(&run->report, run->selection, &run->fleet, run->command);
    if (error)
        say_error(error);
    return run->status;
}

int test_command(int argc, char **argv)
{
    struct run run = { .arena = arena_open(ARENA_BYTES_MAX) };
    int status;

    run.selection = &run.options.selection;
    selection_init(run.selection, run.arena);
    status = test_options_read(argc, argv, &run.options);
    if (status < 0)
        status = run_test(&run);
    arena_close(run.arena);
    return status;
}
