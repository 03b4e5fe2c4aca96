/* item/key.c - checking key attributes against a schema, and laying their bytes out in order.
 *
 * A string or binary part is its bytes with 00 written as 00 FF, and 00 01 behind them: whatever
 * is a beginning of something else sorts before it, and no part begins another. A number part is
 * as number_encode makes it. */
#include "item/key.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "item/number.h"

#include <assert.h>
#include <string.h>

enum { ESCAPE = 0x00, ESCAPED_ZERO = 0xff, END = 0x01, END_BYTES = 2 };

#define INVALID "One or more parameter values were invalid: "
#define NOT_VALID "One or more parameter values are not valid. "

static size_t part_count(const struct key_schema *schema)
{
    size_t count = schema->hash_count + schema->range_count;

    assert(schema->hash_count > 0 && count <= KEY_PARTS_MAX);
    return count;
}

/* --- bytes --- */

/* The most that a part can take. */
static size_t room_for(const struct value *value)
{
    return value->type == VALUE_N ? NUMBER_KEY_BYTES_MAX : value->text.size * 2 + END_BYTES;
}

/* A buffer in the arena that will not grow, for it has room for all that goes in. */
static struct buffer bytes_open(struct arena *arena, size_t room)
{
    return (struct buffer){ .data = arena_alloc_raw(arena, room), .capacity = room };
}

static void append_escaped(struct buffer *out, struct span text)
{
    const char *zero;

    while (text.size > 0 && (zero = memchr(text.data, ESCAPE, text.size))) {
        size_t taken = (size_t)(zero - text.data) + 1;

        buffer_append(out, text.data, taken);
        buffer_append_char(out, (char)ESCAPED_ZERO);
        text.data += taken;
        text.size -= taken;
    }
    buffer_append_span(out, text);
}

static void append_part(struct buffer *out, const struct value *value)
{
    if (value->type == VALUE_N) {
        number_encode(value->text, out);
        return;
    }
    assert(value->type == VALUE_S || value->type == VALUE_B);
    append_escaped(out, value->text);
    buffer_append_char(out, ESCAPE);
    buffer_append_char(out, END);
}

static void append_digest(struct buffer *out, uint64_t digest)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buffer_append_char(out, (char)(digest >> shift & 0xff));
}

/* Digest and parts; values holds one for each part of the schema. tail comes behind. */
static struct span lay_out(struct arena *arena, const struct value *const *values,
                           size_t hash_count, size_t count, struct span tail)
{
    size_t room = KEY_DIGEST_BYTES + tail.size;
    struct buffer out, digest;
    struct span hash_parts;

    for (size_t i = 0; i < count; i++)
        room += room_for(values[i]);
    out = bytes_open(arena, room);
    digest = out;
    out.size = KEY_DIGEST_BYTES;
    for (size_t i = 0; i < hash_count; i++)
        append_part(&out, values[i]);
    hash_parts = (struct span){ out.data + KEY_DIGEST_BYTES, out.size - KEY_DIGEST_BYTES };
    append_digest(&digest, span_hash(hash_parts));
    for (size_t i = hash_count; i < count; i++)
        append_part(&out, values[i]);
    buffer_append_span(&out, tail);
    return buffer_span(&out);
}

struct span key_prefix(struct arena *arena, const struct key_schema *schema,
                       const struct value *values)
{
    const struct value *parts[KEY_PARTS_MAX];

    part_count(schema);
    for (size_t i = 0; i < schema->hash_count; i++)
        parts[i] = &values[i];
    return lay_out(arena, parts, schema->hash_count, schema->hash_count, (struct span){ 0 });
}

struct span key_append(struct arena *arena, struct span prefix, const struct value *value)
{
    struct buffer out = bytes_open(arena, prefix.size + room_for(value));

    buffer_append_span(&out, prefix);
    append_part(&out, value);
    return buffer_span(&out);
}

struct span key_append_beginning(struct arena *arena, struct span prefix, const struct value *value)
{
    struct buffer out = bytes_open(arena, prefix.size + room_for(value));

    assert(value->type == VALUE_S || value->type == VALUE_B);
    buffer_append_span(&out, prefix);
    append_escaped(&out, value->text);
    return buffer_span(&out);
}

struct span key_after(struct arena *arena, struct span prefix)
{
    size_t size = prefix.size;
    char *bytes;

    while (size > 0 && (unsigned char)prefix.data[size - 1] == 0xff)
        size--;
    if (size == 0)
        return (struct span){ 0 };
    bytes = arena_alloc_raw(arena, size);
    memcpy(bytes, prefix.data, size);
    bytes[size - 1]++;
    return (struct span){ bytes, size };
}

uint64_t key_digest(struct span bytes)
{
    uint64_t digest = 0;

    assert(bytes.size >= KEY_DIGEST_BYTES);
    for (size_t i = 0; i < KEY_DIGEST_BYTES; i++)
        digest = digest << 8 | (unsigned char)bytes.data[i];
    return digest;
}

/* --- checks --- */

static bool is_empty(const struct value *value)
{
    return value->type != VALUE_N && value->text.size == 0;
}

static const char *empty_kind(const struct value *value)
{
    return value->type == VALUE_B ? "binary" : "string";
}

static bool is_too_long(const struct key_schema *schema, size_t part, const struct value *value)
{
    size_t bytes_max = part < schema->hash_count ? HASH_KEY_BYTES_MAX : RANGE_KEY_BYTES_MAX;

    return value->type != VALUE_N && value->text.size > bytes_max;
}

/* Values may be NULL: not there. */
static struct error *check_sizes(struct arena *arena, const struct key_schema *schema,
                                 const struct value *const *values)
{
    for (size_t i = 0; i < part_count(schema); i++) {
        if (values[i] == NULL || !is_too_long(schema, i, values[i]))
            continue;
        if (i < schema->hash_count)
            return fail_with(arena, ERR_VALIDATION,
                             SPAN(INVALID "Size of hashkey has exceeded the maximum size limit "
                                          "of2048 bytes"));
        return fail_with(arena, ERR_VALIDATION,
                         SPAN(INVALID "Aggregated size of all range keys has exceeded the size "
                                      "limit of 1024 bytes"));
    }
    return NULL;
}

static struct error *check_not_empty(struct arena *arena, const struct key_schema *schema,
                                     const struct value *const *values)
{
    for (size_t i = 0; i < part_count(schema); i++)
        if (is_empty(values[i]))
            return fail(arena, ERR_VALIDATION,
                        NOT_VALID "The AttributeValue for a key attribute cannot contain an empty "
                                  "%s value. Key: %.*s",
                        empty_kind(values[i]), SPAN_PRINT(schema->parts[i].name));
    return NULL;
}

/* What emptiness and size leave, as bytes. */
static struct error *finish(struct arena *arena, const struct key_schema *schema,
                            const struct value *const *values, struct span *bytes)
{
    TRY(check_not_empty(arena, schema, values));
    TRY(check_sizes(arena, schema, values));
    *bytes = lay_out(arena, values, schema->hash_count, part_count(schema), (struct span){ 0 });
    return NULL;
}

struct error *key_from_key(struct arena *arena, const struct key_schema *schema,
                           const struct item *key, struct span *bytes)
{
    const struct value *values[KEY_PARTS_MAX];
    bool matches = key->count == part_count(schema);

    for (size_t i = 0; matches && i < part_count(schema); i++) {
        values[i] = item_find(key, schema->parts[i].name);
        matches = values[i] && values[i]->type == schema->parts[i].type;
    }
    if (!matches)
        return fail_with(arena, ERR_VALIDATION,
                         SPAN("The provided key element does not match the schema"));
    return finish(arena, schema, values, bytes);
}

struct error *key_from_item(struct arena *arena, const struct key_schema *schema,
                            const struct item *item, struct span *bytes)
{
    const struct value *values[KEY_PARTS_MAX];

    for (size_t i = 0; i < part_count(schema); i++) {
        const struct key_part *part = &schema->parts[i];

        values[i] = item_find(item, part->name);
        if (values[i] == NULL)
            return fail(arena, ERR_VALIDATION, INVALID "Missing the key %.*s in the item",
                        SPAN_PRINT(part->name));
        if (values[i]->type != part->type)
            return fail(arena, ERR_VALIDATION,
                        INVALID "Type mismatch for key %.*s expected: %s actual: %s",
                        SPAN_PRINT(part->name), value_type_name(part->type),
                        value_type_name(values[i]->type));
    }
    return finish(arena, schema, values, bytes);
}

/* --- indexes --- */

void key_from_index(struct arena *arena, const struct key_schema *index, const struct item *item,
                    struct span table_key, struct span *bytes)
{
    const struct value *values[KEY_PARTS_MAX];
    struct span parts = { table_key.data + KEY_DIGEST_BYTES, table_key.size - KEY_DIGEST_BYTES };

    assert(table_key.size > KEY_DIGEST_BYTES);
    *bytes = (struct span){ 0 };
    for (size_t i = 0; i < part_count(index); i++) {
        values[i] = item_find(item, index->parts[i].name);
        if (values[i] == NULL)
            return;
        assert(values[i]->type == index->parts[i].type);
    }
    *bytes = lay_out(arena, values, index->hash_count, part_count(index), parts);
}

static struct error *fail_empty_index_key(struct arena *arena, struct span index_name,
                                          const struct key_part *part, const struct value *value,
                                          bool is_update)
{
    if (is_update)
        return fail(arena, ERR_VALIDATION,
                    NOT_VALID "The update expression attempted to update a secondary index key to "
                              "a value that is not supported. The AttributeValue for a key "
                              "attribute cannot contain an empty %s value.",
                    empty_kind(value));
    return fail(arena, ERR_VALIDATION,
                NOT_VALID "A value specified for a secondary index key is not supported. The "
                          "AttributeValue for a key attribute cannot contain an empty %s value. "
                          "IndexName: %.*s, IndexKey: %.*s",
                empty_kind(value), SPAN_PRINT(index_name), SPAN_PRINT(part->name));
}

struct error *key_check_index(struct arena *arena, const struct key_schema *index,
                              struct span index_name, const struct item *item, bool is_update)
{
    const struct value *values[KEY_PARTS_MAX];

    for (size_t i = 0; i < part_count(index); i++) {
        const struct key_part *part = &index->parts[i];

        values[i] = item_find(item, part->name);
        if (values[i] && values[i]->type != part->type)
            return fail(arena, ERR_VALIDATION,
                        INVALID "Type mismatch for Index Key %.*s Expected: %s Actual: %s "
                                "IndexName: %.*s",
                        SPAN_PRINT(part->name), value_type_name(part->type),
                        value_type_name(values[i]->type), SPAN_PRINT(index_name));
    }
    for (size_t i = 0; i < part_count(index); i++)
        if (values[i] && is_empty(values[i]))
            return fail_empty_index_key(arena, index_name, &index->parts[i], values[i], is_update);
    return check_sizes(arena, index, values);
}
