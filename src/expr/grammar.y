/* expr/grammar.y - the grammar of all five kinds of expressions; lemon makes grammar.c of it.
 *
 * A parse begins with one of the three START tokens, which no text contains. What the grammar finds
 * goes to expr/syntax.h, which builds the tree and checks what can be checked without an item. */
%name Grammar
%token_prefix TOKEN_
%token_type { struct span }
%default_type { struct node * }
%extra_context { struct syntax *syntax }
%stack_size 700 /* more than EXPRESSION_OPERATORS_MAX operators need: see syntax_too_deep */

%include {
#define NDEBUG
#include "expr/syntax.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wtype-limits"
}

%syntax_error { syntax_unexpected(syntax); }
%stack_overflow { syntax_too_deep(syntax); }

%token UNKNOWN START_CONDITION START_PROJECTION START_UPDATE.

%left OR.
%left AND.
%right NOT.

start ::= START_CONDITION condition(A). { syntax->condition = A; }
start ::= START_PROJECTION projection.
start ::= START_UPDATE sections.

/* --- paths and operands --- */

path(A) ::= NAME(B).                  { A = syntax_path(syntax); syntax_add_name(syntax, A, B); }
path(A) ::= ALIAS(B).                 { A = syntax_path(syntax); syntax_add_alias(syntax, A, B); }
path(A) ::= path(B) DOT NAME(C).      { A = B; syntax_add_name(syntax, A, C); }
path(A) ::= path(B) DOT ALIAS(C).     { A = B; syntax_add_alias(syntax, A, C); }
path(A) ::= path(B) OPEN_INDEX INTEGER(C) CLOSE_INDEX. { A = B; syntax_add_index(syntax, A, C); }
document_path(A) ::= path(B).         { A = syntax_path_ends(syntax, B); }

call(A) ::= NAME(B) OPEN operands(C) CLOSE. { A = syntax_call(syntax, B, C); }
call_in(A) ::= call(B).               { A = B; }
call_in(A) ::= OPEN call_in(B) CLOSE. { A = syntax_parentheses(syntax, B); }

plain(A) ::= document_path(B).        { A = B; }
plain(A) ::= VALUE(B).                { A = syntax_value(syntax, B); }
plain(A) ::= OPEN plain(B) CLOSE.     { A = syntax_parentheses(syntax, B); }

operand(A) ::= plain(B).              { A = B; }
operand(A) ::= call_in(B).            { A = syntax_call_as_operand(syntax, B); }
operands(A) ::= operand(B).           { A = syntax_list(syntax, B); }
operands(A) ::= operands(B) COMMA operand(C). { A = syntax_list_add(B, C); }

/* --- conditions --- */

condition(A) ::= test(B).             { A = B; }
condition(A) ::= call_in(B).          { A = syntax_call_as_condition(syntax, B); }

test(A) ::= condition(B) AND condition(C). { A = syntax_logic(syntax, NODE_AND, B, C); }
test(A) ::= condition(B) OR condition(C).  { A = syntax_logic(syntax, NODE_OR, B, C); }
test(A) ::= NOT condition(B).         { A = syntax_logic(syntax, NODE_NOT, B, NULL); }
test(A) ::= OPEN test(B) CLOSE.       { A = syntax_parentheses(syntax, B); }
test(A) ::= operand(B) EQ operand(C). { A = syntax_compare(syntax, NODE_EQ, B, C); }
test(A) ::= operand(B) NE operand(C). { A = syntax_compare(syntax, NODE_NE, B, C); }
test(A) ::= operand(B) LT operand(C). { A = syntax_compare(syntax, NODE_LT, B, C); }
test(A) ::= operand(B) LE operand(C). { A = syntax_compare(syntax, NODE_LE, B, C); }
test(A) ::= operand(B) GT operand(C). { A = syntax_compare(syntax, NODE_GT, B, C); }
test(A) ::= operand(B) GE operand(C). { A = syntax_compare(syntax, NODE_GE, B, C); }
test(A) ::= operand(B) BETWEEN operand(C) AND operand(D). { A = syntax_between(syntax, B, C, D); }
test(A) ::= operand(B) IN OPEN operands(C) CLOSE. { A = syntax_in(syntax, B, C); }

/* --- projections --- */

projection ::= document_path(A).                  { syntax_project(syntax, A); }
projection ::= projection COMMA document_path(A). { syntax_project(syntax, A); }

/* --- updates --- */

sections ::= section.
sections ::= sections section.
section ::= SET sets.       { syntax_section_ends(syntax, ACTION_SET); }
section ::= REMOVE removes. { syntax_section_ends(syntax, ACTION_REMOVE); }
section ::= ADD adds.       { syntax_section_ends(syntax, ACTION_ADD); }
section ::= DELETE deletes. { syntax_section_ends(syntax, ACTION_DELETE); }

sets ::= set.
sets ::= sets COMMA set.
set ::= document_path(A) EQ sum_or_operand(B). { syntax_action(syntax, ACTION_SET, A, B); }

sum_or_operand(A) ::= operand(B).     { A = B; }
sum_or_operand(A) ::= sum(B).         { A = B; }
sum_or_operand(A) ::= sum_in(B).      { A = B; }
sum_in(A) ::= OPEN sum(B) CLOSE.      { A = syntax_parentheses(syntax, B); }
sum_in(A) ::= OPEN sum_in(B) CLOSE.   { A = syntax_parentheses(syntax, B); }
sum(A) ::= operand(B) PLUS operand(C).  { A = syntax_sum(syntax, NODE_PLUS, B, C); }
sum(A) ::= operand(B) MINUS operand(C). { A = syntax_sum(syntax, NODE_MINUS, B, C); }

removes ::= remove.
removes ::= removes COMMA remove.
remove ::= document_path(A).          { syntax_action(syntax, ACTION_REMOVE, A, NULL); }

adds ::= add.
adds ::= adds COMMA add.
add ::= document_path(A) VALUE(B).
    { syntax_action(syntax, ACTION_ADD, A, syntax_value(syntax, B)); }

deletes ::= delete.
deletes ::= deletes COMMA delete.
delete ::= document_path(A) VALUE(B).
    { syntax_action(syntax, ACTION_DELETE, A, syntax_value(syntax, B)); }

%code {
void grammar_parse(struct syntax *syntax, int start)
{
    yyParser parser;

    GrammarInit(&parser, syntax);
    Grammar(&parser, start, (struct span){ NULL, 0 });
    while (!syntax->is_ended) {
        struct lexeme lexeme = syntax_read(syntax);

        Grammar(&parser, lexeme.token, lexeme.text);
    }
    GrammarFinalize(&parser);
}
}
