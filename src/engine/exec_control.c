/* engine/exec_control.c - the third door: tables are created, changed and dropped here, catalog,
 * spaces and index entries in one transaction. */
#include "engine/exec.h"

#include "base/arena.h"
#include "engine/authorize.h"
#include "engine/catalog.h"
#include "engine/catalog_edit.h"
#include "engine/exec_backfill.h"
#include "engine/exec_backup.h"
#include "engine/expiry.h"
#include "engine/session.h"
#include "engine/stream.h"

#include <assert.h>

enum { UUID_BYTES = 36 };

int64_t exec_now_ms(const struct request *req)
{
    return clock_now_ms(engine_clock(req->session->engine));
}

static void name_table(struct request *req, struct table *table)
{
    char uuid[UUID_BYTES + 1];

    random_uuid(&req->session->random, uuid);
    table->id = arena_copy(req->arena, (struct span){ uuid, UUID_BYTES });
    table->region = req->region;
    table->account = req->account;
    table->namespace = catalog_namespace(req);
    table->created_ms = exec_now_ms(req);
    table->arn = arena_print(req->arena, "arn:%s:dynamodb:%.*s:%.*s:table/%.*s",
                             table_arn_partition(req->region), SPAN_PRINT(req->region),
                             SPAN_PRINT(req->account), SPAN_PRINT(table->name));
}

/* Name and space for every index that has none yet; those of an old table are filled. */
static struct error *open_indexes(struct request *req, const struct table *old, struct table *table)
{
    for (size_t i = 0; i < table->index_count; i++) {
        struct index *index = &table->indexes[i];

        if (index->space != 0)
            continue;
        index->arn = arena_print(req->arena, "%.*s/index/%.*s", SPAN_PRINT(table->arn),
                                 SPAN_PRINT(index->name));
        TRY(catalog_new_space(req->session, &index->space));
        if (old)
            TRY(exec_backfill(req->session, table, index));
    }
    return NULL;
}

static struct error *create(struct request *req, struct table *table, uint32_t source_space,
                            const struct table **published)
{
    struct session *session = req->session;

    name_table(req, table);
    TRY(catalog_new_space(session, &table->space));
    if (table->local_index_count > 0)
        TRY(catalog_new_space(session, &table->collection_space));
    TRY(open_indexes(req, NULL, table));
    TRY(stream_follow(req, NULL, table));
    if (source_space != 0)
        TRY(exec_fill(session, table, source_space));
    return catalog_put(session, table, published);
}

static struct error *replace(struct request *req, const struct table *old, struct table *table,
                             const struct table **published)
{
    for (size_t i = 0; i < old->index_count; i++) {
        const struct index *kept = table_find_index(table, old->indexes[i].name);

        if (kept == NULL || kept->space != old->indexes[i].space)
            TRY(catalog_drop_space(req->session, old->indexes[i].space));
    }
    TRY(open_indexes(req, old, table));
    TRY(stream_follow(req, old, table));
    TRY(expiry_follow(req->session, old, table));
    return catalog_put(req->session, table, published);
}

static struct error *drop(struct request *req, const struct table *old)
{
    if (old->continuous_since_ms != 0)
        TRY(exec_keep_dropped(req, old));
    else
        TRY(catalog_drop_space(req->session, old->space));
    if (old->collection_space != 0)
        TRY(catalog_drop_space(req->session, old->collection_space));
    for (size_t i = 0; i < old->index_count; i++)
        TRY(catalog_drop_space(req->session, old->indexes[i].space));
    if (old->ttl_space != 0)
        TRY(catalog_drop_space(req->session, old->ttl_space));
    TRY(stream_follow(req, old, NULL));
    return catalog_remove(req->session, old);
}

static struct error *run(struct request *req, const struct control_plan *plan,
                         const struct table **published)
{
    switch (plan->kind) {
    case CONTROL_CREATE_TABLE: return create(req, plan->table, plan->source_space, published);
    case CONTROL_REPLACE_TABLE: return replace(req, plan->old_table, plan->table, published);
    case CONTROL_DROP_TABLE: *published = plan->old_table; return drop(req, plan->old_table);
    }
    return NULL;
}

struct error *exec_control(struct request *req, const struct control_plan *plan,
                           const struct table **table)
{
    struct error *error;

    TRY(authorize_control(req, plan));
    TRY(session_write(req->session));
    assert(plan->kind == CONTROL_CREATE_TABLE ||
           catalog_peek(req, plan->old_table->name) == plan->old_table);
    error = run(req, plan, table);
    return error ? session_spoil(req->session, error) : NULL;
}
