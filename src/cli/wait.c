/* cli/wait.c - stator wait: until tables are ACTIVE and answer. */
#include "cli/command.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/fleet.h"
#include "cli/interrupt.h"
#include "cli/say.h"
#include "cli/selection.h"
#include "client/client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ARENA_BYTES_MAX = 1 << 30,
    TIMEOUT_SECONDS = 300,
    TIMEOUT_SECONDS_MAX = 86400,
    OPTION_TIMEOUT = OPTION_OWN,
    OPTION_HELP
};

static const char help[] =
    "stator wait orders customers\n"
    "stator wait orders --target http://127.0.0.1:8000 --timeout 30\n"
    "\n"
    "Usage: stator wait [OPTION]... TABLE...\n"
    "Waits until each table is there, is ACTIVE with all of its indexes, and answers a read; also\n"
    "for an endpoint that is only just starting. Exit status 1 when that takes too long.\n"
    "\n"
    "  --target WHERE     an endpoint's URL, or local (default): AWS_ENDPOINT_URL_DYNAMODB where\n"
    "                     it is set, otherwise http://127.0.0.1:8000\n"
    "  --timeout SECONDS  how long at most; 300 unless given\n"
    "  --config FILE      instead of stator.yaml, for its region and target\n";

struct waiting {
    struct selection selection;
    int64_t timeout_ms;
    char **names;
};

static int read_timeout(const char *text, int64_t *timeout_ms)
{
    char *end;
    double seconds = strtod(text, &end);

    if (end == text || *end != '\0' || !(seconds >= 0 && seconds <= TIMEOUT_SECONDS_MAX))
        return say_usage("wait", "--timeout %s: not a number of seconds", text);
    *timeout_ms = (int64_t)(seconds * 1000);
    return -1;
}

/* -1 to go on. */
static int read_options(int argc, char **argv, struct waiting *waiting)
{
    static const struct option rows[] = { { "target", required_argument, NULL, OPTION_TARGET },
                                          { "config", required_argument, NULL, OPTION_CONFIG },
                                          { "timeout", required_argument, NULL, OPTION_TIMEOUT },
                                          { "help", no_argument, NULL, OPTION_HELP },
                                          { 0 } };
    int option;

    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, ":h", rows, NULL)) != -1) {
        if (option == '?' || option == ':')
            return say_bad_option("wait", option, argv);
        if (option == OPTION_HELP || option == 'h') {
            fputs(help, stdout);
            return 0;
        }
        if (option == OPTION_TIMEOUT) {
            int status = read_timeout(optarg, &waiting->timeout_ms);

            if (status >= 0)
                return status;
        }
        selection_option(&waiting->selection, option, optarg);
    }
    if (!argv[optind])
        return say_usage("wait", "no table named");
    waiting->names = argv + optind;
    return -1;
}

static struct error *await_tables(struct waiting *waiting, struct fleet *fleet)
{
    struct selection *selection = &waiting->selection;
    int64_t started_us = clock_steady_us();
    size_t count = 0;

    TRY(selection_settle(selection));
    while (waiting->names[count])
        count++;
    *fleet = (struct fleet){ .arena = selection->arena, .count = count };
    fleet->tables = NEW(selection->arena, struct fleet_table, count);
    for (size_t i = 0; i < count; i++)
        fleet->tables[i].name = span_from(waiting->names[i]);
    TRY(selection_connect(selection, fleet, selection_endpoint(selection)));
    TRY(fleet_await(fleet, waiting->timeout_ms, true));
    say_step(started_us, "ready: %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_PLANNED)));
    return NULL;
}

static int run_wait(struct waiting *waiting)
{
    struct fleet fleet = { 0 };
    struct error *error;

    signal(SIGPIPE, SIG_IGN);
    interrupt_install();
    error = await_tables(waiting, &fleet);
    if (fleet.client)
        client_close(fleet.client);
    if (!error)
        return 0;
    say_error(error);
    return interrupt_count() > 0 ? 128 + interrupt_signal() : EXIT_FAILED;
}

int wait_command(int argc, char **argv)
{
    struct waiting waiting = { .timeout_ms = TIMEOUT_SECONDS * 1000LL };
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    int status;

    selection_init(&waiting.selection, arena);
    status = read_options(argc, argv, &waiting);
    if (status < 0)
        status = run_wait(&waiting);
    arena_close(arena);
    return status;
}
