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

static yyjson_mut_val *text_or_null(yyjson_mut_doc *doc, struct span text)
{
    return text.data ? yyjson_mut_strn(doc, text.data, text.size) : yyjson_mut_null(doc);
}

static void add_differences(yyjson_mut_doc *doc, yyjson_mut_val *entry,
                            const struct fleet_table *table)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, entry, "differences");

    for (size_t i = 0; i < table->differences.count; i++) {
        const struct difference *difference = &table->differences.items[i];
        yyjson_mut_val *row = yyjson_mut_arr_add_obj(doc, list);

        yyjson_mut_obj_add_val(doc, row, "path", text_or_null(doc, difference->path));
        yyjson_mut_obj_add_val(doc, row, "definition", text_or_null(doc, difference->wanted));
        yyjson_mut_obj_add_val(doc, row, "table", text_or_null(doc, difference->found));
    }
}

static void show_json(const struct fleet *fleet)
{
    yyjson_mut_doc *doc = json_build(fleet->arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *list;

    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_val(doc, root, "endpoint", text_or_null(doc, fleet->endpoint));
    list = yyjson_mut_obj_add_arr(doc, root, "tables");
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        yyjson_mut_val *entry = yyjson_mut_arr_add_obj(doc, list);

        yyjson_mut_obj_add_val(doc, entry, "name", text_or_null(doc, table->name));
        yyjson_mut_obj_add_val(doc, entry, "base_name", text_or_null(doc, table->definition->name));
        yyjson_mut_obj_add_val(doc, entry, "file", text_or_null(doc, table->definition->file));
        yyjson_mut_obj_add_str(doc, entry, "action", action(table->state));
        add_differences(doc, entry, table);
    }
    printf("%.*s\n", SPAN_PRINT(json_print(fleet->arena, doc, true)));
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
