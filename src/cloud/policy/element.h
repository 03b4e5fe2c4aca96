/* cloud/policy/element.h - objects whose members have fixed names, and saying where one is wrong.
 */
#pragma once

#include "base/compiler.h"
#include "base/json.h"

struct arena;

struct element_reader {
    struct arena *arena;
    const struct json_source *source;
    struct span *problem;
};

struct element {
    struct span name;
    yyjson_val *key; /* NULL: not there */
    yyjson_val *value;
};

/* *problem is "FILE:LINE:COLUMN: what is wrong". Always false. */
PRINTF_LIKE(3, 4)
bool element_wrong(const struct element_reader *reader, const yyjson_val *at, const char *format,
                   ...);

/* Fills the elements of those names; any other member, or one given twice, is wrong. */
MUST_USE bool element_read(const struct element_reader *reader, yyjson_val *object,
                           struct element *elements, size_t count);
