/* ops/create_backup.c - CreateBackup: a table and its items as they stand. */
#include "operations.h"

#include "engine/exec.h"
#include "engine/exec_backup.h"
#include "ops/backup_description.h"
#include "ops/backup_source.h"

struct error *create_backup(struct request *req, const struct create_backup_input *in,
                            struct create_backup_output *out)
{
    const struct table *table;
    struct backup backup;

    TRY(exec_begin_write(req));
    TRY(backup_source_find(req, in->table_name, &table));
    TRY(exec_create_backup(req, table, in->backup_name, &backup));
    /* The answer says CREATING, as the service's does; the backup is there already. */
    out->backup_details = backup_description_details(req->arena, &backup, BACKUP_STATUS_CREATING);
    return NULL;
}
