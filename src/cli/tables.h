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

/* Definitions, names and a client for a server that runs already. No table at all is an error. */
MUST_USE struct error *tables_open(struct selection *selection, struct fleet *fleet);
