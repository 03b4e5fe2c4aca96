/* engine/stream.c - streams opened, rolled and closed; their shards and keys. */
#include "engine/stream.h"

#include "base/arena.h"
#include "base/log.h"
#include "engine/catalog_edit.h"
#include "engine/sequence.h"
#include "engine/session.h"
#include "engine/stream_document.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* spec: an on-demand table begins with four partitions, a provisioned one has as many as its
 * throughput takes; a stream has a shard for each */
enum {
    ON_DEMAND_SHARDS = 4,
    READS_PER_PARTITION = 3000,
    WRITES_PER_PARTITION = 1000,
    SHARDS_MAX = 1000
};

enum { LABEL_BYTES_MAX = 32, SHARD_ID_BYTES = 37, SHARD_HEX_AT = 29 };

static int64_t now_of(struct session *session)
{
    return clock_now_ms(&session->engine->clock);
}

static uint32_t shard_count_for(const struct session *session, const struct table *table)
{
    uint32_t wanted = session->engine->options.stream_shards;
    int64_t count = ON_DEMAND_SHARDS;

    if (wanted != 0)
        return wanted < SHARDS_MAX ? wanted : SHARDS_MAX;
    if (table->billing_mode == BILLING_MODE_PROVISIONED)
        count = 1 + table->throughput.read_units / READS_PER_PARTITION +
                table->throughput.write_units / WRITES_PER_PARTITION;
    return count < SHARDS_MAX ? (uint32_t)count : SHARDS_MAX;
}

/* --- keys --- */

static void put_number(char *bytes, uint64_t number, int count)
{
    for (int i = count - 1; i >= 0; i--, number >>= 8)
        bytes[i] = (char)(number & 0xff);
}

struct span stream_key(struct arena *arena, struct span namespace, struct span arn)
{
    return arena_print(arena, "%.*s%c%.*s", SPAN_PRINT(namespace), '\0', SPAN_PRINT(arn));
}

struct span shard_key(uint32_t stream_id, uint32_t number, char bytes[SHARD_KEY_BYTES])
{
    put_number(bytes, stream_id, 4);
    put_number(bytes + 4, number, 4);
    return (struct span){ bytes, SHARD_KEY_BYTES };
}

struct span record_key(uint32_t shard, int64_t sequence, char bytes[RECORD_KEY_BYTES])
{
    put_number(bytes, shard, 4);
    put_number(bytes + 4, (uint64_t)sequence, 8);
    return (struct span){ bytes, RECORD_KEY_BYTES };
}

static uint64_t get_number(const char *bytes, int count)
{
    uint64_t number = 0;

    for (int i = 0; i < count; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

int64_t record_key_sequence(struct span key)
{
    return (int64_t)get_number(key.data + 4, 8);
}

struct span_range record_range(struct arena *arena, uint32_t shard, int64_t first_sequence)
{
    char *low = NEW(arena, char, RECORD_KEY_BYTES);
    char *high = NEW(arena, char, RECORD_KEY_BYTES);

    return (struct span_range){ record_key(shard, first_sequence, low),
                                record_key(shard + 1, 0, high) };
}

static struct span make_shard_id(struct arena *arena, const struct table_stream *stream,
                                 uint32_t number, int64_t opened_ms)
{
    return arena_print(arena, "shardId-%020" PRId64 "-%08" PRIx32, opened_ms,
                       number ^ (uint32_t)span_hash(stream->arn));
}

bool shard_number(const struct table_stream *stream, struct span id, uint32_t *number)
{
    uint32_t mixed = 0;

    if (id.size != SHARD_ID_BYTES || !span_starts_with(id, SPAN("shardId-")))
        return false;
    for (size_t i = SHARD_HEX_AT; i < id.size; i++) {
        const char *digits = "0123456789abcdef";
        const char *digit = id.data[i] ? strchr(digits, id.data[i]) : NULL;

        if (digit == NULL)
            return false;
        mixed = mixed << 4 | (uint32_t)(digit - digits);
    }
    *number = mixed ^ (uint32_t)span_hash(stream->arn);
    return true;
}

/* --- entries --- */

/* Not in an arena: it outlives the background work that meets it. */
static struct error *damaged(const char *what)
{
    static struct error error = { .code = ERR_INTERNAL_SERVER_ERROR,
                                  .message = { "Internal server error", 21 } };

    log_line(LOG_ERROR, "streams: the description of a %s is damaged or of a newer version", what);
    return &error;
}

static struct error *stream_put(struct session *session, struct arena *arena,
                                const struct table_stream *stream)
{
    const struct store_entry entry = { stream_key(arena, stream->namespace, stream->arn),
                                       stream_document_write(arena, stream), stream->id };

    return store_put(session->connection, SPACE_STREAMS, &entry);
}

static struct error *stream_from(struct arena *arena, const struct store_entry *entry,
                                 struct table_stream *stream)
{
    struct span key = arena_copy(arena, entry->key);
    const char *end = memchr(key.data, '\0', key.size);

    *stream =
        (struct table_stream){ .namespace = { key.data, end ? (size_t)(end - key.data) : 0 } };
    if (end && stream_document_read(arena, arena_copy(arena, entry->value), stream))
        return NULL;
    return damaged("stream");
}

struct error *stream_get(struct session *session, struct arena *arena, struct span namespace,
                         struct span arn, struct table_stream *stream, bool *is_found)
{
    struct store_entry entry = { 0 };

    TRY(store_get(session->connection, SPACE_STREAMS, stream_key(arena, namespace, arn), &entry));
    *is_found = entry.value.data != NULL;
    if (!*is_found)
        return NULL;
    entry.key = stream_key(arena, namespace, arn);
    return stream_from(arena, &entry, stream);
}

/* The first entry of a range; its value is absent when there is none. */
static struct error *first_of(struct session *session, struct arena *arena, uint32_t space,
                              const struct span_range *range, bool is_backward,
                              struct store_entry *entry)
{
    struct store_cursor *cursor;
    struct error *error;

    TRY(store_seek(session->connection, space, range, is_backward, &cursor));
    error = store_next(cursor, entry);
    if (error == NULL && entry->key.data) {
        entry->key = arena_copy(arena, entry->key);
        entry->value = arena_copy(arena, entry->value);
    }
    store_end(cursor);
    return error;
}

struct error *stream_next(struct session *session, struct arena *arena, struct span after,
                          struct table_stream *stream, struct span *key, bool *is_found)
{
    struct span_range range = { { 0 }, { 0 } };
    struct store_entry entry = { 0 };

    if (after.size > 0) {
        range.low = arena_copy(arena, after);
        range.low.size++; /* with the zero byte behind it: the first key behind after */
    }
    TRY(first_of(session, arena, SPACE_STREAMS, &range, false, &entry));
    *is_found = entry.key.data != NULL;
    *key = entry.key;
    return *is_found ? stream_from(arena, &entry, stream) : NULL;
}

static struct error *shard_from(struct arena *arena, const struct store_entry *entry,
                                struct stream_shard *shard)
{
    *shard = (struct stream_shard){ .number = (uint32_t)get_number(entry->key.data + 4, 4) };
    if (shard_document_read(arena, arena_copy(arena, entry->value), shard))
        return NULL;
    return damaged("shard");
}

struct error *shard_get(struct session *session, struct arena *arena,
                        const struct table_stream *stream, uint32_t number,
                        struct stream_shard *shard, bool *is_found)
{
    char bytes[SHARD_KEY_BYTES];
    struct store_entry entry = { 0 };

    TRY(store_get(session->connection, SPACE_SHARDS, shard_key(stream->id, number, bytes), &entry));
    *is_found = entry.value.data != NULL;
    entry.key = shard_key(stream->id, number, bytes);
    return *is_found ? shard_from(arena, &entry, shard) : NULL;
}

struct error *shard_next(struct session *session, struct arena *arena,
                         const struct table_stream *stream, uint32_t number,
                         struct stream_shard *shard, bool *is_found)
{
    char low[SHARD_KEY_BYTES];
    char high[SHARD_KEY_BYTES];
    const struct span_range range = { shard_key(stream->id, number, low),
                                      shard_key(stream->id + 1, 0, high) };
    struct store_entry entry = { 0 };

    TRY(first_of(session, arena, SPACE_SHARDS, &range, false, &entry));
    *is_found = entry.key.data != NULL;
    return *is_found ? shard_from(arena, &entry, shard) : NULL;
}

struct error *shard_put(struct session *session, struct arena *arena,
                        const struct table_stream *stream, const struct stream_shard *shard)
{
    char bytes[SHARD_KEY_BYTES];
    const struct store_entry entry = { shard_key(stream->id, shard->number, bytes),
                                       shard_document_write(arena, shard), stream->id };

    return store_put(session->connection, SPACE_SHARDS, &entry);
}

/* --- opening, rolling, closing --- */

/* The shard at one place; its parent stands shard_count before it. */
static struct error *open_shard(struct session *session, struct arena *arena,
                                const struct table_stream *stream, uint32_t number)
{
    struct stream_shard shard = { .number = number, .opened_ms = now_of(session) };
    struct stream_shard parent = { 0 };
    bool has_parent = false;

    if (number >= stream->shard_count)
        TRY(shard_get(session, arena, stream, number - stream->shard_count, &parent, &has_parent));
    if (has_parent)
        shard.parent_id = parent.id;
    shard.id = make_shard_id(arena, stream, number, shard.opened_ms);
    TRY(sequence_take(session, &shard.first_sequence));
    return shard_put(session, arena, stream, &shard);
}

static struct error *open_shards(struct session *session, struct arena *arena,
                                 struct table_stream *stream, struct table *table)
{
    table->stream_first_shard = stream->next_shard;
    table->stream_rolled_ms = now_of(session);
    for (uint32_t i = 0; i < stream->shard_count; i++)
        TRY(open_shard(session, arena, stream, stream->next_shard + i));
    stream->next_shard += stream->shard_count;
    return stream_put(session, arena, stream);
}

/* A shard ends with its last record, or where it began. */
static struct error *close_shard(struct session *session, struct arena *arena,
                                 const struct table_stream *stream, uint32_t number)
{
    const struct span_range range = record_range(arena, number, 0);
    struct store_entry last = { 0 };
    struct stream_shard shard;
    bool is_found;

    TRY(shard_get(session, arena, stream, number, &shard, &is_found));
    if (!is_found || shard.last_sequence != 0)
        return NULL;
    TRY(first_of(session, arena, stream->space, &range, true, &last));
    shard.last_sequence = shard.first_sequence;
    if (last.key.data)
        shard.last_sequence = record_key_sequence(last.key);
    else if (shard.trimmed_sequence != 0)
        shard.last_sequence = shard.trimmed_sequence;
    shard.closed_ms = now_of(session);
    return shard_put(session, arena, stream, &shard);
}

static struct error *close_shards(struct session *session, struct arena *arena,
                                  const struct table_stream *stream)
{
    for (uint32_t i = stream->next_shard - stream->shard_count; i < stream->next_shard; i++)
        TRY(close_shard(session, arena, stream, i));
    return NULL;
}

static struct error *close_stream(struct session *session, struct arena *arena,
                                  const struct table *table)
{
    struct table_stream stream;
    bool is_found;

    TRY(stream_get(session, arena, table->namespace, table->stream_arn, &stream, &is_found));
    if (!is_found || stream.disabled_ms != 0)
        return NULL;
    TRY(close_shards(session, arena, &stream));
    stream.disabled_ms = now_of(session);
    return stream_put(session, arena, &stream);
}

/* spec: a label is the time at which the stream was enabled: 2026-11-23T10:00:00.123 */
static struct span make_label(struct arena *arena, int64_t now_ms)
{
    time_t seconds = (time_t)(now_ms / 1000);
    char text[LABEL_BYTES_MAX];
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    return arena_print(arena, "%s.%03d", text, (int)(now_ms % 1000));
}

/* A stream that is enabled anew within the same millisecond has a label of its own. */
static struct error *name_stream(struct request *req, struct table *table)
{
    int64_t now_ms = now_of(req->session);
    struct table_stream other;
    bool is_taken = true;

    for (; is_taken; now_ms++) {
        table->stream_label = make_label(req->arena, now_ms);
        table->stream_arn = arena_print(req->arena, "%.*s/stream/%.*s", SPAN_PRINT(table->arn),
                                        SPAN_PRINT(table->stream_label));
        TRY(stream_get(req->session, req->arena, table->namespace, table->stream_arn, &other,
                       &is_taken));
    }
    return NULL;
}

static struct error *open_stream(struct request *req, struct table *table)
{
    struct session *session = req->session;
    struct table_stream stream = { .namespace = table->namespace,
                                   .table_name = table->name,
                                   .region = table->region,
                                   .view = table->stream_view,
                                   .created_ms = now_of(session),
                                   .shard_count = shard_count_for(session, table) };

    TRY(name_stream(req, table));
    stream.arn = table->stream_arn;
    stream.label = table->stream_label;
    stream.key_names.count = table->keys.hash_count + table->keys.range_count;
    stream.key_names.items = NEW(req->arena, struct span, stream.key_names.count);
    for (size_t i = 0; i < stream.key_names.count; i++)
        stream.key_names.items[i] = table->keys.parts[i].name;
    TRY(catalog_new_space(session, &stream.space));
    stream.id = stream.space;
    table->stream_space = stream.space;
    table->stream_shard_count = stream.shard_count;
    return open_shards(session, req->arena, &stream, table);
}

struct error *stream_follow(struct request *req, const struct table *old, struct table *table)
{
    bool was_on = old && old->stream_view != STREAM_VIEW_TYPE_ABSENT;
    bool is_on = table && table->stream_view != STREAM_VIEW_TYPE_ABSENT;

    if (was_on && !is_on) {
        if (table)
            table->stream_space = 0;
        return close_stream(req->session, req->arena, old);
    }
    return is_on && !was_on ? open_stream(req, table) : NULL;
}

struct error *stream_roll(struct session *session, struct arena *arena, struct table *table)
{
    struct table_stream stream;
    bool is_found;

    TRY(stream_get(session, arena, table->namespace, table->stream_arn, &stream, &is_found));
    if (!is_found)
        return damaged("stream");
    TRY(close_shards(session, arena, &stream));
    return open_shards(session, arena, &stream, table);
}

struct error *stream_empty(struct session *session, struct arena *arena, struct table *table)
{
    struct table_stream stream;
    bool is_found;

    if (table->stream_space == 0)
        return NULL;
    TRY(stream_get(session, arena, table->namespace, table->stream_arn, &stream, &is_found));
    if (!is_found)
        return damaged("stream");
    TRY(catalog_drop_space(session, stream.space));
    TRY(catalog_new_space(session, &stream.space));
    table->stream_space = stream.space;
    return stream_put(session, arena, &stream);
}
