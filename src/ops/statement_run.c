/* ops/statement_run.c - one statement through the same doors as GetItem, Query, Scan, PutItem,
 * UpdateItem and DeleteItem. */
#include "ops/statement_run.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "item/check.h"
#include "item/size.h"
#include "ops/page_input.h"
#include "ops/statement_token.h"
#include "ops/update_parts.h"
#include "ops/write_keys.h"

#include <string.h>

/* spec: a page ends with the entry that brings what was read past 1 MB */
enum { PAGE_BYTES_MAX = 1 << 20 };

/* --- reading --- */

static struct error *find_index(struct request *req, const struct statement *statement,
                                const struct statement_call *call, const struct table *table,
                                const struct index **index)
{
    *index = NULL;
    if (statement->index.data == NULL)
        return NULL;
    *index = table_find_index(table, statement->index);
    if (*index == NULL)
        return fail(req->arena, ERR_VALIDATION, "The table does not have the specified index");
    if ((*index)->is_global && call->is_consistent)
        return fail(req->arena, ERR_VALIDATION,
                    "Strongly consistent read is not supported on Global Secondary Indexes");
    return NULL;
}

static struct error *bind_reads(struct request *req, const struct statement *statement,
                                const struct statement_call *call, struct statement_reads *reads)
{
    const struct page_input page = { .has_index = statement->index.data };
    const struct table *table;
    const struct index *index;

    TRY(catalog_find(req, statement->table, &table));
    TRY(find_index(req, statement, call, table, &index));
    TRY(statement_bind_read(req->arena, statement, table, index, reads));
    for (size_t i = 0; i < reads->count; i++) {
        reads->plans[i].is_consistent = call->is_consistent;
        TRY(page_input_bind(req, &page, &reads->plans[i]));
    }
    if (call->is_member && !reads->is_whole_key)
        return fail(req->arena, ERR_VALIDATION,
                    "Select statements within BatchExecuteStatement must specify the primary key "
                    "in the where clause.");
    return NULL;
}

static void add_items(struct arena *arena, struct item_list *items, const struct item_list *more)
{
    struct item *joined;

    if (items->count == 0) {
        *items = *more;
        return;
    }
    joined = NEW(arena, struct item, items->count + more->count);
    memcpy(joined, items->items, items->count * sizeof(*joined));
    if (more->count > 0)
        memcpy(joined + items->count, more->items, more->count * sizeof(*joined));
    items->items = joined;
    items->count += more->count;
}

/* Where the page ends, if it ends behind this read. */
static struct error *find_end(struct request *req, const struct statement_reads *reads, size_t read,
                              bool is_full, const struct read_result *found,
                              struct statement_position *next, bool *has_next)
{
    *next = (struct statement_position){ .read = read };
    *has_next = true;
    if (found->last_key)
        return page_start_key(req, &reads->plans[read], found->last_key, &next->after);
    next->read = read + 1;
    *has_next = is_full && next->read < reads->count;
    return NULL;
}

static struct error *read_page(struct request *req, const struct statement_call *call,
                               const struct statement_reads *reads,
                               const struct statement_position *start,
                               struct statement_position *next, struct statement_answer *answer)
{
    struct read_result found;
    uint64_t evaluated = 0;
    uint64_t bytes = 0;
    bool has_next = false;

    for (size_t i = start->read; i < reads->count && !has_next; i++) {
        struct read_plan *plan = &reads->plans[i];
        bool is_full;

        plan->limit = call->limit ? call->limit - evaluated : 0;
        if (i == start->read)
            plan->start_after = start->after;
        TRY(exec_read(req, plan, &found));
        usage_add_read(req->arena, &answer->usage, plan, &found);
        add_items(req->arena, &answer->items, &found.items);
        evaluated += found.scanned_count;
        bytes += found.read_bytes;
        is_full = (call->limit && evaluated >= call->limit) || bytes > PAGE_BYTES_MAX ||
                  i + 1 - start->read == READS_PER_PAGE_MAX;
        TRY(find_end(req, reads, i, is_full, &found, next, &has_next));
        answer->last_key = found.last_key;
    }
    if (!has_next)
        next->read = reads->count;
    return NULL;
}

static struct error *run_read(struct request *req, const struct statement *statement,
                              const struct statement_call *call, struct statement_answer *answer)
{
    unsigned long long digest = statement_digest(call->text, call->parameters);
    struct statement_reads reads;
    struct statement_position start;
    struct statement_position next;

    TRY(bind_reads(req, statement, call, &reads));
    TRY(statement_token_read(req->arena, digest, call->next_token, &reads, &start));
    TRY(read_page(req, call, &reads, &start, &next, answer));
    if (next.read < reads.count)
        answer->next_token = statement_token_make(req->arena, digest, &next);
    return NULL;
}

/* --- writing --- */

static struct error *check_item(struct request *req, struct write_plan *plan)
{
    TRY(item_check(req->arena, WORDING_OLDER, plan->new_item));
    if (item_bytes(plan->new_item) > ITEM_BYTES_MAX)
        return fail(req->arena, ERR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return write_keys_from_item(req, plan);
}

static struct error *bind_write(struct request *req, const struct statement *statement,
                                const struct statement_call *call, struct write_plan *plan)
{
    const struct table *table;

    TRY(exec_begin_write(req));
    TRY(catalog_find(req, statement->table, &table));
    TRY(statement_bind_write(req->arena, statement, table, plan));
    plan->returns_old_on_failure = call->returns_old_on_failure;
    if (plan->kind == WRITE_PUT)
        return check_item(req, plan);
    TRY(write_keys_check_update(req, plan));
    return write_keys_from_key(req, plan);
}

/* The item to return; NULL: none. */
static const struct item *returned(struct arena *arena, enum returning returning,
                                   const struct write_plan *plan, struct write_result *done)
{
    switch (returning) {
    case RETURNING_NOTHING: return NULL;
    case RETURNING_ALL_OLD: return done->old_item.json.data ? &done->old_item : NULL;
    case RETURNING_ALL_NEW: return &done->new_item;
    case RETURNING_MODIFIED_OLD: return update_parts_written(arena, plan, &done->old_item);
    case RETURNING_MODIFIED_NEW: return update_parts_written(arena, plan, &done->new_item);
    }
    return NULL;
}

static struct error *run_write(struct request *req, const struct statement *statement,
                               const struct statement_call *call, struct statement_answer *answer)
{
    struct write_result *done = NEW(req->arena, struct write_result, 1);
    struct write_plan plan = { 0 };
    const struct item *item;

    TRY(bind_write(req, statement, call, &plan));

    TRY(exec_write(req, &plan, done));

    item = returned(req->arena, statement->returning, &plan, done);
    if (item) {
        answer->items.items = NEW(req->arena, struct item, 1);
        answer->items.items[answer->items.count++] = *item;
    }
    usage_add_write(req->arena, &answer->usage, &plan, done);
    return NULL;
}

struct error *statement_run(struct request *req, const struct statement *statement,
                            const struct statement_call *call, struct statement_answer *answer)
{
    *answer = (struct statement_answer){ .usage = { .table_name = statement->table } };
    if (statement->kind == STATEMENT_EXISTS)
        return fail(req->arena, ERR_VALIDATION,
                    "EXISTS is only supported in the statements of ExecuteTransaction");
    if (statement_is_read(statement))
        return run_read(req, statement, call, answer);
    if (call->next_token.data)
        return fail(req->arena, ERR_VALIDATION, "NextToken does not match request");
    return run_write(req, statement, call, answer);
}
