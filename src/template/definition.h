/* template/definition.h - table definitions from where teams keep them.
 *
 * Read are, each known by its content:
 *   CreateTable's input and what DescribeTable and CreateTable answer, as one document, a list,
 *   {"Tables":[...]} or several documents one after another;
 *   CloudFormation and SAM templates in JSON and YAML, and the assemblies that the CDK writes;
 *   the Serverless Framework's serverless.yml; Terraform's plans and states as JSON;
 *   NoSQL Workbench models; jest-dynamodb-config.js, which node evaluates;
 * and directories of such files.
 * Ownership: everything lives in the arena.
 * Errors: one line each, "FILE: what went wrong: what to do". */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "template/node.h"

#include <stdint.h>

struct arena;

enum { DEFINITION_NAME_MAX = 255 };

/* A value that a template can't know: a parameter, an export, an attribute. */
struct given {
    struct span key;
    struct span value;
    struct span source; /* "--parameter", "stator.yaml:4:19" */
    bool is_used;
};

struct definition_settings {
    struct span region;
    size_t given_count;
    struct given **given; /* the first of a key counts */
    bool is_alone;        /* no other file may be opened, nothing started */
};

/* Where the value at a path of CreateTable's input was written. */
struct origin {
    struct span path; /* "GlobalSecondaryIndexes.by_day.KeySchema" */
    struct place place;
    struct span via; /* "parameter Stage at template.yaml:3"; absent: as it stands there */
};

struct origin_list {
    size_t count;
    size_t capacity;
    struct origin *items;
};

/* What the file asks for and a test table doesn't get. */
struct left_out {
    struct span path;
    struct place place;
    const char *why;
};

struct left_out_list {
    size_t count;
    size_t capacity;
    struct left_out *items;
};

enum definition_kind { DEFINITION_CREATE, DEFINITION_TEMPLATE, DEFINITION_LIVE };

struct definition {
    enum definition_kind kind;
    bool has_name;          /* false: the name is the template's own id for the table */
    struct span name;       /* TableName in the file */
    struct span file;       /* the file it was read from */
    struct span where;      /* the file, with the entry's place where it holds several */
    yyjson_mut_val *create; /* CreateTable's input */

    /* What other operations than CreateTable set. */
    bool knows_time_to_live;
    bool knows_recovery;
    struct span time_to_live; /* the attribute; absent: off */
    bool has_recovery;        /* point in time */
    int64_t recovery_days;    /* 0: the service's own choice */

    struct origin_list origins;
    struct left_out_list left_out;
};

struct definition_list {
    const struct definition_settings *settings; /* NULL: none */
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

/* A new entry of the list. */
struct definition *definition_add(struct arena *arena, struct definition_list *list);

/* CreateTable's input from a tree, and where each part of it stood. */
void definition_fill(struct arena *arena, struct definition *definition, const struct node *create);

/* Where a value was written that is no part of CreateTable's input. */
void definition_add_origin(struct arena *arena, struct definition *definition, struct span path,
                           const struct node *node);

void definition_leave_out(struct arena *arena, struct definition *definition, struct span path,
                          struct place place, const char *why);

/* Of the path or of what it is a part of; NULL: nobody knows. */
const struct origin *definition_origin(const struct definition *definition, struct span path);

/* The definition of a live table: description is DescribeTable's "Table". */
void definition_from_description(struct arena *arena, yyjson_val *description,
                                 struct definition *definition);
