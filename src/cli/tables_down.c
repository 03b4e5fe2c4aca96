/* cli/tables_down.c - stator tables down: removes the tables of the definitions given. */
#include "cli/tables.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/say.h"
#include "client/client.h"

static struct error *lower_tables(struct selection *selection, struct fleet *fleet)
{
    int64_t started_us = clock_steady_us();

    TRY(tables_open(selection, fleet));
    TRY(fleet_look(fleet));
    for (size_t i = 0; i < fleet->count; i++)
        if (fleet->tables[i].state != FLEET_PLANNED) /* it is there: take it as made by us */
            fleet->tables[i].state = FLEET_MADE;
    TRY(fleet_remove(fleet, FLEET_GONE_MS));
    if (fleet_count(fleet, FLEET_REMOVED) > 0)
        say_step(started_us, "removed %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_REMOVED)));
    if (fleet_count(fleet, FLEET_PLANNED) > 0)
        say("not there: %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_PLANNED)));
    return NULL;
}

static void show_json(const struct fleet *fleet)
{
    struct tables_report report;

    tables_report_open(&report, fleet);
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];

        yyjson_mut_obj_add_bool(report.doc, tables_report_add(&report, table), "removed",
                                table->state == FLEET_REMOVED);
    }
    tables_report_print(&report, fleet);
}

static int run(struct selection *selection, struct error **error)
{
    struct fleet fleet = { 0 };

    *error = lower_tables(selection, &fleet);
    if (!*error && selection->is_json)
        show_json(&fleet);
    if (fleet.client)
        client_close(fleet.client);
    return 0;
}

const struct tables_command tables_down = {
    "down",
    "stator tables down --tables tables.json\n"
    "stator tables down --tables tables.json --suffix _run_k3x90z1a --target "
    "http://127.0.0.1:8000\n"
    "\n"
    "Usage: stator tables down [OPTION]...\n"
    "Removes the tables that the definitions and the suffix name, with all that is in them, and\n"
    "waits until they are gone. One that isn't there is no error.\n"
    "Options: as 'stator tables --help' lists them.\n",
    run,
};
