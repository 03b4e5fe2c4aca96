/* cli/selection.c - the options that several commands share, and the tables that they select. */
#include "cli/selection.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "cli/fleet.h"
#include "cli/interrupt.h"
#include "client/client.h"
#include "client/endpoint.h"
#include "template/definition.h"
#include "template/file.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG_FILE "stator.yaml"
#define LOCAL_URL "http://127.0.0.1:8000"

void selection_init(struct selection *selection, struct arena *arena)
{
    *selection = (struct selection){ .arena = arena };
    names_run_id(selection->run_id);
}

static void add_file(struct selection *selection, const char *file)
{
    struct string_list *files = &selection->files;
    size_t bytes = files->count * sizeof(struct span);

    files->items = arena_grow(selection->arena, files->items, bytes, bytes + sizeof(struct span));
    files->items[files->count++] = span_from(file);
}

/* What is no KEY=VALUE has an empty key, which selection_settle refuses. */
static void add_parameter(struct selection *selection, const char *text)
{
    struct arena *arena = selection->arena;
    size_t bytes = selection->parameter_count * sizeof(*selection->parameters);
    struct given *given = NEW(arena, struct given, 1);
    const char *equals = strchr(text, '=');

    selection->parameters =
        arena_grow(arena, selection->parameters, bytes, bytes + sizeof(*selection->parameters));
    selection->parameters[selection->parameter_count++] = given;
    given->source = SPAN("--parameter");
    given->value = span_from(equals ? equals + 1 : text);
    given->key = (struct span){ text, equals ? (size_t)(equals - text) : 0 };
}

bool selection_option(struct selection *selection, int option, const char *value)
{
    switch (option) {
    case OPTION_TABLES: add_file(selection, value); return true;
    case OPTION_CONFIG: selection->config_file = span_from(value); return true;
    case OPTION_TARGET: selection->target = span_from(value); return true;
    case OPTION_SUFFIX: selection->suffix_choice = span_from(value); return true;
    case OPTION_PARAMETER: add_parameter(selection, value); return true;
    case OPTION_LIVE: selection->is_live = true; return true;
    case OPTION_JSON: selection->is_json = true; return true;
    }
    return false;
}

bool selection_is_local(const struct selection *selection)
{
    return span_is(selection->target, "local");
}

static struct span first_of(struct span a, struct span b)
{
    return a.size > 0 ? a : b;
}

static struct error *settle_target(struct selection *selection)
{
    struct endpoint endpoint;

    selection->is_target_given = selection->target.size > 0 || selection->config.target.size > 0 ||
                                 span_from(getenv("AWS_ENDPOINT_URL_DYNAMODB")).size > 0;
    selection->target =
        first_of(selection->target, first_of(selection->config.target, SPAN("local")));
    if (selection_is_local(selection))
        return NULL;
    if (span_is(selection->target, "aws"))
        return fail(selection->arena, ERR_VALIDATION,
                    "--target aws: not there yet: use local or the URL of an endpoint");
    return endpoint_parse(selection->arena, selection->target, &endpoint);
}

static struct error *check_parameters(struct selection *selection)
{
    for (size_t i = 0; i < selection->parameter_count; i++) {
        const struct given *given = selection->parameters[i];

        if (given->key.size == 0)
            return fail(selection->arena, ERR_VALIDATION,
                        "--parameter %.*s: not KEY=VALUE: write it so", SPAN_PRINT(given->value));
        if (!json_holds(selection->arena, given->key) ||
            !json_holds(selection->arena, given->value))
            return fail(selection->arena, ERR_VALIDATION, "--parameter %.*s: no UTF-8: write it so",
                        SPAN_PRINT(given->key));
    }
    return NULL;
}

struct error *selection_settle(struct selection *selection)
{
    bool is_asked_for = selection->config_file.data != NULL;
    struct span file = is_asked_for ? selection->config_file : SPAN(CONFIG_FILE);

    if (is_asked_for || file_exists(selection->arena, file))
        TRY(config_read(selection->arena, file, &selection->config));
    TRY(settle_target(selection));
    TRY(check_parameters(selection));
    selection->region =
        first_of(first_of(selection->config.region, span_from(getenv("AWS_REGION"))),
                 first_of(span_from(getenv("AWS_DEFAULT_REGION")), SPAN("us-east-1")));
    selection->suffix_choice =
        first_of(selection->suffix_choice, first_of(selection->config.suffix, SPAN("none")));
    return names_suffix(selection->arena, selection->suffix_choice, selection->run_id,
                        &selection->suffix);
}

/* What a row of the config says about its table; the row must have brought just one. */
static struct error *apply_row(struct selection *selection, const struct config_table *row,
                               struct fleet_table *tables, size_t count)
{
    if ((row->env.data || row->data.data) && count != 1)
        return fail(selection->arena, ERR_VALIDATION,
                    "%.*s: %.*s defines %zu tables, env and data are for one: give each a file of "
                    "its own",
                    SPAN_PRINT(row->place), SPAN_PRINT(row->from), count);
    for (size_t i = 0; i < count; i++) {
        tables[i].env = row->env;
        tables[i].data = row->data;
        if (row->data.data && !file_exists(selection->arena, row->data))
            return fail(selection->arena, ERR_VALIDATION,
                        "%.*s: data file %.*s does not exist: check the path",
                        SPAN_PRINT(row->place), SPAN_PRINT(row->data));
    }
    return NULL;
}

/* A file that the config names too is read once. */
static bool is_in_config(struct selection *selection, struct span file)
{
    for (size_t i = 0; i < selection->config.table_count; i++)
        if (file_is_same(selection->arena, file, selection->config.tables[i].from))
            return true;
    return false;
}

static struct error *check_name(struct selection *selection, const struct fleet_table *table)
{
    if (table->name.size > DEFINITION_NAME_MAX)
        return fail(selection->arena, ERR_VALIDATION,
                    "%.*s: %zu characters with its suffix, %d are allowed: shorten the name or "
                    "the suffix",
                    SPAN_PRINT(table->name), table->name.size, DEFINITION_NAME_MAX);
    return NULL;
}

/* Two tables that one variable would name. */
static struct error *check_variables(struct selection *selection, const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++)
        for (size_t j = 0; j < i; j++)
            if (span_equal(fleet->tables[i].variable, fleet->tables[j].variable))
                return fail(selection->arena, ERR_VALIDATION,
                            "tables %.*s and %.*s would both be TABLE_NAME_%.*s: rename one",
                            SPAN_PRINT(fleet->tables[j].definition->name),
                            SPAN_PRINT(fleet->tables[i].definition->name),
                            SPAN_PRINT(fleet->tables[i].variable));
    return NULL;
}

static struct error *name_tables(struct selection *selection, const struct definition_list *list,
                                 struct fleet *fleet)
{
    fleet->count = list->count;
    fleet->tables = NEW(selection->arena, struct fleet_table, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        struct fleet_table *table = &fleet->tables[i];

        table->definition = &list->items[i];
        table->name = arena_print(selection->arena, "%.*s%.*s", SPAN_PRINT(list->items[i].name),
                                  SPAN_PRINT(selection->suffix));
        table->variable = names_variable(selection->arena, list->items[i].name);
        TRY(check_name(selection, table));
    }
    return NULL;
}

/* The command line's values, then those of the row. */
static const struct definition_settings *settings_of(struct selection *selection,
                                                     const struct config_table *row)
{
    struct definition_settings *settings = NEW(selection->arena, struct definition_settings, 1);
    size_t count = selection->parameter_count + (row ? row->parameter_count : 0);

    settings->region = selection->region;
    settings->given = NEW(selection->arena, struct given *, count + 1);
    for (size_t i = 0; i < selection->parameter_count; i++)
        settings->given[settings->given_count++] = selection->parameters[i];
    for (size_t i = 0; row && i < row->parameter_count; i++)
        settings->given[settings->given_count++] = &row->parameters[i];
    return settings;
}

/* A parameter that nothing takes is a mistyped one. Other keys may be for values that only some
 * tables need. */
static struct error *check_used(struct selection *selection, const struct given *given)
{
    for (size_t i = 0; i < given->key.size; i++)
        if (strchr(".:/", given->key.data[i]))
            return NULL;
    if (given->is_used)
        return NULL;
    return fail(selection->arena, ERR_VALIDATION,
                "%.*s: no template has a parameter %.*s: mend its name or leave it out",
                SPAN_PRINT(given->source), SPAN_PRINT(given->key));
}

struct error *selection_definitions(struct selection *selection, struct definition_list *list,
                                    size_t **row_ends)
{
    const struct config *config = &selection->config;

    *row_ends = NEW(selection->arena, size_t, config->table_count + 1);
    for (size_t i = 0; i < config->table_count; i++) {
        const struct config_table *row = &config->tables[i];

        list->settings = settings_of(selection, row);
        TRY(definition_read(selection->arena, row->from, list));
        (*row_ends)[i + 1] = list->count;
        for (size_t j = 0; j < row->parameter_count; j++)
            TRY(check_used(selection, &row->parameters[j]));
    }
    list->settings = settings_of(selection, NULL);
    for (size_t i = 0; i < selection->files.count; i++)
        if (!is_in_config(selection, selection->files.items[i]))
            TRY(definition_read(selection->arena, selection->files.items[i], list));
    for (size_t i = 0; list->count > 0 && i < selection->parameter_count; i++)
        TRY(check_used(selection, selection->parameters[i]));
    return NULL;
}

struct error *selection_tables(struct selection *selection, struct fleet *fleet)
{
    const struct config *config = &selection->config;
    struct definition_list *list = NEW(selection->arena, struct definition_list, 1);
    size_t *ends;

    TRY(selection_definitions(selection, list, &ends));
    TRY(definition_check_names(selection->arena, list));
    *fleet = (struct fleet){ .arena = selection->arena };
    fleet->is_unique = span_is(selection->suffix_choice, "run");
    TRY(name_tables(selection, list, fleet));
    for (size_t i = 0; i < config->table_count; i++)
        TRY(apply_row(selection, &config->tables[i], fleet->tables + ends[i],
                      ends[i + 1] - ends[i]));
    return check_variables(selection, fleet);
}

struct span selection_endpoint(const struct selection *selection)
{
    if (!selection_is_local(selection))
        return selection->target;
    return first_of(span_from(getenv("AWS_ENDPOINT_URL_DYNAMODB")), SPAN(LOCAL_URL));
}

struct error *selection_connect(struct selection *selection, struct fleet *fleet,
                                struct span endpoint)
{
    const struct client_options options = { .endpoint = endpoint,
                                            .region = selection->region,
                                            .credentials = client_credentials(),
                                            .pause = interrupt_pause };

    fleet->endpoint = endpoint;
    return client_open(selection->arena, &options, &fleet->client);
}

/* As the shell takes it back: in quotes where it must be. */
static void append_quoted(struct buffer *buffer, struct span text)
{
    bool is_plain = text.size > 0;

    for (size_t i = 0; i < text.size; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,",
                    text.data[i]))
            is_plain = false;
    if (is_plain) {
        buffer_append_span(buffer, text);
        return;
    }
    buffer_append_char(buffer, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'')
            buffer_append_literal(buffer, "'\\''");
        else
            buffer_append_char(buffer, text.data[i]);
    }
    buffer_append_char(buffer, '\'');
}

static void append_option(struct buffer *buffer, struct span option, struct span value)
{
    buffer_append_char(buffer, ' ');
    buffer_append_span(buffer, option);
    buffer_append_char(buffer, ' ');
    append_quoted(buffer, value);
}

struct span selection_repeat(const struct selection *selection, struct span endpoint)
{
    struct buffer buffer;
    struct span text;

    buffer_init(&buffer);
    append_option(&buffer, SPAN("--target"), endpoint);
    if (selection->config_file.data)
        append_option(&buffer, SPAN("--config"), selection->config_file);
    for (size_t i = 0; i < selection->files.count; i++)
        append_option(&buffer, SPAN("--tables"), selection->files.items[i]);
    for (size_t i = 0; i < selection->parameter_count; i++)
        append_option(&buffer, SPAN("--parameter"),
                      arena_print(selection->arena, "%.*s=%.*s",
                                  SPAN_PRINT(selection->parameters[i]->key),
                                  SPAN_PRINT(selection->parameters[i]->value)));
    append_option(&buffer, SPAN("--suffix"),
                  selection->suffix.size > 0 ? selection->suffix : SPAN("none"));
    text = arena_copy(selection->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text;
}
