/* cloud/policy/context.h - what is known of a request, as condition keys with their values.
 *
 * A key may be unknown: it is decided before all of the request has been read, and whatever hangs
 * on that key is open. A key that is simply not there is absent, which is something else.
 * Names of keys are compared without case. Everything is borrowed or lives in the arena. */
#pragma once

#include "base/span.h"

struct arena;

struct policy_fact {
    struct span key; /* "aws:SourceIp" */
    struct string_list values;
    bool is_unknown;
};

struct policy_context {
    struct arena *arena;
    size_t count;
    size_t capacity;
    struct policy_fact *facts;
};

void context_init(struct policy_context *context, struct arena *arena);

/* A later value of the same key replaces the earlier one. An absent value adds nothing. */
void context_add(struct policy_context *context, struct span key, struct span value);
void context_add_list(struct policy_context *context, struct span key,
                      const struct string_list *values);
void context_add_unknown(struct policy_context *context, struct span key);

/* NULL when the key isn't there. */
const struct policy_fact *context_find(const struct policy_context *context, struct span key);
