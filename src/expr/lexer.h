/* expr/lexer.h - the words of an expression. */
#pragma once

#include "base/span.h"

struct lexer {
    const char *at;
    const char *limit; /* holds a NUL */
};

/* A token of grammar.h; 0 at the end, where the text is empty. */
struct lexeme {
    int token;
    struct span text;
};

/* There must be a NUL behind text. */
void lexer_init(struct lexer *lexer, struct span text);

/* TOKEN_UNKNOWN for what begins no word: one character of it. */
struct lexeme lexer_next(struct lexer *lexer);
