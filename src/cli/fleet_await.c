/* cli/fleet_await.c - waits until tables and their indexes are ACTIVE and answer a read. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "cli/fleet_call.h"
#include "cli/interrupt.h"

#include <string.h>

enum { FIRST_POLL_MS = 10, POLL_MS_MAX = 1000, INDEXES_MAX = 64 };

struct waiting {
    struct fleet *fleet;
    int64_t until_us;
    int64_t poll_ms;
    bool may_be_missing;
};

static bool indexes_are_active(yyjson_val *description)
{
    size_t i;
    size_t count;
    yyjson_val *index;

    yyjson_arr_foreach(yyjson_obj_get(description, "GlobalSecondaryIndexes"), i, count, index)
    {
        if (!yyjson_equals_str(yyjson_obj_get(index, "IndexStatus"), "ACTIVE"))
            return false;
    }
    return true;
}

static bool is_active(const struct fleet_table *table)
{
    return table->description && span_is(fleet_status(table), "ACTIVE") &&
           indexes_are_active(table->description);
}

/* Polls often at first and then less and less. */
static struct error *pause_before_poll(struct waiting *waiting, const struct fleet_table *late,
                                       const struct client_call *last)
{
    struct arena *arena = waiting->fleet->arena;
    struct span status = fleet_status(late);

    if (clock_steady_us() > waiting->until_us) {
        if (last && last->error.data)
            return fleet_refused(waiting->fleet, late, last);
        return fail(arena, ERR_SERVICE_UNAVAILABLE,
                    "%.*s is not ready in time, its state is %.*s: wait longer or look at it in "
                    "the console",
                    SPAN_PRINT(late->name), SPAN_PRINT(status));
    }
    if (!interrupt_pause(waiting->poll_ms))
        return fail(arena, ERR_SERVICE_UNAVAILABLE, "stopped by a signal");
    waiting->poll_ms *= 2;
    if (waiting->poll_ms > POLL_MS_MAX)
        waiting->poll_ms = POLL_MS_MAX;
    return NULL;
}

static bool may_pass(const struct waiting *waiting, const struct fleet_table *table,
                     const struct client_call *call)
{
    if (client_failed_with(call, "ResourceNotFoundException")) /* just made, not known everywhere */
        return waiting->may_be_missing || table->state == FLEET_MADE;
    return waiting->may_be_missing && client_failed_with(call, "Unreachable");
}

static struct error *await_active(struct waiting *waiting)
{
    struct fleet *fleet = waiting->fleet;
    struct fleet_table **late = NEW(fleet->arena, struct fleet_table *, fleet->count + 1);
    struct client_call *calls = NULL;
    bool is_first = true;

    for (;;) {
        size_t count = 0;

        for (size_t i = 0; i < fleet->count; i++)
            if (!is_active(&fleet->tables[i]))
                late[count++] = &fleet->tables[i];
        if (count == 0)
            return NULL;
        if (!is_first)
            TRY(pause_before_poll(waiting, late[0], calls));
        is_first = false;
        calls = fleet_describe(fleet, late, count);
        for (size_t i = 0; i < count; i++)
            if (calls[i].error.data && !may_pass(waiting, late[i], &calls[i]))
                return fleet_refused(fleet, late[i], &calls[i]);
        for (size_t i = 0; i < count; i++) /* the one whose lateness would be reported goes first */
            if (!is_active(late[i])) {
                calls = &calls[i];
                break;
            }
    }
}

struct probe {
    struct fleet_table *table;
    struct client_call call;
};

static struct span probe_body(struct arena *arena, struct span table, struct span index)
{
    struct buffer buffer;
    struct span body;

    buffer_init(&buffer);
    buffer_append_literal(&buffer, "{\"Limit\":1,\"TableName\":");
    buffer_append_json_string(&buffer, table);
    if (index.data) {
        buffer_append_literal(&buffer, ",\"IndexName\":");
        buffer_append_json_string(&buffer, index);
    }
    buffer_append_char(&buffer, '}');
    body = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return body;
}

/* One read of the table and of each of its indexes. */
static size_t add_probes(struct arena *arena, struct fleet_table *table, struct client_call *calls)
{
    static const char *const kinds[] = { "LocalSecondaryIndexes", "GlobalSecondaryIndexes" };
    size_t made = 0;

    calls[made++] =
        (struct client_call){ .operation = "Scan",
                              .body = probe_body(arena, table->name, (struct span){ 0 }) };
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
        size_t i;
        size_t count;
        yyjson_val *index;

        yyjson_arr_foreach(yyjson_obj_get(table->description, kinds[kind]), i, count, index)
        {
            struct span name = json_text(yyjson_obj_get(index, "IndexName"));

            if (made < INDEXES_MAX)
                calls[made++] =
                    (struct client_call){ .operation = "Scan",
                                          .body = probe_body(arena, table->name, name) };
        }
    }
    return made;
}

/* A new table is not known to every machine of the service at the same moment. */
static bool is_not_yet(const struct client_call *call)
{
    return client_failed_with(call, "ResourceNotFoundException") ||
           (client_failed_with(call, "ValidationException") &&
            memmem(call->message.data, call->message.size, "backfilling", 11));
}

static struct error *await_reads(struct waiting *waiting)
{
    struct fleet *fleet = waiting->fleet;
    struct client_call *calls = NEW(fleet->arena, struct client_call, fleet->count * INDEXES_MAX);
    struct fleet_table **owners =
        NEW(fleet->arena, struct fleet_table *, fleet->count * INDEXES_MAX);
    size_t count = 0;

    for (size_t i = 0; i < fleet->count; i++) {
        size_t more = add_probes(fleet->arena, &fleet->tables[i], &calls[count]);

        while (more-- > 0)
            owners[count++] = &fleet->tables[i];
    }
    while (count > 0) {
        size_t again = 0;

        client_call(fleet->client, fleet->arena, calls, count);
        for (size_t i = 0; i < count; i++) {
            if (!calls[i].error.data)
                continue;
            if (!is_not_yet(&calls[i]))
                return fleet_refused(fleet, owners[i], &calls[i]);
            owners[again] = owners[i];
            calls[again++] = calls[i];
        }
        count = again;
        if (count > 0)
            TRY(pause_before_poll(waiting, owners[0], &calls[0]));
    }
    return NULL;
}

struct error *fleet_await(struct fleet *fleet, int64_t most_ms, bool may_be_missing)
{
    struct waiting waiting = { fleet, clock_steady_us() + most_ms * 1000, FIRST_POLL_MS,
                               may_be_missing };

    TRY(await_active(&waiting));
    TRY(await_reads(&waiting));
    for (size_t i = 0; i < fleet->count; i++)
        fleet->tables[i].is_ready = true;
    return NULL;
}
