/* api/mismatch.c - what the service says to JSON of the wrong kind. */
#include "api/mismatch.h"

#include "api/scalar.h"

#include <string.h>

/* spec: sent word for word; it is the service's own cast that fails */
#define CAST_PROBLEM                                                                           \
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to "    \
    "class java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and " \
    "java.lang.Class are in module java.base of loader 'bootstrap')"

static bool is_container(enum shape_kind kind)
{
    return kind == SHAPE_STRUCTURE || kind == SHAPE_LIST || kind == SHAPE_MAP ||
           kind == SHAPE_ITEM || kind == SHAPE_VALUE;
}

static struct error *no_container(struct arena *arena, const struct shape *shape,
                                  enum position position)
{
    const char *problem = "Unexpected field type";

    if (position == POSITION_ELEMENT)
        problem = shape->kind == SHAPE_STRUCTURE || shape->kind == SHAPE_VALUE
                      ? "Unexpected value type in payload"
                      : CAST_PROBLEM;
    return fail(arena, ERR_SERIALIZATION, "%s", problem);
}

static const char *token_name(yyjson_val *json)
{
    if (yyjson_is_str(json))
        return "STRING_VALUE";
    if (yyjson_is_bool(json))
        return yyjson_get_bool(json) ? "TRUE_VALUE" : "FALSE_VALUE";
    return yyjson_is_real(json) ? "DECIMAL_VALUE" : "NUMBER_VALUE";
}

/* "class java.lang.Integer" -> "Integer" */
static const char *class_name(const struct shape *shape)
{
    return strrchr(shape->java, '.') + 1;
}

static bool scalar_fits(const struct shape *shape, yyjson_val *json)
{
    switch (shape->kind) {
    case SHAPE_STRING:
    case SHAPE_ENUM: return yyjson_is_str(json);
    case SHAPE_INTEGER:
    case SHAPE_LONG:
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP: return yyjson_is_num(json);
    case SHAPE_BOOLEAN: return yyjson_is_bool(json) || yyjson_is_str(json);
    case SHAPE_STRUCTURE:
    case SHAPE_LIST:
    case SHAPE_MAP:
    case SHAPE_ITEM:
    case SHAPE_VALUE: break;
    }
    return true;
}

struct error *mismatch_find(struct arena *arena, const struct shape *shape, enum position position,
                            yyjson_val *json)
{
    if (yyjson_is_arr(json)) {
        if (shape->kind == SHAPE_LIST)
            return NULL;
        return fail(arena, ERR_SERIALIZATION, "Unrecognized collection type %s", shape->java);
    }
    if (yyjson_is_obj(json)) {
        if (is_container(shape->kind) && shape->kind != SHAPE_LIST)
            return NULL;
        return fail(arena, ERR_SERIALIZATION, "Start of structure or map found where not expected");
    }
    if (is_container(shape->kind))
        return no_container(arena, shape, position);
    if (!scalar_fits(shape, json))
        return fail(arena, ERR_SERIALIZATION, "%s cannot be converted to %s", token_name(json),
                    class_name(shape));
    if (shape->kind == SHAPE_BOOLEAN && yyjson_is_str(json) && !scalar_is_spelled_boolean(json))
        return fail(arena, ERR_SERIALIZATION, "Unexpected token received from parser");
    return NULL;
}
