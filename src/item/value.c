/* item/value.c - names of types, looking things up, and comparing as DynamoDB compares. */
#include "item/value.h"

#include "base/compiler.h"
#include "base/memory.h"
#include "item/number.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Up to this many members are paired by looking at each; more are sorted first. */
enum { PAIR_BY_LOOKING_MAX = 16 };

static const char *const type_names[] = {
    [VALUE_NONE] = "",     [VALUE_S] = "S",       [VALUE_N] = "N",       [VALUE_B] = "B",
    [VALUE_SS] = "SS",     [VALUE_NS] = "NS",     [VALUE_BS] = "BS",     [VALUE_M] = "M",
    [VALUE_L] = "L",       [VALUE_NULL] = "NULL", [VALUE_BOOL] = "BOOL", [VALUE_MANY] = "",
    [VALUE_TOO_DEEP] = "",
};

const char *value_type_name(enum value_type type)
{
    assert((size_t)type < COUNT(type_names));
    return type_names[type];
}

enum value_type value_type_find(struct span name)
{
    const char *text = name.data;

    switch (name.size) {
    case 1:
        switch (text[0]) {
        case 'S': return VALUE_S;
        case 'N': return VALUE_N;
        case 'B': return VALUE_B;
        case 'M': return VALUE_M;
        case 'L': return VALUE_L;
        default: return VALUE_NONE;
        }
    case 2:
        if (text[1] != 'S')
            return VALUE_NONE;
        switch (text[0]) {
        case 'S': return VALUE_SS;
        case 'N': return VALUE_NS;
        case 'B': return VALUE_BS;
        default: return VALUE_NONE;
        }
    case 4:
        if (memcmp(text, "NULL", 4) == 0)
            return VALUE_NULL;
        return memcmp(text, "BOOL", 4) == 0 ? VALUE_BOOL : VALUE_NONE;
    default: return VALUE_NONE;
    }
}

static const struct value *attributes_find(const struct attribute *attributes, size_t count,
                                           struct span name)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(attributes[i].name, name))
            return &attributes[i].value;
    return NULL;
}

const struct value *item_find(const struct item *item, struct span name)
{
    return attributes_find(item->attributes, item->count, name);
}

const struct value *value_find(const struct value *map, struct span name)
{
    return map->type == VALUE_M ? attributes_find(map->attributes, map->count, name) : NULL;
}

static int compare_spans(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static bool set_has(const struct value *set, struct span member)
{
    for (size_t i = 0; i < set->count; i++)
        if (span_equal(set->members[i], member))
            return true;
    return false;
}

static bool sets_equal_sorted(const struct value *a, const struct value *b)
{
    size_t bytes = a->count * sizeof(struct span);
    struct span *left = memory_grow(NULL, bytes * 2);
    struct span *right = left + a->count;
    bool is_equal = true;

    memcpy(left, a->members, bytes);
    memcpy(right, b->members, bytes);
    qsort(left, a->count, sizeof(*left), compare_spans);
    qsort(right, a->count, sizeof(*right), compare_spans);
    for (size_t i = 0; i < a->count && is_equal; i++)
        is_equal = span_equal(left[i], right[i]);
    memory_free(left);
    return is_equal;
}

/* Members are unique and numbers canonical, so equal text is an equal member. */
static bool sets_equal(const struct value *a, const struct value *b)
{
    size_t same = 0;

    if (a->count != b->count)
        return false;
    while (same < a->count && span_equal(a->members[same], b->members[same]))
        same++;
    if (same == a->count)
        return true;
    if (a->count > PAIR_BY_LOOKING_MAX)
        return sets_equal_sorted(a, b);
    for (size_t i = same; i < a->count; i++)
        if (!set_has(b, a->members[i]))
            return false;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const struct attribute *const *left = a;
    const struct attribute *const *right = b;

    return span_compare((*left)->name, (*right)->name);
}

static const struct attribute **sorted_by_name(const struct attribute *attributes, size_t count)
{
    const struct attribute **sorted = memory_grow(NULL, count * sizeof(*sorted));

    for (size_t i = 0; i < count; i++)
        sorted[i] = &attributes[i];
    qsort(sorted, count, sizeof(*sorted), compare_names);
    return sorted;
}

static bool maps_equal_sorted(const struct attribute *a, const struct attribute *b, size_t count)
{
    const struct attribute **left = sorted_by_name(a, count);
    const struct attribute **right = sorted_by_name(b, count);
    bool is_equal = true;

    for (size_t i = 0; i < count && is_equal; i++)
        is_equal = span_equal(left[i]->name, right[i]->name) &&
                   value_equal(&left[i]->value, &right[i]->value);
    memory_free(left);
    memory_free(right);
    return is_equal;
}

static bool maps_equal(const struct attribute *a, const struct attribute *b, size_t count)
{
    bool is_same_order = true;

    for (size_t i = 0; i < count && is_same_order; i++)
        is_same_order = span_equal(a[i].name, b[i].name);
    if (!is_same_order && count > PAIR_BY_LOOKING_MAX)
        return maps_equal_sorted(a, b, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *other =
            is_same_order ? &b[i].value : attributes_find(b, count, a[i].name);

        if (other == NULL || !value_equal(&a[i].value, other))
            return false;
    }
    return true;
}

static bool lists_equal(const struct value *a, const struct value *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!value_equal(&a->list[i], &b->list[i]))
            return false;
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_S:
    case VALUE_N:
    case VALUE_B: return span_equal(a->text, b->text);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS: return sets_equal(a, b);
    case VALUE_M: return a->count == b->count && maps_equal(a->attributes, b->attributes, a->count);
    case VALUE_L: return lists_equal(a, b);
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->is_true == b->is_true;
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
    assert(!"an unchecked value is compared");
    return false;
}

bool item_equal(const struct item *a, const struct item *b)
{
    return a->count == b->count && maps_equal(a->attributes, b->attributes, a->count);
}

int value_compare(const struct value *a, const struct value *b, bool *is_ordered)
{
    *is_ordered =
        a->type == b->type && (a->type == VALUE_S || a->type == VALUE_N || a->type == VALUE_B);
    if (!*is_ordered)
        return 0;
    return a->type == VALUE_N ? number_compare(a->text, b->text) : span_compare(a->text, b->text);
}
