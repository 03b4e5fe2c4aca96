/* ops/backup_source.h - the table that a backup operation names. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

/* name may be an ARN. ERR_TABLE_NOT_FOUND, "Table not found: T"; and
 * ERR_CONTINUOUS_BACKUPS_UNAVAILABLE for a table that is still being created. */
MUST_USE struct error *backup_source_find(struct request *req, struct span name,
                                          const struct table **table);
