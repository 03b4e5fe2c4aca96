/* ops/continuous_backups.c - the window that a table can be restored to. */
#include "ops/continuous_backups.h"

#include "base/arena.h"
#include "engine/exec.h"

#define DAY_MS (24 * 3600 * 1000LL)
#define BEHIND_MS (5 * 60 * 1000LL) /* spec: the latest restorable time is five minutes ago */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

const struct continuous_backups_description *continuous_backups_describe(struct request *req,
                                                                         const struct table *table)
{
    struct continuous_backups_description *made =
        NEW(req->arena, struct continuous_backups_description, 1);
    struct point_in_time_recovery_description *recovery =
        NEW(req->arena, struct point_in_time_recovery_description, 1);
    int64_t since_ms = table->continuous_since_ms;
    int64_t now_ms = exec_now_ms(req);

    made->continuous_backups_status = CONTINUOUS_BACKUPS_STATUS_ENABLED; /* of every table */
    made->point_in_time_recovery_description = recovery;
    recovery->point_in_time_recovery_status = POINT_IN_TIME_RECOVERY_STATUS_DISABLED;
    if (since_ms == 0)
        return made;
    recovery->point_in_time_recovery_status = POINT_IN_TIME_RECOVERY_STATUS_ENABLED;
    recovery->has_recovery_period_in_days = true;
    recovery->recovery_period_in_days = table->recovery_days;
    recovery->has_earliest_restorable_date_time = true;
    recovery->earliest_restorable_date_time =
        (double)later(since_ms, now_ms - table->recovery_days * DAY_MS) / 1000.0;
    recovery->has_latest_restorable_date_time = true;
    recovery->latest_restorable_date_time = (double)later(since_ms, now_ms - BEHIND_MS) / 1000.0;
    return made;
}
