/* tests/fuzz/stream_fuzz.c - the input as what the store keeps of streams, and as what clients send
 * to read them: what is accepted is written and read again the same. */
#include "base/arena.h"
#include "base/buffer.h"
#include "engine/sequence.h"
#include "engine/stream_document.h"
#include "ops/shard_iterator.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 64 << 20 };

static void read_stream(struct arena *arena, struct span text)
{
    struct table_stream stream = { 0 };
    struct table_stream again = { 0 };
    struct span written;

    if (!stream_document_read(arena, text, &stream))
        return;
    written = stream_document_write(arena, &stream);
    assert(stream_document_read(arena, written, &again));
    assert(span_equal(written, stream_document_write(arena, &again)));
}

static void read_shard(struct arena *arena, struct span text)
{
    struct stream_shard shard = { 0 };
    struct stream_shard again = { 0 };
    struct span written;

    if (!shard_document_read(arena, text, &shard))
        return;
    written = shard_document_write(arena, &shard);
    assert(shard_document_read(arena, written, &again));
    assert(span_equal(written, shard_document_write(arena, &again)));
}

static void read_record(struct arena *arena, struct span text)
{
    struct stream_record_entry record = { 0 };
    struct stream_record_entry again = { 0 };
    struct buffer first;
    int64_t at_ms;

    (void)record_document_time(text, &at_ms);
    if (!record_document_read(arena, text, &record))
        return;
    buffer_init(&first);
    record_document_write(&record, &first);
    assert(record_document_read(arena, buffer_span(&first), &again));
    assert(again.event == record.event && again.view == record.view);
    assert(again.at_ms == record.at_ms && again.by_service == record.by_service);
    if (record.at_ms >= 0) {
        bool has_time = record_document_time(buffer_span(&first), &at_ms);

        assert(!has_time || at_ms == record.at_ms);
    }
    buffer_fini(&first);
}

static void read_place(struct arena *arena, struct span text)
{
    struct shard_iterator iterator;
    int64_t number;

    if (shard_iterator_read(arena, text, &iterator) == NULL)
        assert(span_equal(text, shard_iterator_write(arena, &iterator)));
    if (sequence_read(text, &number) && number > 0 && number < INT64_MAX)
        assert(sequence_read(sequence_text(arena, number), &number));
}

static void find_shard(struct span text)
{
    const struct table_stream stream = { .arn = SPAN("arn"), .shard_count = 1 };
    uint32_t number;

    (void)!shard_number(&stream, text, &number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    const struct span text = arena_copy(arena, (struct span){ (const char *)data, size });

    read_stream(arena, text);
    read_shard(arena, text);
    read_record(arena, text);
    read_place(arena, text);
    find_shard(text);
    arena_close(arena);
    return 0;
}
