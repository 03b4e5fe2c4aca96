/* cli/fleet_call.h - what the fleet's parts share: one call a table, and what a refusal says. */
#pragma once

#include "cli/fleet.h"
#include "client/client.h"

/* {"TableName":"..."} */
struct span fleet_name_body(struct arena *arena, struct span name);

/* The call failed: one line about it. */
struct error *fleet_refused(const struct fleet *fleet, const struct fleet_table *table,
                            const struct client_call *call);

/* DescribeTable for the count tables listed, in one go; calls[i] is tables[i]'s. */
struct client_call *fleet_describe(struct fleet *fleet, struct fleet_table **tables, size_t count);
