/* base/buffer.h - bytes that grow while an answer or a stored value is written.
 *
 * Owned by whoever calls buffer_init; kept and emptied between requests so that it grows once. */
#pragma once

#include "base/span.h"

#include <stdint.h>
#include <string.h>

struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_init(struct buffer *buffer);
void buffer_fini(struct buffer *buffer);
void buffer_empty(struct buffer *buffer); /* size 0; gives back a block that grew past 1 MB */

/* Room for more bytes behind size; data may move. */
void buffer_make_room(struct buffer *buffer, size_t more);

static inline void buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->size < more)
        buffer_make_room(buffer, more);
}

static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t count)
{
    buffer_reserve(buffer, count);
    if (count > 0)
        memcpy(buffer->data + buffer->size, bytes, count);
    buffer->size += count;
}

static inline void buffer_append_span(struct buffer *buffer, struct span span)
{
    buffer_append(buffer, span.data, span.size);
}

static inline void buffer_append_char(struct buffer *buffer, char c)
{
    buffer_reserve(buffer, 1);
    buffer->data[buffer->size++] = c;
}

#define buffer_append_literal(buffer, literal) \
    buffer_append((buffer), ("" literal), sizeof(literal) - 1)

void buffer_append_integer(struct buffer *buffer, int64_t number);

/* A JSON string with its quotes; the text must be UTF-8. */
void buffer_append_json_string(struct buffer *buffer, struct span text);

/* Base64 with padding, without quotes. */
void buffer_append_base64(struct buffer *buffer, struct span bytes);

static inline struct span buffer_span(const struct buffer *buffer)
{
    return (struct span){ buffer->data, buffer->size };
}
