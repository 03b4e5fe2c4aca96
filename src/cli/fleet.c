/* cli/fleet.c - looks at the tables of a command and makes the ones that are missing. */
#include "cli/fleet.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "cli/fleet_call.h"
#include "cli/interrupt.h"
#include "template/definition.h"

enum { NAMES_SHOWN_MAX = 5, LEAVING_POLL_MS = 500 };

struct span fleet_name_body(struct arena *arena, struct span name)
{
    struct buffer buffer;
    struct span body;

    buffer_init(&buffer);
    buffer_append_literal(&buffer, "{\"TableName\":");
    buffer_append_json_string(&buffer, name);
    buffer_append_char(&buffer, '}');
    body = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return body;
}

struct error *fleet_refused(const struct fleet *fleet, const struct fleet_table *table,
                            const struct client_call *call)
{
    if (client_failed_with(call, "Unreachable"))
        return fail(fleet->arena, ERR_SERVICE_UNAVAILABLE,
                    "cannot reach %.*s: %.*s: start it or check --target",
                    SPAN_PRINT(fleet->endpoint), SPAN_PRINT(call->message));
    if (client_failed_with(call, "NoDynamoDB"))
        return fail(fleet->arena, ERR_SERVICE_UNAVAILABLE,
                    "%.*s answered %s with %.*s: check --target", SPAN_PRINT(fleet->endpoint),
                    call->operation, SPAN_PRINT(call->message));
    if (client_failed_with(call, "Stopped"))
        return fail(fleet->arena, ERR_SERVICE_UNAVAILABLE, "stopped by a signal");
    if (client_failed_with(call, "ResourceInUseException") && table->definition)
        return fail(fleet->arena, ERR_RESOURCE_IN_USE,
                    "%.*s exists already at %.*s: use it with --reuse, or have one of your own "
                    "with --suffix run",
                    SPAN_PRINT(table->name), SPAN_PRINT(fleet->endpoint));
    return fail(fleet->arena, ERR_VALIDATION, "%.*s: %s was refused: %.*s: %.*s",
                SPAN_PRINT(table->name), call->operation, SPAN_PRINT(call->error),
                SPAN_PRINT(call->message));
}

struct client_call *fleet_describe(struct fleet *fleet, struct fleet_table **tables, size_t count)
{
    struct client_call *calls = NEW(fleet->arena, struct client_call, count);

    for (size_t i = 0; i < count; i++)
        calls[i] = (struct client_call){ .operation = "DescribeTable",
                                         .body = fleet_name_body(fleet->arena, tables[i]->name) };
    client_call(fleet->client, fleet->arena, calls, count);
    for (size_t i = 0; i < count; i++) {
        yyjson_val *shown = yyjson_obj_get(calls[i].answer, "Table");

        tables[i]->description = calls[i].error.data ? NULL : shown;
    }
    return calls;
}

struct span fleet_status(const struct fleet_table *table)
{
    return json_text(yyjson_obj_get(table->description, "TableStatus"));
}

static void compare(struct fleet *fleet, struct fleet_table *table)
{
    struct definition found = { 0 };

    definition_from_description(fleet->arena, table->description, &found);
    compare_definitions(fleet->arena, table->definition, &found, &table->differences);
    table->state = table->differences.count > 0 ? FLEET_DIFFERENT : FLEET_EQUAL;
}

static struct fleet_table **all_tables(struct fleet *fleet)
{
    struct fleet_table **tables = NEW(fleet->arena, struct fleet_table *, fleet->count + 1);

    for (size_t i = 0; i < fleet->count; i++)
        tables[i] = &fleet->tables[i];
    return tables;
}

/* A table that is just being deleted is waited for: its name is free afterwards. */
struct error *fleet_look(struct fleet *fleet)
{
    struct fleet_table **tables = all_tables(fleet);
    int64_t until_us = clock_steady_us() + FLEET_GONE_MS * 1000LL;
    size_t left = fleet->count;

    while (left > 0) {
        struct client_call *calls = fleet_describe(fleet, tables, left);
        size_t leaving = 0;

        for (size_t i = 0; i < left; i++) {
            bool is_missing = client_failed_with(&calls[i], "ResourceNotFoundException");

            if (calls[i].error.data && !is_missing)
                return fleet_refused(fleet, tables[i], &calls[i]);
            tables[i]->state = FLEET_PLANNED;
            if (span_is(fleet_status(tables[i]), "DELETING"))
                tables[leaving++] = tables[i];
            else if (!is_missing && tables[i]->definition)
                compare(fleet, tables[i]);
        }
        left = leaving;
        if (left > 0 && clock_steady_us() > until_us)
            return fail(fleet->arena, ERR_RESOURCE_IN_USE,
                        "%.*s is still being deleted: try again later",
                        SPAN_PRINT(tables[0]->name));
        if (left > 0 && !interrupt_pause(LEAVING_POLL_MS))
            return fail(fleet->arena, ERR_SERVICE_UNAVAILABLE, "stopped by a signal");
    }
    return NULL;
}

/* After a lost answer the table may be ours: that is certain only of a name that nobody else can
 * have thought of. */
static void settle(const struct fleet *fleet, struct fleet_table *table,
                   const struct client_call *call)
{
    if (!call->error.data) {
        table->state = FLEET_MADE;
        table->description = yyjson_obj_get(call->answer, "TableDescription");
    } else if (call->was_lost && fleet->is_unique) {
        table->state = FLEET_MADE;
    } else if (call->was_lost) {
        table->state = FLEET_UNSURE;
    }
}

struct error *fleet_make(struct fleet *fleet)
{
    struct fleet_table **tables = NEW(fleet->arena, struct fleet_table *, fleet->count + 1);
    struct client_call *calls = NEW(fleet->arena, struct client_call, fleet->count + 1);
    struct error *error = NULL;
    size_t count = 0;

    for (size_t i = 0; i < fleet->count; i++) {
        struct fleet_table *table = &fleet->tables[i];

        if (table->state != FLEET_PLANNED)
            continue;
        tables[count] = table;
        calls[count++] = (struct client_call){ .operation = "CreateTable",
                                               .body = definition_create_body(
                                                   fleet->arena, table->definition, table->name) };
    }
    client_call(fleet->client, fleet->arena, calls, count);
    for (size_t i = 0; i < count; i++) {
        settle(fleet, tables[i], &calls[i]);
        if (!error && calls[i].error.data &&
            !(tables[i]->state == FLEET_MADE &&
              client_failed_with(&calls[i], "ResourceInUseException")))
            error = fleet_refused(fleet, tables[i], &calls[i]);
    }
    return error;
}

size_t fleet_count(const struct fleet *fleet, enum fleet_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < fleet->count; i++)
        count += fleet->tables[i].state == state;
    return count;
}

struct span fleet_names(const struct fleet *fleet, enum fleet_state state)
{
    size_t count = fleet_count(fleet, state);
    size_t shown = 0;
    struct buffer buffer;
    struct span names;

    buffer_init(&buffer);
    for (size_t i = 0; i < fleet->count && shown < NAMES_SHOWN_MAX; i++) {
        if (fleet->tables[i].state != state)
            continue;
        if (shown++ > 0)
            buffer_append_literal(&buffer, ", ");
        buffer_append_span(&buffer, fleet->tables[i].name);
    }
    if (count > shown)
        buffer_append_span(&buffer, arena_print(fleet->arena, " and %zu more", count - shown));
    names = arena_copy(fleet->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return names;
}
