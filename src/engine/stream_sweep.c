/* engine/stream_sweep.c - rolling and trimming, a little at a time. */
#include "engine/stream_sweep.h"

#include "base/arena.h"
#include "engine/catalog_edit.h"
#include "engine/catalog_internal.h"
#include "engine/session.h"
#include "engine/stream.h"
#include "engine/stream_document.h"

enum {
    REMOVED_PER_SLICE = 500,
    PAUSE_MS = 60 * 1000, /* between two looks at all streams */
    SLICE_BYTES_MAX = 64 << 20
};

/* spec: records, closed shards and ended streams stay for 24 hours */
static const int64_t retention_ms = (int64_t)24 * 3600 * 1000;

/* spec: a shard is open for about four hours */
static const int64_t roll_ms = (int64_t)4 * 3600 * 1000;

/* One slice. */
struct slice {
    struct session *session;
    struct arena *arena;
    int64_t now_ms;
    bool is_more;
};

static bool is_past(const struct slice *slice, int64_t since_ms)
{
    return since_ms != 0 && since_ms <= slice->now_ms - retention_ms;
}

/* NULL when none is due. */
static const struct table *find_due_roll(const struct slice *slice)
{
    const struct catalog_map *map = &slice->session->catalog->map;
    int64_t wanted_ms = slice->session->engine->options.stream_roll_ms;

    for (size_t i = 0; i < map->count; i++) {
        const struct table *table = map->entries[i].table;

        if (table->stream_space != 0 &&
            table->stream_rolled_ms + (wanted_ms ? wanted_ms : roll_ms) <= slice->now_ms)
            return table;
    }
    return NULL;
}

static struct error *roll_due(struct slice *slice)
{
    const struct table *published;
    const struct table *due;
    struct table table;

    if (find_due_roll(slice) == NULL)
        return NULL;
    TRY(session_write(slice->session));
    due = find_due_roll(slice); /* again, in the transaction that writes */
    if (due == NULL)
        return NULL;
    slice->is_more = true;
    table = *due;
    TRY(stream_roll(slice->session, slice->arena, &table));
    return catalog_put(slice->session, &table, &published);
}

/* Up to REMOVED_PER_SLICE keys of a range, none of it younger than the retention when records are
 * asked for. */
static struct error *collect(struct slice *slice, uint32_t space, const struct span_range *range,
                             bool is_records, struct string_list *keys)
{
    struct store_entry entry = { 0 };
    struct store_cursor *cursor;
    struct error *error = NULL;

    keys->items = NEW(slice->arena, struct span, REMOVED_PER_SLICE);
    TRY(store_seek(slice->session->connection, space, range, false, &cursor));
    while (keys->count < REMOVED_PER_SLICE) {
        int64_t at_ms;

        error = store_next(cursor, &entry);
        if (error || entry.key.data == NULL)
            break;
        if (is_records && (!record_document_time(entry.value, &at_ms) || !is_past(slice, at_ms)))
            break;
        keys->items[keys->count++] = arena_copy(slice->arena, entry.key);
    }
    store_end(cursor);
    return error;
}

static struct error *remove_all(struct slice *slice, uint32_t space, const struct string_list *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        TRY(store_delete(slice->session->connection, space, keys->items[i]));
    return NULL;
}

/* A stream that ended a day ago goes with all it has: shards first, its own description last. */
static struct error *forget_stream(struct slice *slice, const struct table_stream *stream)
{
    char low[SHARD_KEY_BYTES];
    char high[SHARD_KEY_BYTES];
    const struct span_range range = { shard_key(stream->id, 0, low),
                                      shard_key(stream->id + 1, 0, high) };
    struct string_list keys = { 0 };

    TRY(session_write(slice->session));
    TRY(collect(slice, SPACE_SHARDS, &range, false, &keys));
    TRY(remove_all(slice, SPACE_SHARDS, &keys));
    slice->is_more = true;
    if (keys.count == REMOVED_PER_SLICE)
        return NULL;
    TRY(catalog_drop_space(slice->session, stream->space));
    return store_delete(slice->session->connection, SPACE_STREAMS,
                        stream_key(slice->arena, stream->namespace, stream->arn));
}

static struct error *trim_shard(struct slice *slice, const struct table_stream *stream,
                                struct stream_shard *shard)
{
    const struct span_range range = record_range(slice->arena, shard->number, 0);
    struct string_list keys = { 0 };

    TRY(collect(slice, stream->space, &range, true, &keys));
    if (keys.count > 0) {
        TRY(session_write(slice->session));
        TRY(remove_all(slice, stream->space, &keys));
        shard->trimmed_sequence = record_key_sequence(keys.items[keys.count - 1]);
        slice->is_more = true;
        return shard_put(slice->session, slice->arena, stream, shard);
    }
    if (is_past(slice, shard->closed_ms)) { /* its records are older than its end */
        char bytes[SHARD_KEY_BYTES];

        TRY(session_write(slice->session));
        slice->is_more = true;
        return store_delete(slice->session->connection, SPACE_SHARDS,
                            shard_key(stream->id, shard->number, bytes));
    }
    return NULL;
}

/* The first shard that has something to trim. One that is younger than the retention has nothing,
 * and so have those behind it. */
static struct error *trim_stream(struct slice *slice, const struct table_stream *stream)
{
    struct stream_shard shard = { 0 };
    bool is_found = true;

    for (uint32_t number = 0; is_found && !slice->is_more; number = shard.number + 1) {
        TRY(shard_next(slice->session, slice->arena, stream, number, &shard, &is_found));
        if (!is_found || !is_past(slice, shard.opened_ms))
            break;
        TRY(trim_shard(slice, stream, &shard));
    }
    return NULL;
}

static bool is_resting(const struct slice *slice)
{
    const struct upkeep *upkeep = &slice->session->upkeep;

    return upkeep->stream_at.size == 0 && upkeep->streams_looked_ms != 0 &&
           slice->now_ms >= upkeep->streams_looked_ms &&
           slice->now_ms < upkeep->streams_looked_ms + PAUSE_MS;
}

/* The next stream of the round. */
static struct error *look_at_stream(struct slice *slice)
{
    struct upkeep *upkeep = &slice->session->upkeep;
    struct table_stream stream;
    struct span key;
    bool is_found;

    TRY(stream_next(slice->session, slice->arena, buffer_span(&upkeep->stream_at), &stream, &key,
                    &is_found));
    if (!is_found) {
        buffer_empty(&upkeep->stream_at);
        upkeep->streams_looked_ms = slice->now_ms;
        return NULL;
    }
    TRY(is_past(slice, stream.disabled_ms) ? forget_stream(slice, &stream)
                                           : trim_stream(slice, &stream));
    if (!slice->is_more) { /* nothing was left to do there */
        slice->is_more = true;
        buffer_empty(&upkeep->stream_at);
        buffer_append_span(&upkeep->stream_at, key);
    }
    return NULL;
}

struct error *stream_sweep(struct session *session, bool *is_more)
{
    struct slice slice = { .session = session, .now_ms = clock_now_ms(&session->engine->clock) };
    struct error *error;

    slice.arena = arena_open(SLICE_BYTES_MAX);
    error = roll_due(&slice);
    if (error == NULL && !slice.is_more && !is_resting(&slice))
        error = look_at_stream(&slice);
    arena_close(slice.arena);
    *is_more = slice.is_more;
    return error;
}
