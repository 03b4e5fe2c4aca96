/* engine/backup.h - what the engine knows of a backup: a table's description and the space that
 * holds its items as they stood.
 *
 * A struct backup and all that hangs on it lives in the arena of the request that found it. */
#pragma once

#include "base/span.h"
#include "plan/table.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum { BACKUP_DOCUMENT_VERSION = 1 };

struct backup {
    struct span name;
    struct span arn;
    enum backup_type type;
    int64_t created_ms;
    int64_t expires_ms; /* 0: never */
    int64_t item_count;
    int64_t bytes; /* of the items, as the service counts them */

    /* The source as it stood, but its space is the backup's own. Its indexes have none: they are
     * made anew at restore. */
    struct table table;
};

/* Part of the file format, like engine/catalog_document.h. */
struct span backup_document_write(struct arena *arena, const struct backup *backup);

/* false: not a document that this version wrote (damaged, or of a newer version). */
bool backup_document_read(struct arena *arena, struct span text, struct backup *backup);
