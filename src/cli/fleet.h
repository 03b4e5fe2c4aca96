/* cli/fleet.h - the tables of one command at their endpoint: looked at, made, awaited, filled and
 * removed, all at once.
 *
 * Ownership: everything lives in the fleet's arena; the client is the caller's.
 * Errors: one line each that names the table. What was made before an error stays and is removed
 * by fleet_remove. */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "template/compare.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct client;
struct definition;

enum { FLEET_READY_MS = 600 * 1000, FLEET_GONE_MS = 120 * 1000 };

/* PLANNED -> MADE -> REMOVED; PLANNED -> EQUAL or DIFFERENT when it was there before. UNSURE: asked
 * for, but nobody knows whether it was made. */
enum fleet_state {
    FLEET_PLANNED,
    FLEET_EQUAL,
    FLEET_DIFFERENT,
    FLEET_MADE,
    FLEET_UNSURE,
    FLEET_REMOVED
};

struct fleet_table {
    const struct definition *definition; /* NULL: a name alone */
    struct span name;                    /* at the endpoint: base name and suffix */
    struct span variable;                /* ORDERS of TABLE_NAME_ORDERS */
    struct span env;                     /* the config's own variable; absent: none */
    struct span data;                    /* file of items; absent: none */

    enum fleet_state state;
    bool is_ready;
    yyjson_val *description; /* as last shown */
    struct difference_list differences;
    int64_t item_count; /* put from data */
};

struct fleet {
    struct arena *arena;
    struct client *client;
    struct span endpoint;
    bool is_unique; /* nobody else can have made tables of these names */
    size_t count;
    struct fleet_table *tables;
};

/* Finds what is there: each table is PLANNED, EQUAL or DIFFERENT afterwards. */
MUST_USE struct error *fleet_look(struct fleet *fleet);

/* Makes what is PLANNED. */
MUST_USE struct error *fleet_make(struct fleet *fleet);

/* Until all are ACTIVE with their indexes and answer a read. A table that isn't there is waited
 * for too when may_be_missing, and so is an endpoint that doesn't answer. */
MUST_USE struct error *fleet_await(struct fleet *fleet, int64_t most_ms, bool may_be_missing);

/* TTL and point-in-time recovery of what was MADE; an endpoint that has no such operation is no
 * error, but said. */
MUST_USE struct error *fleet_set(struct fleet *fleet);

/* The same settings of a table that is there; what the endpoint doesn't tell stays unknown. */
void fleet_ask_settings(struct fleet *fleet, const struct fleet_table *table,
                        struct definition *live);

/* One line for each table that was MADE with less than its template asks for. */
void fleet_say_left_out(const struct fleet *fleet);

/* Puts each table's data where the table was MADE. */
MUST_USE struct error *fleet_fill(struct fleet *fleet);

/* Removes what was MADE and waits until it is gone. */
MUST_USE struct error *fleet_remove(struct fleet *fleet, int64_t most_ms);

/* How many are in that state; and their names, "a, b" or "a, b, c and 4 more". */
size_t fleet_count(const struct fleet *fleet, enum fleet_state state);
struct span fleet_names(const struct fleet *fleet, enum fleet_state state);

/* DescribeTable's state of what was last shown; absent: never shown. */
struct span fleet_status(const struct fleet_table *table);
