/* expr/path.h - document paths: a.b[0].c with #names already replaced. */
#pragma once

#include "base/span.h"
#include "item/value.h"

#include <stdint.h>

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

/* NULL where the path leads nowhere. */
const struct value *path_find(const struct path *path, const struct item *item);
