/* base/buffer.c - growing, and the few encodings that everything written on the wire shares. */
#include "base/buffer.h"

#include "base/memory.h"

#include <assert.h>

enum { KEEP_BYTES_MAX = 1 << 20, FIRST_BYTES = 512 };

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){ 0 };
}

void buffer_fini(struct buffer *buffer)
{
    memory_free(buffer->data);
    *buffer = (struct buffer){ 0 };
}

void buffer_empty(struct buffer *buffer)
{
    if (buffer->capacity > KEEP_BYTES_MAX)
        buffer_fini(buffer);
    buffer->size = 0;
}

void buffer_make_room(struct buffer *buffer, size_t more)
{
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_BYTES;

    assert(more < SIZE_MAX / 4 && buffer->size < SIZE_MAX / 4);
    while (capacity - buffer->size < more)
        capacity *= 2;
    buffer->data = memory_grow(buffer->data, capacity);
    buffer->capacity = capacity;
}

void buffer_append_integer(struct buffer *buffer, int64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    buffer_append(buffer, digits + at, sizeof(digits) - at);
}

/* What a byte becomes behind a backslash; 'u' stands for the \u00XX form; 0 for itself. */
static char escape_of(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\': return (char)c;
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return c < 0x20 ? 'u' : 0;
    }
}

void buffer_append_json_string(struct buffer *buffer, struct span text)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;

    buffer_reserve(buffer, text.size + 2);
    buffer_append_char(buffer, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        char escape;

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        escape = escape_of(c);
        buffer_append(buffer, text.data + from, i - from);
        from = i + 1;
        buffer_append_char(buffer, '\\');
        buffer_append_char(buffer, escape);
        if (escape == 'u')
            buffer_append(buffer, (char[]){ '0', '0', hex[c >> 4], hex[c & 15] }, 4);
    }
    if (text.size > from)
        buffer_append(buffer, text.data + from, text.size - from);
    buffer_append_char(buffer, '"');
}

void buffer_append_base64(struct buffer *buffer, struct span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *in = (const unsigned char *)bytes.data;
    char *out;

    buffer_reserve(buffer, (bytes.size + 2) / 3 * 4);
    out = buffer->data + buffer->size;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        unsigned triple = (unsigned)in[i] << 16;

        triple |= left > 1 ? (unsigned)in[i + 1] << 8 : 0;
        triple |= left > 2 ? (unsigned)in[i + 2] : 0;
        *out++ = digits[triple >> 18];
        *out++ = digits[triple >> 12 & 63];
        *out++ = left > 1 ? digits[triple >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[triple & 63] : '=';
    }
    buffer->size += (bytes.size + 2) / 3 * 4;
}
