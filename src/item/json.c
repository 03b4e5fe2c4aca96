/* item/json.c - the canonical text of items: writing it, and reading it back fast.
 *
 * The reader knows only what the writer writes: no white space, one type a value, escapes only
 * where JSON demands them. */
#include "item/json.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "item/base64.h"
#include "item/check.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum {
    SHORTEST_VALUE = 8,                     /* {"S":""} */
    PENDING_MAX = 24,                       /* before the reader's stack is allocated */
    STORED_LEVELS_MAX = 4 * ITEM_LEVELS_MAX /* more is a damaged store */
};

#define IS_LITTLE_ENDIAN (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* --- writing --- */

static void write_set(const struct value *set, struct buffer *out)
{
    buffer_append_char(out, '[');
    for (size_t i = 0; i < set->count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        if (set->type == VALUE_SS) {
            buffer_append_json_string(out, set->members[i]);
            continue;
        }
        buffer_append_char(out, '"');
        if (set->type == VALUE_BS)
            buffer_append_base64(out, set->members[i]);
        else
            buffer_append_span(out, set->members[i]);
        buffer_append_char(out, '"');
    }
    buffer_append_char(out, ']');
}

static void write_list(const struct value *list, struct buffer *out)
{
    buffer_append_char(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        value_write(&list->list[i], out);
    }
    buffer_append_char(out, ']');
}

static void write_attributes(const struct attribute *attributes, size_t count, struct buffer *out)
{
    buffer_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        buffer_append_json_string(out, attributes[i].name);
        buffer_append_char(out, ':');
        value_write(&attributes[i].value, out);
    }
    buffer_append_char(out, '}');
}

void value_write(const struct value *value, struct buffer *out)
{
    switch (value->type) {
    case VALUE_S:
        buffer_append_literal(out, "{\"S\":");
        buffer_append_json_string(out, value->text);
        buffer_append_char(out, '}');
        return;
    case VALUE_N:
        buffer_append_literal(out, "{\"N\":\"");
        buffer_append_span(out, value->text);
        buffer_append_literal(out, "\"}");
        return;
    case VALUE_B:
        buffer_append_literal(out, "{\"B\":\"");
        buffer_append_base64(out, value->text);
        buffer_append_literal(out, "\"}");
        return;
    case VALUE_SS: buffer_append_literal(out, "{\"SS\":"); break;
    case VALUE_NS: buffer_append_literal(out, "{\"NS\":"); break;
    case VALUE_BS: buffer_append_literal(out, "{\"BS\":"); break;
    case VALUE_M:
        buffer_append_literal(out, "{\"M\":");
        write_attributes(value->attributes, value->count, out);
        buffer_append_char(out, '}');
        return;
    case VALUE_L:
        buffer_append_literal(out, "{\"L\":");
        write_list(value, out);
        buffer_append_char(out, '}');
        return;
    case VALUE_NULL: buffer_append_literal(out, "{\"NULL\":true}"); return;
    case VALUE_BOOL:
        buffer_append_span(out,
                           value->is_true ? SPAN("{\"BOOL\":true}") : SPAN("{\"BOOL\":false}"));
        return;
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: assert(!"an unchecked value is written");
    }
    write_set(value, out);
    buffer_append_char(out, '}');
}

void item_write(const struct item *item, struct buffer *out)
{
    if (item->json.data)
        buffer_append_span(out, item->json);
    else
        write_attributes(item->attributes, item->count, out);
}

/* --- reading back --- */

/* What has been read of the containers that are still open, innermost last. Members of lists have
 * no name, members of sets no value. */
struct reader {
    struct arena *arena;
    const char *at;
    const char *end;
    struct attribute *pending;
    struct attribute *grown; /* pending once it is larger than PENDING_MAX */
    size_t pending_count;
    size_t pending_capacity;
    int level;
};

static void read_value(struct reader *reader, struct value *value);

static void expect(struct reader *reader, char c)
{
    assert(reader->at < reader->end && *reader->at == c);
    reader->at++;
}

static bool accept(struct reader *reader, char c)
{
    assert(reader->at < reader->end);
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

static struct attribute *push(struct reader *reader)
{
    if (reader->pending_count == reader->pending_capacity) {
        size_t bytes = reader->pending_capacity * sizeof(*reader->pending);

        reader->grown = memory_grow(reader->grown, bytes * 2);
        if (reader->pending_capacity == PENDING_MAX)
            memcpy(reader->grown, reader->pending, bytes);
        reader->pending = reader->grown;
        reader->pending_capacity *= 2;
    }
    return &reader->pending[reader->pending_count++];
}

/* The first quote or backslash from at on; there is one in an undamaged text. Eight bytes a step: a
 * byte of marks is not zero at the first match, and nowhere before it. */
static const char *find_quote_or_backslash(const char *at, const char *end)
{
    const uint64_t ones = UINT64_MAX / 255, highs = ones * 128;

    for (; end - at >= 8; at += 8) {
        uint64_t bytes, quotes, backslashes, marks;

        memcpy(&bytes, at, 8);
        quotes = bytes ^ ones * '"';
        backslashes = bytes ^ ones * '\\';
        marks = (((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes)) & highs;
        if (marks && IS_LITTLE_ENDIAN)
            return at + __builtin_ctzll(marks) / 8;
        if (marks)
            break;
    }
    while (at < end && *at != '"' && *at != '\\')
        at++;
    assert(at < end);
    return at;
}

static int hex_value(char c)
{
    assert((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The character behind a backslash; *at is moved past it. */
static char read_escape(struct reader *reader, const char **at)
{
    assert(*at < reader->end);
    switch (*(*at)++) {
    case '"': return '"';
    case '\\': return '\\';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u':
        assert(reader->end - *at > 4 && (*at)[0] == '0' && (*at)[1] == '0');
        *at += 4;
        return (char)(hex_value((*at)[-2]) << 4 | hex_value((*at)[-1]));
    default: break;
    }
    assert(!"an escape that is never written");
    return 0;
}

/* A string with escapes: start is its first character, at its first backslash. */
static struct span read_escaped(struct reader *reader, const char *start, const char *at)
{
    const char *close = at;
    char *text, *out;

    while (*close != '"') {
        assert(reader->end - close > 2);
        close = find_quote_or_backslash(close + 2, reader->end);
    }
    text = out = arena_alloc_raw(reader->arena, (size_t)(close - start));
    while (start < close) {
        memcpy(out, start, (size_t)(at - start));
        out += at - start;
        start = at;
        if (at == close)
            break;
        start++;
        *out++ = read_escape(reader, &start);
        at = find_quote_or_backslash(start, reader->end);
    }
    reader->at = close + 1;
    return (struct span){ text, (size_t)(out - text) };
}

static struct span read_string(struct reader *reader)
{
    const char *start, *at;

    expect(reader, '"');
    start = reader->at;
    at = find_quote_or_backslash(start, reader->end);
    if (*at == '\\')
        return read_escaped(reader, start, at);
    reader->at = at + 1;
    return (struct span){ start, (size_t)(at - start) };
}

static struct span read_binary(struct reader *reader)
{
    struct span bytes;
    struct error *error = base64_decode(reader->arena, read_string(reader), &bytes);

    assert(error == NULL);
    return bytes;
}

static void read_set(struct reader *reader, struct value *set)
{
    size_t base = reader->pending_count;

    expect(reader, '[');
    do
        push(reader)->name = set->type == VALUE_BS ? read_binary(reader) : read_string(reader);
    while (accept(reader, ','));
    expect(reader, ']');
    set->count = (uint32_t)(reader->pending_count - base);
    set->members = arena_alloc_raw(reader->arena, set->count * sizeof(*set->members));
    for (size_t i = 0; i < set->count; i++)
        set->members[i] = reader->pending[base + i].name;
    reader->pending_count = base;
}

static void read_list(struct reader *reader, struct value *list)
{
    size_t base = reader->pending_count;

    expect(reader, '[');
    if (!accept(reader, ']')) {
        do {
            struct value member;

            read_value(reader, &member);
            push(reader)->value = member;
        } while (accept(reader, ','));
        expect(reader, ']');
    }
    list->count = (uint32_t)(reader->pending_count - base);
    list->list = arena_alloc_raw(reader->arena, list->count * sizeof(*list->list));
    for (size_t i = 0; i < list->count; i++)
        list->list[i] = reader->pending[base + i].value;
    reader->pending_count = base;
}

static struct attribute *read_attributes(struct reader *reader, size_t *count)
{
    size_t base = reader->pending_count;
    struct attribute *attributes;

    expect(reader, '{');
    if (!accept(reader, '}')) {
        do {
            struct attribute attribute = { .name = read_string(reader) };

            expect(reader, ':');
            read_value(reader, &attribute.value);
            *push(reader) = attribute;
        } while (accept(reader, ','));
        expect(reader, '}');
    }
    *count = reader->pending_count - base;
    attributes = arena_alloc_raw(reader->arena, *count * sizeof(*attributes));
    memcpy(attributes, reader->pending + base, *count * sizeof(*attributes));
    reader->pending_count = base;
    return attributes;
}

static bool read_bool(struct reader *reader)
{
    bool is_true = accept(reader, 't');
    struct span rest = is_true ? SPAN("rue") : SPAN("false");

    assert((size_t)(reader->end - reader->at) > rest.size);
    assert(memcmp(reader->at, rest.data, rest.size) == 0);
    reader->at += rest.size;
    return is_true;
}

static void read_map(struct reader *reader, struct value *map)
{
    size_t count;

    map->attributes = read_attributes(reader, &count);
    map->count = (uint32_t)count;
}

/* {"N": and its like. */
static enum value_type read_type(struct reader *reader)
{
    const char *at = reader->at;
    size_t size;

    assert(reader->end - at >= SHORTEST_VALUE && at[0] == '{' && at[1] == '"');
    size = at[3] == '"' ? 1 : at[4] == '"' ? 2 : 4;
    assert(at[2 + size] == '"' && at[3 + size] == ':');
    reader->at += size + 4;
    return value_type_find((struct span){ at + 2, size });
}

static void read_value(struct reader *reader, struct value *value)
{
    *value = (struct value){ 0 };
    reader->level++;
    assert(reader->level <= STORED_LEVELS_MAX);
    value->type = read_type(reader);
    switch (value->type) {
    case VALUE_S:
    case VALUE_N: value->text = read_string(reader); break;
    case VALUE_B: value->text = read_binary(reader); break;
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS: read_set(reader, value); break;
    case VALUE_M: read_map(reader, value); break;
    case VALUE_L: read_list(reader, value); break;
    case VALUE_NULL:
    case VALUE_BOOL: value->is_true = read_bool(reader); break;
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: assert(!"a type that is never written");
    }
    expect(reader, '}');
    reader->level--;
}

void item_parse(struct arena *arena, struct span json, struct item *item)
{
    struct attribute pending[PENDING_MAX];
    struct reader reader = { .arena = arena,
                             .at = json.data,
                             .end = json.data + json.size,
                             .pending = pending,
                             .pending_capacity = PENDING_MAX };

    item->json = json;
    item->attributes = read_attributes(&reader, &item->count);
    assert(reader.at == reader.end);
    memory_free(reader.grown);
}
