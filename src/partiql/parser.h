/* partiql/parser.h - inside partiql/: what the grammar calls. */
#pragma once

#include "partiql/lexer.h"
#include "partiql/statement.h"

/* Where in a statement the grammar is: for saying what was expected. */
enum parser_stage {
    STAGE_BEGIN,
    STAGE_SELECT_LIST,
    STAGE_FROM,   /* a table's name is next */
    STAGE_TARGET, /* UPDATE: behind the table's name, SET or REMOVE is next */
    STAGE_PATH,   /* the path of a SET or REMOVE is next */
    STAGE_REST
};

struct parser {
    struct arena *arena;
    struct span text;
    struct syntax syntax; /* builds conditions and updates; never given a text */
    struct statement_lexer lexer;
    struct statement_lexeme previous;
    struct statement_lexeme current;
    enum parser_stage stage;
    bool is_ended; /* at the end of the text, or after an error */
    struct error *error;

    const struct value_list *parameters;
    size_t parameters_used;

    struct statement *statement;
    const struct node *item; /* INSERT: its value */
    struct statement_order *last_order;
};

/* --- the grammar --- */

void statement_grammar_parse(struct parser *parser);

/* --- for the grammar: parser.c --- */

struct statement_lexeme parser_read(struct parser *parser);
void parser_unexpected(struct parser *parser);
void parser_too_deep(struct parser *parser);
void parser_begin(struct parser *parser, enum statement_kind kind, enum parser_stage next);
void parser_clause(struct parser *parser, enum expression_kind kind);

void parser_table(struct parser *parser, struct span name, struct span index);
void parser_second_table(struct parser *parser, struct span name);
void parser_select(struct parser *parser, struct node *path);
void parser_order(struct parser *parser, struct node *path, bool is_descending);
void parser_set(struct parser *parser, struct node *target, struct node *value);
void parser_remove(struct parser *parser, struct node *target);
void parser_returning(struct parser *parser, bool is_all, bool is_new);

/* --- for the grammar: literals.c --- */

/* The name without its quotes. */
struct span parser_name(struct parser *parser, struct span written);

struct node *parser_path(struct parser *parser, struct span written);
void parser_add_name(struct parser *parser, struct node *path, struct span written);
void parser_add_index(struct parser *parser, struct node *path, struct span written);

struct node *parser_string(struct parser *parser, struct span written);
struct node *parser_number(struct parser *parser, struct span written, bool is_negative);
struct node *parser_word(struct parser *parser, enum value_type type, bool is_true);
struct node *parser_parameter(struct parser *parser);

/* members: a list of nodes, or NULL for an empty one. Members of maps follow their names. */
struct node *parser_list(struct parser *parser, struct node *members);
struct node *parser_set_of(struct parser *parser, struct node *members);
struct node *parser_map(struct parser *parser, struct node *members);

/* --- for the grammar: operators.c --- */

struct node *parser_call(struct parser *parser, struct span name, struct node *operands);
struct node *parser_call_as_operand(struct parser *parser, struct node *call);
struct node *parser_sum(struct parser *parser, enum node_kind kind, struct node *left,
                        struct node *right);
struct node *parser_not(struct parser *parser, struct node *condition);
struct node *parser_in(struct parser *parser, struct node *sought, struct node *operands);
struct node *parser_in_literal(struct parser *parser, struct node *sought, struct node *collection);
struct node *parser_is_missing(struct parser *parser, struct node *operand);
struct node *parser_is_null(struct parser *parser, struct node *operand);

/* SET_ADD or SET_DELETE: allowed as the whole value of a SET and nowhere else. */
bool parser_is_set_call(const struct node *node);
