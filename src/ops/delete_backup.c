/* ops/delete_backup.c - DeleteBackup: a backup and its items. */
#include "operations.h"

#include "engine/exec.h"
#include "engine/exec_backup.h"
#include "ops/backup_description.h"

struct error *delete_backup(struct request *req, const struct delete_backup_input *in,
                            struct delete_backup_output *out)
{
    struct backup backup;

    TRY(exec_begin_write(req));
    TRY(exec_find_backup(req, in->backup_arn, &backup));
    TRY(exec_delete_backup(req, &backup));
    out->backup_description = backup_description_make(req->arena, &backup, BACKUP_STATUS_DELETED);
    return NULL;
}
