/* ops/shard_iterator.c - packs a place in a shard, with a sum over all of it. */
#include "ops/shard_iterator.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "item/base64.h"

#include <string.h>

/* Packed: sum, sequence number, time, then the shard's id. */
enum { NUMBER_BYTES = 8, SUM_AT = 0, FROM_AT = 8, MADE_AT = 16, ID_AT = 24, ID_BYTES_MAX = 65 };

static const struct span divider = { "|1|", 3 };

static void put_number(char *bytes, uint64_t number)
{
    for (int i = NUMBER_BYTES - 1; i >= 0; i--, number >>= 8)
        bytes[i] = (char)(number & 0xff);
}

static uint64_t get_number(const char *bytes)
{
    uint64_t number = 0;

    for (int i = 0; i < NUMBER_BYTES; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

static uint64_t sum_of(struct span arn, struct span packed)
{
    const struct span rest = { packed.data + FROM_AT, packed.size - FROM_AT };

    return span_hash(rest) * 3 ^ span_hash(arn);
}

struct span shard_iterator_write(struct arena *arena, const struct shard_iterator *iterator)
{
    size_t size = ID_AT + iterator->shard_id.size;
    char *packed = arena_alloc_raw(arena, size);
    struct buffer text;
    struct span written;

    put_number(packed + FROM_AT, (uint64_t)iterator->from);
    put_number(packed + MADE_AT, (uint64_t)iterator->made_ms);
    memcpy(packed + ID_AT, iterator->shard_id.data, iterator->shard_id.size);
    put_number(packed + SUM_AT, sum_of(iterator->stream_arn, (struct span){ packed, size }));
    buffer_init(&text);
    buffer_append_span(&text, iterator->stream_arn);
    buffer_append_span(&text, divider);
    buffer_append_base64(&text, (struct span){ packed, size });
    written = arena_copy(arena, buffer_span(&text));
    buffer_fini(&text);
    return written;
}

static bool read_packed(struct span packed, struct shard_iterator *iterator)
{
    if (packed.size <= ID_AT || packed.size > ID_AT + ID_BYTES_MAX ||
        get_number(packed.data + SUM_AT) != sum_of(iterator->stream_arn, packed))
        return false;
    iterator->from = (int64_t)get_number(packed.data + FROM_AT);
    iterator->made_ms = (int64_t)get_number(packed.data + MADE_AT);
    iterator->shard_id = (struct span){ packed.data + ID_AT, packed.size - ID_AT };
    return true;
}

struct error *shard_iterator_read(struct arena *arena, struct span text,
                                  struct shard_iterator *iterator)
{
    const char *bar = memchr(text.data, '|', text.size);
    struct span packed = { 0 };
    struct span rest = { 0 };

    if (bar) {
        iterator->stream_arn = (struct span){ text.data, (size_t)(bar - text.data) };
        rest = (struct span){ bar, text.size - iterator->stream_arn.size };
    }
    if (bar && span_starts_with(rest, divider)) {
        rest = (struct span){ rest.data + divider.size, rest.size - divider.size };
        if (base64_decode(arena, rest, &packed) == NULL && read_packed(packed, iterator))
            return NULL;
    }
    return fail(arena, ERR_VALIDATION, "Invalid ShardIterator");
}
