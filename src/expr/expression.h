/* expr/expression.h - the five kinds of expressions: compiled once, then run against items.
 *
 * Compiling checks everything that can be known without an item, in the service's order and words:
 * size, syntax, parentheses, functions, reserved words, undefined placeholders, operand counts and
 * types, distinctness, overlapping paths. Running is pure and never fails, but for update_apply.
 * All of it lives in the arena of the scope. A compiled expression is read-only.
 * Errors: ERR_VALIDATION, bare ("Invalid ConditionExpression: ..."). */
#pragma once

#include "base/error.h"
#include "expr/path.h"
#include "expr/scope.h"
#include "item/key.h"
#include "item/value.h"

struct arena;
struct condition;
struct projection;
struct update;
struct key_condition;

enum expression_kind {
    EXPRESSION_CONDITION,  /* ConditionExpression */
    EXPRESSION_FILTER,     /* FilterExpression */
    EXPRESSION_KEY,        /* KeyConditionExpression */
    EXPRESSION_PROJECTION, /* ProjectionExpression */
    EXPRESSION_UPDATE      /* UpdateExpression */
};

enum { EXPRESSION_BYTES_MAX = 4096, EXPRESSION_OPERATORS_MAX = 300, IN_OPERANDS_MAX = 100 };

/* In each: an absent text gives NULL; a present empty text is an error. */

/* --- conditions and filters --- */

MUST_USE struct error *condition_compile(struct scope *scope, enum expression_kind kind,
                                         struct span text, struct condition **condition);

/* An absent item (NULL or count 0) has no attributes. arena is scratch. NULL condition holds. */
bool condition_holds(struct arena *arena, const struct condition *condition,
                     const struct item *item);

/* The first top-level attribute used that is one of the schema's key attributes; absent if none.
 * For "Filter Expression can only contain non-primary key attributes: Primary key attribute: pk".
 * nested_only: only paths into a key attribute, for "Key attributes must be scalars; ...". */
struct span condition_find_key(const struct condition *condition, const struct key_schema *schema,
                               bool nested_only);

/* --- projections --- */

MUST_USE struct error *projection_compile(struct scope *scope, struct span text,
                                          struct projection **projection);

/* The paths in the order written: for checks against keys and index projections. */
size_t projection_paths(const struct projection *projection, const struct path **paths);

/* What of item the projection selects; lists close up. Values are shared with item. */
void projection_apply(struct arena *arena, const struct projection *projection,
                      const struct item *item, struct item *selected);

/* --- updates --- */

MUST_USE struct error *update_compile(struct scope *scope, struct span text,
                                      struct update **update);

/* The paths written to, as a projection: UPDATED_OLD and UPDATED_NEW are this applied to the old
 * and the new item. Also for "Cannot update attribute pk. This attribute is part of the key". */
const struct projection *update_targets(const struct update *update);

/* The item after the update; old is not changed; unchanged parts are shared with it. */
MUST_USE struct error *update_apply(struct arena *arena, const struct update *update,
                                    const struct item *old, struct item *updated);

/* --- key conditions --- */

MUST_USE struct error *key_condition_compile(struct scope *scope, struct span text,
                                             struct key_condition **condition);

/* Operand types against a schema come before the table lookup only where both are known; this is
 * the rest: which condition falls on which key attribute, and the range of entry keys that hold.
 * is_single: the conditions name one item completely (no restart possible on a table). */
struct key_selection {
    struct span prefix;      /* all entries of the partition */
    struct span_range range; /* within it: what the sort conditions leave */
    bool is_single;
};

MUST_USE struct error *key_condition_bind(struct arena *arena,
                                          const struct key_condition *condition,
                                          const struct key_schema *schema,
                                          struct key_selection *selection);
