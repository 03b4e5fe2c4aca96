/* ops/get_records.c - GetRecords: what happened to a table's items, in order, from a place in a
 * shard. */
#include "operations.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "engine/sequence.h"
#include "ops/shard_iterator.h"
#include "ops/stream_arn.h"

#include <inttypes.h>

enum { RECORDS_PER_PAGE = 1000 };

/* spec: who removed an expired item */
static const struct identity service = { .principal_id = { "dynamodb.amazonaws.com", 22 },
                                         .type = { "Service", 7 } };

/* Unique, and the same each time that the record is read: 32 hexadecimal digits. */
static struct span event_id(struct arena *arena, const struct table_stream *stream,
                            struct span sequence)
{
    struct span text = arena_print(arena, "%.*s/%.*s/%.*s", SPAN_PRINT(sequence),
                                   SPAN_PRINT(stream->arn), SPAN_PRINT(sequence));
    const struct span begun = { text.data, text.size - sequence.size };

    return arena_print(arena, "%016" PRIx64 "%016" PRIx64, (uint64_t)span_hash(text),
                       (uint64_t)span_hash(begun));
}

static const struct item *image(const struct item *item)
{
    return item->json.data ? item : NULL;
}

static struct record describe(struct arena *arena, const struct table_stream *stream,
                              const struct stream_record_entry *entry)
{
    struct stream_record *record = NEW(arena, struct stream_record, 1);

    record->has_approximate_creation_date_time = true;
    record->approximate_creation_date_time = (double)(entry->at_ms / 1000); /* whole seconds */
    record->keys = &entry->keys;
    record->new_image = image(&entry->new_image);
    record->old_image = image(&entry->old_image);
    record->sequence_number = sequence_text(arena, entry->sequence);
    record->has_size_bytes = true;
    record->size_bytes = entry->bytes;
    record->stream_view_type = entry->view;
    return (struct record){ .aws_region = stream->region,
                            .dynamodb = record,
                            .event_id = event_id(arena, stream, record->sequence_number),
                            .event_name = entry->event,
                            .event_source = SPAN("aws:dynamodb"),
                            .event_version = SPAN("1.1"),
                            .user_identity = entry->by_service ? &service : NULL };
}

static struct error *check_age(struct request *req, const struct shard_iterator *iterator)
{
    if (exec_now_ms(req) <= iterator->made_ms + SHARD_ITERATOR_LIFE_MS)
        return NULL;
    return fail(req->arena, ERR_EXPIRED_ITERATOR,
                "The provided iterator exceeds the maximum age allowed.");
}

/* spec: the documentation of LimitExceededException */
static struct error *check_limit(struct request *req, const struct get_records_input *in)
{
    if (!in->has_limit || in->limit <= RECORDS_PER_PAGE)
        return NULL;
    return fail(req->arena, ERR_LIMIT_EXCEEDED,
                "GetRecords was called with a value of more than 1000 for the limit request "
                "parameter.");
}

struct error *get_records(struct request *req, const struct get_records_input *in,
                          struct get_records_output *out)
{
    struct record_list *records = NEW(req->arena, struct record_list, 1);
    struct shard_iterator iterator;
    struct table_stream stream;
    struct stream_shard shard;
    struct record_plan plan = { .stream = &stream, .shard = &shard };
    struct record_page page;

    TRY(check_limit(req, in));
    TRY(shard_iterator_read(req->arena, in->shard_iterator, &iterator));
    TRY(check_age(req, &iterator));
    TRY(stream_arn_find(req, iterator.stream_arn, &stream));
    TRY(exec_find_shard(req, &stream, iterator.shard_id, &shard));
    TRY(exec_check_trimmed(req, &shard, iterator.from));
    plan.from = iterator.from;
    plan.limit = in->has_limit ? (size_t)in->limit : RECORDS_PER_PAGE;
    TRY(exec_read_records(req, &plan, &page));
    records->count = page.count;
    records->items = NEW(req->arena, struct record, page.count);
    for (size_t i = 0; i < page.count; i++)
        records->items[i] = describe(req->arena, &stream, &page.items[i]);
    out->records = records;
    if (page.is_end)
        return NULL;
    iterator.from = page.next;
    iterator.made_ms = exec_now_ms(req);
    out->next_shard_iterator = shard_iterator_write(req->arena, &iterator);
    return NULL;
}
