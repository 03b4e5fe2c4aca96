/* cli/selection.h - which tables a command is about, where they are and what they are called: the
 * options that several commands share, stator.yaml, and what both make together.
 *
 * Ownership: everything lives in the arena. */
#pragma once

#include "base/error.h"
#include "base/span.h"
#include "cli/config.h"
#include "cli/names.h"

#include <getopt.h>
#include <stdbool.h>

struct arena;
struct definition_list;
struct fleet;
struct given;

/* The rows of getopt_long for the shared options, and their values. */
enum {
    OPTION_TABLES = 256,
    OPTION_CONFIG,
    OPTION_TARGET,
    OPTION_SUFFIX,
    OPTION_PARAMETER,
    OPTION_JSON,
    OPTION_LIVE,
    OPTION_OWN
};

#define SELECTION_OPTIONS                                           \
    { "tables", required_argument, NULL, OPTION_TABLES },           \
        { "config", required_argument, NULL, OPTION_CONFIG },       \
        { "target", required_argument, NULL, OPTION_TARGET },       \
        { "parameter", required_argument, NULL, OPTION_PARAMETER }, \
    {                                                               \
        "suffix", required_argument, NULL, OPTION_SUFFIX            \
    }

struct selection {
    struct arena *arena;

    struct string_list files;  /* --tables */
    struct span config_file;   /* --config */
    struct span target;        /* --target, then the config's, then local */
    struct span suffix_choice; /* --suffix, then the config's, then none */
    size_t parameter_count;    /* --parameter */
    struct given **parameters;
    bool is_json;
    bool is_live;         /* --live, of tables drift */
    bool is_target_given; /* by the command line, the config or the environment */

    struct config config;
    char run_id[RUN_ID_CHARACTERS + 1];
    struct span suffix;
    struct span region;
};

void selection_init(struct selection *selection, struct arena *arena);

/* Takes one of the shared options; false when it is none. */
bool selection_option(struct selection *selection, int option, const char *value);

/* Reads the config, and settles target and region. Errors: also a target that is none. */
MUST_USE struct error *selection_settle(struct selection *selection);

bool selection_is_local(const struct selection *selection);

/* Reads all definitions; *row_ends[i] is where the tables of the config's row i end, when wanted.
 */
MUST_USE struct error *selection_definitions(struct selection *selection,
                                             struct definition_list *list, size_t **row_ends);

/* Reads the definitions and gives each table its names: those go into fleet->tables. */
MUST_USE struct error *selection_tables(struct selection *selection, struct fleet *fleet);

/* For commands that need a server which runs already: the endpoint's URL. local is the one of
 * AWS_ENDPOINT_URL_DYNAMODB, otherwise http://127.0.0.1:8000. */
struct span selection_endpoint(const struct selection *selection);

/* Connects the fleet to that URL. */
MUST_USE struct error *selection_connect(struct selection *selection, struct fleet *fleet,
                                         struct span endpoint);

/* The options that select the same tables again, for a command that the user is shown. */
struct span selection_repeat(const struct selection *selection, struct span endpoint);
