/* cli/tables.h - what the parts of stator tables share. */
#pragma once

#include "cli/fleet.h"
#include "cli/selection.h"

struct arena;

struct tables_command {
    const char *name; /* "up" */
    const char *help;
    /* The selection is settled. Returns the exit status; *error is said by the caller. */
    int (*run)(struct selection *selection, struct error **error);
};

extern const struct tables_command tables_plan;
extern const struct tables_command tables_up;
extern const struct tables_command tables_down;
extern const struct tables_command tables_list;
extern const struct tables_command tables_drift;

/* The report of --json: {"endpoint":...,"tables":[...]}. */
struct tables_report {
    yyjson_mut_doc *doc;
    yyjson_mut_val *tables;
};

void tables_report_open(struct tables_report *report, const struct fleet *fleet);

/* One more table, with name and, where there is a definition, base_name. */
yyjson_mut_val *tables_report_add(struct tables_report *report, const struct fleet_table *table);

/* A text, or null where it is absent. */
void tables_report_text(struct tables_report *report, yyjson_mut_val *object, const char *name,
                        struct span text);
void tables_report_print(struct tables_report *report, const struct fleet *fleet);

/* Definitions, names and a client for a server that runs already. No table at all is an error. */
MUST_USE struct error *tables_open(struct selection *selection, struct fleet *fleet);
