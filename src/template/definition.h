/* template/definition.h - table definitions as teams keep them in files.
 *
 * Read are CreateTable's input and what DescribeTable and CreateTable answer, as one document, a
 * list, {"Tables":[...]} or several documents one after another; and a directory of such files.
 * Ownership: everything lives in the arena.
 * Errors: one line each, "FILE: what went wrong: what to do". */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"

struct arena;

enum { DEFINITION_NAME_MAX = 255 };

struct definition {
    struct span name;       /* TableName in the file */
    struct span file;       /* the file it was read from */
    struct span where;      /* the file, with the entry's place where it holds several */
    yyjson_mut_val *create; /* CreateTable's input */
};

struct definition_list {
    size_t count;
    size_t capacity;
    struct definition *items;
};

/* Adds every table in the file or the directory to list. None at all is an error. */
MUST_USE struct error *definition_read(struct arena *arena, struct span path,
                                       struct definition_list *list);

/* The same from text that was read before. */
MUST_USE struct error *definition_parse(struct arena *arena, struct span path, struct span text,
                                        struct definition_list *list);

/* Two tables of one name are an error that names both places. */
MUST_USE struct error *definition_check_names(struct arena *arena,
                                              const struct definition_list *list);

/* What CreateTable is to be sent to make the table under this name. */
struct span definition_create_body(struct arena *arena, const struct definition *definition,
                                   struct span name);

/* The definition of a live table: description is DescribeTable's "Table". */
void definition_from_description(struct arena *arena, yyjson_val *description,
                                 struct definition *definition);
