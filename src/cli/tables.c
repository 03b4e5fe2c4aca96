/* cli/tables.c - stator tables: finds the part that is meant and reads the options of all parts. */
#include "cli/tables.h"

#include "base/arena.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/say.h"
#include "template/definition.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { ARENA_BYTES_MAX = 1 << 30, OPTION_HELP = OPTION_OWN };

static const struct tables_command *const parts[] = { &tables_plan, &tables_up, &tables_down,
                                                      &tables_list, &tables_drift };

static const char help[] =
    "stator tables plan --tables tables.json     # what up would do, and where tables differ\n"
    "stator tables up --tables tables.json       # make what is missing\n"
    "stator tables down --tables tables.json     # remove the tables of these definitions\n"
    "stator tables list                          # what is there\n"
    "stator tables drift --tables cdk.out --tables tables.json\n"
    "\n"
    "Usage: stator tables plan|up|down|list|drift [OPTION]...\n"
    "\n"
    "  --tables FILE     CreateTable or DescribeTable JSON; a template of CloudFormation, SAM or\n"
    "                    Serverless; terraform show -json; a NoSQL Workbench model;\n"
    "                    jest-dynamodb-config.js; a directory such as cdk.out; may be repeated\n"
    "  --parameter KEY=VALUE\n"
    "                    what a template can't know; may be repeated\n"
    "  --config FILE     instead of stator.yaml\n"
    "  --target WHERE    an endpoint's URL, or local (default): AWS_ENDPOINT_URL_DYNAMODB where "
    "it\n"
    "                    is set, otherwise http://127.0.0.1:8000\n"
    "  --suffix WHAT     behind each name: none (default), run, commit, or a text as it is\n"
    "  --json            print the report as JSON\n";

struct error *tables_open(struct selection *selection, struct fleet *fleet)
{
    TRY(selection_tables(selection, fleet));
    if (fleet->count == 0)
        return fail(selection->arena, ERR_VALIDATION,
                    "no tables: name their definitions with --tables FILE or in stator.yaml");
    return selection_connect(selection, fleet, selection_endpoint(selection));
}

void tables_report_text(struct tables_report *report, yyjson_mut_val *object, const char *name,
                        struct span text)
{
    if (text.data)
        yyjson_mut_obj_add_strn(report->doc, object, name, text.data, text.size);
    else
        yyjson_mut_obj_add_null(report->doc, object, name);
}

void tables_report_open(struct tables_report *report, const struct fleet *fleet)
{
    yyjson_mut_val *root;

    report->doc = json_build(fleet->arena);
    root = yyjson_mut_obj(report->doc);
    yyjson_mut_doc_set_root(report->doc, root);
    tables_report_text(report, root, "endpoint", fleet->endpoint);
    report->tables = yyjson_mut_obj_add_arr(report->doc, root, "tables");
}

yyjson_mut_val *tables_report_add(struct tables_report *report, const struct fleet_table *table)
{
    yyjson_mut_val *entry = yyjson_mut_arr_add_obj(report->doc, report->tables);

    tables_report_text(report, entry, "name", table->name);
    if (table->definition)
        tables_report_text(report, entry, "base_name", table->definition->name);
    return entry;
}

void tables_report_print(struct tables_report *report, const struct fleet *fleet)
{
    printf("%.*s\n", SPAN_PRINT(json_print(fleet->arena, report->doc, true)));
}

static int run_part(const struct tables_command *part, struct selection *selection)
{
    struct error *error = selection_settle(selection);
    int status = EXIT_FAILED;

    signal(SIGPIPE, SIG_IGN);
    interrupt_install();
    if (!error)
        status = part->run(selection, &error);
    if (!error)
        return status;
    say_error(error);
    return interrupt_count() > 0 ? 128 + interrupt_signal() : EXIT_FAILED;
}

/* -1 to go on. */
static int read_options(int argc, char **argv, const struct tables_command *part,
                        struct selection *selection)
{
    static const struct option rows[] = { SELECTION_OPTIONS,
                                          { "json", no_argument, NULL, OPTION_JSON },
                                          { "live", no_argument, NULL, OPTION_LIVE },
                                          { "help", no_argument, NULL, OPTION_HELP },
                                          { 0 } };
    int option;

    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, "+:h", rows, NULL)) != -1) {
        if (option == '?' || option == ':')
            return say_bad_option("tables", option, argv);
        if (option == OPTION_HELP || option == 'h') {
            fputs(part ? part->help : help, stdout);
            return 0;
        }
        selection_option(selection, option, optarg);
    }
    if (argv[optind])
        return say_usage("tables", "%s: not expected here", argv[optind]);
    if (selection->is_live && part != &tables_drift)
        return say_usage("tables", "--live: only drift looks at what is there so");
    return -1;
}

static const struct tables_command *find_part(const char *name)
{
    for (size_t i = 0; i < COUNT(parts); i++)
        if (strcmp(parts[i]->name, name) == 0)
            return parts[i];
    return NULL;
}

int tables_command(int argc, char **argv)
{
    bool is_named = argc > 1 && argv[1][0] != '-';
    const struct tables_command *part = is_named ? find_part(argv[1]) : NULL;
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    struct selection selection;
    int status;

    selection_init(&selection, arena);
    if (is_named && !part)
        status =
            say_usage("tables", "%s: unknown: plan, up, down, list and drift are known", argv[1]);
    else
        status = read_options(argc - is_named, argv + is_named, part, &selection);
    if (status < 0)
        status = part ? run_part(part, &selection)
                      : say_usage("tables", "plan, up, down, list or drift is needed");
    arena_close(arena);
    return status;
}
