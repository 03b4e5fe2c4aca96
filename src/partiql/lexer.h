/* partiql/lexer.h - the words of a PartiQL statement. */
#pragma once

#include "base/span.h"

struct statement_lexer {
    const char *at;
    const char *limit; /* holds a NUL */
};

/* A token of statement_grammar.h; 0 at the end, where the text is empty. Text is as written: with
 * its quotes, and quotes in it still doubled. */
struct statement_lexeme {
    int token;
    struct span text;
};

/* There must be a NUL behind text. */
void statement_lexer_init(struct statement_lexer *lexer, struct span text);

/* WORD_UNKNOWN for what begins no word (one character of it) and for text that isn't closed. */
struct statement_lexeme statement_lexer_next(struct statement_lexer *lexer);
