/* api/clause.h - one broken constraint, and how the service writes it.
 *
 * Where it lies is a chain of steps on the walker's stack, rendered only when it is written. */
#pragma once

#include "api/schema.h"
#include "base/json.h"

struct arena;
struct buffer;

enum step_kind { STEP_FIELD, STEP_INDEX, STEP_KEY };

struct step {
    const struct step *parent; /* NULL at the operation's input */
    enum step_kind kind;
    struct span name; /* STEP_FIELD, STEP_KEY */
    size_t index;     /* STEP_INDEX, from 1 */
};

struct violation {
    const struct step *step;
    enum constraint constraint;
    const struct shape *shape;
    const struct limits *limits; /* of what is broken: for KEYS and MEMBERS theirs */
    yyjson_val *value;           /* NULL: absent */
};

/* Is it at the rule's path ("RequestItems.*.Keys"), and of its constraint? */
bool clause_is_at(const struct violation *violation, const struct rule *rule);

/* Value 'x' at 'limit' failed to satisfy constraint: ... */
void clause_write(struct arena *arena, const struct violation *violation, struct buffer *out);

/* Value at 'Limit' failed to satisfy constraint: ... */
void clause_write_newer(const struct violation *violation, struct buffer *out);

/* As clause_write, the value shown as JSON. */
void clause_write_json(struct arena *arena, const struct violation *violation, struct buffer *out);
