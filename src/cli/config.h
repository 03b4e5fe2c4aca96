/* cli/config.h - stator.yaml: the tables of a project and how its tests are run.
 *
 * Paths in it are seen from the folder it lies in. Ownership: everything lives in the arena.
 * Errors: "FILE:LINE:COLUMN: what went wrong: what to do"; a key it doesn't know is one. */
#pragma once

#include "base/error.h"
#include "base/span.h"

struct arena;
struct given;

struct config_table {
    struct span place; /* "stator.yaml:3:5" */
    struct span from;
    struct span env;  /* absent: none */
    struct span data; /* absent: none */
    size_t parameter_count;
    struct given *parameters;
};

struct config {
    struct span file; /* absent: there is none */
    struct span region;
    size_t table_count;
    struct config_table *tables;
    struct string_list command; /* empty: none */
    struct span target;
    struct span suffix;
};

MUST_USE struct error *config_read(struct arena *arena, struct span path, struct config *config);
MUST_USE struct error *config_parse(struct arena *arena, struct span path, struct span text,
                                    struct config *config);
