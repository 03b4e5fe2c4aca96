/* auth/canonical.c - escapes, order and white space as Signature Version 4 lays them down. */
#include "auth/canonical.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void append_encoded(struct buffer *out, struct span text, bool is_path)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (is_unreserved((char)c) || (is_path && c == '/'))
            buffer_append_char(out, (char)c);
        else
            buffer_append(out, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct span canonical_percent_decode(struct arena *arena, struct span text)
{
    char *decoded = arena_alloc_raw(arena, text.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < text.size; i++) {
        bool is_escape = text.data[i] == '%' && i + 2 < text.size &&
                         hex_value(text.data[i + 1]) >= 0 && hex_value(text.data[i + 2]) >= 0;

        if (is_escape) {
            decoded[size++] =
                (char)(hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2]));
            i += 2;
        } else {
            decoded[size++] = text.data[i];
        }
    }
    return (struct span){ decoded, size };
}

static bool same_name(struct span a, struct span b)
{
    return a.size == b.size && strncasecmp(a.data, b.data, a.size) == 0;
}

struct span canonical_find_header(const struct sigv4_request *request, struct span name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (same_name(request->headers[i].name, name))
            return request->headers[i].value;
    return (struct span){ NULL, 0 };
}

static int compare_pairs(const void *left, const void *right)
{
    const struct string_pair *a = left;
    const struct string_pair *b = right;
    int order = span_compare(a->key, b->key);

    return order != 0 ? order : span_compare(a->value, b->value);
}

static struct span encoded(struct arena *arena, struct span text, struct buffer *scratch)
{
    size_t from = scratch->size;
    struct span copy;

    append_encoded(scratch, canonical_percent_decode(arena, text), false);
    copy = arena_copy(arena, (struct span){ scratch->data + from, scratch->size - from });
    scratch->size = from;
    return copy;
}

/* Splits, escapes alike, sorts; the signature itself isn't signed. */
static struct string_map query_pairs(struct arena *arena, struct span query, struct buffer *scratch)
{
    struct string_map pairs = { 0, NULL };
    size_t at = 0;
    size_t most = 1;

    for (size_t i = 0; i < query.size; i++)
        most += query.data[i] == '&';
    pairs.entries = NEW(arena, struct string_pair, most);
    while (at < query.size) {
        const char *from = query.data + at;
        const char *and = memchr(from, '&', query.size - at);
        size_t size = and? (size_t)(and-from) : query.size - at;
        const char *equals = memchr(from, '=', size);
        size_t name_size = equals ? (size_t)(equals - from) : size;
        struct span name = { from, name_size };
        struct span value = { from + name_size + (equals != NULL),
                              size - name_size - (equals != NULL) };

        if (size > 0 && !span_is(name, "X-Amz-Signature"))
            pairs.entries[pairs.count++] = (struct string_pair){ encoded(arena, name, scratch),
                                                                 encoded(arena, value, scratch) };
        at += size + 1;
    }
    qsort(pairs.entries, pairs.count, sizeof(*pairs.entries), compare_pairs);
    return pairs;
}

static void append_query(struct arena *arena, struct span query, struct buffer *out)
{
    struct string_map pairs;

    if (query.size == 0)
        return;
    pairs = query_pairs(arena, query, out);
    for (size_t i = 0; i < pairs.count; i++) {
        if (i > 0)
            buffer_append_char(out, '&');
        buffer_append_span(out, pairs.entries[i].key);
        buffer_append_char(out, '=');
        buffer_append_span(out, pairs.entries[i].value);
    }
}

/* Without spaces around it, and with one where there were several. */
static void append_trimmed(struct buffer *out, struct span value)
{
    bool is_gap = false;
    size_t from = out->size;

    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == ' ' || value.data[i] == '\t') {
            is_gap = true;
            continue;
        }
        if (is_gap && out->size > from)
            buffer_append_char(out, ' ');
        is_gap = false;
        buffer_append_char(out, value.data[i]);
    }
}

static void append_header(const struct sigv4_request *request, struct span name, struct buffer *out)
{
    bool is_first = true;

    buffer_append_span(out, name);
    buffer_append_char(out, ':');
    for (size_t i = 0; i < request->header_count; i++) {
        if (!same_name(request->headers[i].name, name))
            continue;
        if (!is_first)
            buffer_append_char(out, ',');
        is_first = false;
        append_trimmed(out, request->headers[i].value);
    }
    buffer_append_char(out, '\n');
}

void canonical_request(const struct sigv4_request *request, struct span signed_headers,
                       struct span body_hash, struct arena *arena, struct buffer *out)
{
    size_t at = 0;

    buffer_append_span(out, request->method);
    buffer_append_char(out, '\n');
    append_encoded(out, request->path, true);
    buffer_append_char(out, '\n');
    append_query(arena, request->query, out);
    buffer_append_char(out, '\n');
    while (at < signed_headers.size) {
        const char *from = signed_headers.data + at;
        const char *semicolon = memchr(from, ';', signed_headers.size - at);
        size_t size = semicolon ? (size_t)(semicolon - from) : signed_headers.size - at;

        append_header(request, (struct span){ from, size }, out);
        at += size + 1;
    }
    buffer_append_char(out, '\n');
    buffer_append_span(out, signed_headers);
    buffer_append_char(out, '\n');
    buffer_append_span(out, body_hash);
}

static int compare_spans(const void *left, const void *right)
{
    return span_compare(*(const struct span *)left, *(const struct span *)right);
}

struct span canonical_header_names(struct arena *arena, const struct sigv4_header *headers,
                                   size_t count)
{
    struct span *names = NEW(arena, struct span, count);
    size_t bytes = 0;
    char *list;
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        char *lower = arena_alloc_raw(arena, headers[i].name.size);

        for (size_t j = 0; j < headers[i].name.size; j++) {
            char c = headers[i].name.data[j];

            lower[j] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        names[i] = (struct span){ lower, headers[i].name.size };
        bytes += names[i].size + 1;
    }
    qsort(names, count, sizeof(*names), compare_spans);
    list = arena_alloc_raw(arena, bytes);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && span_equal(names[i], names[i - 1]))
            continue;
        if (size > 0)
            list[size++] = ';';
        memcpy(list + size, names[i].data, names[i].size);
        size += names[i].size;
    }
    return (struct span){ list, size };
}
