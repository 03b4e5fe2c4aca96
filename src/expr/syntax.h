/* expr/syntax.h - an expression as a tree, and the functions that the grammar builds it with.
 *
 * Building resolves #names and :values and notes every problem that needs no item. All of it lives
 * in the arena of the scope. */
#pragma once

#include "expr/lexer.h"
#include "expr/path.h"
#include "expr/problem.h"
#include "expr/scope.h"

enum node_kind {
    NODE_PATH,
    NODE_LITERAL,
    NODE_CALL,
    NODE_PLUS,
    NODE_MINUS,
    NODE_EQ,
    NODE_NE,
    NODE_LT,
    NODE_LE,
    NODE_GT,
    NODE_GE,
    NODE_BETWEEN,
    NODE_IN,
    NODE_AND,
    NODE_OR,
    NODE_NOT
};

enum function {
    FUNCTION_UNKNOWN,
    FUNCTION_ATTRIBUTE_EXISTS,
    FUNCTION_ATTRIBUTE_NOT_EXISTS,
    FUNCTION_ATTRIBUTE_TYPE,
    FUNCTION_BEGINS_WITH,
    FUNCTION_CONTAINS,
    FUNCTION_SIZE,
    FUNCTION_IF_NOT_EXISTS,
    FUNCTION_LIST_APPEND
};

enum action_kind { ACTION_SET, ACTION_REMOVE, ACTION_ADD, ACTION_DELETE, ACTION_KIND_COUNT };

struct node {
    enum node_kind kind;
    enum function function; /* NODE_CALL */
    bool is_parenthesised;
    struct span name;          /* NODE_CALL: as written */
    struct path path;          /* NODE_PATH; no steps past PATH_STEPS_MAX are kept */
    size_t levels;             /* NODE_PATH: steps written */
    const struct value *value; /* NODE_LITERAL; NULL when it isn't defined */
    size_t operand_count;
    struct node *operands; /* the first */
    struct node *last;     /* of a list: its end */
    struct node *next;     /* the next operand, or the next path of a projection */
};

struct action {
    enum action_kind kind;
    struct path target;
    const struct node *value; /* SET, ADD, DELETE */
    struct action *next;
};

struct syntax {
    struct arena *arena;
    struct scope *scope;
    enum expression_kind kind;

    struct lexer lexer;
    struct lexeme previous;
    struct lexeme current;
    bool is_ended; /* at the end of the text, or after an error */
    size_t operator_count;
    struct error *error; /* found by the grammar */
    struct problems problems;

    struct node *condition; /* what was found: a condition, */
    struct node *paths;     /* a projection, */
    struct action *actions; /* or an update; in the order written */
    struct node *last_path;
    struct action *last_action;
    size_t path_count; /* of paths or actions */
    bool has_section[ACTION_KIND_COUNT];
};

/* Parses text, which is present, and checks it. On success one of condition, paths and actions. */
MUST_USE struct error *syntax_parse(struct scope *scope, enum expression_kind kind,
                                    struct span text, struct syntax *syntax);

/* "=", "AND", "+", ... */
const char *node_operator(enum node_kind kind);

/* The type that an operand is known to have without an item; VALUE_NONE when it isn't known. */
enum value_type node_type(const struct node *node);

/* --- for the grammar --- */

/* What a builder needs that has no text: PartiQL has a lexer and a grammar of its own. scope may be
 * NULL when no placeholder is resolved. */
void syntax_init(struct syntax *syntax, struct arena *arena, struct scope *scope,
                 enum expression_kind kind);

/* Was there anything wrong with what has been built? */
MUST_USE struct error *syntax_check(struct syntax *syntax);

void grammar_parse(struct syntax *syntax, int start);
struct lexeme syntax_read(struct syntax *syntax);
void syntax_unexpected(struct syntax *syntax);
void syntax_too_deep(struct syntax *syntax);

struct node *syntax_path(struct syntax *syntax);
void syntax_add_step(struct syntax *syntax, struct node *path, struct path_step step);
void syntax_add_name(struct syntax *syntax, struct node *path, struct span name);
void syntax_add_alias(struct syntax *syntax, struct node *path, struct span alias);
void syntax_add_index(struct syntax *syntax, struct node *path, struct span digits);
struct node *syntax_path_ends(struct syntax *syntax, struct node *path);

struct node *syntax_literal(struct syntax *syntax, const struct value *value);
struct node *syntax_value(struct syntax *syntax, struct span placeholder);
struct node *syntax_list(struct syntax *syntax, struct node *first);
struct node *syntax_list_add(struct node *list, struct node *node);
struct node *syntax_call(struct syntax *syntax, struct span name, struct node *list);
struct node *syntax_call_as_operand(struct syntax *syntax, struct node *call);
struct node *syntax_call_as_condition(struct syntax *syntax, struct node *call);
struct node *syntax_parentheses(struct syntax *syntax, struct node *inside);

struct node *syntax_logic(struct syntax *syntax, enum node_kind kind, struct node *left,
                          struct node *right);
struct node *syntax_compare(struct syntax *syntax, enum node_kind kind, struct node *left,
                            struct node *right);
struct node *syntax_between(struct syntax *syntax, struct node *operand, struct node *low,
                            struct node *high);
struct node *syntax_in(struct syntax *syntax, struct node *operand, struct node *list);
struct node *syntax_sum(struct syntax *syntax, enum node_kind kind, struct node *left,
                        struct node *right);

void syntax_project(struct syntax *syntax, struct node *path);
void syntax_action(struct syntax *syntax, enum action_kind kind, struct node *target,
                   struct node *value);
void syntax_section_ends(struct syntax *syntax, enum action_kind kind);
