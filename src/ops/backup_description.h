/* ops/backup_description.h - a backup as the operations show it. Results live in the arena and
 * share the backup's texts. */
#pragma once

#include "engine/backup.h"

#include "shapes.h" /* generated */

struct arena;

const struct backup_details *backup_description_details(struct arena *arena,
                                                        const struct backup *backup,
                                                        enum backup_status status);

/* With the table as it stood when the backup was made. */
const struct backup_description *backup_description_make(struct arena *arena,
                                                         const struct backup *backup,
                                                         enum backup_status status);

struct backup_summary backup_description_summary(const struct backup *backup);
