/* cli/test_options.c - the command line of stator test. */
#include "cli/test_options.h"

#include "base/compiler.h"
#include "cli/say.h"

#include <stdio.h>

static const char help[] =
    "stator test --tables tables.json -- npx jest\n"
    "stator test --tables tables/ -- python3 -m pytest -q\n"
    "stator test --target http://127.0.0.1:8000 --suffix run --tables tables.json -- npm test\n"
    "\n"
    "Usage: stator test [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "Makes the tables, waits until they answer, runs COMMAND with their names in its environment,\n"
    "removes them, and exits with COMMAND's status.\n"
    "\n"
    "  --tables FILE      CreateTable JSON, a template, or a directory such as cdk.out; may be "
    "repeated\n"
    "  --parameter K=V    what a template can't know; may be repeated\n"
    "  --target WHERE     local: a private server in memory (default), or an endpoint's URL\n"
    "  --suffix WHAT      behind each name: none (default), run, commit, or a text as it is\n"
    "  --reuse            use a table that is there when its definition is equal\n"
    "  --keep             leave the tables, and on local the server, when COMMAND is done\n"
    "  --config FILE      instead of stator.yaml\n"
    "  --seed N           of the private server's random draws\n"
    "  --report FILE      write what was done as JSON\n"
    "\n"
    "COMMAND finds TABLE_NAME (of a single table), TABLE_NAME_<NAME> of each, AWS_REGION,\n"
    "STATOR_TARGET, STATOR_RUN_ID, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_DYNAMODB_STREAMS,\n"
    "and credentials where none are set. SDKs older than 2023 must be given the endpoint by "
    "hand.\n";

enum {
    OPTION_KEEP = OPTION_OWN,
    OPTION_REUSE,
    OPTION_SEED,
    OPTION_REPORT,
    OPTION_LIKE,
    OPTION_LATER,
    OPTION_HELP
};

static bool is_number(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.size > 0 && text.size <= 19;
}

/* -1 to go on. */
static int take(struct test_options *options, int option, const char *value)
{
    switch (option) {
    case OPTION_KEEP: options->is_kept = true; return -1;
    case OPTION_REUSE: options->may_reuse = true; return -1;
    case OPTION_REPORT: options->report = span_from(value); return -1;
    case OPTION_HELP: fputs(help, stdout); return 0;
    case OPTION_SEED:
        options->seed = span_from(value);
        return is_number(options->seed) ? -1 : say_usage("test", "--seed %s: not a number", value);
    case OPTION_LIKE:
        if (span_is(span_from(value), "local"))
            return -1;
        return say_usage("test", "--like %s: not there yet, only local is", value);
    }
    return selection_option(&options->selection, option, value) ? -1 : EXIT_USAGE;
}

int test_options_read(int argc, char **argv, struct test_options *options)
{
    static const struct option rows[] = {
        SELECTION_OPTIONS,
        { "keep", no_argument, NULL, OPTION_KEEP },
        { "reuse", no_argument, NULL, OPTION_REUSE },
        { "seed", required_argument, NULL, OPTION_SEED },
        { "report", required_argument, NULL, OPTION_REPORT },
        { "like", required_argument, NULL, OPTION_LIKE },
        { "find-stale-reads", no_argument, NULL, OPTION_LATER },
        { "record-policy", required_argument, NULL, OPTION_LATER },
        { "help", no_argument, NULL, OPTION_HELP },
        { 0 },
    };
    int option;

    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, "+:h", rows, NULL)) != -1) {
        int status;

        if (option == '?' || option == ':')
            return say_bad_option("test", option, argv);
        if (option == OPTION_LATER)
            return say_usage("test", "%s: not there yet", argv[optind - 1]);
        status = take(options, option == 'h' ? OPTION_HELP : option, optarg);
        if (status >= 0)
            return status;
    }
    options->command = argv[optind] ? argv + optind : NULL;
    return -1;
}
