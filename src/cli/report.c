/* cli/report.c - writes one JSON object about a run. */
#include "cli/report.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/fleet.h"
#include "cli/selection.h"
#include "template/definition.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct error *report_open(struct arena *arena, struct span path, struct report *report)
{
    *report = (struct report){ .file = -1, .started_ms = clock_machine_ms() };
    if (!path.data)
        return NULL;
    report->file = open(path.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (report->file < 0)
        return fail(arena, ERR_VALIDATION, "--report %.*s: cannot be written: %s", SPAN_PRINT(path),
                    strerror(errno));
    return NULL;
}

void report_step(struct report *report, const char *name, int64_t started_us)
{
    if (report->step_count < REPORT_STEPS_MAX)
        report->steps[report->step_count++] =
            (struct report_step){ name, clock_steady_us() - started_us };
}

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name,
                     struct span text)
{
    if (text.data)
        yyjson_mut_obj_add_strn(doc, object, name, text.data, text.size);
    else
        yyjson_mut_obj_add_null(doc, object, name);
}

static const char *fate(enum fleet_state state)
{
    switch (state) {
    case FLEET_PLANNED: return "not made";
    case FLEET_EQUAL: return "reused";
    case FLEET_DIFFERENT: return "different";
    case FLEET_MADE: return "kept";
    case FLEET_UNSURE: return "unsure";
    case FLEET_REMOVED: return "removed";
    }
    return "";
}

static void add_tables(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct fleet *fleet)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "tables");

    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        yyjson_mut_val *entry = yyjson_mut_arr_add_obj(doc, list);

        add_text(doc, entry, "base_name", table->definition->name);
        add_text(doc, entry, "name", table->name);
        add_text(doc, entry, "file", table->definition->file);
        yyjson_mut_obj_add_int(doc, entry, "items_put", table->item_count);
        yyjson_mut_obj_add_str(doc, entry, "outcome", fate(table->state));
    }
}

static void add_steps(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct report *report)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "steps");

    for (size_t i = 0; i < report->step_count; i++) {
        yyjson_mut_val *entry = yyjson_mut_arr_add_obj(doc, list);

        yyjson_mut_obj_add_str(doc, entry, "name", report->steps[i].name);
        yyjson_mut_obj_add_real(doc, entry, "ms", (double)report->steps[i].us / 1e3);
    }
}

static struct error *write_all(struct arena *arena, int file, struct span text)
{
    size_t done = 0;

    while (done < text.size) {
        ssize_t count = write(file, text.data + done, text.size - done);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(arena, ERR_VALIDATION, "--report: cannot be written: %s", strerror(errno));
        done += (size_t)count;
    }
    return NULL;
}

struct error *report_write(struct report *report, const struct selection *selection,
                           const struct fleet *fleet, char **command)
{
    struct arena *arena = selection->arena;
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *words;
    struct error *error;

    if (report->file < 0)
        return NULL;
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_int(doc, root, "report_version", 1);
    yyjson_mut_obj_add_str(doc, root, "run_id", selection->run_id);
    add_text(doc, root, "target", selection->target);
    add_text(doc, root, "endpoint", fleet->endpoint);
    add_text(doc, root, "region", selection->region);
    add_text(doc, root, "suffix", selection->suffix);
    if (selection_is_local(selection))
        add_text(doc, root, "seed", report->seed);
    words = yyjson_mut_obj_add_arr(doc, root, "command");
    for (size_t i = 0; command && command[i]; i++)
        yyjson_mut_arr_add_str(doc, words, command[i]);
    yyjson_mut_obj_add_int(doc, root, "exit_status", report->exit_status);
    add_text(doc, root, "error", report->error);
    yyjson_mut_obj_add_int(doc, root, "started_ms", report->started_ms);
    add_tables(doc, root, fleet);
    add_steps(doc, root, report);
    error = write_all(arena, report->file,
                      arena_print(arena, "%.*s\n", SPAN_PRINT(json_print(arena, doc, true))));
    close(report->file);
    report->file = -1;
    return error;
}
