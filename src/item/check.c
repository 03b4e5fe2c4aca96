/* item/check.c - the rules of attribute values, in the order in which the service finds them
 * broken: attribute by attribute, and within a value from the outside in. */
#include "item/check.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "item/number.h"

#include <stdlib.h>
#include <string.h>

/* Sets up to this size are compared pair by pair; larger ones are sorted. */
enum { SET_PAIRS_MAX = 16 };

struct checker {
    struct arena *arena;
    enum wording wording;
};

static struct error *check_value(const struct checker *checker, int level, struct value *value);

static struct error *invalid(const struct checker *checker, struct span text)
{
    return fail(checker->arena, ERR_VALIDATION, "One or more parameter values were invalid: %.*s",
                SPAN_PRINT(text));
}

static int compare_spans(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static struct span *sorted_members(struct arena *arena, const struct value *set)
{
    struct span *sorted = arena_alloc_raw(arena, set->count * sizeof(*sorted));

    memcpy(sorted, set->members, set->count * sizeof(*sorted));
    qsort(sorted, set->count, sizeof(*sorted), compare_spans);
    return sorted;
}

static bool has_duplicate(struct arena *arena, const struct value *set)
{
    if (set->count <= SET_PAIRS_MAX) {
        for (size_t i = 1; i < set->count; i++)
            for (size_t j = 0; j < i; j++)
                if (span_equal(set->members[i], set->members[j]))
                    return true;
        return false;
    }
    const struct span *sorted = sorted_members(arena, set);

    for (size_t i = 1; i < set->count; i++)
        if (span_equal(sorted[i - 1], sorted[i]))
            return true;
    return false;
}

/* Strings in byte order up to and with the first that repeats, as JSON. */
static void write_newer_strings(struct arena *arena, const struct value *set, struct buffer *out)
{
    const struct span *sorted = sorted_members(arena, set);

    for (size_t i = 0; i < set->count; i++) {
        if (i > 0)
            buffer_append_literal(out, ", ");
        buffer_append_json_string(out, sorted[i]);
        if (i > 0 && span_equal(sorted[i - 1], sorted[i]))
            break;
    }
}

static void write_binaries(const struct value *set, enum wording wording, struct buffer *out)
{
    const char *quote = wording == WORDING_NEWER ? "\"" : "";
    const char *comma = wording == WORDING_NEWER ? "," : ", ";

    for (size_t i = 0; i < set->count; i++) {
        buffer_append_span(out, span_from(i > 0 ? comma : ""));
        buffer_append_span(out, span_from(quote));
        buffer_append_base64(out, set->members[i]);
        buffer_append_span(out, span_from(quote));
    }
}

static struct error *fail_duplicate(const struct checker *checker, const struct value *set)
{
    struct buffer text;
    struct span message;

    if (set->type == VALUE_NS)
        return checker->wording == WORDING_NEWER
                   ? invalid(checker, SPAN("Input collection contains duplicates."))
                   : fail_with(checker->arena, ERR_VALIDATION,
                               SPAN("Input collection contains duplicates"));
    buffer_init(&text);
    buffer_append_literal(&text, "One or more parameter values were invalid: Input collection [");
    if (set->type == VALUE_BS) {
        write_binaries(set, checker->wording, &text);
    } else if (checker->wording == WORDING_NEWER) {
        write_newer_strings(checker->arena, set, &text);
    } else {
        for (size_t i = 0; i < set->count; i++) {
            buffer_append_span(&text, i > 0 ? SPAN(", ") : SPAN(""));
            buffer_append_span(&text, set->members[i]);
        }
    }
    buffer_append_span(&text, set->type == VALUE_BS ? SPAN("]of type BS contains duplicates.")
                                                    : SPAN("] contains duplicates."));
    message = arena_copy(checker->arena, buffer_span(&text));
    buffer_fini(&text);
    return fail_with(checker->arena, ERR_VALIDATION, message);
}

static struct error *check_members(const struct checker *checker, struct value *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct span *member = &set->members[i];

        if (set->type == VALUE_NS)
            TRY(number_canonical(checker->arena, checker->wording, *member, member));
        else if (member->data == NULL && set->type == VALUE_SS)
            return invalid(checker, SPAN("An string set may not have a empty string as a member"));
        else if (member->data == NULL)
            return invalid(checker, SPAN("Binary sets may not contain null or empty values"));
    }
    return NULL;
}

static struct error *check_set(const struct checker *checker, struct value *set)
{
    if (set->count == 0 && set->type == VALUE_SS)
        return invalid(checker, SPAN("An string set  may not be empty"));
    if (set->count == 0 && set->type == VALUE_NS)
        return invalid(checker, SPAN("An number set  may not be empty"));
    if (set->count == 0)
        return invalid(checker, SPAN("Binary sets should not be empty"));
    TRY(check_members(checker, set));
    return has_duplicate(checker->arena, set) ? fail_duplicate(checker, set) : NULL;
}

static struct error *check_list(const struct checker *checker, int level, struct value *list)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(check_value(checker, level, &list->list[i]));
    return NULL;
}

static struct error *check_attributes(const struct checker *checker, int level,
                                      struct attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(check_value(checker, level, &attributes[i].value));
    return NULL;
}

/* Each of the types given is looked at before there being several is complained about. */
static struct error *check_many(const struct checker *checker, int level, struct value *many)
{
    TRY(check_list(checker, level, many));
    return fail_with(checker->arena, ERR_VALIDATION,
                     SPAN("Supplied AttributeValue has more than one datatypes set, must contain "
                          "exactly one of the supported datatypes"));
}

static struct error *fail_levels(const struct checker *checker)
{
    return fail_with(checker->arena, ERR_VALIDATION,
                     SPAN("Nesting Levels have exceeded supported limits: Attributes in the item "
                          "have nested levels beyond supported limit"));
}

static struct error *check_value(const struct checker *checker, int level, struct value *value)
{
    if (level > ITEM_LEVELS_MAX)
        return fail_levels(checker);
    switch (value->type) {
    case VALUE_S:
    case VALUE_B:
    case VALUE_BOOL: return NULL;
    case VALUE_N:
        return number_canonical(checker->arena, checker->wording, value->text, &value->text);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS: return check_set(checker, value);
    case VALUE_M: return check_attributes(checker, level + 1, value->attributes, value->count);
    case VALUE_L: return check_list(checker, level + 1, value);
    case VALUE_NULL:
        if (value->is_true)
            return NULL;
        return invalid(checker, SPAN("Null attribute value types must have the value of true"));
    case VALUE_NONE: break;
    case VALUE_MANY: return check_many(checker, level, value);
    case VALUE_TOO_DEEP: return fail_levels(checker);
    }
    return fail_with(checker->arena, ERR_VALIDATION,
                     SPAN("Supplied AttributeValue is empty, must contain exactly one of the "
                          "supported datatypes"));
}

struct error *value_check(struct arena *arena, enum wording wording, struct value *value)
{
    return check_value(&(struct checker){ arena, wording }, 1, value);
}

struct error *item_check(struct arena *arena, enum wording wording, struct item *item)
{
    const struct checker checker = { arena, wording };

    return check_attributes(&checker, 1, item->attributes, item->count);
}
