/* cli/tables_plan.c - stator tables plan: what up would do; changes nothing. */
#include "cli/tables.h"

#include "base/arena.h"
#include "cli/fleet_show.h"
#include "cli/interrupt.h"
#include "cli/say.h"
#include "client/client.h"
#include "template/definition.h"

#include <stdio.h>

enum { VALUE_WIDTH_MAX = 32 };

static const char *action(enum fleet_state state)
{
    switch (state) {
    case FLEET_PLANNED: return "create";
    case FLEET_EQUAL: return "keep";
    case FLEET_DIFFERENT: return "differs";
    case FLEET_MADE:
    case FLEET_UNSURE:
    case FLEET_REMOVED: break; /* plan makes and removes nothing */
    }
    return "";
}

/* "FILE:LINE" and what else brought the value there. */
static struct span origin_text(struct arena *arena, const struct definition *definition,
                               struct span path)
{
    const struct origin *origin = definition_origin(definition, path);
    struct span place = origin ? place_line(arena, origin->place) : definition->file;

    if (!origin || origin->path.size == 0)
        return arena_print(arena, "%.*s, by default", SPAN_PRINT(place));
    if (origin->via.size == 0)
        return place;
    return arena_print(arena, "%.*s, %.*s", SPAN_PRINT(place), SPAN_PRINT(origin->via));
}

/* Tags are made but not compared, so that they are no fact. */
static struct span tags_text(struct arena *arena, const struct definition *definition)
{
    struct span text = { 0 };
    size_t i;
    size_t count;
    yyjson_mut_val *tag;

    yyjson_mut_arr_foreach(yyjson_mut_obj_get(definition->create, "Tags"), i, count, tag)
    {
        const char *key = yyjson_mut_get_str(yyjson_mut_obj_get(tag, "Key"));
        const char *value = yyjson_mut_get_str(yyjson_mut_obj_get(tag, "Value"));

        text = arena_print(arena, "%.*s%s%s=%s", SPAN_PRINT(text), i > 0 ? ", " : "",
                           key ? key : "?", value ? value : "?");
    }
    return text;
}

/* The name, what compare knows, the tags. */
static void list_values(struct arena *arena, const struct definition *definition,
                        struct fact_list *values)
{
    struct fact_list facts;
    struct span tags = tags_text(arena, definition);

    compare_facts(arena, definition, &facts);
    *values = (struct fact_list){ .items = NEW(arena, struct fact, facts.count + 2) };
    values->items[values->count++] = (struct fact){ SPAN("TableName"), definition->name };
    for (size_t i = 0; i < facts.count; i++)
        values->items[values->count++] = facts.items[i];
    if (tags.size > 0)
        values->items[values->count++] = (struct fact){ SPAN("Tags"), tags };
}

static void show_values(const struct fleet *fleet, const struct fleet_table *table)
{
    const struct definition *definition = table->definition;
    struct fact_list values;
    int path_width = 0;
    int value_width = 0;

    list_values(fleet->arena, definition, &values);
    for (size_t i = 0; i < values.count; i++) {
        const struct fact *fact = &values.items[i];

        if ((int)fact->path.size > path_width)
            path_width = (int)fact->path.size;
        if ((int)fact->value.size > value_width && fact->value.size <= VALUE_WIDTH_MAX)
            value_width = (int)fact->value.size;
    }
    for (size_t i = 0; i < values.count; i++)
        printf("    %-*.*s  %-*.*s  %.*s\n", path_width, SPAN_PRINT(values.items[i].path),
               value_width, SPAN_PRINT(values.items[i].value),
               SPAN_PRINT(origin_text(fleet->arena, definition, values.items[i].path)));
    for (size_t i = 0; i < definition->left_out.count; i++) {
        const struct left_out *left = &definition->left_out.items[i];

        printf("    left out: %.*s, %.*s: %s\n", SPAN_PRINT(left->path),
               SPAN_PRINT(place_line(fleet->arena, left->place)), left->why);
    }
}

static void show(const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];

        printf("%-7s %.*s  (%.*s; ", action(table->state), SPAN_PRINT(table->name),
               SPAN_PRINT(table->definition->where));
        show_definition(table);
        printf(")\n");
        if (table->state != FLEET_EQUAL)
            show_values(fleet, table);
        show_differences(table);
    }
    if (!fleet->client) {
        printf("%zu to create, if none is there: nobody answers at %.*s\n", fleet->count,
               SPAN_PRINT(fleet->endpoint));
        return;
    }
    printf("%zu to create, %zu to keep, %zu that differ, at %.*s\n",
           fleet_count(fleet, FLEET_PLANNED), fleet_count(fleet, FLEET_EQUAL),
           fleet_count(fleet, FLEET_DIFFERENT), SPAN_PRINT(fleet->endpoint));
}

static void add_differences(struct tables_report *report, yyjson_mut_val *entry,
                            const struct fleet_table *table)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(report->doc, entry, "differences");

    for (size_t i = 0; i < table->differences.count; i++) {
        const struct difference *difference = &table->differences.items[i];
        yyjson_mut_val *row = yyjson_mut_arr_add_obj(report->doc, list);

        tables_report_text(report, row, "path", difference->path);
        tables_report_text(report, row, "definition", difference->wanted);
        tables_report_text(report, row, "table", difference->found);
    }
}

static void add_values(struct tables_report *report, const struct fleet *fleet,
                       yyjson_mut_val *entry, const struct definition *definition)
{
    struct arena *arena = fleet->arena;
    yyjson_mut_val *values = yyjson_mut_obj_add_arr(report->doc, entry, "values");
    yyjson_mut_val *left_out = yyjson_mut_obj_add_arr(report->doc, entry, "left_out");
    struct fact_list list;

    list_values(arena, definition, &list);
    for (size_t i = 0; i < list.count; i++) {
        yyjson_mut_val *row = yyjson_mut_arr_add_obj(report->doc, values);
        struct span path = list.items[i].path;

        tables_report_text(report, row, "path", path);
        tables_report_text(report, row, "value", list.items[i].value);
        tables_report_text(report, row, "from", origin_text(arena, definition, path));
    }
    for (size_t i = 0; i < definition->left_out.count; i++) {
        const struct left_out *left = &definition->left_out.items[i];
        yyjson_mut_val *row = yyjson_mut_arr_add_obj(report->doc, left_out);

        tables_report_text(report, row, "path", left->path);
        tables_report_text(report, row, "from", place_line(arena, left->place));
        tables_report_text(report, row, "why", span_from(left->why));
    }
}

static void show_json(const struct fleet *fleet)
{
    struct tables_report report;

    tables_report_open(&report, fleet);
    yyjson_mut_obj_add_bool(report.doc, yyjson_mut_doc_get_root(report.doc), "reached",
                            fleet->client != NULL);
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        yyjson_mut_val *entry = tables_report_add(&report, table);

        tables_report_text(&report, entry, "file", table->definition->file);
        yyjson_mut_obj_add_str(report.doc, entry, "action", action(table->state));
        add_values(&report, fleet, entry, table->definition);
        add_differences(&report, entry, table);
    }
    tables_report_print(&report, fleet);
}

/* Where nobody was told to answer, what the definitions say is worth knowing by itself. */
static struct error *look(const struct selection *selection, struct fleet *fleet)
{
    struct error *error = fleet_look(fleet);

    if (!error || selection->is_target_given || error->code != ERR_SERVICE_UNAVAILABLE ||
        interrupt_count() > 0)
        return error;
    client_close(fleet->client);
    fleet->client = NULL;
    for (size_t i = 0; i < fleet->count; i++)
        fleet->tables[i].state = FLEET_PLANNED;
    return NULL;
}

static int run(struct selection *selection, struct error **error)
{
    struct fleet fleet = { 0 };

    *error = tables_open(selection, &fleet);
    if (!*error)
        *error = look(selection, &fleet);
    if (!*error) {
        if (selection->is_json)
            show_json(&fleet);
        else
            show(&fleet);
    }
    if (fleet.client)
        client_close(fleet.client);
    return fleet_count(&fleet, FLEET_DIFFERENT) > 0 ? EXIT_FAILED : 0;
}

const struct tables_command tables_plan = {
    "plan",
    "stator tables plan --tables tables.json\n"
    "stator tables plan --tables cdk.out --parameter Stage=test --json\n"
    "\n"
    "Usage: stator tables plan [OPTION]...\n"
    "Says for each definition whether 'stator tables up' would create the table, keep it, or stop\n"
    "because the one that is there differs, and where; and of each value that would be made,\n"
    "the file and line that it comes from. Exit status 1 when one differs.\n"
    "Options: as 'stator tables --help' lists them.\n",
    run,
};
