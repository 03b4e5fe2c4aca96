/* ops/update_continuous_backups.c - UpdateContinuousBackups: point-in-time recovery on or off, and
 * how many days back it reaches. */
#include "operations.h"

#include "engine/exec.h"
#include "ops/backup_source.h"
#include "ops/continuous_backups.h"

static void change(const struct point_in_time_recovery_specification *wanted, int64_t now_ms,
                   struct table *table)
{
    if (!wanted->point_in_time_recovery_enabled) {
        table->continuous_since_ms = 0;
        table->recovery_days = 0;
        return;
    }
    if (table->continuous_since_ms == 0)
        table->continuous_since_ms = now_ms;
    table->recovery_days = wanted->has_recovery_period_in_days ? wanted->recovery_period_in_days
                                                               : RECOVERY_DAYS_DEFAULT;
}

struct error *update_continuous_backups(struct request *req,
                                        const struct update_continuous_backups_input *in,
                                        struct update_continuous_backups_output *out)
{
    const struct point_in_time_recovery_specification *wanted =
        in->point_in_time_recovery_specification;
    struct control_plan plan = { .kind = CONTROL_REPLACE_TABLE };
    const struct table *changed;
    struct table next;

    if (!wanted->point_in_time_recovery_enabled && wanted->has_recovery_period_in_days)
        return fail(req->arena, ERR_VALIDATION,
                    "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling "
                    "point-in-time recovery.");
    TRY(exec_begin_write(req));
    TRY(backup_source_find(req, in->table_name, &plan.old_table));
    next = *plan.old_table;
    change(wanted, exec_now_ms(req), &next);
    plan.table = &next;
    TRY(exec_control(req, &plan, &changed));
    out->continuous_backups_description = continuous_backups_describe(req, changed);
    return NULL;
}
