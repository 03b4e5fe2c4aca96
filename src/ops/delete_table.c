/* ops/delete_table.c - DeleteTable: a table, its indexes and all their items. */
#include "operations.h"

#include "engine/catalog.h"
#include "engine/exec.h"
#include "ops/table_description.h"

struct error *delete_table(struct request *req, const struct delete_table_input *in,
                           struct delete_table_output *out)
{
    const struct table_view view = { .is_being_deleted = true };
    struct control_plan plan = { .kind = CONTROL_DROP_TABLE };
    const struct table *dropped;
    struct table shown;

    TRY(exec_begin_write(req));
    TRY(catalog_find_control(req, in->table_name, &plan.old_table));
    if (plan.old_table->is_protected)
        return fail(req->arena, ERR_VALIDATION,
                    "Resource cannot be deleted as it is currently protected against deletion. "
                    "Disable deletion protection first.");
    shown = *plan.old_table;
    shown.status = TABLE_STATUS_DELETING;
    TRY(table_description_make(req, &shown, &view, &out->table_description));
    return exec_control(req, &plan, &dropped);
}
