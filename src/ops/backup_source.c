/* ops/backup_source.c - tables by name, in the words of the backup operations. */
#include "ops/backup_source.h"

#include "engine/catalog.h"

struct error *backup_source_find(struct request *req, struct span name, const struct table **table)
{
    struct error *error;

    TRY(catalog_table_name(req, name, &name));
    error = catalog_find_control(req, name, table);
    if (error && error->code != ERR_RESOURCE_NOT_FOUND)
        return error;
    if (error || (*table)->status == TABLE_STATUS_DELETING)
        return fail(req->arena, ERR_TABLE_NOT_FOUND, "Table not found: %.*s", SPAN_PRINT(name));
    if ((*table)->status == TABLE_STATUS_CREATING)
        return fail(req->arena, ERR_CONTINUOUS_BACKUPS_UNAVAILABLE,
                    "Backups are being enabled for the table: %.*s. Please retry later",
                    SPAN_PRINT(name));
    return NULL;
}
