/* ops/restore_table_from_backup.c - RestoreTableFromBackup: a new table with a backup's items. */
#include "operations.h"

#include "engine/exec.h"
#include "engine/exec_backup.h"
#include "ops/invalid.h"
#include "ops/table_restore.h"

struct error *restore_table_from_backup(struct request *req,
                                        const struct restore_table_from_backup_input *in,
                                        struct restore_table_from_backup_output *out)
{
    struct table_restore restore = { .target_name = in->target_table_name,
                                     .billing_mode = in->billing_mode_override,
                                     .provisioned = in->provisioned_throughput_override,
                                     .maximum = in->on_demand_throughput_override,
                                     .local = in->local_secondary_index_override,
                                     .global = in->global_secondary_index_override,
                                     .sse = in->sse_specification_override };
    struct backup backup;

    if (in->vector_index_override)
        return invalid(req->arena, "VectorIndexOverride is not supported by this server");
    TRY(table_restore_check(req->arena, &restore));
    TRY(exec_begin_write(req));
    TRY(exec_find_backup(req, in->backup_arn, &backup));
    restore.source = &backup.table;
    restore.backup_arn = backup.arn;
    return table_restore_run(req, &restore, &out->table_description);
}
