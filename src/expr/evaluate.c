/* expr/evaluate.c - running the tests of a condition against an item. */
#include "expr/condition.h"

#include <stdio.h>
#include <string.h>

/* Room for the value that size() gives, which stands in no item. */
struct size_value {
    struct value value;
    char digits[24];
};

/* spec: size() of a string counts UTF-16 code units, as measured on the service */
static size_t utf16_units(struct span text)
{
    size_t units = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];

        units += (byte & 0xc0) != 0x80; /* the first byte of a character */
        units += byte >= 0xf0;          /* which takes a surrogate pair */
    }
    return units;
}

/* False when values of that type have no size. */
static bool value_size(const struct value *value, size_t *size)
{
    switch (value->type) {
    case VALUE_S: *size = utf16_units(value->text); return true;
    case VALUE_B: *size = value->text.size; return true;
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
    case VALUE_L:
    case VALUE_M: *size = value->count; return true;
    case VALUE_N:
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
    return false;
}

/* NULL when the item has no such thing. */
static const struct value *operand_find(const struct operand *operand, const struct item *item,
                                        struct size_value *room)
{
    const struct value *value = operand->value ? operand->value : path_find(&operand->path, item);
    size_t size;

    if (!operand->is_size || value == NULL)
        return value;
    if (!value_size(value, &size))
        return NULL;
    room->value = (struct value){ .type = VALUE_N };
    room->value.text.data = room->digits;
    room->value.text.size = (size_t)snprintf(room->digits, sizeof(room->digits), "%zu", size);
    return &room->value;
}

static bool is_equal(const struct value *a, const struct value *b)
{
    return a && b && a->type == b->type && value_equal(a, b);
}

/* Is there an order between a and b, and is it one of those allowed? */
static bool is_ordered(const struct value *a, const struct value *b, bool less, bool equal,
                       bool greater)
{
    bool has_order = false;
    int order;

    if (a == NULL || b == NULL || a->type != b->type)
        return false;
    order = value_compare(a, b, &has_order);
    if (!has_order)
        return false;
    return order < 0 ? less : order > 0 ? greater : equal;
}

static bool begins_with(const struct value *a, const struct value *b)
{
    return a && b && a->type == b->type && (a->type == VALUE_S || a->type == VALUE_B) &&
           span_starts_with(a->text, b->text);
}

static bool has_member(const struct value *set, struct span member)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (span_equal(set->members[i], member))
            return true;
    }
    return false;
}

static bool has_element(const struct value *list, const struct value *element)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_equal(&list->list[i], element))
            return true;
    }
    return false;
}

static bool contains(const struct value *a, const struct value *b)
{
    if (a == NULL || b == NULL)
        return false;
    switch (a->type) {
    case VALUE_S:
    case VALUE_B:
        return b->type == a->type &&
               (b->text.size == 0 ||
                memmem(a->text.data, a->text.size, b->text.data, b->text.size) != NULL);
    case VALUE_SS: return b->type == VALUE_S && has_member(a, b->text);
    case VALUE_NS: return b->type == VALUE_N && has_member(a, b->text);
    case VALUE_BS: return b->type == VALUE_B && has_member(a, b->text);
    case VALUE_L: return has_element(a, b);
    case VALUE_N:
    case VALUE_M:
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
    return false;
}

static bool is_among(const struct test *test, const struct value *sought, const struct item *item)
{
    for (size_t i = 1; i < test->operand_count; i++) {
        struct size_value room;

        if (is_equal(sought, operand_find(&test->operands[i], item, &room)))
            return true;
    }
    return false;
}

static bool is_between(const struct test *test, const struct value *value, const struct value *low,
                       const struct item *item)
{
    struct size_value room;
    const struct value *high = operand_find(&test->operands[2], item, &room);

    return is_ordered(value, low, false, true, true) && is_ordered(value, high, true, true, false);
}

bool test_holds(const struct test *test, const struct item *item)
{
    struct size_value rooms[2];
    const struct value *a = operand_find(&test->operands[0], item, &rooms[0]);
    const struct value *b =
        test->operand_count > 1 ? operand_find(&test->operands[1], item, &rooms[1]) : NULL;

    switch (test->kind) {
    case TEST_EQ: return is_equal(a, b);
    case TEST_NE: return !is_equal(a, b);
    case TEST_LT: return is_ordered(a, b, true, false, false);
    case TEST_LE: return is_ordered(a, b, true, true, false);
    case TEST_GT: return is_ordered(a, b, false, false, true);
    case TEST_GE: return is_ordered(a, b, false, true, true);
    case TEST_BETWEEN: return is_between(test, a, b, item);
    case TEST_IN: return is_among(test, a, item);
    case TEST_EXISTS: return a != NULL;
    case TEST_NOT_EXISTS: return a == NULL;
    case TEST_TYPE: return a && b && value_type_find(b->text) == a->type;
    case TEST_BEGINS_WITH: return begins_with(a, b);
    case TEST_CONTAINS: return contains(a, b);
    case TEST_NOT_CONTAINS: return a && !contains(a, b);
    }
    return false;
}

bool condition_holds(struct arena *arena, const struct condition *condition,
                     const struct item *item)
{
    static const struct item nothing = { 0 };
    size_t at = 0;

    (void)arena;
    if (condition == NULL)
        return true;
    if (item == NULL)
        item = &nothing;
    while (at < condition->count) {
        const struct test *test = &condition->tests[at];

        at = test_holds(test, item) ? test->if_true : test->if_false;
    }
    return at == TEST_HOLDS;
}
