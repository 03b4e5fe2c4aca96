/* expr/lexer.re - cuts an expression into words; re2c makes lexer.c of it.
 *
 * Keywords are written in any case. A name begins with a letter: "_a" is an unknown "_" and a name,
 * and "03" is two numbers. spec: errors of the service show words cut like this */
#include "expr/lexer.h"

#include "grammar.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = at;
    re2c:define:YYLIMIT = limit;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    space = [ \t\r\n];
    word = [A-Za-z0-9_];
    more = [\x80-\xbf];
    character = [\x00-\x7f] | [\xc2-\xdf] more | [\xe0-\xef] more{2} | [\xf0-\xf4] more{3};
*/

void lexer_init(struct lexer *lexer, struct span text)
{
    lexer->at = text.data;
    lexer->limit = text.data + text.size;
}

struct lexeme lexer_next(struct lexer *lexer)
{
    const unsigned char *at = (const unsigned char *)lexer->at;
    const unsigned char *limit = (const unsigned char *)lexer->limit;
    const unsigned char *marker;
    const unsigned char *start;
    int token;

    for (;;) {
        start = at;
        /*!re2c
            $                    { token = 0; break; }
            space+               { continue; }

            'and'                { token = TOKEN_AND; break; }
            'or'                 { token = TOKEN_OR; break; }
            'not'                { token = TOKEN_NOT; break; }
            'in'                 { token = TOKEN_IN; break; }
            'between'            { token = TOKEN_BETWEEN; break; }
            'set'                { token = TOKEN_SET; break; }
            'remove'             { token = TOKEN_REMOVE; break; }
            'add'                { token = TOKEN_ADD; break; }
            'delete'             { token = TOKEN_DELETE; break; }

            [A-Za-z] word*       { token = TOKEN_NAME; break; }
            "#" word+            { token = TOKEN_ALIAS; break; }
            ":" word+            { token = TOKEN_VALUE; break; }
            "0" | [1-9] [0-9]*   { token = TOKEN_INTEGER; break; }

            "="                  { token = TOKEN_EQ; break; }
            "<>"                 { token = TOKEN_NE; break; }
            "<"                  { token = TOKEN_LT; break; }
            "<="                 { token = TOKEN_LE; break; }
            ">"                  { token = TOKEN_GT; break; }
            ">="                 { token = TOKEN_GE; break; }
            "+"                  { token = TOKEN_PLUS; break; }
            "-"                  { token = TOKEN_MINUS; break; }
            "("                  { token = TOKEN_OPEN; break; }
            ")"                  { token = TOKEN_CLOSE; break; }
            "["                  { token = TOKEN_OPEN_INDEX; break; }
            "]"                  { token = TOKEN_CLOSE_INDEX; break; }
            ","                  { token = TOKEN_COMMA; break; }
            "."                  { token = TOKEN_DOT; break; }

            character            { token = TOKEN_UNKNOWN; break; }
            *                    { token = TOKEN_UNKNOWN; break; }
        */
    }
    lexer->at = (const char *)at;
    return (struct lexeme){ token, { (const char *)start, (size_t)(at - start) } };
}
