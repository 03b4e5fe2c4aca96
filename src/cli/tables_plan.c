/* cli/tables_plan.c - stator tables plan: what up would do; changes nothing. */
#include "cli/tables.h"

#include "base/arena.h"
#include "cli/fleet_show.h"
#include "cli/say.h"
#include "client/client.h"
#include "template/definition.h"

#include <stdio.h>

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

static void show(const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];

        printf("%-7s %.*s  (%.*s; ", action(table->state), SPAN_PRINT(table->name),
               SPAN_PRINT(table->definition->where));
        show_definition(table);
        printf(")\n");
        show_differences(table);
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

static void show_json(const struct fleet *fleet)
{
    struct tables_report report;

    tables_report_open(&report, fleet);
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        yyjson_mut_val *entry = tables_report_add(&report, table);

        tables_report_text(&report, entry, "file", table->definition->file);
        yyjson_mut_obj_add_str(report.doc, entry, "action", action(table->state));
        add_differences(&report, entry, table);
    }
    tables_report_print(&report, fleet);
}

static int run(struct selection *selection, struct error **error)
{
    struct fleet fleet = { 0 };

    *error = tables_open(selection, &fleet);
    if (!*error)
        *error = fleet_look(&fleet);
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
    "stator tables plan --tables tables.json --target http://127.0.0.1:8000 --json\n"
    "\n"
    "Usage: stator tables plan [OPTION]...\n"
    "Says for each definition whether 'stator tables up' would create the table, keep it, or stop\n"
    "because the one that is there differs, and where. Exit status 1 when one differs.\n"
    "Options: as 'stator tables --help' lists them.\n",
    run,
};
