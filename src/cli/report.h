/* cli/report.h - what stator test writes to --report FILE: one JSON object about the run. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdint.h>

struct arena;
struct fleet;
struct selection;

enum { REPORT_STEPS_MAX = 16 };

struct report_step {
    const char *name;
    int64_t us;
};

struct report {
    int file; /* -1: none is wanted */
    int64_t started_ms;
    size_t step_count;
    struct report_step steps[REPORT_STEPS_MAX];
    struct span seed;  /* of the private server */
    struct span error; /* absent: none */
    int exit_status;
};

/* Creates the file, so that a path that can't be written is known before the run. path may be
 * absent. */
MUST_USE struct error *report_open(struct arena *arena, struct span path, struct report *report);

void report_step(struct report *report, const char *name, int64_t started_us);

/* Writes and closes the file. command ends in NULL. */
MUST_USE struct error *report_write(struct report *report, const struct selection *selection,
                                    const struct fleet *fleet, char **command);
