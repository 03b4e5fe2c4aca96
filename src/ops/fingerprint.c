/* ops/fingerprint.c - texts with their lengths, maps and sets in byte order. */
#include "ops/fingerprint.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

void fingerprint_add_number(struct buffer *out, uint64_t number)
{
    buffer_append_integer(out, (int64_t)number);
    buffer_append_char(out, ':');
}

void fingerprint_add_text(struct buffer *out, struct span text)
{
    if (text.data == NULL) {
        buffer_append_char(out, '-');
        return;
    }
    fingerprint_add_number(out, text.size);
    buffer_append_span(out, text);
}

static int by_text(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static int by_key(const void *a, const void *b)
{
    return span_compare(((const struct string_pair *)a)->key, ((const struct string_pair *)b)->key);
}

static int by_name(const void *a, const void *b)
{
    return span_compare(((const struct attribute *)a)->name, ((const struct attribute *)b)->name);
}

/* A sorted copy. */
static void *sorted(struct arena *arena, const void *elements, size_t count, size_t size,
                    int (*order)(const void *, const void *))
{
    void *copy = arena_alloc(arena, count, size);

    if (count > 0) {
        memcpy(copy, elements, count * size);
        qsort(copy, count, size, order);
    }
    return copy;
}

void fingerprint_add_names(struct arena *arena, struct buffer *out, const struct string_map *names)
{
    const struct string_pair *pairs;

    if (names == NULL) {
        buffer_append_char(out, '-');
        return;
    }
    pairs = sorted(arena, names->entries, names->count, sizeof(*pairs), by_key);
    fingerprint_add_number(out, names->count);
    for (size_t i = 0; i < names->count; i++) {
        fingerprint_add_text(out, pairs[i].key);
        fingerprint_add_text(out, pairs[i].value);
    }
}

static void add_attributes(struct arena *arena, struct buffer *out,
                           const struct attribute *attributes, size_t count)
{
    const struct attribute *list = sorted(arena, attributes, count, sizeof(*attributes), by_name);

    fingerprint_add_number(out, count);
    for (size_t i = 0; i < count; i++) {
        fingerprint_add_text(out, list[i].name);
        fingerprint_add_value(arena, out, &list[i].value);
    }
}

static void add_set(struct arena *arena, struct buffer *out, const struct value *set)
{
    const struct span *members =
        sorted(arena, set->members, set->count, sizeof(*set->members), by_text);

    fingerprint_add_number(out, set->count);
    for (size_t i = 0; i < set->count; i++)
        fingerprint_add_text(out, members[i]);
}

/* Recursion: checked values are at most ITEM_LEVELS_MAX deep. */
void fingerprint_add_value(struct arena *arena, struct buffer *out, const struct value *value)
{
    buffer_append_span(out, span_from(value_type_name(value->type)));
    switch (value->type) {
    case VALUE_S:
    case VALUE_N:
    case VALUE_B: fingerprint_add_text(out, value->text); break;
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS: add_set(arena, out, value); break;
    case VALUE_M: add_attributes(arena, out, value->attributes, value->count); break;
    case VALUE_L:
        fingerprint_add_number(out, value->count);
        for (size_t i = 0; i < value->count; i++)
            fingerprint_add_value(arena, out, &value->list[i]);
        break;
    case VALUE_NULL:
    case VALUE_BOOL: buffer_append_char(out, value->is_true ? '1' : '0'); break;
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
}

void fingerprint_add_item(struct arena *arena, struct buffer *out, const struct item *item)
{
    if (item == NULL)
        buffer_append_char(out, '-');
    else
        add_attributes(arena, out, item->attributes, item->count);
}
