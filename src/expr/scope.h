/* expr/scope.h - the #names and :values of one request, and which of them expressions used.
 *
 * One scope serves all expressions of a request (for a transaction or batch: of one entry).
 * Everything compiled keeps pointers into the scope's arena, names and values.
 * Errors: ERR_VALIDATION, bare; the operation adds its validator's envelope. */
#pragma once

#include "base/error.h"
#include "base/span.h"
#include "item/value.h"
#include "item/wording.h"

struct arena;
struct scope;

enum {
    PLACEHOLDER_BYTES_MAX = 255,       /* with # or : */
    SCOPE_BYTES_MAX = 2 * 1024 * 1024, /* all names and values together */
    ATTRIBUTE_NAME_BYTES_MAX = 64 * 1024 - 1
};

/* names and values may be NULL when the request has none. */
struct scope *scope_open(struct arena *arena, enum wording wording, const struct string_map *names,
                         const struct item *values);

/* Emptiness, spelling of the placeholders ("ExpressionAttributeNames contains invalid key: Syntax
 * error; key: "a""), then the values themselves (item/check.h; older wording wraps them as
 * "ExpressionAttributeValues contains invalid value: ... for key :k").
 * expressions says which parameters this operation could have used, for the error when values or
 * names are given without any expression: older wording "ExpressionAttributeValues can only be
 * specified when using expressions: UpdateExpression and ConditionExpression are null", newer
 * without the suffix. has_expression: at least one expression is present. */
MUST_USE struct error *scope_check(struct scope *scope, bool has_expression,
                                   const char *expressions_are_null);

/* "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}" */
MUST_USE struct error *scope_check_all_used(struct scope *scope);

/* What a placeholder (written with # or :) stands for, which counts as used from then on; absent or
 * NULL when it isn't defined. */
struct span scope_use_name(struct scope *scope, struct span placeholder);
const struct value *scope_use_value(struct scope *scope, struct span placeholder);

struct arena *scope_arena(const struct scope *scope);
