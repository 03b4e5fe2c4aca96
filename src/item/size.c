/* item/size.c - counting bytes as the service bills and limits them. */
#include "item/size.h"

#include "item/number.h"

#include <assert.h>

enum {
    CONTAINER_BYTES = 3, /* of a list or map itself */
    MEMBER_BYTES = 1     /* of each of its members, beside the member's own */
};

static size_t set_bytes(const struct value *set)
{
    size_t bytes = 0;

    for (size_t i = 0; i < set->count; i++)
        bytes += set->type == VALUE_NS ? number_bytes(set->members[i]) : set->members[i].size;
    return bytes;
}

static size_t list_bytes(const struct value *list)
{
    size_t bytes = CONTAINER_BYTES;

    for (size_t i = 0; i < list->count; i++)
        bytes += MEMBER_BYTES + value_bytes(&list->list[i]);
    return bytes;
}

static size_t map_bytes(const struct value *map)
{
    size_t bytes = CONTAINER_BYTES;

    for (size_t i = 0; i < map->count; i++)
        bytes += MEMBER_BYTES + attribute_bytes(&map->attributes[i]);
    return bytes;
}

size_t value_bytes(const struct value *value)
{
    switch (value->type) {
    case VALUE_S:
    case VALUE_B: return value->text.size;
    case VALUE_N: return number_bytes(value->text);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS: return set_bytes(value);
    case VALUE_M: return map_bytes(value);
    case VALUE_L: return list_bytes(value);
    case VALUE_NULL:
    case VALUE_BOOL: return 1;
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
    assert(!"an unchecked value is measured");
    return 0;
}

size_t attribute_bytes(const struct attribute *attribute)
{
    return attribute->name.size + value_bytes(&attribute->value);
}

size_t item_bytes(const struct item *item)
{
    size_t bytes = 0;

    for (size_t i = 0; i < item->count; i++)
        bytes += attribute_bytes(&item->attributes[i]);
    return bytes;
}
