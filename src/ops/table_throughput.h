/* ops/table_throughput.h - provisioned, on-demand and warm throughput of a table or a global index:
 * what may be asked for, and what comes of it.
 *
 * index_name is absent when the table itself is meant. Errors: ERR_VALIDATION. */
#pragma once

#include "base/error.h"
#include "plan/table.h"

struct arena;

/* spec: what every new on-demand table can do */
enum { INITIAL_READ_UNITS = 12000, INITIAL_WRITE_UNITS = 4000 };

/* What is asked for; each part NULL when it isn't. */
struct throughput_input {
    const struct provisioned_throughput *provisioned;
    const struct on_demand_throughput *maximum;
    const struct warm_throughput *warm;
};

/* "Given value N for ReadCapacityUnits is out of bounds" */
MUST_USE struct error *throughput_check_bounds(struct arena *arena, struct span index_name,
                                               const struct provisioned_throughput *in);

/* Of a table or index that is being created. The caller has checked that provisioned throughput is
 * there if and only if the mode wants it. */
MUST_USE struct error *throughput_create(struct arena *arena, struct span index_name,
                                         enum billing_mode mode, const struct throughput_input *in,
                                         struct throughput *throughput);

/* The three changes. Maxima: -1 takes one away. */
MUST_USE struct error *throughput_change_maxima(struct arena *arena, struct span index_name,
                                                enum billing_mode mode,
                                                const struct on_demand_throughput *in,
                                                struct throughput *throughput);
MUST_USE struct error *throughput_change_warm(struct arena *arena, struct span index_name,
                                              const struct warm_throughput *in,
                                              struct throughput *throughput);
MUST_USE struct error *throughput_change_provisioned(struct arena *arena, struct span index_name,
                                                     const struct provisioned_throughput *in,
                                                     int64_t now_ms, struct throughput *throughput);

/* Counts the day's decreases anew after midnight UTC. */
int64_t throughput_decreases_today(const struct throughput *throughput, int64_t now_ms);

/* A switch of billing mode. */
void throughput_become_on_demand(struct throughput *throughput);
void throughput_become_provisioned(struct throughput *throughput,
                                   const struct provisioned_throughput *in);
