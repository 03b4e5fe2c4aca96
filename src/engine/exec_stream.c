/* engine/exec_stream.c - streams, shards and records for reading. */
#include "engine/exec_stream.h"

#include "base/arena.h"
#include "base/log.h"
#include "engine/catalog_edit.h"
#include "engine/sequence.h"
#include "engine/session.h"

/* spec: a page holds at most 1 MB */
enum { PAGE_BYTES_MAX = 1 << 20, ITEMS_AT_FIRST = 16 };

static struct error *find_stream(struct request *req, struct span arn, struct table_stream *stream)
{
    bool is_found;

    TRY(stream_get(req->session, req->arena, catalog_namespace(req), arn, stream, &is_found));
    if (is_found)
        return NULL;
    return fail(req->arena, ERR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Stream: %.*s not found", SPAN_PRINT(arn));
}

static struct error *find_shard(struct request *req, const struct table_stream *stream,
                                struct span id, struct stream_shard *shard)
{
    bool is_found = false;
    uint32_t number;

    if (shard_number(stream, id, &number))
        TRY(shard_get(req->session, req->arena, stream, number, shard, &is_found));
    if (is_found && span_equal(shard->id, id))
        return NULL;
    return fail(req->arena, ERR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Shard does not exist");
}

/* Room for one more of a list that doubles. */
static void *make_room(struct arena *arena, void *items, size_t count, size_t size)
{
    if (count == 0)
        return arena_alloc(arena, ITEMS_AT_FIRST, size);
    if (count < ITEMS_AT_FIRST || (count & (count - 1)) != 0)
        return items;
    return arena_grow(arena, items, count * size, 2 * count * size);
}

static struct error *list_streams(struct request *req, const struct stream_list_plan *plan,
                                  struct table_stream_list *list)
{
    const struct span namespace = catalog_namespace(req);
    struct span after =
        stream_key(req->arena, namespace, plan->start_arn.data ? plan->start_arn : SPAN(""));
    struct table_stream stream;
    bool is_found;

    *list = (struct table_stream_list){ 0 };
    for (;;) {
        TRY(stream_next(req->session, req->arena, after, &stream, &after, &is_found));
        if (!is_found || !span_equal(stream.namespace, namespace))
            return NULL;
        if (plan->table_name.data && !span_equal(stream.table_name, plan->table_name))
            continue;
        if (list->count == plan->limit) {
            list->is_more = true;
            return NULL;
        }
        list->items = make_room(req->arena, list->items, list->count, sizeof(*list->items));
        list->items[list->count++] = stream;
    }
}

/* spec: a shard of a stream with a fixed number of places has one child */
static struct error *list_child(struct request *req, const struct shard_list_plan *plan,
                                struct stream_shard_list *list)
{
    uint32_t child = plan->parent + plan->stream->shard_count;
    bool is_found;

    list->items = NEW(req->arena, struct stream_shard, 1);
    TRY(shard_get(req->session, req->arena, plan->stream, child, &list->items[0], &is_found));
    list->count = is_found && child >= plan->first ? 1 : 0;
    return NULL;
}

static struct error *list_shards(struct request *req, const struct shard_list_plan *plan,
                                 struct stream_shard_list *list)
{
    uint32_t number = plan->first;
    struct stream_shard shard;
    bool is_found;

    *list = (struct stream_shard_list){ 0 };
    if (plan->is_childed)
        return list_child(req, plan, list);
    for (;; number = shard.number + 1) {
        TRY(shard_next(req->session, req->arena, plan->stream, number, &shard, &is_found));
        if (!is_found)
            return NULL;
        if (list->count == plan->limit) {
            list->is_more = true;
            return NULL;
        }
        list->items = make_room(req->arena, list->items, list->count, sizeof(*list->items));
        list->items[list->count++] = shard;
    }
}

static struct error *take_record(struct request *req, const struct store_entry *entry,
                                 struct record_page *page)
{
    struct stream_record_entry *record;

    page->items = make_room(req->arena, page->items, page->count, sizeof(*page->items));
    record = &page->items[page->count++];
    *record = (struct stream_record_entry){ .sequence = record_key_sequence(entry->key),
                                            .bytes = entry->size };
    page->next = record->sequence + 1;
    if (record_document_read(req->arena, entry->value, record))
        return NULL;
    log_line(LOG_ERROR, "streams: record %lld is damaged or of a newer version",
             (long long)record->sequence);
    return fail(req->arena, ERR_INTERNAL_SERVER_ERROR, "Internal server error");
}

static struct error *read_records(struct request *req, const struct record_plan *plan,
                                  struct record_page *page)
{
    const struct span_range range = record_range(req->arena, plan->shard->number, plan->from);
    struct store_entry entry = { 0 };
    struct store_cursor *cursor;
    struct error *error = NULL;
    int64_t bytes = 0;

    *page = (struct record_page){ .next = plan->from };
    TRY(store_seek(req->session->connection, plan->stream->space, &range, false, &cursor));
    while (error == NULL && page->count < plan->limit) {
        error = store_next(cursor, &entry);
        if (error)
            break;
        bytes += entry.size;
        page->is_end = entry.key.data == NULL && plan->shard->last_sequence != 0;
        if (entry.key.data == NULL || (page->count > 0 && bytes > PAGE_BYTES_MAX))
            break;
        error = take_record(req, &entry, page);
    }
    store_end(cursor);
    return error;
}

struct error *exec_check_trimmed(struct request *req, const struct stream_shard *shard,
                                 int64_t from)
{
    if (from > shard->trimmed_sequence)
        return NULL;
    return fail(req->arena, ERR_TRIMMED_DATA_ACCESS,
                "The data you are trying to access has been trimmed.");
}

/* --- the doors: a failing store spoils a turn that has written --- */

struct error *exec_find_stream(struct request *req, struct span arn, struct table_stream *stream)
{
    TRY(session_read(req->session));
    return session_settle(req->session, find_stream(req, arn, stream));
}

struct error *exec_find_shard(struct request *req, const struct table_stream *stream,
                              struct span id, struct stream_shard *shard)
{
    TRY(session_read(req->session));
    return session_settle(req->session, find_shard(req, stream, id, shard));
}

struct error *exec_list_streams(struct request *req, const struct stream_list_plan *plan,
                                struct table_stream_list *list)
{
    TRY(session_read(req->session));
    return session_settle(req->session, list_streams(req, plan, list));
}

struct error *exec_list_shards(struct request *req, const struct shard_list_plan *plan,
                               struct stream_shard_list *list)
{
    TRY(session_read(req->session));
    return session_settle(req->session, list_shards(req, plan, list));
}

struct error *exec_read_records(struct request *req, const struct record_plan *plan,
                                struct record_page *page)
{
    TRY(session_read(req->session));
    return session_settle(req->session, read_records(req, plan, page));
}

struct error *exec_next_sequence(struct request *req, int64_t *next)
{
    TRY(session_read(req->session));
    return session_settle(req->session, sequence_peek(req->session, next));
}
