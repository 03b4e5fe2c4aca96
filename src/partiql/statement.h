/* partiql/statement.h - a PartiQL statement, parsed and checked without knowing its table.
 *
 * Conditions, values, paths and actions are the trees of expr/syntax.h, so that what a statement
 * means is decided where the JSON operations' expressions are. Parameters are already in place of
 * their question marks. All of it lives in the arena. Nothing recurses deeper than
 * EXPRESSION_OPERATORS_MAX, whatever the text is.
 * Errors: ERR_VALIDATION in the service's words. */
#pragma once

#include "base/error.h"
#include "expr/syntax.h"
#include "item/value.h"

struct arena;

enum statement_kind {
    STATEMENT_SELECT,
    STATEMENT_EXISTS, /* EXISTS(SELECT ...), of transactions */
    STATEMENT_INSERT,
    STATEMENT_UPDATE,
    STATEMENT_DELETE
};

enum returning {
    RETURNING_NOTHING,
    RETURNING_ALL_OLD,
    RETURNING_ALL_NEW,
    RETURNING_MODIFIED_OLD,
    RETURNING_MODIFIED_NEW
};

/* One key of an ORDER BY. */
struct statement_order {
    struct span name;
    bool is_descending;
    struct statement_order *next;
};

struct statement {
    enum statement_kind kind;
    struct span table;
    struct span index;        /* SELECT; absent: the table itself */
    const struct node *where; /* NULL: no WHERE */

    /* SELECT, EXISTS: NULL and 0 for * */
    const struct path *paths;
    const struct span *columns; /* under which name each path's value comes back */
    size_t path_count;
    const struct statement_order *order; /* NULL: no ORDER BY */

    struct item item;             /* INSERT; values are checked, the item as a whole isn't */
    const struct action *actions; /* UPDATE; their paths don't meet */
    size_t action_count;
    enum returning returning; /* UPDATE, DELETE */
};

static inline bool statement_is_read(const struct statement *statement)
{
    return statement->kind == STATEMENT_SELECT;
}

/* parameters: NULL when the request has none. Their values are checked, and made canonical in
 * place. */
MUST_USE struct error *statement_parse(struct arena *arena, struct span text,
                                       const struct value_list *parameters,
                                       struct statement *statement);
