/* template/shape.h - from the members that a format has to those of CreateTable's input, by tables.
 */
#pragma once

#include "template/evaluate.h"

enum member_kind {
    MEMBER_TEXT,
    MEMBER_NUMBER,
    MEMBER_BOOLEAN,
    MEMBER_TEXTS,    /* a list of texts */
    MEMBER_OBJECT,   /* with members; a list of one is taken for what it holds */
    MEMBER_LIST,     /* of objects with members */
    MEMBER_LEFT_OUT, /* not for a test table: why says so */
    MEMBER_OWN       /* read by code of its own, or of no interest */
};

struct member {
    const char *name; /* NULL ends a table */
    const char *to;   /* NULL: the same */
    enum member_kind kind;
    const struct member *members;
    const char *why;
};

struct shaping {
    struct reading *reading;
    struct stack *stack; /* NULL: values are as they stand */
    struct definition *definition;
    struct span id; /* what the file calls the table: "Orders", "aws_dynamodb_table.orders" */
};

/* Members in CreateTable's words; *out is NULL when there are none. path is node's own: "" at the
 * top. A member that the table doesn't know is left out, which is said. */
MUST_USE struct error *shape_map(const struct shaping *shaping, struct span path,
                                 const struct node *node, const struct member *members,
                                 struct node **out);

/* The value of one node, evaluated where there is a stack. */
MUST_USE struct error *shape_value(const struct shaping *shaping, const struct node *node,
                                   const struct node **value);

/* An evaluated member of an evaluated map; NULL: none. */
MUST_USE struct error *shape_get(const struct shaping *shaping, const struct node *map,
                                 const char *name, const struct node **value);

/* {"AttributeName": name, "KeyType": type} in a list. */
void shape_add_key(struct arena *arena, struct node *schema, const struct node *name,
                   const char *type);

/* Checks that there are name and keys, and completes the definition with what was shaped. */
MUST_USE struct error *shape_finish(const struct shaping *shaping, const struct node *name,
                                    struct node *create);
