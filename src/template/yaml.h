/* template/yaml.h - YAML as a tree that remembers where each part stood.
 *
 * The only home of libyaml. One document; an alias shows what its anchor holds.
 * Ownership: the tree lives in the arena.
 * Errors: "FILE:LINE:COLUMN: what went wrong". */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

struct arena;

enum { YAML_DEPTH_MAX = 64, YAML_NODES_MAX = 1 << 20 };

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    struct span place;      /* "FILE:LINE:COLUMN" */
    size_t line;            /* the same as numbers */
    size_t column;
    struct span text;       /* YAML_TEXT */
    bool is_null;           /* YAML_TEXT: nothing, null or ~ */
    size_t count;           /* YAML_LIST, YAML_MAP */
    struct yaml_node *keys; /* YAML_MAP */
    struct yaml_node *values;
};

MUST_USE struct error *yaml_parse(struct arena *arena, struct span path, struct span text,
                                  struct yaml_node *root);
