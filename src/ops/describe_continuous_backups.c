/* ops/describe_continuous_backups.c - DescribeContinuousBackups: can a table be restored to a point
 * in time, and to which? */
#include "operations.h"

#include "ops/backup_source.h"
#include "ops/continuous_backups.h"

struct error *describe_continuous_backups(struct request *req,
                                          const struct describe_continuous_backups_input *in,
                                          struct describe_continuous_backups_output *out)
{
    const struct table *table;

    TRY(backup_source_find(req, in->table_name, &table));
    out->continuous_backups_description = continuous_backups_describe(req, table);
    return NULL;
}
