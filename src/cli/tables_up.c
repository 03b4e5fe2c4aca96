/* cli/tables_up.c - stator tables up: makes the tables that are missing. */
#include "cli/tables.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/fleet_show.h"
#include "cli/interrupt.h"
#include "cli/say.h"
#include "client/client.h"

static struct error *check_differences(const struct fleet *fleet)
{
    if (fleet_count(fleet, FLEET_DIFFERENT) == 0)
        return NULL;
    for (size_t i = 0; i < fleet->count; i++)
        say_differences(&fleet->tables[i]);
    return fail(fleet->arena, ERR_RESOURCE_IN_USE,
                "defined differently at %.*s: %.*s: change the file, or remove the table with "
                "stator tables down",
                SPAN_PRINT(fleet->endpoint), SPAN_PRINT(fleet_names(fleet, FLEET_DIFFERENT)));
}

static struct error *raise_tables(struct selection *selection, struct fleet *fleet)
{
    int64_t started_us = clock_steady_us();

    TRY(tables_open(selection, fleet));
    TRY(fleet_look(fleet));
    TRY(check_differences(fleet));
    interrupt_bear(1); /* as in stator test: what is being made is made */
    TRY(fleet_make(fleet));
    interrupt_bear(0);
    TRY(fleet_await(fleet, FLEET_READY_MS, false));
    TRY(fleet_set(fleet));
    fleet_say_left_out(fleet);
    TRY(fleet_fill(fleet));
    if (fleet_count(fleet, FLEET_EQUAL) > 0)
        say("there already: %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_EQUAL)));
    if (fleet_count(fleet, FLEET_MADE) > 0)
        say_step(started_us, "made %.*s", SPAN_PRINT(fleet_names(fleet, FLEET_MADE)));
    return NULL;
}

static void show_json(const struct fleet *fleet)
{
    struct tables_report report;

    tables_report_open(&report, fleet);
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        yyjson_mut_val *entry = tables_report_add(&report, table);

        yyjson_mut_obj_add_bool(report.doc, entry, "created", table->state == FLEET_MADE);
        yyjson_mut_obj_add_int(report.doc, entry, "items_put", table->item_count);
    }
    tables_report_print(&report, fleet);
}

static int run(struct selection *selection, struct error **error)
{
    struct fleet fleet = { 0 };

    *error = raise_tables(selection, &fleet);
    if (!*error && selection->is_json)
        show_json(&fleet);
    if (*error && fleet_count(&fleet, FLEET_MADE) > 0)
        say("made before the error: %.*s: remove with: stator tables down%.*s",
            SPAN_PRINT(fleet_names(&fleet, FLEET_MADE)),
            SPAN_PRINT(selection_repeat(selection, fleet.endpoint)));
    if (fleet.client)
        client_close(fleet.client);
    return 0;
}

const struct tables_command tables_up = {
    "up",
    "stator tables up --tables tables.json\n"
    "stator tables up --tables tables/ --suffix _alice --target http://127.0.0.1:8000\n"
    "\n"
    "Usage: stator tables up [OPTION]...\n"
    "Makes the tables that are missing, waits until they answer, and puts the data that\n"
    "stator.yaml names into those that it made. A table that is there with an equal definition\n"
    "is left as it is; one that differs is an error that says where, and nothing is touched.\n"
    "Options: as 'stator tables --help' lists them.\n",
    run,
};
