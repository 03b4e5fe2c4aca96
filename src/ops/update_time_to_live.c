/* ops/update_time_to_live.c - UpdateTimeToLive: items expire by an attribute, or no more. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"

/* spec: documented as an hour (about half of it was measured) */
enum { COOLDOWN_MS = 3600 * 1000 };

static struct error *check_change(struct request *req, const struct table *table,
                                  const struct time_to_live_specification *in)
{
    if (!in->enabled && !table->is_ttl_on)
        return fail(req->arena, ERR_VALIDATION, "TimeToLive is already disabled");
    if (table->is_ttl_on && !span_equal(in->attribute_name, table->ttl_attribute))
        return fail(req->arena, ERR_VALIDATION,
                    "TimeToLive is active on a different AttributeName: current AttributeName is "
                    "%.*s",
                    SPAN_PRINT(table->ttl_attribute));
    if (in->enabled && table->is_ttl_on)
        return fail(req->arena, ERR_VALIDATION, "TimeToLive is already enabled");
    return NULL;
}

static struct error *check_pace(struct request *req, const struct table *table)
{
    int64_t now_ms = exec_now_ms(req);

    if (table->ttl_changed_ms == 0 || now_ms >= table->ttl_changed_ms + COOLDOWN_MS)
        return NULL;
    return fail(req->arena, ERR_VALIDATION,
                "Time to live has been modified multiple times within a fixed interval");
}

struct error *update_time_to_live(struct request *req, const struct update_time_to_live_input *in,
                                  struct update_time_to_live_output *out)
{
    const struct time_to_live_specification *wanted = in->time_to_live_specification;
    struct control_plan plan = { .kind = CONTROL_REPLACE_TABLE };
    const struct table *changed;
    struct table table;

    TRY(exec_begin_write(req));
    TRY(catalog_find_control(req, in->table_name, &plan.old_table));
    TRY(check_change(req, plan.old_table, wanted));
    TRY(check_pace(req, plan.old_table));
    table = *plan.old_table;
    table.is_ttl_on = wanted->enabled;
    table.ttl_attribute = wanted->attribute_name;
    table.ttl_changed_ms = exec_now_ms(req);
    plan.table = &table;
    TRY(exec_control(req, &plan, &changed));
    out->time_to_live_specification = wanted;
    return NULL;
}
