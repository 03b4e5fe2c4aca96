/* cli/config.c - reads stator.yaml. */
#include "cli/config.h"

#include "base/arena.h"
#include "template/definition.h"
#include "template/file.h"
#include "template/yaml.h"

#include <ctype.h>

/* A key of a map and what reads its value into place. */
struct key {
    const char *name;
    struct error *(*read)(struct arena *arena, const struct node *value, void *place);
    size_t offset;
};

static struct error *read_map(struct arena *arena, const struct node *node, const struct key *keys,
                              size_t key_count, void *place)
{
    if (node->kind != NODE_MAP)
        return fail(arena, ERR_VALIDATION, "%.*s: not a map: write 'key: value' lines",
                    SPAN_PRINT(place_print(arena, node->place)));
    for (size_t i = 0; i < node->count; i++) {
        const struct node *name = &node->keys[i];
        size_t found = 0;

        while (found < key_count && !span_is(name->text, keys[found].name))
            found++;
        if (found == key_count)
            return fail(arena, ERR_VALIDATION, "%.*s: unknown key '%.*s': known here are %s",
                        SPAN_PRINT(place_print(arena, name->place)), SPAN_PRINT(name->text),
                        keys[key_count].name); /* the row behind the last one lists them */
        TRY(keys[found].read(arena, &node->values[i], (char *)place + keys[found].offset));
    }
    return NULL;
}

static struct error *read_text(struct arena *arena, const struct node *value, void *place)
{
    if (value->kind != NODE_TEXT || value->is_null || value->text.size == 0)
        return fail(arena, ERR_VALIDATION, "%.*s: a text is needed here: write one",
                    SPAN_PRINT(place_print(arena, value->place)));
    *(struct span *)place = value->text;
    return NULL;
}

static bool is_variable(struct span name)
{
    for (size_t i = 0; i < name.size; i++)
        if (!isalnum((unsigned char)name.data[i]) && name.data[i] != '_')
            return false;
    return name.size > 0 && !isdigit((unsigned char)name.data[0]);
}

static struct error *read_variable(struct arena *arena, const struct node *value, void *place)
{
    TRY(read_text(arena, value, place));
    if (!is_variable(value->text))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: '%.*s' is no name of an environment variable: use letters, digits and "
                    "'_'",
                    SPAN_PRINT(place_print(arena, value->place)), SPAN_PRINT(value->text));
    return NULL;
}

static struct error *read_parameters(struct arena *arena, const struct node *value, void *place)
{
    struct config_table *table = place;

    if (value->kind != NODE_MAP)
        return fail(arena, ERR_VALIDATION, "%.*s: parameters are a map: write 'NAME: VALUE' lines",
                    SPAN_PRINT(place_print(arena, value->place)));
    table->parameter_count = value->count;
    table->parameters = NEW(arena, struct given, value->count);
    for (size_t i = 0; i < value->count; i++) {
        struct given *given = &table->parameters[i];

        if (value->values[i].kind != NODE_TEXT)
            return fail(arena, ERR_VALIDATION, "%.*s: a text is needed here: write one",
                        SPAN_PRINT(place_print(arena, value->values[i].place)));
        given->key = value->keys[i].text;
        given->value = value->values[i].text;
        given->source = place_line(arena, value->values[i].place);
    }
    return NULL;
}

static struct error *read_table(struct arena *arena, const struct node *node,
                                struct config_table *table)
{
    static const struct key keys[] = {
        { "from", read_text, offsetof(struct config_table, from) },
        { "env", read_variable, offsetof(struct config_table, env) },
        { "data", read_text, offsetof(struct config_table, data) },
        { "parameters", read_parameters, 0 },
        { "from, env, data and parameters", NULL, 0 },
    };

    table->place = place_print(arena, node->place);
    TRY(read_map(arena, node, keys, COUNT(keys) - 1, table));
    if (!table->from.data)
        return fail(arena, ERR_VALIDATION,
                    "%.*s: a table without 'from': name the file that defines it",
                    SPAN_PRINT(place_print(arena, node->place)));
    return NULL;
}

static struct error *read_tables(struct arena *arena, const struct node *value, void *place)
{
    struct config *config = place;

    if (value->kind != NODE_LIST)
        return fail(arena, ERR_VALIDATION, "%.*s: tables are a list: write '- from: FILE' lines",
                    SPAN_PRINT(place_print(arena, value->place)));
    config->table_count = value->count;
    config->tables = NEW(arena, struct config_table, value->count);
    for (size_t i = 0; i < value->count; i++)
        TRY(read_table(arena, &value->values[i], &config->tables[i]));
    return NULL;
}

/* A list is started as it is; one text goes through the shell. */
static struct error *read_command(struct arena *arena, const struct node *value, void *place)
{
    struct string_list *command = place;

    if (value->kind == NODE_TEXT) {
        command->items = NEW(arena, struct span, 3);
        command->items[0] = SPAN("/bin/sh");
        command->items[1] = SPAN("-c");
        command->count = 3;
        return read_text(arena, value, &command->items[2]);
    }
    if (value->kind != NODE_LIST || value->count == 0)
        return fail(arena, ERR_VALIDATION,
                    "%.*s: a command is a list such as [npx, jest] or one text for the shell: "
                    "write it so",
                    SPAN_PRINT(place_print(arena, value->place)));
    command->count = value->count;
    command->items = NEW(arena, struct span, value->count);
    for (size_t i = 0; i < value->count; i++)
        TRY(read_text(arena, &value->values[i], &command->items[i]));
    return NULL;
}

static struct error *read_test(struct arena *arena, const struct node *value, void *place)
{
    static const struct key keys[] = {
        { "command", read_command, offsetof(struct config, command) },
        { "target", read_text, offsetof(struct config, target) },
        { "suffix", read_text, offsetof(struct config, suffix) },
        { "command, target and suffix", NULL, 0 },
    };

    return read_map(arena, value, keys, COUNT(keys) - 1, place);
}

struct error *config_parse(struct arena *arena, struct span path, struct span text,
                           struct config *config)
{
    static const struct key keys[] = {
        { "region", read_text, offsetof(struct config, region) },
        { "tables", read_tables, 0 },
        { "test", read_test, 0 },
        { "region, tables and test", NULL, 0 },
    };
    struct node root;

    *config = (struct config){ .file = path };
    TRY(yaml_parse(arena, path, text, &root));
    if (root.kind == NODE_TEXT && root.is_null)
        return NULL;
    TRY(read_map(arena, &root, keys, COUNT(keys) - 1, config));
    for (size_t i = 0; i < config->table_count; i++) {
        struct config_table *table = &config->tables[i];

        table->from = file_beside(arena, path, table->from);
        if (table->data.data)
            table->data = file_beside(arena, path, table->data);
    }
    return NULL;
}

struct error *config_read(struct arena *arena, struct span path, struct config *config)
{
    struct span text;

    TRY(file_read(arena, path, &text));
    return config_parse(arena, path, text, config);
}
