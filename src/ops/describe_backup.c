/* ops/describe_backup.c - DescribeBackup: a backup and the table that it was made of. */
#include "operations.h"

#include "engine/exec_backup.h"
#include "ops/backup_description.h"

struct error *describe_backup(struct request *req, const struct describe_backup_input *in,
                              struct describe_backup_output *out)
{
    struct backup backup;

    TRY(exec_find_backup(req, in->backup_arn, &backup));
    out->backup_description = backup_description_make(req->arena, &backup, BACKUP_STATUS_AVAILABLE);
    return NULL;
}
