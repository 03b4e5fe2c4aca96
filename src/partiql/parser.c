/* partiql/parser.c - reading a statement word by word, and what each of its clauses leaves behind.
 */
#include "partiql/parser.h"

#include "base/arena.h"
#include "item/check.h"

#include "statement_grammar.h"

/* --- reading --- */

/* As syntax.c counts them in expressions. */
static bool counts_as_operator(const struct parser *parser, int token)
{
    switch (token) {
    case WORD_AND:
    case WORD_OR:
    case WORD_NOT:
    case WORD_IN:
    case WORD_IS:
    case WORD_NE:
    case WORD_LT:
    case WORD_LE:
    case WORD_GT:
    case WORD_GE:
    case WORD_PLUS:
    case WORD_MINUS: return true;
    case WORD_EQ: return parser->syntax.kind != EXPRESSION_UPDATE;
    case WORD_OPEN: return parser->previous.token == WORD_NAME;
    default: return false;
    }
}

struct statement_lexeme parser_read(struct parser *parser)
{
    parser->previous = parser->current;
    parser->current = statement_lexer_next(&parser->lexer);
    if (parser->current.token == 0)
        parser->is_ended = true;
    if (counts_as_operator(parser, parser->current.token))
        parser->syntax.operator_count++;
    return parser->current;
}

/* --- errors --- */

/* spec: the parser of the service takes operands apart with an error of its own for each */
static const char *unexpected_operand(int token)
{
    switch (token) {
    case WORD_EQ:
    case WORD_NE:
    case WORD_LT:
    case WORD_LE:
    case WORD_GT:
    case WORD_GE:
    case WORD_PLUS:
    case WORD_MINUS:
    case WORD_AND:
    case WORD_OR:
    case WORD_IN:
    case WORD_BETWEEN:
    case WORD_IS: return "Unexpected operator";
    case WORD_KEYWORD:
    case WORD_CLAUSE:
    case WORD_SELECT:
    case WORD_FROM:
    case WORD_WHERE:
    case WORD_ORDER:
    case WORD_ASC:
    case WORD_DESC:
    case WORD_INSERT:
    case WORD_INTO:
    case WORD_VALUE:
    case WORD_UPDATE:
    case WORD_SET:
    case WORD_REMOVE:
    case WORD_DELETE:
    case WORD_RETURNING:
    case WORD_ALL:
    case WORD_MODIFIED:
    case WORD_OLD:
    case WORD_NEW:
    case WORD_EXISTS: return "Unexpected keyword";
    default: return "Unexpected term";
    }
}

/* Must an operand stand behind this word? */
static bool wants_operand(int token)
{
    switch (token) {
    case WORD_SELECT:
    case WORD_WHERE:
    case WORD_BY:
    case WORD_VALUE:
    case WORD_AND:
    case WORD_OR:
    case WORD_NOT:
    case WORD_IN:
    case WORD_BETWEEN:
    case WORD_EQ:
    case WORD_NE:
    case WORD_LT:
    case WORD_LE:
    case WORD_GT:
    case WORD_GE:
    case WORD_PLUS:
    case WORD_MINUS:
    case WORD_OPEN:
    case WORD_OPEN_LIST:
    case WORD_OPEN_MAP:
    case WORD_OPEN_SET:
    case WORD_COMMA:
    case WORD_COLON: return true;
    default: return false;
    }
}

static const char *what_is_wrong(const struct parser *parser)
{
    int previous = parser->previous.token;

    if (parser->stage == STAGE_BEGIN || parser->stage == STAGE_TARGET)
        return "Expected data manipulation";
    if (previous == WORD_DOT)
        return "Invalid path dot component";
    if (previous == WORD_IS)
        return "Expected type name";
    if (previous == WORD_SIZE || previous == WORD_EXISTS)
        return "Unexpected keyword";
    if (parser->stage == STAGE_FROM && previous == WORD_FROM)
        return "Unexpected from source";
    if (parser->stage == STAGE_PATH &&
        (previous == WORD_SET || previous == WORD_REMOVE || previous == WORD_COMMA))
        return "Expected identifier for simple path";
    if (wants_operand(previous))
        return unexpected_operand(parser->current.token);
    if (parser->stage == STAGE_SELECT_LIST)
        return "Expected FROM after SELECT list";
    return "Unexpected token after expression";
}

/* "1:27", the line and column where word begins. */
static struct span place_of(const struct parser *parser, struct span word)
{
    size_t line = 1;
    const char *start = parser->text.data;

    for (const char *at = start; at < word.data; at++) {
        if (*at == '\n') {
            line++;
            start = at + 1;
        }
    }
    return arena_print(parser->arena, "%zu:%zu", line, (size_t)(word.data - start) + 1);
}

static void end_with(struct parser *parser, struct error *error)
{
    parser->is_ended = true;
    if (parser->error == NULL)
        parser->error = error;
}

static struct error *malformed(struct parser *parser, const char *detail)
{
    return fail(parser->arena, ERR_VALIDATION,
                "Statement wasn't well formed, can't be processed: %s", detail);
}

void parser_unexpected(struct parser *parser)
{
    struct span word = parser->current.text;
    bool is_clause = parser->current.token == WORD_CLAUSE && parser->stage == STAGE_REST;

    if (is_clause && !wants_operand(parser->previous.token)) {
        struct span place = place_of(parser, word);

        end_with(parser, fail(parser->arena, ERR_VALIDATION, "Unsupported clause: %.*s at %.*s:%zu",
                              SPAN_PRINT(word), SPAN_PRINT(place), word.size));
        return;
    }
    end_with(parser, malformed(parser, what_is_wrong(parser)));
}

void parser_too_deep(struct parser *parser)
{
    end_with(parser, malformed(parser, "Statement is nested too deeply"));
}

/* --- clauses --- */

void parser_begin(struct parser *parser, enum statement_kind kind, enum parser_stage next)
{
    struct statement *statement = parser->statement;

    parser->stage = next;
    if (statement->kind != STATEMENT_EXISTS) /* whose SELECT stays inside it */
        statement->kind = kind;
}

void parser_clause(struct parser *parser, enum expression_kind kind)
{
    parser->stage = kind == EXPRESSION_UPDATE ? STAGE_PATH : STAGE_REST;
    parser->syntax.kind = kind;
}

void parser_table(struct parser *parser, struct span name, struct span index)
{
    parser->statement->table = name;
    parser->statement->index = index;
    parser->stage = STAGE_REST;
}

void parser_second_table(struct parser *parser, struct span name)
{
    struct span place = place_of(parser, parser->previous.text);

    (void)name;
    end_with(parser, fail(parser->arena, ERR_VALIDATION,
                          "FROM clause may only contain a single table name in data manipulation "
                          "statements at %.*s",
                          SPAN_PRINT(place)));
}

void parser_select(struct parser *parser, struct node *path)
{
    struct syntax *syntax = &parser->syntax;

    if (syntax->paths)
        syntax->last_path->next = path;
    else
        syntax->paths = path;
    syntax->last_path = path;
    syntax->path_count++;
}

void parser_order(struct parser *parser, struct node *path, bool is_descending)
{
    struct statement_order *order = NEW(parser->arena, struct statement_order, 1);
    const struct path *key = &path->path;

    order->name = key->count == 1 ? key->steps[0].name : path_print(parser->arena, key);
    order->is_descending = is_descending;
    if (parser->last_order)
        parser->last_order->next = order;
    else
        parser->statement->order = order;
    parser->last_order = order;
}

/* SET a = SET_ADD(a, <<...>>) is what ADD a :v is in an UpdateExpression. */
static void change_set(struct parser *parser, struct node *target, const struct node *call)
{
    struct node *set = call->operands->next;
    bool is_same =
        call->operands->kind == NODE_PATH && path_equal(&call->operands->path, &target->path);
    enum value_type type = set->kind == NODE_LITERAL ? set->value->type : VALUE_NONE;
    bool is_add = span_is(call->name, "set_add");

    if (!is_same || set->kind != NODE_LITERAL)
        problem_note(&parser->syntax.problems, PROBLEM_MISUSE,
                     "The function is not allowed to be used this way in an expression; function: "
                     "%.*s",
                     SPAN_PRINT(call->name));
    else if (type != VALUE_SS && type != VALUE_NS && type != VALUE_BS)
        problem_note(&parser->syntax.problems, PROBLEM_OPERAND_TYPE,
                     "Incorrect operand type for operator or function; operator or function: %.*s, "
                     "operand type: %s",
                     SPAN_PRINT(call->name), value_type_name(type));
    else
        syntax_action(&parser->syntax, is_add ? ACTION_ADD : ACTION_DELETE, target, set);
}

void parser_set(struct parser *parser, struct node *target, struct node *value)
{
    if (parser_is_set_call(value))
        change_set(parser, target, value);
    else
        syntax_action(&parser->syntax, ACTION_SET, target, value);
}

void parser_remove(struct parser *parser, struct node *target)
{
    syntax_action(&parser->syntax, ACTION_REMOVE, target, NULL);
}

void parser_returning(struct parser *parser, bool is_all, bool is_new)
{
    static const char *const names[] = {
        [RETURNING_NOTHING] = "",
        [RETURNING_ALL_OLD] = "ALL OLD *",
        [RETURNING_ALL_NEW] = "ALL NEW *",
        [RETURNING_MODIFIED_OLD] = "MODIFIED OLD *",
        [RETURNING_MODIFIED_NEW] = "MODIFIED NEW *",
    };
    enum returning returning = is_all   ? is_new ? RETURNING_ALL_NEW : RETURNING_ALL_OLD
                               : is_new ? RETURNING_MODIFIED_NEW
                                        : RETURNING_MODIFIED_OLD;

    parser->statement->returning = returning;
    if (parser->statement->kind == STATEMENT_DELETE && returning != RETURNING_ALL_OLD)
        end_with(parser, fail(parser->arena, ERR_VALIDATION,
                              "Invalid returning clause: RETURNING %s. Only RETURNING ALL OLD * is "
                              "allowed in DELETE statements.",
                              names[returning]));
}

/* --- the whole --- */

/* "b[0]" for a.b[0]: what a value is called that comes back by itself. */
static struct span column_of(struct arena *arena, const struct path *path)
{
    size_t last = path->count - 1;
    struct span name;

    while (path->steps[last].is_index)
        last--;
    name = path->steps[last].name;
    for (size_t i = last + 1; i < path->count; i++)
        name = arena_print(arena, "%.*s[%u]", SPAN_PRINT(name), path->steps[i].index);
    return name;
}

static void take_columns(struct parser *parser, struct statement *statement)
{
    size_t count = parser->syntax.path_count;
    struct path *paths;
    struct span *columns;

    if (parser->syntax.paths == NULL)
        return;
    statement->paths = paths = NEW(parser->arena, struct path, count);
    statement->columns = columns = NEW(parser->arena, struct span, count);
    for (const struct node *node = parser->syntax.paths; node; node = node->next) {
        paths[statement->path_count] = node->path;
        columns[statement->path_count++] = column_of(parser->arena, &node->path);
    }
}

static struct error *take_item(struct parser *parser, struct statement *statement)
{
    const struct value *value = parser->item->value;

    if (value->type != VALUE_M)
        return fail(parser->arena, ERR_VALIDATION, "Expected struct type in insert value");
    statement->item = (struct item){ .count = value->count, .attributes = value->attributes };
    return NULL;
}

static struct error *check_parameters(struct arena *arena, const struct value_list *parameters)
{
    for (size_t i = 0; parameters && i < parameters->count; i++)
        TRY(value_check(arena, WORDING_OLDER, &parameters->items[i]));
    return NULL;
}

struct error *statement_parse(struct arena *arena, struct span text,
                              const struct value_list *parameters, struct statement *statement)
{
    struct parser parser = { .arena = arena, .parameters = parameters, .statement = statement };

    *statement = (struct statement){ 0 };
    parser.text = arena_copy(arena, text);
    TRY(check_parameters(arena, parameters));
    syntax_init(&parser.syntax, arena, NULL, EXPRESSION_FILTER);
    parser.syntax.problems.is_bare = true;
    statement_lexer_init(&parser.lexer, parser.text);
    statement_grammar_parse(&parser);
    if (parser.error)
        return parser.error;
    if (parser.parameters_used != (parameters ? parameters->count : 0))
        return fail(arena, ERR_VALIDATION,
                    "Number of parameters in request and statement don't match.");
    TRY(syntax_check(&parser.syntax));
    if (statement->kind == STATEMENT_INSERT)
        return take_item(&parser, statement);
    if (statement->kind == STATEMENT_UPDATE) {
        statement->actions = parser.syntax.actions;
        statement->action_count = parser.syntax.path_count;
    } else {
        take_columns(&parser, statement);
    }
    return NULL;
}
