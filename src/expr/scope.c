/* expr/scope.c - checking the #names and :values of a request, and remembering which were used. */
#include "expr/scope.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "item/check.h"
#include "item/size.h"

struct scope {
    struct arena *arena;
    enum wording wording;
    bool has_names;
    bool has_values;
    struct string_map names;
    struct item values; /* the array is the scope's own: checking makes numbers canonical in it */
    bool *is_name_used;
    bool *is_value_used;
};

struct scope *scope_open(struct arena *arena, enum wording wording, const struct string_map *names,
                         const struct item *values)
{
    struct scope *scope = NEW(arena, struct scope, 1);

    scope->arena = arena;
    scope->wording = wording;
    if (names) {
        scope->has_names = true;
        scope->names = *names;
        scope->is_name_used = NEW(arena, bool, names->count);
    }
    if (values) {
        scope->has_values = true;
        scope->values.count = values->count;
        scope->values.attributes = NEW(arena, struct attribute, values->count);
        for (size_t i = 0; i < values->count; i++)
            scope->values.attributes[i] = values->attributes[i];
        scope->is_value_used = NEW(arena, bool, values->count);
    }
    return scope;
}

struct arena *scope_arena(const struct scope *scope)
{
    return scope->arena;
}

static bool is_word_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_placeholder(struct span key, char sigil)
{
    if (key.size < 2 || key.data[0] != sigil)
        return false;
    for (size_t i = 1; i < key.size; i++) {
        if (!is_word_character(key.data[i]))
            return false;
    }
    return true;
}

static struct error *check_key(struct scope *scope, const char *parameter, struct span key,
                               char sigil)
{
    if (key.size > PLACEHOLDER_BYTES_MAX)
        return fail(scope->arena, ERR_VALIDATION,
                    "%s contains invalid key: The expression attribute map contains a key that is "
                    "too long; key size: %zu",
                    parameter, key.size);
    if (!is_placeholder(key, sigil))
        return fail(scope->arena, ERR_VALIDATION,
                    "%s contains invalid key: Syntax error; key: \"%.*s\"", parameter,
                    SPAN_PRINT(key));
    return NULL;
}

static struct error *check_names(struct scope *scope)
{
    if (scope->names.count == 0)
        return fail(scope->arena, ERR_VALIDATION, "ExpressionAttributeNames must not be empty");
    for (size_t i = 0; i < scope->names.count; i++)
        TRY(check_key(scope, "ExpressionAttributeNames", scope->names.entries[i].key, '#'));
    for (size_t i = 0; i < scope->names.count; i++) {
        const struct string_pair *pair = &scope->names.entries[i];

        if (pair->value.size == 0)
            return fail(scope->arena, ERR_VALIDATION,
                        "ExpressionAttributeNames contains invalid value: Empty attribute name for "
                        "key %.*s",
                        SPAN_PRINT(pair->key));
        if (pair->value.size > ATTRIBUTE_NAME_BYTES_MAX)
            return fail(scope->arena, ERR_VALIDATION,
                        "Attribute name is too large, must be less than %d bytes",
                        ATTRIBUTE_NAME_BYTES_MAX + 1);
    }
    return NULL;
}

static struct error *check_value(struct scope *scope, struct attribute *attribute)
{
    struct error *error = value_check(scope->arena, scope->wording, &attribute->value);

    if (error == NULL || scope->wording == WORDING_NEWER)
        return error;
    return fail(scope->arena, error->code,
                "ExpressionAttributeValues contains invalid value: %.*s for key %.*s",
                SPAN_PRINT(error->message), SPAN_PRINT(attribute->name));
}

static struct error *check_values(struct scope *scope)
{
    struct item *values = &scope->values;

    if (values->count == 0)
        return fail(scope->arena, ERR_VALIDATION, "ExpressionAttributeValues must not be empty");
    for (size_t i = 0; i < values->count; i++)
        TRY(check_key(scope, "ExpressionAttributeValues", values->attributes[i].name, ':'));
    for (size_t i = 0; i < values->count; i++)
        TRY(check_value(scope, &values->attributes[i]));
    return NULL;
}

static struct error *check_size(struct scope *scope)
{
    size_t bytes = 0;

    for (size_t i = 0; i < scope->names.count; i++)
        bytes += scope->names.entries[i].key.size + scope->names.entries[i].value.size;
    for (size_t i = 0; i < scope->values.count; i++)
        bytes += attribute_bytes(&scope->values.attributes[i]);
    if (bytes > SCOPE_BYTES_MAX)
        return fail(scope->arena, ERR_VALIDATION,
                    "The expression attribute names and values have exceeded the maximum allowed "
                    "size; size: %zu",
                    bytes);
    return NULL;
}

struct error *scope_check(struct scope *scope, bool has_expression,
                          const char *expressions_are_null)
{
    if (!has_expression) {
        if (scope->has_names)
            return fail(scope->arena, ERR_VALIDATION,
                        "ExpressionAttributeNames can only be specified when using expressions");
        if (scope->has_values && scope->wording == WORDING_OLDER)
            return fail(scope->arena, ERR_VALIDATION,
                        "ExpressionAttributeValues can only be specified when using expressions: "
                        "%s",
                        expressions_are_null);
        if (scope->has_values)
            return fail(scope->arena, ERR_VALIDATION,
                        "ExpressionAttributeValues can only be specified when using expressions");
        return NULL;
    }
    if (scope->has_names)
        TRY(check_names(scope));
    if (scope->has_values)
        TRY(check_values(scope));
    return check_size(scope);
}

/* One more of what was not used, in a list of placeholders. */
static void list_unused(struct buffer *list, bool is_used, struct span placeholder)
{
    if (is_used)
        return;
    if (list->size > 0)
        buffer_append_literal(list, ", ");
    buffer_append_span(list, placeholder);
}

static struct error *refuse_unused(struct scope *scope, const char *parameter,
                                   const struct buffer *list)
{
    if (list->size == 0)
        return NULL;
    return fail(scope->arena, ERR_VALIDATION,
                "Value provided in %s unused in expressions: keys: {%.*s}", parameter,
                SPAN_PRINT(buffer_span(list)));
}

struct error *scope_check_all_used(struct scope *scope)
{
    struct buffer names;
    struct buffer values;
    struct error *error;

    buffer_init(&names);
    buffer_init(&values);
    for (size_t i = 0; i < scope->names.count; i++)
        list_unused(&names, scope->is_name_used[i], scope->names.entries[i].key);
    for (size_t i = 0; i < scope->values.count; i++)
        list_unused(&values, scope->is_value_used[i], scope->values.attributes[i].name);
    error = refuse_unused(scope, "ExpressionAttributeNames", &names);
    if (error == NULL)
        error = refuse_unused(scope, "ExpressionAttributeValues", &values);
    buffer_fini(&names);
    buffer_fini(&values);
    return error;
}

struct span scope_use_name(struct scope *scope, struct span placeholder)
{
    for (size_t i = 0; i < scope->names.count; i++) {
        if (span_equal(scope->names.entries[i].key, placeholder)) {
            scope->is_name_used[i] = true;
            return scope->names.entries[i].value;
        }
    }
    return (struct span){ NULL, 0 };
}

const struct value *scope_use_value(struct scope *scope, struct span placeholder)
{
    for (size_t i = 0; i < scope->values.count; i++) {
        if (span_equal(scope->values.attributes[i].name, placeholder)) {
            scope->is_value_used[i] = true;
            return &scope->values.attributes[i].value;
        }
    }
    return NULL;
}
