/* api/decode.c - one recursive walk over shapes and JSON, with a quick look at every limit. */
#include "api/decode.h"

#include "api/mismatch.h"
#include "api/pattern.h"
#include "api/scalar.h"
#include "base/arena.h"
#include "item/json.h"

#include <assert.h>
#include <string.h>

/* No list of structures may be longer: every operation that takes one has a lower limit. */
enum { STRUCTURES_MAX = 1000 };

struct decoder {
    struct arena *arena;
    bool is_doubtful;
};

static struct error *decode_shape(struct decoder *decoder, const struct shape *shape,
                                  enum position position, yyjson_val *json, void *place);

/* May say no to what is right, but never yes to what is wrong: validate looks again. */
static bool text_fits(const struct limits *limits, struct span text)
{
    int64_t bytes = (int64_t)text.size;

    if (limits->max < bytes || limits->min > bytes)
        return false;
    if (limits->min > 1 && !limits->matches && pattern_units(text) < limits->min)
        return false;
    return !limits->matches || limits->matches(text);
}

static bool count_fits(const struct limits *limits, size_t count)
{
    return limits->min <= (int64_t)count && (int64_t)count <= limits->max;
}

static bool value_fits(const struct limits *limits, const struct shape *shape, const void *place)
{
    switch (shape->kind) {
    case SHAPE_STRING: return text_fits(limits, *(const struct span *)place);
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        return limits->min <= *(const int64_t *)place && *(const int64_t *)place <= limits->max;
    case SHAPE_LIST:
    case SHAPE_MAP: return count_fits(limits, ((const struct sequence *)place)->count);
    case SHAPE_ITEM: return count_fits(limits, ((const struct item *)place)->count);
    case SHAPE_ENUM:
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP:
    case SHAPE_BOOLEAN:
    case SHAPE_STRUCTURE:
    case SHAPE_VALUE: break;
    }
    return true;
}

static void check(struct decoder *decoder, const struct limits *limits, const struct shape *shape,
                  const void *place)
{
    if (limits && !value_fits(limits, shape, place))
        decoder->is_doubtful = true;
}

static void clear_field(const struct field *field, char *base)
{
    size_t size = field->is_pointer ? sizeof(void *) : field->shape->size;

    memset(base + field->offset, 0, size);
    if (field->flag_offset)
        *(bool *)(base + field->flag_offset) = false;
}

static struct error *decode_field(struct decoder *decoder, const struct field *field,
                                  yyjson_val *json, char *base)
{
    void *place = base + field->offset;

    if (field->is_pointer) {
        void *pointed = arena_alloc(decoder->arena, 1, field->shape->size);

        *(void **)place = pointed;
        place = pointed;
    }
    if (field->flag_offset)
        *(bool *)(base + field->flag_offset) = true;
    TRY(decode_shape(decoder, field->shape, POSITION_MEMBER, json, place));
    check(decoder, field->limits, field->shape, place);
    return NULL;
}

static struct error *decode_structure(struct decoder *decoder, const struct fields *fields,
                                      yyjson_val *json, char *base)
{
    uint64_t seen = 0;
    yyjson_obj_iter iterator = yyjson_obj_iter_with(json);

    for (yyjson_val *key = yyjson_obj_iter_next(&iterator); key;
         key = yyjson_obj_iter_next(&iterator)) {
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        const struct field *field = fields_find(fields, yyjson_get_str(key), yyjson_get_len(key));
        uint64_t bit;

        if (!field)
            continue;
        bit = UINT64_C(1) << (field - fields->fields);
        if (seen & bit)
            clear_field(field, base);
        if (yyjson_is_null(value)) {
            seen &= ~bit;
            continue;
        }
        seen |= bit;
        TRY(decode_field(decoder, field, value, base));
    }
    if ((seen & fields->required) != fields->required)
        decoder->is_doubtful = true;
    return NULL;
}

/* How many members are worth decoding: past a limit the request is refused whatever they hold. */
static size_t members_wanted(struct decoder *decoder, const struct shape *shape, size_t count)
{
    size_t most = SIZE_MAX;

    if (shape->limits && shape->limits->max != INT64_MAX)
        most = (size_t)shape->limits->max;
    else if (shape->kind == SHAPE_LIST && shape->member->kind == SHAPE_STRUCTURE)
        most = STRUCTURES_MAX;
    if (count <= most)
        return count;
    decoder->is_doubtful = true;
    return most;
}

static struct error *decode_list(struct decoder *decoder, const struct shape *shape,
                                 yyjson_val *json, struct sequence *list)
{
    const struct shape *member = shape->member;
    yyjson_arr_iter iterator = yyjson_arr_iter_with(json);

    list->count = members_wanted(decoder, shape, yyjson_arr_size(json));
    list->items = arena_alloc(decoder->arena, list->count, member->size);
    for (size_t i = 0; i < list->count; i++) {
        yyjson_val *value = yyjson_arr_iter_next(&iterator);
        char *place = list->items + i * member->size;

        if (yyjson_is_null(value)) {
            decoder->is_doubtful = true;
            continue;
        }
        TRY(decode_shape(decoder, member, POSITION_ELEMENT, value, place));
        check(decoder, member->limits, member, place);
    }
    return NULL;
}

static struct error *decode_map(struct decoder *decoder, const struct shape *shape,
                                yyjson_val *json, struct sequence *map)
{
    const struct shape *member = shape->member;
    size_t count;
    struct scalar_pair *pairs = scalar_last_pairs(decoder->arena, json, &count);

    map->count = count = members_wanted(decoder, shape, count);
    map->items = arena_alloc(decoder->arena, count, shape->entry_size);
    for (size_t i = 0; i < count; i++) {
        char *entry = map->items + i * shape->entry_size;

        *(struct span *)entry = pairs[i].key;
        if (shape->key_limits && !text_fits(shape->key_limits, pairs[i].key))
            decoder->is_doubtful = true;
        if (yyjson_is_null(pairs[i].value)) {
            decoder->is_doubtful = true;
            continue;
        }
        TRY(decode_shape(decoder, member, POSITION_ELEMENT, pairs[i].value,
                         entry + shape->value_offset));
        check(decoder, member->limits, member, entry + shape->value_offset);
    }
    return NULL;
}

static struct error *decode_item(struct decoder *decoder, const struct shape *shape,
                                 yyjson_val *json, struct item *item)
{
    TRY(item_decode(decoder->arena, json, item));
    if (shape->key_limits)
        for (size_t i = 0; i < item->count; i++)
            if (!text_fits(shape->key_limits, item->attributes[i].name))
                decoder->is_doubtful = true;
    return NULL;
}

static void decode_enum(struct decoder *decoder, const struct shape *shape, struct span text,
                        unsigned *place)
{
    for (size_t i = 1; i < shape->text_count; i++)
        if (span_equal(shape->texts[i], text)) {
            *place = (unsigned)i;
            return;
        }
    decoder->is_doubtful = true;
}

static struct error *decode_shape(struct decoder *decoder, const struct shape *shape,
                                  enum position position, yyjson_val *json, void *place)
{
    TRY(mismatch_find(decoder->arena, shape, position, json));
    switch (shape->kind) {
    case SHAPE_STRING: *(struct span *)place = json_text(json); break;
    case SHAPE_ENUM: decode_enum(decoder, shape, json_text(json), place); break;
    case SHAPE_INTEGER:
    case SHAPE_LONG: *(int64_t *)place = scalar_integer(json, shape->kind == SHAPE_LONG); break;
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP: *(double *)place = yyjson_get_num(json); break;
    case SHAPE_BOOLEAN: *(bool *)place = scalar_is_true(json); break;
    case SHAPE_STRUCTURE: return decode_structure(decoder, shape->fields, json, place);
    case SHAPE_LIST: return decode_list(decoder, shape, json, place);
    case SHAPE_MAP: return decode_map(decoder, shape, json, place);
    case SHAPE_ITEM: return decode_item(decoder, shape, json, place);
    case SHAPE_VALUE: return value_decode(decoder->arena, json, place);
    }
    return NULL;
}

struct error *decode_input(struct arena *arena, const struct shape *shape, yyjson_val *json,
                           void *place, bool *is_doubtful)
{
    struct decoder decoder = { arena, false };
    struct error *error;

    assert(shape->kind == SHAPE_STRUCTURE);
    error = decode_shape(&decoder, shape, POSITION_MEMBER, json, place);
    *is_doubtful = decoder.is_doubtful;
    return error;
}
