/* partiql/statement_grammar.y - the grammar of PartiQL statements; lemon makes statement_grammar.c
 * of it. What it finds goes to partiql/parser.h. */
%name StatementGrammar
%token_prefix WORD_
%token_type { struct span }
%default_type { struct node * }
%extra_context { struct parser *parser }
%stack_size 700 /* more than EXPRESSION_OPERATORS_MAX operators need: see parser_too_deep */

%include {
#define NDEBUG
#include "partiql/parser.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wsign-compare"
}

%syntax_error { parser_unexpected(parser); }
%stack_overflow { parser_too_deep(parser); }

%token UNKNOWN KEYWORD CLAUSE.

%left OR.
%left AND.
%right NOT.

%type name { struct span }
%type descending { bool }
%type all { bool }
%type new { bool }

start ::= statement.
start ::= statement SEMICOLON.

statement ::= select.
statement ::= exists OPEN select CLOSE.
statement ::= insert.
statement ::= update.
statement ::= delete.

exists ::= EXISTS. { parser_begin(parser, STATEMENT_EXISTS, STAGE_REST); }

/* --- names and paths --- */

name(A) ::= NAME(B).                  { A = B; }
name(A) ::= QUOTED(B).                { A = parser_name(parser, B); }

table ::= name(A).                    { parser_table(parser, A, (struct span){ NULL, 0 }); }
source ::= name(A).                   { parser_table(parser, A, (struct span){ NULL, 0 }); }
source ::= name(A) DOT name(B).       { parser_table(parser, A, B); }
source ::= source COMMA name(A).      { parser_second_table(parser, A); }

path(A) ::= name(B).                  { A = parser_path(parser, B); }
path(A) ::= path(B) DOT name(C).      { A = B; parser_add_name(parser, A, C); }
path(A) ::= path(B) OPEN_LIST NUMBER(C) CLOSE_LIST. { A = B; parser_add_index(parser, A, C); }
document_path(A) ::= path(B).         { A = syntax_path_ends(&parser->syntax, B); }

/* --- SELECT --- */

select ::= select_begin projection from source where order.

select_begin ::= SELECT.              { parser_begin(parser, STATEMENT_SELECT, STAGE_SELECT_LIST); }
from ::= FROM.                        { parser->stage = STAGE_FROM; }

projection ::= STAR.
projection ::= columns.
columns ::= document_path(A).         { parser_select(parser, A); }
columns ::= columns COMMA document_path(A). { parser_select(parser, A); }

where ::= .                           { parser->stage = STAGE_REST; }
where ::= where_begin condition(A).   { parser->statement->where = A; }
where_begin ::= WHERE.                { parser_clause(parser, EXPRESSION_FILTER); }

order ::= .
order ::= ORDER BY keys.
keys ::= key.
keys ::= keys COMMA key.
key ::= path(A) descending(B).        { parser_order(parser, A, B); }
descending(A) ::= .                   { A = false; }
descending(A) ::= ASC.                { A = false; }
descending(A) ::= DESC.               { A = true; }

/* --- INSERT, UPDATE, DELETE --- */

insert ::= insert_begin table VALUE map_or_parameter(A). { parser->item = A; }
insert_begin ::= INSERT INTO.         { parser_begin(parser, STATEMENT_INSERT, STAGE_FROM); }
map_or_parameter(A) ::= map(B).       { A = B; }
map_or_parameter(A) ::= PARAMETER.    { A = parser_parameter(parser); }

update ::= update_begin update_table changes where returning.
update_begin ::= UPDATE.              { parser_begin(parser, STATEMENT_UPDATE, STAGE_FROM); }
update_table ::= table.               { parser->stage = STAGE_TARGET; }
changes ::= change.
changes ::= changes change.
change ::= set_begin sets.
change ::= remove_begin document_path(A). { parser_remove(parser, A); }
set_begin ::= SET.                    { parser_clause(parser, EXPRESSION_UPDATE); }
remove_begin ::= REMOVE.              { parser_clause(parser, EXPRESSION_UPDATE); }
sets ::= set.
sets ::= sets COMMA set.
set ::= document_path(A) EQ sum(B).   { parser_set(parser, A, B); }

sum(A) ::= operand(B).                { A = B; }
sum(A) ::= sum(B) PLUS operand(C).    { A = parser_sum(parser, NODE_PLUS, B, C); }
sum(A) ::= sum(B) MINUS operand(C).   { A = parser_sum(parser, NODE_MINUS, B, C); }

delete ::= delete_begin table where returning.
delete_begin ::= DELETE FROM.         { parser_begin(parser, STATEMENT_DELETE, STAGE_FROM); }

returning ::= .
returning ::= RETURNING all(A) new(B) STAR. { parser_returning(parser, A, B); }
all(A) ::= ALL.                       { A = true; }
all(A) ::= MODIFIED.                  { A = false; }
new(A) ::= OLD.                       { A = false; }
new(A) ::= NEW.                       { A = true; }

/* --- literals --- */

literal(A) ::= STRING(B).             { A = parser_string(parser, B); }
literal(A) ::= NUMBER(B).             { A = parser_number(parser, B, false); }
literal(A) ::= PLUS NUMBER(B).        { A = parser_number(parser, B, false); }
literal(A) ::= MINUS NUMBER(B).       { A = parser_number(parser, B, true); }
literal(A) ::= TRUE.                  { A = parser_word(parser, VALUE_BOOL, true); }
literal(A) ::= FALSE.                 { A = parser_word(parser, VALUE_BOOL, false); }
literal(A) ::= NULL.                  { A = parser_word(parser, VALUE_NULL, true); }
literal(A) ::= PARAMETER.             { A = parser_parameter(parser); }
literal(A) ::= collection(B).         { A = B; }
literal(A) ::= map(B).                { A = B; }

collection(A) ::= OPEN_LIST CLOSE_LIST.           { A = parser_list(parser, NULL); }
collection(A) ::= OPEN_LIST literals(B) CLOSE_LIST. { A = parser_list(parser, B); }
collection(A) ::= OPEN_SET CLOSE_SET.             { A = parser_set_of(parser, NULL); }
collection(A) ::= OPEN_SET literals(B) CLOSE_SET. { A = parser_set_of(parser, B); }
literals(A) ::= literal(B).           { A = syntax_list(&parser->syntax, B); }
literals(A) ::= literals(B) COMMA literal(C). { A = syntax_list_add(B, C); }

map(A) ::= OPEN_MAP CLOSE_MAP.        { A = parser_map(parser, NULL); }
map(A) ::= OPEN_MAP members(B) CLOSE_MAP. { A = parser_map(parser, B); }
members(A) ::= STRING(B) COLON literal(C).
    { A = syntax_list_add(syntax_list(&parser->syntax, parser_string(parser, B)), C); }
members(A) ::= members(B) COMMA STRING(C) COLON literal(D).
    { A = syntax_list_add(syntax_list_add(B, parser_string(parser, C)), D); }

/* --- operands and conditions --- */

plain(A) ::= document_path(B).        { A = B; }
plain(A) ::= literal(B).              { A = B; }
plain(A) ::= OPEN plain(B) CLOSE.     { A = B; }

call(A) ::= NAME(B) OPEN operands(C) CLOSE. { A = parser_call(parser, B, C); }
call(A) ::= SIZE(B) OPEN operands(C) CLOSE. { A = parser_call(parser, B, C); }
call_in(A) ::= call(B).               { A = B; }
call_in(A) ::= OPEN call_in(B) CLOSE. { A = B; }

operand(A) ::= plain(B).              { A = B; }
operand(A) ::= call_in(B).            { A = parser_call_as_operand(parser, B); }
operands(A) ::= operand(B).           { A = syntax_list(&parser->syntax, B); }
operands(A) ::= operands(B) COMMA operand(C). { A = syntax_list_add(B, C); }

condition(A) ::= test(B).             { A = B; }
condition(A) ::= call_in(B).          { A = syntax_call_as_condition(&parser->syntax, B); }

test(A) ::= condition(B) AND condition(C). { A = syntax_logic(&parser->syntax, NODE_AND, B, C); }
test(A) ::= condition(B) OR condition(C).  { A = syntax_logic(&parser->syntax, NODE_OR, B, C); }
test(A) ::= NOT condition(B).         { A = parser_not(parser, B); }
test(A) ::= OPEN test(B) CLOSE.       { A = B; }
test(A) ::= operand(B) EQ operand(C). { A = syntax_compare(&parser->syntax, NODE_EQ, B, C); }
test(A) ::= operand(B) NE operand(C). { A = syntax_compare(&parser->syntax, NODE_NE, B, C); }
test(A) ::= operand(B) LT operand(C). { A = syntax_compare(&parser->syntax, NODE_LT, B, C); }
test(A) ::= operand(B) LE operand(C). { A = syntax_compare(&parser->syntax, NODE_LE, B, C); }
test(A) ::= operand(B) GT operand(C). { A = syntax_compare(&parser->syntax, NODE_GT, B, C); }
test(A) ::= operand(B) GE operand(C). { A = syntax_compare(&parser->syntax, NODE_GE, B, C); }
test(A) ::= operand(B) BETWEEN operand(C) AND operand(D).
    { A = syntax_between(&parser->syntax, B, C, D); }
test(A) ::= operand(B) NOT BETWEEN operand(C) AND operand(D).
    { A = parser_not(parser, syntax_between(&parser->syntax, B, C, D)); }
test(A) ::= operand(B) IN in_list(C). { A = parser_in(parser, B, C); }
test(A) ::= operand(B) NOT IN in_list(C). { A = parser_not(parser, parser_in(parser, B, C)); }
test(A) ::= operand(B) IN in_literal(C). { A = parser_in_literal(parser, B, C); }
test(A) ::= operand(B) NOT IN in_literal(C).
    { A = parser_not(parser, parser_in_literal(parser, B, C)); }
test(A) ::= operand(B) IS MISSING.    { A = parser_is_missing(parser, B); }
test(A) ::= operand(B) IS NOT MISSING. { A = parser_not(parser, parser_is_missing(parser, B)); }
test(A) ::= operand(B) IS NULL.       { A = parser_is_null(parser, B); }
test(A) ::= operand(B) IS NOT NULL.   { A = parser_not(parser, parser_is_null(parser, B)); }

in_list(A) ::= OPEN operands(B) CLOSE. { A = B; }
in_literal(A) ::= collection(B).      { A = B; }
in_literal(A) ::= PARAMETER.          { A = parser_parameter(parser); }

%code {
void statement_grammar_parse(struct parser *parser)
{
    yyParser grammar;

    StatementGrammarInit(&grammar, parser);
    while (!parser->is_ended) {
        struct statement_lexeme lexeme = parser_read(parser);

        StatementGrammar(&grammar, lexeme.token, lexeme.text);
    }
    StatementGrammarFinalize(&grammar);
}
}
