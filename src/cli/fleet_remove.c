/* cli/fleet_remove.c - removes the tables that were made, whatever state they are in by now. */
#include "base/arena.h"
#include "base/clock.h"
#include "cli/fleet_call.h"
#include "cli/interrupt.h"

#include <string.h>

enum { FIRST_POLL_MS = 10, POLL_MS_MAX = 2000 };

static bool is_gone(const struct client_call *call)
{
    return client_failed_with(call, "ResourceNotFoundException");
}

static bool is_protected(const struct client_call *call)
{
    return client_failed_with(call, "ValidationException") &&
           memmem(call->message.data, call->message.size, "protected against deletion", 26);
}

static void send(struct fleet *fleet, struct fleet_table **tables, struct client_call *calls,
                 size_t count, const char *operation)
{
    for (size_t i = 0; i < count; i++)
        calls[i] = (struct client_call){ .operation = operation,
                                         .body = fleet_name_body(fleet->arena, tables[i]->name) };
    client_call(fleet->client, fleet->arena, calls, count);
}

/* We made the table, so we may take away the protection that its definition asked for. */
static void unprotect(struct fleet *fleet, const struct fleet_table *table)
{
    struct span body = fleet_name_body(fleet->arena, table->name);
    struct client_call call = { .operation = "UpdateTable",
                                .body = arena_print(fleet->arena,
                                                    "%.*s,\"DeletionProtectionEnabled\":false}",
                                                    (int)body.size - 1, body.data) };

    client_call(fleet->client, fleet->arena, &call, 1);
}

/* What asking again can mend: the table is still being made or changed, or was protected. */
static bool may_pass(const struct client_call *call)
{
    return !call->error.data || client_failed_with(call, "ResourceInUseException") ||
           is_protected(call);
}

struct refusal {
    struct error *last;
    bool is_final;
};

/* One round: asks for those that are still there, and returns how many remain. */
static size_t remove_round(struct fleet *fleet, struct fleet_table **tables, size_t count,
                           struct refusal *refusal)
{
    struct client_call *calls = NEW(fleet->arena, struct client_call, count);
    size_t left = 0;

    send(fleet, tables, calls, count, "DeleteTable");
    for (size_t i = 0; i < count; i++) {
        const struct fleet_table nameless = { .name = tables[i]->name };

        if (is_protected(&calls[i]))
            unprotect(fleet, tables[i]);
        if (!calls[i].error.data || is_gone(&calls[i]))
            continue;
        refusal->last = fleet_refused(fleet, &nameless, &calls[i]);
        refusal->is_final |= !may_pass(&calls[i]);
    }
    if (refusal->is_final)
        return count;
    send(fleet, tables, calls, count, "DescribeTable");
    for (size_t i = 0; i < count; i++) {
        if (is_gone(&calls[i]))
            tables[i]->state = FLEET_REMOVED;
        else
            tables[left++] = tables[i];
    }
    return left;
}

struct error *fleet_remove(struct fleet *fleet, int64_t most_ms)
{
    struct fleet_table **tables = NEW(fleet->arena, struct fleet_table *, fleet->count + 1);
    int64_t until_us = clock_steady_us() + most_ms * 1000;
    int64_t poll_ms = FIRST_POLL_MS;
    size_t left = 0;

    for (size_t i = 0; i < fleet->count; i++)
        if (fleet->tables[i].state == FLEET_MADE)
            tables[left++] = &fleet->tables[i];
    while (left > 0) {
        struct refusal refusal = { 0 };

        left = remove_round(fleet, tables, left, &refusal);
        if (left == 0)
            return NULL;
        if (refusal.is_final || clock_steady_us() > until_us || !interrupt_pause(poll_ms))
            return refusal.last ? refusal.last
                                : fail(fleet->arena, ERR_RESOURCE_IN_USE, "%.*s is not gone yet",
                                       SPAN_PRINT(tables[0]->name));
        poll_ms = poll_ms * 2 < POLL_MS_MAX ? poll_ms * 2 : POLL_MS_MAX;
    }
    return NULL;
}
