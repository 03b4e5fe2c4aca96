/* api/dump.c - Java's toString for what a request holds. */
#include "api/dump.h"

#include "api/double.h"
#include "api/scalar.h"
#include "base/arena.h"
#include "base/buffer.h"

#include <ctype.h>

enum {
    DUMP_LEVELS_MAX = 32,        /* of attribute values; deeper ones show as ... */
    DUMP_BYTES_MAX = 1024 * 1024 /* past it the members left show as ... */
};

/* Before the member at index; false when there is no room for more. */
static bool separate(size_t index, struct buffer *out)
{
    if (index > 0)
        buffer_append_span(out, SPAN(", "));
    if (out->size <= DUMP_BYTES_MAX)
        return true;
    buffer_append_span(out, SPAN("..."));
    return false;
}

void dump_member_name(struct span name, struct buffer *out)
{
    if (name.size == 0)
        return;
    buffer_append_char(out, (char)tolower((unsigned char)name.data[0]));
    buffer_append(out, name.data + 1, name.size - 1);
}

void dump_json(struct arena *arena, yyjson_val *json, struct buffer *out)
{
    yyjson_alc allocator = json_allocator(arena);
    size_t size = 0;
    char *text = yyjson_val_write_opts(json, YYJSON_WRITE_NOFLAG, &allocator, &size, NULL);

    buffer_append(out, text, text ? size : 0);
}

static void dump_attribute(yyjson_val *json, int level, struct buffer *out);

/* What stands in a member of an attribute value: text, flag, list or map. */
static void dump_content(yyjson_val *json, int level, struct buffer *out)
{
    size_t i;
    size_t count;
    yyjson_val *value;

    if (yyjson_is_str(json)) {
        buffer_append_span(out, json_text(json));
    } else if (yyjson_is_bool(json)) {
        buffer_append_span(out, yyjson_get_bool(json) ? SPAN("true") : SPAN("false"));
    } else if (yyjson_is_arr(json)) {
        buffer_append_char(out, '[');
        yyjson_arr_foreach(json, i, count, value)
        {
            if (!separate(i, out))
                break;
            if (yyjson_is_obj(value))
                dump_attribute(value, level + 1, out);
            else
                dump_content(value, level, out);
        }
        buffer_append_char(out, ']');
    }
}

static void dump_attributes(yyjson_val *json, int level, struct buffer *out)
{
    size_t i;
    size_t count;
    yyjson_val *key;
    yyjson_val *value;

    buffer_append_char(out, '{');
    yyjson_obj_foreach(json, i, count, key, value)
    {
        if (!separate(i, out))
            break;
        buffer_append_span(out, json_text(key));
        buffer_append_char(out, '=');
        dump_attribute(value, level, out);
    }
    buffer_append_char(out, '}');
}

/* AttributeValue: {S:a} */
static void dump_attribute(yyjson_val *json, int level, struct buffer *out)
{
    yyjson_obj_iter iterator = yyjson_obj_iter_with(json);
    yyjson_val *key = yyjson_obj_iter_next(&iterator);
    yyjson_val *value = key ? yyjson_obj_iter_get_val(key) : NULL;

    if (level > DUMP_LEVELS_MAX) {
        buffer_append_span(out, SPAN("..."));
        return;
    }
    buffer_append_span(out, SPAN("AttributeValue: {"));
    if (key) {
        buffer_append_span(out, json_text(key));
        buffer_append_char(out, ':');
        if (yyjson_is_obj(value))
            dump_attributes(value, level + 1, out);
        else
            dump_content(value, level, out);
    }
    buffer_append_char(out, '}');
}

static void dump_structure(struct arena *arena, const struct shape *shape, yyjson_val *json,
                           struct buffer *out)
{
    const struct fields *fields = shape->fields;
    size_t count;
    struct scalar_pair *pairs = scalar_last_pairs(arena, json, &count);

    buffer_append_span(out, span_from(shape->name));
    buffer_append_char(out, '(');
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->fields[i];
        yyjson_val *value = NULL;

        for (size_t j = 0; j < count && !value; j++)
            if (span_equal(pairs[j].key, field->name))
                value = pairs[j].value;
        if (!separate(i, out))
            break;
        dump_member_name(field->name, out);
        buffer_append_char(out, '=');
        dump_value(arena, field->shape, value, out);
    }
    buffer_append_char(out, ')');
}

static void dump_list(struct arena *arena, const struct shape *shape, yyjson_val *json,
                      struct buffer *out)
{
    size_t i;
    size_t count;
    yyjson_val *value;

    buffer_append_char(out, '[');
    yyjson_arr_foreach(json, i, count, value)
    {
        if (!separate(i, out))
            break;
        dump_value(arena, shape->member, value, out);
    }
    buffer_append_char(out, ']');
}

static void dump_map(struct arena *arena, const struct shape *shape, yyjson_val *json,
                     struct buffer *out)
{
    size_t count;
    struct scalar_pair *pairs = scalar_last_pairs(arena, json, &count);

    buffer_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (!separate(i, out))
            break;
        buffer_append_span(out, pairs[i].key);
        buffer_append_char(out, '=');
        dump_value(arena, shape->member, pairs[i].value, out);
    }
    buffer_append_char(out, '}');
}

void dump_value(struct arena *arena, const struct shape *shape, yyjson_val *json,
                struct buffer *out)
{
    if (!json || yyjson_is_null(json)) {
        buffer_append_span(out, SPAN("null"));
        return;
    }
    switch (shape->kind) {
    case SHAPE_STRING:
    case SHAPE_ENUM: buffer_append_span(out, json_text(json)); break;
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        buffer_append_integer(out, scalar_integer(json, shape->kind == SHAPE_LONG));
        break;
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP: double_write(yyjson_get_num(json), out); break;
    case SHAPE_BOOLEAN:
        buffer_append_span(out, scalar_is_true(json) ? SPAN("true") : SPAN("false"));
        break;
    case SHAPE_STRUCTURE: dump_structure(arena, shape, json, out); break;
    case SHAPE_LIST: dump_list(arena, shape, json, out); break;
    case SHAPE_MAP: dump_map(arena, shape, json, out); break;
    case SHAPE_ITEM: dump_attributes(json, 1, out); break;
    case SHAPE_VALUE: dump_attribute(json, 1, out); break;
    }
}
