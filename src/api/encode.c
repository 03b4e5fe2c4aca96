/* api/encode.c - one walk over the tables that writes an answer. */
#include "api/encode.h"

#include "api/double.h"
#include "base/buffer.h"
#include "item/json.h"

#include <assert.h>

static void encode_shape(const struct shape *shape, const void *place, struct buffer *out);

/* Where the field's value is; NULL when it is absent. */
static const void *field_value(const struct field *field, const char *base)
{
    const void *place = base + field->offset;

    if (field->is_pointer)
        return *(const void *const *)place;
    if (field->flag_offset)
        return *(const bool *)(base + field->flag_offset) ? place : NULL;
    if (field->shape->kind == SHAPE_ENUM)
        return *(const unsigned *)place != 0 ? place : NULL;
    return ((const struct span *)place)->data ? place : NULL;
}

static void encode_structure(const struct fields *fields, const char *base, struct buffer *out)
{
    char separator = '{';

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->fields[i];
        const void *value = field_value(field, base);

        if (!value)
            continue;
        buffer_append_char(out, separator);
        separator = ',';
        buffer_append_span(out, field->json_name);
        encode_shape(field->shape, value, out);
    }
    if (separator == '{')
        buffer_append_char(out, '{');
    buffer_append_char(out, '}');
}

static void encode_list(const struct shape *member, const struct sequence *list, struct buffer *out)
{
    buffer_append_char(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        encode_shape(member, list->items + i * member->size, out);
    }
    buffer_append_char(out, ']');
}

static void encode_map(const struct shape *shape, const struct sequence *map, struct buffer *out)
{
    buffer_append_char(out, '{');
    for (size_t i = 0; i < map->count; i++) {
        const char *entry = map->items + i * shape->entry_size;

        if (i > 0)
            buffer_append_char(out, ',');
        buffer_append_json_string(out, *(const struct span *)entry);
        buffer_append_char(out, ':');
        encode_shape(shape->member, entry + shape->value_offset, out);
    }
    buffer_append_char(out, '}');
}

static void encode_enum(const struct shape *shape, unsigned value, struct buffer *out)
{
    assert(value < shape->text_count);
    buffer_append_char(out, '"');
    buffer_append_span(out, shape->texts[value]);
    buffer_append_char(out, '"');
}

static void encode_shape(const struct shape *shape, const void *place, struct buffer *out)
{
    switch (shape->kind) {
    case SHAPE_STRING: buffer_append_json_string(out, *(const struct span *)place); break;
    case SHAPE_ENUM: encode_enum(shape, *(const unsigned *)place, out); break;
    case SHAPE_INTEGER:
    case SHAPE_LONG: buffer_append_integer(out, *(const int64_t *)place); break;
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP: double_write(*(const double *)place, out); break;
    case SHAPE_BOOLEAN:
        buffer_append_span(out, *(const bool *)place ? SPAN("true") : SPAN("false"));
        break;
    case SHAPE_STRUCTURE: encode_structure(shape->fields, place, out); break;
    case SHAPE_LIST: encode_list(shape->member, place, out); break;
    case SHAPE_MAP: encode_map(shape, place, out); break;
    case SHAPE_ITEM: item_write(place, out); break;
    case SHAPE_VALUE: value_write(place, out); break;
    }
}

void encode_output(const struct shape *shape, const void *place, struct buffer *out)
{
    encode_shape(shape, place, out);
}
