/* cli/tables_drift.c - stator tables drift: template, CreateTable JSON of the tests and live table,
 * laid side by side. */
#include "cli/tables.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "cli/say.h"
#include "client/client.h"
#include "template/definition.h"

#include <stdio.h>
#include <stdlib.h>

/* In the order of what is right: where two differ, the earlier one is to be followed. */
enum { SIDE_TEMPLATE, SIDE_CREATE, SIDE_LIVE, SIDES };

static const char *const side_names[] = { "template", "definition", "live" };

struct table {
    struct span name;
    const struct definition *sides[SIDES]; /* NULL: not there */
    struct fact_list facts[SIDES];
};

struct row {
    struct span path;
    struct span values[SIDES]; /* absent: none */
};

struct drift {
    struct selection *selection;
    struct definition_list list;
    struct fleet fleet;
    size_t count;
    struct table *tables;
    size_t differences;
    yyjson_mut_doc *doc; /* --json */
    yyjson_mut_val *rows;
};

static struct table *find(struct drift *drift, struct span name)
{
    for (size_t i = 0; i < drift->count; i++)
        if (span_equal(drift->tables[i].name, name))
            return &drift->tables[i];
    drift->tables[drift->count].name = name;
    return &drift->tables[drift->count++];
}

/* The only template and the only JSON that found no partner are each other's, if the template left
 * the name to the deployment. */
static void pair_unnamed(struct drift *drift)
{
    size_t templates = drift->count;
    size_t others = drift->count;

    for (size_t i = 0; i < drift->count; i++) {
        const struct table *table = &drift->tables[i];
        bool is_template = table->sides[SIDE_TEMPLATE] != NULL;

        if (is_template && table->sides[SIDE_CREATE])
            continue;
        if ((is_template ? templates : others) != drift->count)
            return; /* more than one */
        *(is_template ? &templates : &others) = i;
    }
    if (templates == drift->count || others == drift->count ||
        drift->tables[templates].sides[SIDE_TEMPLATE]->has_name)
        return;
    drift->tables[others].sides[SIDE_TEMPLATE] = drift->tables[templates].sides[SIDE_TEMPLATE];
    drift->tables[templates] = drift->tables[--drift->count];
}

static struct error *group(struct drift *drift)
{
    drift->tables = NEW(drift->selection->arena, struct table, drift->list.count + 1);
    for (size_t i = 0; i < drift->list.count; i++) {
        const struct definition *definition = &drift->list.items[i];
        struct table *table = find(drift, definition->name);
        size_t side = definition->kind == DEFINITION_TEMPLATE ? SIDE_TEMPLATE : SIDE_CREATE;

        if (table->sides[side])
            return fail(drift->selection->arena, ERR_VALIDATION,
                        "table %.*s is defined twice, in %.*s and in %.*s: remove or rename one",
                        SPAN_PRINT(definition->name), SPAN_PRINT(table->sides[side]->where),
                        SPAN_PRINT(definition->where));
        table->sides[side] = definition;
    }
    pair_unnamed(drift);
    return NULL;
}

static const struct definition *first_side(const struct table *table)
{
    return table->sides[SIDE_TEMPLATE] ? table->sides[SIDE_TEMPLATE] : table->sides[SIDE_CREATE];
}

static struct error *look_at_live(struct drift *drift)
{
    struct selection *selection = drift->selection;
    struct fleet *fleet = &drift->fleet;

    fleet->tables = NEW(selection->arena, struct fleet_table, drift->count + 1);
    fleet->count = drift->count;
    for (size_t i = 0; i < drift->count; i++)
        fleet->tables[i].name =
            arena_print(selection->arena, "%.*s%.*s", SPAN_PRINT(drift->tables[i].name),
                        SPAN_PRINT(selection->suffix));
    TRY(selection_connect(selection, fleet, selection_endpoint(selection)));
    TRY(fleet_look(fleet));
    for (size_t i = 0; i < drift->count; i++) {
        struct definition *live = NEW(selection->arena, struct definition, 1);

        if (!fleet->tables[i].description)
            continue;
        definition_from_description(selection->arena, fleet->tables[i].description, live);
        live->kind = DEFINITION_LIVE;
        fleet_ask_settings(fleet, &fleet->tables[i], live);
        drift->tables[i].sides[SIDE_LIVE] = live;
    }
    return NULL;
}

static struct span value_at(const struct fact_list *facts, struct span path)
{
    for (size_t i = 0; i < facts->count; i++)
        if (span_equal(facts->items[i].path, path))
            return facts->items[i].value;
    return (struct span){ 0 };
}

/* Whether two sides that both know of the path have different values there; *right is the first. */
static bool differs(const struct table *table, struct row *row, size_t *right)
{
    bool is_different = false;

    *right = SIDES;
    for (size_t side = 0; side < SIDES; side++) {
        if (!table->sides[side] || !compare_knows(table->sides[side], row->path))
            continue;
        row->values[side] = value_at(&table->facts[side], row->path);
        if (*right == SIDES)
            *right = side;
        else if (!row->values[side].data != !row->values[*right].data ||
                 !span_equal(row->values[side], row->values[*right]))
            is_different = true;
    }
    return is_different;
}

/* Where the side has the value, or would have it. */
static struct span place_of(struct drift *drift, const struct table *table, size_t side,
                            struct span path)
{
    const struct origin *origin;

    if (side == SIDE_LIVE)
        return arena_print(drift->selection->arena, "the table at %.*s",
                           SPAN_PRINT(drift->fleet.endpoint));
    origin = definition_origin(table->sides[side], path);
    return origin ? place_line(drift->selection->arena, origin->place) : table->sides[side]->where;
}

/* "template.yaml:3 has X, orders.json:7 has Y" */
static void append_values(struct drift *drift, const struct table *table, const struct row *row,
                          struct buffer *line)
{
    bool is_first = true;

    for (size_t side = 0; side < SIDES; side++) {
        if (!table->sides[side] || !compare_knows(table->sides[side], row->path))
            continue;
        if (!is_first)
            buffer_append_literal(line, "; ");
        is_first = false;
        buffer_append_span(line, place_of(drift, table, side, row->path));
        buffer_append_literal(line, " has ");
        buffer_append_span(line, row->values[side].data ? row->values[side] : SPAN("nothing"));
    }
}

/* What to do about each side that isn't as the right one. */
static void append_mend(struct drift *drift, const struct table *table, const struct row *row,
                        size_t right, struct buffer *line)
{
    struct span wanted = row->values[right];
    bool is_first = true;

    for (size_t side = right + 1; side < SIDES; side++) {
        struct span found = row->values[side];
        struct span place;

        if (!table->sides[side] || !compare_knows(table->sides[side], row->path) ||
            (!found.data == !wanted.data && span_equal(found, wanted)))
            continue;
        buffer_append_span(line, is_first ? SPAN(": ") : SPAN(", and "));
        is_first = false;
        if (side == SIDE_LIVE) {
            buffer_append_literal(line, "deploy again, or stator tables down and up");
            continue;
        }
        place = place_of(drift, table, side, row->path);
        buffer_append_span(line, !wanted.data  ? SPAN("remove it from ")
                                 : !found.data ? SPAN("add it to ")
                                               : SPAN("change "));
        buffer_append_span(line, place);
    }
}

static void report_line(struct drift *drift, const struct table *table, struct span path,
                        const struct row *row, struct span values, struct span mend)
{
    yyjson_mut_val *entry;

    drift->differences++;
    if (!drift->doc) {
        printf("%.*s: %.*s: %.*s%.*s\n", SPAN_PRINT(table->name), SPAN_PRINT(path),
               SPAN_PRINT(values), SPAN_PRINT(mend));
        return;
    }
    entry = yyjson_mut_arr_add_obj(drift->doc, drift->rows);
    yyjson_mut_obj_add_strn(drift->doc, entry, "table", table->name.data, table->name.size);
    yyjson_mut_obj_add_strncpy(drift->doc, entry, "path", path.data, path.size);
    for (size_t side = 0; row && side < SIDES; side++)
        if (table->sides[side] && compare_knows(table->sides[side], path))
            yyjson_mut_obj_add_val(
                drift->doc, entry, side_names[side],
                row->values[side].data
                    ? yyjson_mut_strn(drift->doc, row->values[side].data, row->values[side].size)
                    : yyjson_mut_null(drift->doc));
    if (span_starts_with(mend, SPAN(": ")))
        mend = (struct span){ mend.data + 2, mend.size - 2 };
    yyjson_mut_obj_add_strncpy(drift->doc, entry, "found", values.data, values.size);
    yyjson_mut_obj_add_strncpy(drift->doc, entry, "mend", mend.data, mend.size);
}

static void report(struct drift *drift, const struct table *table, const struct row *row,
                   size_t right)
{
    struct buffer values;
    struct buffer mend;

    buffer_init(&values);
    buffer_init(&mend);
    append_values(drift, table, row, &values);
    append_mend(drift, table, row, right, &mend);
    report_line(drift, table, row->path, row, arena_copy(drift->fleet.arena, buffer_span(&values)),
                arena_copy(drift->fleet.arena, buffer_span(&mend)));
    buffer_fini(&values);
    buffer_fini(&mend);
}

static int by_text(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* A table that one of the sides that were asked for hasn't at all. */
static void report_missing(struct drift *drift, const struct table *table, size_t side)
{
    static const char *const mends[] = { ": add it to the template, or remove it here",
                                         ": add it to the tests' definitions, or leave it out",
                                         ": make it with stator tables up" };
    static const char *const what[] = { "no template has it", "no CreateTable JSON has it",
                                        "it is not there" };

    report_line(drift, table, SPAN("TableName"), NULL,
                arena_print(drift->fleet.arena, "%.*s has it, %s",
                            SPAN_PRINT(first_side(table)->where), what[side]),
                span_from(mends[side]));
}

static void compare(struct drift *drift, struct table *table, const bool *is_wanted)
{
    struct arena *arena = drift->selection->arena;
    struct span *paths;
    size_t count = 0;

    for (size_t side = 0; side < SIDES; side++) {
        if (table->sides[side])
            compare_facts(arena, table->sides[side], &table->facts[side]);
        else if (is_wanted[side])
            report_missing(drift, table, side);
    }
    paths = NEW(arena, struct span,
                table->facts[0].count + table->facts[1].count + table->facts[2].count + 1);
    for (size_t side = 0; side < SIDES; side++)
        for (size_t i = 0; i < table->facts[side].count; i++)
            paths[count++] = table->facts[side].items[i].path;
    qsort(paths, count, sizeof(*paths), by_text);
    for (size_t i = 0; i < count; i++) {
        struct row row = { .path = paths[i] };
        size_t right;

        if ((i == 0 || !span_equal(paths[i], paths[i - 1])) && differs(table, &row, &right))
            report(drift, table, &row, right);
    }
}

static struct error *check_sides(struct drift *drift, bool *is_wanted)
{
    for (size_t i = 0; i < drift->count; i++)
        for (size_t side = 0; side < SIDE_LIVE; side++)
            is_wanted[side] = is_wanted[side] || drift->tables[i].sides[side];
    is_wanted[SIDE_LIVE] = drift->selection->is_live;
    if (is_wanted[0] + is_wanted[1] + is_wanted[2] < 2)
        return fail(drift->selection->arena, ERR_VALIDATION,
                    "nothing to compare with: name a template and CreateTable JSON with --tables, "
                    "or compare with what is there by --live");
    return NULL;
}

static struct error *find_drift(struct drift *drift)
{
    bool is_wanted[SIDES] = { false };
    size_t *ends;

    TRY(selection_definitions(drift->selection, &drift->list, &ends));
    TRY(group(drift));
    TRY(check_sides(drift, is_wanted));
    if (drift->selection->is_live)
        TRY(look_at_live(drift));
    for (size_t i = 0; i < drift->count; i++)
        compare(drift, &drift->tables[i], is_wanted);
    return NULL;
}

static int run(struct selection *selection, struct error **error)
{
    struct drift drift = { .selection = selection, .fleet = { .arena = selection->arena } };
    yyjson_mut_val *root = NULL;

    if (selection->is_json) {
        drift.doc = json_build(selection->arena);
        root = yyjson_mut_obj(drift.doc);
        yyjson_mut_doc_set_root(drift.doc, root);
        drift.rows = yyjson_mut_obj_add_arr(drift.doc, root, "differences");
    }
    *error = find_drift(&drift);
    if (!*error && drift.doc) {
        yyjson_mut_obj_add_uint(drift.doc, root, "tables", drift.count);
        printf("%.*s\n", SPAN_PRINT(json_print(selection->arena, drift.doc, true)));
    }
    if (!*error && !drift.doc)
        printf("%zu tables, %zu differences\n", drift.count, drift.differences);
    if (drift.fleet.client)
        client_close(drift.fleet.client);
    return drift.differences > 0 ? EXIT_FAILED : 0;
}

const struct tables_command tables_drift = {
    "drift",
    "stator tables drift --tables cdk.out --tables tests/tables.json\n"
    "stator tables drift --tables template.yaml --parameter Stage=test --live\n"
    "\n"
    "Usage: stator tables drift [OPTION]...\n"
    "Lays templates, the CreateTable JSON of the tests and, with --live, the tables that are "
    "there\n"
    "side by side: one line for each difference, with its places and what to do. What is written\n"
    "in another order, left to its default or without effect is no difference. Without --live it\n"
    "needs no network. Exit status 1 when there is a difference.\n"
    "\n"
    "  --live            compare with the tables at --target, too\n"
    "Other options: as 'stator tables --help' lists them.\n",
    run,
};
