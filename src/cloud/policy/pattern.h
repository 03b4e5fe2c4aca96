/* cloud/policy/pattern.h - the texts of a policy: wildcards, and variables such as ${aws:username}.
 *
 * A pattern is parsed once and expanded against a request: variables become their values, in which
 * nothing is special. A variable whose key isn't there and that has no default, or whose key has
 * several values, makes the whole pattern match nothing.
 * Pure; results live in the arena. */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct arena;
struct policy_context;

enum pattern_flags {
    PATTERN_WILDCARDS = 1, /* * any characters, ? any one */
    PATTERN_VARIABLES = 2, /* ${key}, ${key, 'default'}, ${*}, ${?}, ${$} */
    PATTERN_ARN = 4        /* a * in the middle of a part between colons stays within it */
};

enum pattern_part_kind { PART_TEXT, PART_ANY, PART_ANY_BUT_COLON, PART_ONE, PART_VARIABLE };

struct pattern_part {
    enum pattern_part_kind kind;
    struct span text;     /* PART_TEXT, or PART_VARIABLE's key */
    struct span fallback; /* PART_VARIABLE; absent: none */
};

struct pattern {
    struct span text; /* as written */
    size_t count;
    struct pattern_part *parts;
};

/* NULL, or what is wrong with the text. */
const char *pattern_parse(struct arena *arena, struct span text, unsigned flags,
                          struct pattern *pattern);

/* A pattern with its variables replaced. */
struct glob {
    size_t count;
    uint16_t *units; /* bytes, or one of these */
};
enum { GLOB_ANY = 256, GLOB_ANY_BUT_COLON, GLOB_ONE };

enum expansion { EXPANSION_DONE, EXPANSION_MISSING, EXPANSION_UNKNOWN };

/* context may be NULL for a pattern without variables. */
enum expansion pattern_expand(struct arena *arena, const struct pattern *pattern,
                              const struct policy_context *context, struct glob *glob);

bool glob_matches(const struct glob *glob, struct span text, bool ignores_case);

/* The text of a glob without wildcards. */
struct span glob_text(struct arena *arena, const struct glob *glob);
