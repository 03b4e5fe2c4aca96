/* server/coding.c - zlib streams for request and response bodies. */
#include "server/coding.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <assert.h>
#include <stdbool.h>
#include <zlib.h>

enum {
    WINDOW_BITS = 15,
    GZIP_BITS = 16, /* added to the window: a gzip header instead of zlib's */
    FAST_LEVEL = 1, /* a local answer waits for the processor, not for the wire */
    MEMORY_LEVEL = 8,
    PIECE_BYTES = 64 * 1024,
    KINDS = 3
};

struct coding {
    z_stream inflate[KINDS];
    z_stream deflate[KINDS];
    bool has_inflate[KINDS];
    bool has_deflate[KINDS];
};

struct coding *coding_open(void)
{
    return memory_new(sizeof(struct coding));
}

void coding_close(struct coding *coding)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (coding->has_inflate[i])
            inflateEnd(&coding->inflate[i]);
        if (coding->has_deflate[i])
            deflateEnd(&coding->deflate[i]);
    }
    memory_free(coding);
}

static int window_of(enum coding_kind kind)
{
    return kind == CODING_GZIP ? WINDOW_BITS + GZIP_BITS : WINDOW_BITS;
}

static z_stream *inflate_stream(struct coding *coding, enum coding_kind kind)
{
    z_stream *stream = &coding->inflate[kind];

    if (coding->has_inflate[kind])
        inflateReset(stream);
    else if (inflateInit2(stream, window_of(kind)) != Z_OK)
        memory_exhausted();
    coding->has_inflate[kind] = true;
    return stream;
}

enum inflate_result coding_inflate(struct coding *coding, enum coding_kind kind, struct span text,
                                   size_t bytes_max, struct buffer *out)
{
    z_stream *stream = inflate_stream(coding, kind);
    size_t from = out->size;

    stream->next_in = (Bytef *)(size_t)text.data;
    stream->avail_in = (uInt)text.size;
    for (;;) {
        size_t left = bytes_max - (out->size - from);
        size_t piece = left < PIECE_BYTES ? left + 1 : PIECE_BYTES; /* one more shows a bomb */
        int state;

        buffer_reserve(out, piece);
        stream->next_out = (Bytef *)out->data + out->size;
        stream->avail_out = (uInt)piece;
        state = inflate(stream, Z_NO_FLUSH);
        out->size += piece - stream->avail_out;
        if (out->size - from > bytes_max)
            return INFLATE_TOO_LARGE;
        if (state == Z_STREAM_END)
            return stream->avail_in == 0 ? INFLATE_DONE : INFLATE_BROKEN;
        if (state != Z_OK || (stream->avail_in == 0 && stream->avail_out > 0))
            return INFLATE_BROKEN;
    }
}

static z_stream *deflate_stream(struct coding *coding, enum coding_kind kind)
{
    z_stream *stream = &coding->deflate[kind];

    if (coding->has_deflate[kind])
        deflateReset(stream);
    else if (deflateInit2(stream, FAST_LEVEL, Z_DEFLATED, window_of(kind), MEMORY_LEVEL,
                          Z_DEFAULT_STRATEGY) != Z_OK)
        memory_exhausted();
    coding->has_deflate[kind] = true;
    return stream;
}

void coding_deflate(struct coding *coding, enum coding_kind kind, struct span text,
                    struct buffer *out)
{
    z_stream *stream = deflate_stream(coding, kind);
    size_t bytes_max = deflateBound(stream, (uLong)text.size);
    int state;

    buffer_reserve(out, bytes_max);
    stream->next_in = (Bytef *)(size_t)text.data;
    stream->avail_in = (uInt)text.size;
    stream->next_out = (Bytef *)out->data + out->size;
    stream->avail_out = (uInt)bytes_max;
    state = deflate(stream, Z_FINISH);
    assert(state == Z_STREAM_END);
    out->size += bytes_max - stream->avail_out;
}
