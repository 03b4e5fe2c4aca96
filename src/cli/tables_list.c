/* cli/tables_list.c - stator tables list: which tables are there. */
#include "cli/tables.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "cli/fleet_call.h"
#include "cli/say.h"
#include "template/definition.h"

#include <stdio.h>

/* Where definitions are given, only their tables count: under the base name, under the suffix, or
 * as an earlier run or commit named them. */
static bool is_wanted(const struct fleet *chosen, struct span name)
{
    for (size_t i = 0; i < chosen->count; i++) {
        struct span base = chosen->tables[i].definition->name;
        struct span rest = { name.data + base.size, name.size - base.size };

        if (!span_starts_with(name, base))
            continue;
        if (rest.size == 0 || span_equal(name, chosen->tables[i].name) ||
            span_starts_with(rest, SPAN("_run_")) || span_starts_with(rest, SPAN("_commit_")))
            return true;
    }
    return chosen->count == 0;
}

static void add(struct fleet *fleet, struct span name, size_t *capacity)
{
    if (fleet->count == *capacity) {
        size_t bytes = *capacity * sizeof(*fleet->tables);

        *capacity = 2 * *capacity + 64;
        fleet->tables =
            arena_grow(fleet->arena, fleet->tables, bytes, *capacity * sizeof(*fleet->tables));
    }
    fleet->tables[fleet->count++] = (struct fleet_table){ .name = name };
}

static struct span page_body(struct arena *arena, struct span after)
{
    struct buffer buffer;
    struct span body;

    if (!after.data)
        return SPAN("{}");
    buffer_init(&buffer);
    buffer_append_literal(&buffer, "{\"ExclusiveStartTableName\":");
    buffer_append_json_string(&buffer, after);
    buffer_append_char(&buffer, '}');
    body = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return body;
}

static struct error *list_names(struct fleet *fleet, const struct fleet *chosen)
{
    static const struct fleet_table nothing = { .name = { "ListTables", 10 } };
    struct span after = { 0 };
    size_t capacity = 0;

    do {
        struct client_call call = { .operation = "ListTables",
                                    .body = page_body(fleet->arena, after) };
        size_t i;
        size_t count;
        yyjson_val *name;

        client_call(fleet->client, fleet->arena, &call, 1);
        if (call.error.data)
            return fleet_refused(fleet, &nothing, &call);
        yyjson_arr_foreach(yyjson_obj_get(call.answer, "TableNames"), i, count, name)
        {
            if (is_wanted(chosen, json_text(name)))
                add(fleet, json_text(name), &capacity);
        }
        after = json_text(yyjson_obj_get(call.answer, "LastEvaluatedTableName"));
    } while (after.data);
    return NULL;
}

/* A table may go between the two calls: it is left out then. */
static void describe(struct fleet *fleet)
{
    struct fleet_table **tables = NEW(fleet->arena, struct fleet_table *, fleet->count + 1);
    size_t left = 0;

    for (size_t i = 0; i < fleet->count; i++)
        tables[i] = &fleet->tables[i];
    fleet_describe(fleet, tables, fleet->count);
    for (size_t i = 0; i < fleet->count; i++)
        if (fleet->tables[i].description)
            fleet->tables[left++] = fleet->tables[i];
    fleet->count = left;
}

static int64_t number(const struct fleet_table *table, const char *name)
{
    return yyjson_get_sint(yyjson_obj_get(table->description, name));
}

static void show(const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];

        printf("%-9.*s %10lld items %14lld bytes  %.*s\n", SPAN_PRINT(fleet_status(table)),
               (long long)number(table, "ItemCount"), (long long)number(table, "TableSizeBytes"),
               SPAN_PRINT(table->name));
    }
}

static void show_json(const struct fleet *fleet)
{
    struct tables_report report;

    tables_report_open(&report, fleet);
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        yyjson_mut_val *entry = tables_report_add(&report, table);

        tables_report_text(&report, entry, "status", fleet_status(table));
        yyjson_mut_obj_add_int(report.doc, entry, "items", number(table, "ItemCount"));
        yyjson_mut_obj_add_int(report.doc, entry, "bytes", number(table, "TableSizeBytes"));
    }
    tables_report_print(&report, fleet);
}

static int run(struct selection *selection, struct error **error)
{
    struct fleet fleet = { .arena = selection->arena };
    struct fleet chosen;

    *error = selection_tables(selection, &chosen);
    if (!*error)
        *error = selection_connect(selection, &fleet, selection_endpoint(selection));
    if (!*error)
        *error = list_names(&fleet, &chosen);
    if (!*error) {
        describe(&fleet);
        if (selection->is_json)
            show_json(&fleet);
        else
            show(&fleet);
    }
    if (fleet.client)
        client_close(fleet.client);
    return 0;
}

const struct tables_command tables_list = {
    "list",
    "stator tables list\n"
    "stator tables list --tables tables.json --target http://127.0.0.1:8000 --json\n"
    "\n"
    "Usage: stator tables list [OPTION]...\n"
    "Lists the tables with state, items and bytes. With definitions only theirs: under the base\n"
    "name, under the suffix given, and under the names of earlier runs and commits.\n"
    "Options: as 'stator tables --help' lists them.\n",
    run,
};
