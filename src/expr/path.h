/* expr/path.h - document paths: a.b[0].c with #names already replaced. */
#pragma once

#include "base/span.h"
#include "item/value.h"

#include <stdint.h>

struct arena;

enum { PATH_STEPS_MAX = 32 };

struct path_step {
    bool is_index;
    uint32_t index;   /* is_index */
    struct span name; /* otherwise */
};

/* The first step is always a name: a top-level attribute. */
struct path {
    size_t count;
    struct path_step *steps;
};

/* How two paths that are both selected or both written to stand to each other. */
enum path_relation {
    PATHS_APART,
    PATHS_OVERLAP, /* one is the beginning of the other, or they are equal */
    PATHS_CONFLICT /* the same element is taken for a map by one and for a list by the other */
};

/* NULL where the path leads nowhere. */
const struct value *path_find(const struct path *path, const struct item *item);

enum path_relation path_compare(const struct path *a, const struct path *b);
bool path_equal(const struct path *a, const struct path *b);

/* "[a, b, [0]]", as errors show it. */
struct span path_print(struct arena *arena, const struct path *path);
