/* engine/exec_backup.h - the door to backups: made, looked up, listed and dropped here. A table is
 * made of one by exec_control.
 *
 * Backups belong to the caller's namespace, as tables do, and outlive their table. Results live in
 * the request's arena. Errors: InternalServerError, and what is said below. */
#pragma once

#include "base/error.h"
#include "engine/backup.h"
#include "engine/request.h"

struct session;

/* All items of a table that was found after exec_begin_write, at this moment. */
MUST_USE struct error *exec_create_backup(struct request *req, const struct table *table,
                                          struct span name, struct backup *backup);

/* A table with point-in-time recovery is dropped in this transaction: its items stay for 35 days,
 * in the space they are in, as a backup of the system's. For exec_control. */
MUST_USE struct error *exec_keep_dropped(struct request *req, const struct table *table);

/* The next backup whose time is over goes; *is_more when there was one. For session_sweep. */
MUST_USE struct error *exec_sweep_backups(struct session *session, bool *is_more);

/* "Invalid Backup ARN", BackupNotFoundException. */
MUST_USE struct error *exec_find_backup(struct request *req, struct span arn,
                                        struct backup *backup);

/* backup was found after exec_begin_write. Its items are session_sweep's from now on. */
MUST_USE struct error *exec_delete_backup(struct request *req, const struct backup *backup);

struct backup_query {
    struct span start_arn;  /* exclusive; absent: from the first */
    struct span table_name; /* absent: of any table */
    enum backup_type type;  /* ABSENT: any */
    bool has_from;
    double from; /* inclusive, in seconds as clients give it */
    bool has_until;
    double until; /* exclusive */
    size_t limit;
};

/* In the order created. backups has room for query->limit; *is_more when another one would fit.
 * "Invalid Backup ARN" for start_arn. */
MUST_USE struct error *exec_list_backups(struct request *req, const struct backup_query *query,
                                         struct backup *backups, size_t *count, bool *is_more);
