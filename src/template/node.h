/* template/node.h - what a file in JSON or YAML says, as a tree that remembers where each part
 * stood.
 *
 * Ownership: the tree lives in the arena; parts may be shared between trees and never change.
 * Errors: "FILE:LINE:COLUMN: what went wrong". */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"

#include <stdbool.h>

struct arena;

enum { NODE_DEPTH_MAX = 64, NODES_MAX = 1 << 20 };

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct place {
    struct span file;
    size_t line; /* from 1; 0: the file as a whole */
    size_t column;
};

struct node {
    enum node_kind kind;
    bool is_null;  /* NODE_TEXT: nothing, null or ~ */
    bool is_plain; /* NODE_TEXT: without quotes, so perhaps a number, true or false */
    struct place place;
    struct span via;   /* what else brought the value here: "parameter Stage"; absent: nothing */
    struct span tag;   /* "Ref" of YAML's "!Ref"; absent: none */
    struct span text;  /* NODE_TEXT */
    size_t count;      /* NODE_LIST, NODE_MAP */
    struct node *keys; /* NODE_MAP */
    struct node *values;
};

/* "FILE:LINE:COLUMN", and "FILE:LINE" for people. */
struct span place_print(struct arena *arena, struct place place);
struct span place_line(struct arena *arena, struct place place);

/* The value of a map's key; NULL: it has none, it is null, or node is no map (or NULL). */
const struct node *node_get(const struct node *node, const char *name);
const struct node *node_find(const struct node *node, struct span name);

bool node_is(const struct node *node, enum node_kind kind); /* false when NULL or null */
bool node_says(const struct node *node, const char *text);  /* is that very text */
struct span node_text(const struct node *node);             /* absent unless a text */
struct span node_text_at(const struct node *node, const char *name);

struct node node_new(enum node_kind kind, struct place place);
struct node *node_of_text(struct arena *arena, struct place place, struct span text);
struct node *node_copy(struct arena *arena, const struct node *node); /* of the top alone */

/* Adds to a map or a list that is being built. */
void node_put(struct arena *arena, struct node *map, const char *name, const struct node *value);
void node_add(struct arena *arena, struct node *list, const struct node *value);

/* Plain numbers, true, false and null are JSON's own, all else is a string. */
yyjson_mut_val *node_json(yyjson_mut_doc *doc, const struct node *node);

/* Whether the text is a number as JSON writes one. */
bool node_is_number(struct span text);

/* One JSON document behind another: *at is where it starts and then where it ended. text must be
 * a copy that node_json_text made: it is written to. */
struct json_text {
    struct span file;
    struct span text; /* as it is in the file */
    char *copy;
};

void json_text_init(struct arena *arena, struct span file, struct span text,
                    struct json_text *json);
MUST_USE struct error *node_parse_json(struct arena *arena, const struct json_text *json,
                                       size_t *at, struct node *root);
