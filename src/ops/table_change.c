/* ops/table_change.c - billing mode and throughput of a table that is being changed. */
#include "ops/table_change.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "ops/invalid.h"
#include "ops/table_throughput.h"

#include <string.h>

bool table_change_has_warm(const struct warm_throughput *in)
{
    return in && (in->has_read_units_per_second || in->has_write_units_per_second);
}

bool table_change_has_maxima(const struct on_demand_throughput *in)
{
    return in && (in->has_max_read_request_units || in->has_max_write_request_units);
}

static struct index *copy_indexes(struct arena *arena, const struct table *table)
{
    struct index *copy = NEW(arena, struct index, table->index_count + 1);

    if (table->index_count > 0)
        memcpy(copy, table->indexes, table->index_count * sizeof(*copy));
    return copy;
}

void table_change_begin(struct table_change *change, struct request *req,
                        const struct update_table_input *in, const struct table *old)
{
    *change = (struct table_change){
        .req = req, .arena = req->arena, .in = in, .old = old, .next = *old, .shown = *old
    };
    change->next.indexes = copy_indexes(req->arena, old);
    change->shown.indexes = copy_indexes(req->arena, old);
    change->mode = in->billing_mode == BILLING_MODE_ABSENT ? old->billing_mode : in->billing_mode;
    change->now_ms = exec_now_ms(req);
}

struct index *table_change_index(struct table *table, struct span name)
{
    struct index *index = table->indexes;

    while (!span_equal(index->name, name))
        index++;
    return index;
}

/* The service shows the old capacity and count of decreases, but when they are about to change. */
static struct error *change_capacity(struct table_change *change)
{
    struct throughput *shown = &change->shown.throughput;

    TRY(throughput_change_provisioned(change->arena, (struct span){ 0 },
                                      change->in->provisioned_throughput, change->now_ms,
                                      &change->next.throughput));
    shown->decreases_today = throughput_decreases_today(shown, change->now_ms);
    shown->last_increase_ms = change->next.throughput.last_increase_ms;
    shown->last_decrease_ms = change->next.throughput.last_decrease_ms;
    change->shown.status = TABLE_STATUS_UPDATING;
    return NULL;
}

static void become_on_demand(struct table_change *change)
{
    throughput_become_on_demand(&change->next.throughput);
    for (size_t i = 0; i < change->next.index_count; i++) {
        if (change->next.indexes[i].is_global)
            throughput_become_on_demand(&change->next.indexes[i].throughput);
    }
    change->next.on_demand_since_ms = change->now_ms;
    change->shown.throughput.read_units = 0;
    change->shown.throughput.write_units = 0;
}

static const struct global_secondary_index_update *find_update(const struct update_table_input *in,
                                                               struct span index_name)
{
    const struct global_secondary_index_update_list *updates = in->global_secondary_index_updates;

    for (size_t i = 0; updates && i < updates->count; i++) {
        const struct global_secondary_index_update *update = &updates->items[i];

        if (update->update && span_equal(update->update->index_name, index_name))
            return update;
        if (update->delete &&span_equal(update->delete->index_name, index_name))
            return update;
    }
    return NULL;
}

/* Every global index that stays needs its own throughput. */
static struct error *check_index_throughputs(const struct table_change *change)
{
    struct span missing = SPAN("");

    for (size_t i = 0; i < change->old->index_count; i++) {
        const struct index *index = &change->old->indexes[i];
        const struct global_secondary_index_update *update = find_update(change->in, index->name);

        if (!index->is_global ||
            (update && (update->delete || update->update->provisioned_throughput)))
            continue;
        missing = arena_print(change->arena, "%.*s%s%.*s", SPAN_PRINT(missing),
                              missing.size ? "," : "", SPAN_PRINT(index->name));
    }
    if (missing.size == 0)
        return NULL;
    return invalid(change->arena, "ProvisionedThroughput must be specified for index: %.*s",
                   SPAN_PRINT(missing));
}

static struct error *become_provisioned(struct table_change *change)
{
    TRY(check_index_throughputs(change));
    throughput_become_provisioned(&change->next.throughput, change->in->provisioned_throughput);
    return NULL;
}

static struct error *change_billing(struct table_change *change)
{
    if (change->in->billing_mode == BILLING_MODE_ABSENT)
        return change->in->provisioned_throughput ? change_capacity(change) : NULL;
    change->shown.status = TABLE_STATUS_UPDATING;
    if (change->mode == change->old->billing_mode)
        return change->in->provisioned_throughput ? change_capacity(change) : NULL;
    if (change->mode == BILLING_MODE_PAY_PER_REQUEST)
        become_on_demand(change);
    else
        TRY(become_provisioned(change));
    change->next.billing_mode = change->mode;
    change->next.has_billing_summary = true;
    change->shown.billing_mode = change->mode;
    change->shown.has_billing_summary = true;
    change->view.hides_billing_date = true;
    return NULL;
}

/* At once: shown as it will be, but a maximum that was taken away shows as -1 once more. */
static struct error *change_maxima(struct table_change *change)
{
    const struct on_demand_throughput *in = change->in->on_demand_throughput;
    struct throughput *next = &change->next.throughput;
    struct throughput *shown = &change->shown.throughput;

    TRY(throughput_change_maxima(change->arena, (struct span){ 0 }, change->mode, in, next));
    shown->max_read_units =
        in->has_max_read_request_units ? in->max_read_request_units : next->max_read_units;
    shown->max_write_units =
        in->has_max_write_request_units ? in->max_write_request_units : next->max_write_units;
    return NULL;
}

struct error *table_change_throughput(struct table_change *change)
{
    const struct update_table_input *in = change->in;

    if (in->provisioned_throughput && change->mode == BILLING_MODE_PAY_PER_REQUEST)
        return invalid(change->arena, "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
                                      "specified when BillingMode is PAY_PER_REQUEST");
    TRY(change_billing(change));
    if (table_change_has_maxima(in->on_demand_throughput))
        TRY(change_maxima(change));
    if (table_change_has_warm(in->warm_throughput)) {
        TRY(throughput_change_warm(change->arena, (struct span){ 0 }, in->warm_throughput,
                                   &change->next.throughput));
        change->view.is_warm_updating = true;
    }
    return NULL;
}
