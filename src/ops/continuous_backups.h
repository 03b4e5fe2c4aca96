/* ops/continuous_backups.h - a table's point-in-time recovery as the operations show it. */
#pragma once

#include "engine/request.h"
#include "plan/table.h"

enum { RECOVERY_DAYS_DEFAULT = 35 };

const struct continuous_backups_description *continuous_backups_describe(struct request *req,
                                                                         const struct table *table);
