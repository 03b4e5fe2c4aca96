/* ops/delete_backup.c - DeleteBackup: a backup and its items. */
#include "operations.h"

#include "engine/exec.h"
#include "engine/exec_backup.h"
#include "ops/backup_description.h"
#include "ops/invalid.h"

struct error *delete_backup(struct request *req, const struct delete_backup_input *in,
                            struct delete_backup_output *out)
{
    struct backup backup;

    TRY(exec_begin_write(req));
    TRY(exec_find_backup(req, in->backup_arn, &backup));
    if (backup.type != BACKUP_TYPE_USER) /* spec: it expires; the sentence is ours */
        return invalid(req->arena, "Backups of type %.*s cannot be deleted: %.*s",
                       SPAN_PRINT(backup_type_texts[backup.type]), SPAN_PRINT(backup.arn));
    TRY(exec_delete_backup(req, &backup));
    out->backup_description = backup_description_make(req->arena, &backup, BACKUP_STATUS_DELETED);
    return NULL;
}
