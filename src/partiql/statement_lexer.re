/* partiql/statement_lexer.re - cuts a statement into words; re2c makes statement_lexer.c of it.
 *
 * Keywords are written in any case. The words of SQL-92 and of PartiQL that this grammar has no use
 * for are keywords nonetheless: an attribute of such a name has to be quoted, as on the service. */
#include "partiql/lexer.h"

#include "statement_grammar.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = at;
    re2c:define:YYLIMIT = limit;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    space = [ \t\r\n\f\v];
    digit = [0-9];
    exponent = [eE] [+-]? digit+;
    more = [\x80-\xbf];
    character = [\x00-\x7f] | [\xc2-\xdf] more | [\xe0-\xef] more{2} | [\xf0-\xf4] more{3};

    name = [A-Za-z_$] [A-Za-z0-9_$]*;
    keyword =
        'absolute' | 'action' | 'add' | 'allocate' | 'alter' | 'any' | 'are' | 'as' | 'assertion' |
        'at' | 'authorization' | 'avg' | 'bag' | 'begin' | 'bigint' | 'bit' | 'bit_length' |
        'blob' | 'bool' | 'boolean' | 'can_cast' | 'can_lossless_cast' | 'cascade' | 'cascaded' |
        'case' | 'cast' | 'catalog' | 'char' | 'char_length' | 'character' | 'character_length' |
        'check' | 'clob' | 'close' | 'coalesce' | 'collate' | 'collation' | 'column' | 'commit' |
        'conflict' | 'connect' | 'connection' | 'constraint' | 'constraints' | 'continue' |
        'convert' | 'corresponding' | 'count' | 'create' | 'cross' | 'current' | 'current_date' |
        'current_time' | 'current_timestamp' | 'current_user' | 'cursor' | 'date' | 'date_add' |
        'date_diff' | 'deallocate' | 'dec' | 'decimal' | 'declare' | 'default' | 'deferrable' |
        'deferred' | 'describe' | 'descriptor' | 'diagnostics' | 'disconnect' | 'distinct' | 'do' |
        'domain' | 'double' | 'drop' | 'else' | 'end' | 'escape' | 'except' | 'exception' |
        'exec' | 'execute' | 'external' | 'extract' | 'fetch' | 'first' | 'float' | 'for' |
        'foreign' | 'found' | 'full' | 'get' | 'global' | 'go' | 'goto' | 'grant' | 'identity' |
        'immediate' | 'index' | 'indicator' | 'initially' | 'inner' | 'input' | 'insensitive' |
        'int' | 'int2' | 'int4' | 'int8' | 'integer' | 'integer2' | 'integer4' | 'integer8' |
        'intersect' | 'interval' | 'isolation' | 'join' | 'key' | 'language' | 'last' | 'left' |
        'let' | 'level' | 'like' | 'list' | 'local' | 'lower' | 'match' | 'max' | 'min' |
        'module' | 'names' | 'national' | 'natural' | 'nchar' | 'next' | 'no' | 'nothing' |
        'nullif' | 'numeric' | 'octet_length' | 'of' | 'on' | 'only' | 'open' | 'option' | 'outer' |
        'output' | 'overlaps' | 'pad' | 'partial' | 'pivot' | 'position' | 'precision' | 'prepare' |
        'preserve' | 'primary' | 'prior' | 'privileges' | 'procedure' | 'public' | 'read' | 'real' |
        'references' | 'relative' | 'restrict' | 'revoke' | 'right' | 'rollback' | 'rows' |
        'schema' | 'scroll' | 'section' | 'session' | 'session_user' | 'sexp' | 'smallint' |
        'some' | 'space' | 'sql' | 'sqlcode' | 'sqlerror' | 'sqlstate' | 'string' | 'struct' |
        'substring' | 'sum' | 'symbol' | 'system_user' | 'table' | 'temporary' | 'then' | 'time' |
        'timestamp' | 'to' | 'transaction' | 'translate' | 'translation' | 'trim' | 'tuple' |
        'union' | 'unique' | 'unknown' | 'unpivot' | 'upper' | 'usage' | 'user' | 'using' |
        'values' | 'varchar' | 'varying' | 'view' | 'when' | 'whenever' | 'with' | 'work' |
        'write' | 'zone';
*/

void statement_lexer_init(struct statement_lexer *lexer, struct span text)
{
    lexer->at = text.data;
    lexer->limit = text.data + text.size;
}

/* What the name from at to limit is, which may be no name but a keyword. What stands at limit is
 * read, and is no part of any name. */
static int word_token(const unsigned char *at, const unsigned char *limit)
{
    /*!re2c
        'select'             { return WORD_SELECT; }
        'from'               { return WORD_FROM; }
        'where'              { return WORD_WHERE; }
        'order'              { return WORD_ORDER; }
        'by'                 { return WORD_BY; }
        'asc'                { return WORD_ASC; }
        'desc'               { return WORD_DESC; }
        'insert'             { return WORD_INSERT; }
        'into'               { return WORD_INTO; }
        'value'              { return WORD_VALUE; }
        'update'             { return WORD_UPDATE; }
        'set'                { return WORD_SET; }
        'remove'             { return WORD_REMOVE; }
        'delete'             { return WORD_DELETE; }
        'returning'          { return WORD_RETURNING; }
        'all'                { return WORD_ALL; }
        'modified'           { return WORD_MODIFIED; }
        'old'                { return WORD_OLD; }
        'new'                { return WORD_NEW; }
        'exists'             { return WORD_EXISTS; }
        'and'                { return WORD_AND; }
        'or'                 { return WORD_OR; }
        'not'                { return WORD_NOT; }
        'in'                 { return WORD_IN; }
        'between'            { return WORD_BETWEEN; }
        'is'                 { return WORD_IS; }
        'missing'            { return WORD_MISSING; }
        'null'               { return WORD_NULL; }
        'true'               { return WORD_TRUE; }
        'false'              { return WORD_FALSE; }
        'size'               { return WORD_SIZE; }
        'limit' | 'offset' | 'group' | 'having' { return WORD_CLAUSE; }
        keyword              { return WORD_KEYWORD; }
        name                 { return WORD_NAME; }
        $                    { return WORD_UNKNOWN; }
        *                    { return WORD_UNKNOWN; }
    */
}

struct statement_lexeme statement_lexer_next(struct statement_lexer *lexer)
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
            "--" [^\r\n]*        { continue; }
            "/*" ([^*] | ("*"+ [^*/]))* "*"+ "/" { continue; }

            name                 { token = word_token(start, at); break; }
            ["] ([^"] | ["]["])* ["] { token = WORD_QUOTED; break; }
            ['] ([^'] | [']['])* ['] { token = WORD_STRING; break; }
            digit+ ("." digit*)? exponent? { token = WORD_NUMBER; break; }
            "." digit+ exponent? { token = WORD_NUMBER; break; }

            "="                  { token = WORD_EQ; break; }
            "<>" | "!="          { token = WORD_NE; break; }
            "<"                  { token = WORD_LT; break; }
            "<="                 { token = WORD_LE; break; }
            ">"                  { token = WORD_GT; break; }
            ">="                 { token = WORD_GE; break; }
            "+"                  { token = WORD_PLUS; break; }
            "-"                  { token = WORD_MINUS; break; }
            "("                  { token = WORD_OPEN; break; }
            ")"                  { token = WORD_CLOSE; break; }
            "["                  { token = WORD_OPEN_LIST; break; }
            "]"                  { token = WORD_CLOSE_LIST; break; }
            "{"                  { token = WORD_OPEN_MAP; break; }
            "}"                  { token = WORD_CLOSE_MAP; break; }
            "<<"                 { token = WORD_OPEN_SET; break; }
            ">>"                 { token = WORD_CLOSE_SET; break; }
            ","                  { token = WORD_COMMA; break; }
            "."                  { token = WORD_DOT; break; }
            ":"                  { token = WORD_COLON; break; }
            "*"                  { token = WORD_STAR; break; }
            "?"                  { token = WORD_PARAMETER; break; }
            ";"                  { token = WORD_SEMICOLON; break; }

            character            { token = WORD_UNKNOWN; break; }
            *                    { token = WORD_UNKNOWN; break; }
        */
    }
    lexer->at = (const char *)at;
    return (struct statement_lexeme){ token, { (const char *)start, (size_t)(at - start) } };
}
