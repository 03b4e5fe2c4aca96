/* item/decode.c - attribute values out of what a client sent, in one pass over the parsed JSON.
 *
 * The texts are those of the service's own unmarshaller, which names Java types and JSON tokens. */
#include "base/arena.h"
#include "item/base64.h"
#include "item/check.h"
#include "item/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Up to this many names are compared with each other; more are sorted. */
enum { NAMES_COMPARED_MAX = 32, LEVELS_DECODED_MAX = ITEM_LEVELS_MAX + 2 };

#define ATTRIBUTE_VALUE "com.amazonaws.dynamodb.v20120810.AttributeValue"

static struct error *decode_value(struct arena *arena, yyjson_val *json, int level,
                                  struct value *value);

/* --- a JSON value of the wrong kind --- */

static struct error *wrong(struct arena *arena, const char *text)
{
    return fail_with(arena, ERR_SERIALIZATION, span_from(text));
}

static struct error *wrong_object(struct arena *arena)
{
    return wrong(arena, "Start of structure or map found where not expected");
}

/* An integer, however long, is a NUMBER_VALUE; with a point or an exponent it is a DECIMAL_VALUE.
 */
static const char *token_name(yyjson_val *scalar)
{
    if (yyjson_is_bool(scalar))
        return yyjson_is_true(scalar) ? "TRUE_VALUE" : "FALSE_VALUE";
    if (yyjson_is_str(scalar))
        return "STRING_VALUE";
    if (yyjson_is_raw(scalar))
        return strpbrk(yyjson_get_raw(scalar), ".eE") ? "DECIMAL_VALUE" : "NUMBER_VALUE";
    return yyjson_is_real(scalar) ? "DECIMAL_VALUE" : "NUMBER_VALUE";
}

/* Something else where a java.lang.<type> is expected. */
static struct error *wrong_scalar(struct arena *arena, yyjson_val *json, const char *type)
{
    if (yyjson_is_obj(json))
        return wrong_object(arena);
    if (yyjson_is_arr(json))
        return fail(arena, ERR_SERIALIZATION, "Unrecognized collection type class java.lang.%s",
                    type);
    return fail(arena, ERR_SERIALIZATION, "%s cannot be converted to %s", token_name(json), type);
}

static struct error *wrong_list(struct arena *arena, yyjson_val *json)
{
    return yyjson_is_obj(json) ? wrong_object(arena) : wrong(arena, "Unexpected field type");
}

static struct error *wrong_map(struct arena *arena, yyjson_val *json)
{
    if (yyjson_is_arr(json))
        return wrong(arena,
                     "Unrecognized collection type java.util.Map<java.lang.String, " ATTRIBUTE_VALUE
                     ">");
    return wrong(arena, "Unexpected field type");
}

static struct error *wrong_value(struct arena *arena, yyjson_val *json)
{
    if (yyjson_is_arr(json))
        return wrong(arena, "Unrecognized collection type class " ATTRIBUTE_VALUE);
    return wrong(arena, "Unexpected value type in payload");
}

/* --- the types --- */

static struct error *decode_string(struct arena *arena, yyjson_val *json, struct span *text)
{
    *text = json_text(json);
    return text->data ? NULL : wrong_scalar(arena, json, "String");
}

static struct error *decode_binary(struct arena *arena, yyjson_val *json, struct span *bytes)
{
    if (yyjson_is_str(json))
        return base64_decode(arena, json_text(json), bytes);
    if (yyjson_is_obj(json))
        return wrong_object(arena);
    if (yyjson_is_arr(json))
        return wrong(arena, "Unrecognized collection type class java.nio.ByteBuffer");
    return wrong(arena, "only base-64-encoded strings are convertible to bytes");
}

static bool is_one_of(struct span text, const char *const words[3])
{
    for (size_t i = 0; i < 3; i++)
        if (strlen(words[i]) == text.size && strncasecmp(words[i], text.data, text.size) == 0)
            return true;
    return false;
}

static struct error *decode_bool(struct arena *arena, yyjson_val *json, bool *is_true)
{
    static const char *const yes[] = { "true", "yes", "1" };
    static const char *const no[] = { "false", "no", "0" };

    *is_true = yyjson_is_true(json);
    if (yyjson_is_bool(json))
        return NULL;
    if (!yyjson_is_str(json))
        return wrong_scalar(arena, json, "Boolean");
    *is_true = is_one_of(json_text(json), yes);
    if (!*is_true && !is_one_of(json_text(json), no))
        return wrong(arena, "Unexpected token received from parser");
    return NULL;
}

/* A null member becomes an absent span, which the check refuses. */
static struct error *decode_set(struct arena *arena, yyjson_val *json, struct value *set)
{
    yyjson_arr_iter members;
    yyjson_val *member;
    struct span *next;

    if (!yyjson_is_arr(json))
        return wrong_list(arena, json);
    set->count = (uint32_t)yyjson_arr_size(json);
    set->members = next = arena_alloc_raw(arena, set->count * sizeof(*next));
    yyjson_arr_iter_init(json, &members);
    while ((member = yyjson_arr_iter_next(&members))) {
        *next = (struct span){ 0 };
        if (yyjson_is_null(member))
            next++;
        else if (set->type == VALUE_BS)
            TRY(decode_binary(arena, member, next++));
        else
            TRY(decode_string(arena, member, next++));
    }
    return NULL;
}

static struct error *decode_list(struct arena *arena, yyjson_val *json, int level,
                                 struct value *list)
{
    yyjson_arr_iter members;
    yyjson_val *member;
    struct value *next;

    if (!yyjson_is_arr(json))
        return wrong_list(arena, json);
    list->count = (uint32_t)yyjson_arr_size(json);
    list->list = next = arena_alloc_raw(arena, list->count * sizeof(*next));
    yyjson_arr_iter_init(json, &members);
    while ((member = yyjson_arr_iter_next(&members)))
        TRY(decode_value(arena, member, level + 1, next++));
    return NULL;
}

/* --- maps: of an attribute named twice the last value counts --- */

/* A bit for a name, so that most names need no comparing at all. */
static uint64_t name_bit(struct span name)
{
    size_t mix = name.size;

    if (name.size > 0)
        mix += (unsigned char)name.data[0] * 7u + (unsigned char)name.data[name.size - 1] * 31u +
               (unsigned char)name.data[name.size / 2] * 11u;
    return 1ULL << (mix & 63);
}

static struct attribute *find_name(struct attribute *attributes, size_t count, struct span name)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(attributes[i].name, name))
            return &attributes[i];
    return NULL;
}

/* By name, those of one name in the order in which they were sent. */
static int compare_names(const void *a, const void *b)
{
    const struct attribute *left = *(struct attribute *const *)a;
    const struct attribute *right = *(struct attribute *const *)b;
    int order = span_compare(left->name, right->name);

    return order != 0 ? order : (left > right) - (left < right);
}

static size_t merge_many(struct arena *arena, struct attribute *attributes, size_t count)
{
    struct attribute **sorted = arena_alloc_raw(arena, count * sizeof(struct attribute *));
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        sorted[i] = &attributes[i];
    qsort(sorted, count, sizeof(struct attribute *), compare_names);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count; next++) {
            if (!span_equal(sorted[next]->name, sorted[i]->name))
                break;
            sorted[i]->value = sorted[next]->value;
            sorted[next]->name.data = NULL;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (attributes[i].name.data)
            attributes[kept++] = attributes[i];
    return kept;
}

static size_t merge_duplicates(struct arena *arena, struct attribute *attributes, size_t count)
{
    uint64_t seen = 0;
    size_t kept = 0;

    if (count > NAMES_COMPARED_MAX)
        return merge_many(arena, attributes, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t bit = name_bit(attributes[i].name);
        struct attribute *same =
            seen & bit ? find_name(attributes, kept, attributes[i].name) : NULL;

        seen |= bit;
        if (same)
            same->value = attributes[i].value;
        else if (kept++ < i)
            attributes[kept - 1] = attributes[i];
    }
    return kept;
}

static struct error *decode_attributes(struct arena *arena, yyjson_val *json, int level,
                                       struct attribute **attributes, size_t *count)
{
    yyjson_obj_iter members;
    yyjson_val *name;
    struct attribute *next;

    if (!yyjson_is_obj(json))
        return wrong_map(arena, json);
    *count = yyjson_obj_size(json);
    *attributes = next = arena_alloc_raw(arena, *count * sizeof(*next));
    yyjson_obj_iter_init(json, &members);
    while ((name = yyjson_obj_iter_next(&members))) {
        next->name = json_text(name);
        TRY(decode_value(arena, yyjson_obj_iter_get_val(name), level, &next->value));
        next++;
    }
    *count = merge_duplicates(arena, *attributes, *count);
    return NULL;
}

/* --- values --- */

static struct error *decode_map(struct arena *arena, yyjson_val *json, int level, struct value *map)
{
    size_t count;

    TRY(decode_attributes(arena, json, level + 1, &map->attributes, &count));
    map->count = (uint32_t)count;
    return NULL;
}

static struct error *decode_typed(struct arena *arena, yyjson_val *json, int level,
                                  struct value *value)
{
    switch (value->type) {
    case VALUE_S:
    case VALUE_N: return decode_string(arena, json, &value->text);
    case VALUE_B: return decode_binary(arena, json, &value->text);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS: return decode_set(arena, json, value);
    case VALUE_M: return decode_map(arena, json, level, value);
    case VALUE_L: return decode_list(arena, json, level, value);
    case VALUE_NULL:
    case VALUE_BOOL: return decode_bool(arena, json, &value->is_true);
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
    return NULL;
}

/* A value with several members: unknown ones are ignored, null ones count as not given, of one
 * given twice the last counts. */
static struct error *decode_members(struct arena *arena, yyjson_val *json, int level,
                                    struct value *value)
{
    struct value given[VALUE_BOOL + 1] = { 0 };
    yyjson_obj_iter members;
    yyjson_val *name;
    size_t count = 0;

    yyjson_obj_iter_init(json, &members);
    while ((name = yyjson_obj_iter_next(&members))) {
        yyjson_val *member = yyjson_obj_iter_get_val(name);
        enum value_type type = value_type_find(json_text(name));

        if (type == VALUE_NONE)
            continue;
        given[type] = (struct value){ .type = yyjson_is_null(member) ? VALUE_NONE : type };
        TRY(decode_typed(arena, member, level, &given[type]));
    }
    for (size_t i = 0; i < COUNT(given); i++)
        if (given[i].type != VALUE_NONE)
            given[count++] = given[i];
    if (count < 2) {
        *value = count == 1 ? given[0] : (struct value){ 0 };
        return NULL;
    }
    *value = (struct value){ .type = VALUE_MANY, .count = (uint32_t)count };
    value->list = arena_alloc_raw(arena, count * sizeof(*value->list));
    memcpy(value->list, given, count * sizeof(*value->list));
    return NULL;
}

static struct error *decode_value(struct arena *arena, yyjson_val *json, int level,
                                  struct value *value)
{
    yyjson_obj_iter members;
    yyjson_val *name;

    *value = (struct value){ 0 };
    if (level > LEVELS_DECODED_MAX) {
        value->type = VALUE_TOO_DEEP;
        return NULL;
    }
    if (yyjson_is_null(json))
        return NULL;
    if (!yyjson_is_obj(json))
        return wrong_value(arena, json);
    if (yyjson_obj_size(json) != 1)
        return decode_members(arena, json, level, value);
    yyjson_obj_iter_init(json, &members);
    name = yyjson_obj_iter_next(&members);
    json = yyjson_obj_iter_get_val(name);
    if (yyjson_is_null(json))
        return NULL;
    value->type = value_type_find(json_text(name));
    return decode_typed(arena, json, level, value);
}

struct error *value_decode(struct arena *arena, yyjson_val *json, struct value *value)
{
    return decode_value(arena, json, 1, value);
}

struct error *item_decode(struct arena *arena, yyjson_val *json, struct item *item)
{
    item->json = (struct span){ 0 };
    return decode_attributes(arena, json, 1, &item->attributes, &item->count);
}
