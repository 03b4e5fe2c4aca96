/* ops/list_backups.c - ListBackups: the caller's backups in the order made, a page at a time. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec_backup.h"
#include "ops/backup_description.h"

enum { BACKUPS_PER_PAGE = 100 };

/* spec: those made by users are listed unless other types are asked for */
static enum backup_type wanted_type(enum backup_type_filter filter)
{
    switch (filter) {
    case BACKUP_TYPE_FILTER_ABSENT: return BACKUP_TYPE_USER;
    case BACKUP_TYPE_FILTER_USER: return BACKUP_TYPE_USER;
    case BACKUP_TYPE_FILTER_SYSTEM: return BACKUP_TYPE_SYSTEM;
    case BACKUP_TYPE_FILTER_AWS_BACKUP: return BACKUP_TYPE_AWS_BACKUP;
    case BACKUP_TYPE_FILTER_ALL: return BACKUP_TYPE_ABSENT;
    }
    return BACKUP_TYPE_ABSENT;
}

static void show(struct arena *arena, const struct backup *backups, size_t count, bool is_more,
                 struct list_backups_output *out)
{
    struct backup_summaries *summaries = NEW(arena, struct backup_summaries, 1);

    summaries->count = count;
    summaries->items = NEW(arena, struct backup_summary, count);
    for (size_t i = 0; i < count; i++)
        summaries->items[i] = backup_description_summary(&backups[i]);
    out->backup_summaries = summaries;
    if (is_more)
        out->last_evaluated_backup_arn = backups[count - 1].arn;
}

struct error *list_backups(struct request *req, const struct list_backups_input *in,
                           struct list_backups_output *out)
{
    struct backup_query query = { .start_arn = in->exclusive_start_backup_arn,
                                  .table_name = in->table_name,
                                  .type = wanted_type(in->backup_type),
                                  .has_from = in->has_time_range_lower_bound,
                                  .from = in->time_range_lower_bound,
                                  .has_until = in->has_time_range_upper_bound,
                                  .until = in->time_range_upper_bound,
                                  .limit = in->has_limit ? (size_t)in->limit : BACKUPS_PER_PAGE };
    struct backup *backups;
    size_t count;
    bool is_more;

    if (in->table_name.data)
        TRY(catalog_table_name(req, in->table_name, &query.table_name));
    backups = NEW(req->arena, struct backup, query.limit);
    TRY(exec_list_backups(req, &query, backups, &count, &is_more));
    show(req->arena, backups, count, is_more, out);
    return NULL;
}
