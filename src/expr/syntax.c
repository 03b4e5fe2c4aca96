/* expr/syntax.c - building the tree of an expression as the grammar recognises it. */
#include "expr/syntax.h"

#include "base/arena.h"
#include "expr/check.h"
#include "expr/reserved.h"

#include "grammar.h"

enum { INDEX_DIGITS_MAX = 10 };

/* --- reading --- */

/* Operators and functions are counted as the words go by: each comparison, each AND (also the one
 * of BETWEEN, which makes it one), OR, NOT, IN, + and -, and each name before a parenthesis. */
static bool counts_as_operator(const struct syntax *syntax, const struct lexeme *lexeme)
{
    switch (lexeme->token) {
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_NOT:
    case TOKEN_IN:
    case TOKEN_NE:
    case TOKEN_LT:
    case TOKEN_LE:
    case TOKEN_GT:
    case TOKEN_GE:
    case TOKEN_PLUS:
    case TOKEN_MINUS: return true;
    case TOKEN_EQ: return syntax->kind != EXPRESSION_UPDATE;
    case TOKEN_OPEN: return syntax->previous.token == TOKEN_NAME;
    default: return false;
    }
}

struct lexeme syntax_read(struct syntax *syntax)
{
    syntax->previous = syntax->current;
    syntax->current = lexer_next(&syntax->lexer);
    if (syntax->current.token == 0)
        syntax->is_ended = true;
    if (counts_as_operator(syntax, &syntax->current))
        syntax->operator_count++;
    return syntax->current;
}

void syntax_unexpected(struct syntax *syntax)
{
    struct lexeme next = { 0, { NULL, 0 } };
    struct span token = syntax->current.text;
    const char *start = syntax->previous.text.data;
    const char *end = token.data + token.size;

    syntax->is_ended = true;
    if (syntax->error)
        return;
    if (syntax->current.token != 0)
        next = lexer_next(&syntax->lexer);
    if (start == NULL)
        start = token.data;
    if (next.token != 0)
        end = next.text.data + next.text.size;
    if (syntax->current.token == 0) {
        token = SPAN("<EOF>");
        end = start + syntax->previous.text.size;
    }
    syntax->error =
        problem_fail(syntax->arena, syntax->kind, "Syntax error; token: \"%.*s\", near: \"%.*s\"",
                     SPAN_PRINT(token), (int)(end - start), start);
}

/* The stack holds whatever EXPRESSION_OPERATORS_MAX operators can open, so one that ran over comes
 * of more operators than that, or of parentheses in parentheses. */
void syntax_too_deep(struct syntax *syntax)
{
    while (!syntax->is_ended)
        syntax_read(syntax);
    if (syntax->operator_count <= EXPRESSION_OPERATORS_MAX)
        syntax->error =
            problem_fail(syntax->arena, syntax->kind, "The expression has redundant parentheses;");
}

static int start_token(enum expression_kind kind)
{
    switch (kind) {
    case EXPRESSION_CONDITION:
    case EXPRESSION_FILTER:
    case EXPRESSION_KEY: return TOKEN_START_CONDITION;
    case EXPRESSION_PROJECTION: return TOKEN_START_PROJECTION;
    case EXPRESSION_UPDATE: return TOKEN_START_UPDATE;
    }
    return 0;
}

void syntax_init(struct syntax *syntax, struct arena *arena, struct scope *scope,
                 enum expression_kind kind)
{
    *syntax = (struct syntax){
        .arena = arena, .scope = scope, .kind = kind, .problems = { .arena = arena, .kind = kind }
    };
}

struct error *syntax_check(struct syntax *syntax)
{
    if (syntax->operator_count > EXPRESSION_OPERATORS_MAX)
        problem_note(&syntax->problems, PROBLEM_COUNT_OF_OPERATORS,
                     "The expression contains too many operators; operator count: %zu",
                     syntax->operator_count);
    return problem_first(&syntax->problems);
}

struct error *syntax_parse(struct scope *scope, enum expression_kind kind, struct span text,
                           struct syntax *syntax)
{
    struct arena *arena = scope_arena(scope);

    syntax_init(syntax, arena, scope, kind);
    if (text.size == 0)
        return problem_fail(arena, kind, "The expression can not be empty;");
    if (text.size > EXPRESSION_BYTES_MAX)
        return problem_fail(arena, kind,
                            "Expression size has exceeded the maximum allowed size; expression "
                            "size: %zu",
                            text.size);
    lexer_init(&syntax->lexer, arena_copy(arena, text));
    grammar_parse(syntax, start_token(kind));
    if (syntax->error)
        return syntax->error;
    return syntax_check(syntax);
}

/* --- nodes --- */

static struct node *node_new(struct syntax *syntax, enum node_kind kind)
{
    struct node *node = NEW(syntax->arena, struct node, 1);

    node->kind = kind;
    return node;
}

/* Operands are always nodes that nothing else points to yet. */
static void add_operand(struct node *node, struct node *operand)
{
    if (node->operands)
        node->last->next = operand;
    else
        node->operands = operand;
    node->last = operand;
    node->operand_count++;
}

const char *node_operator(enum node_kind kind)
{
    switch (kind) {
    case NODE_EQ: return "=";
    case NODE_NE: return "<>";
    case NODE_LT: return "<";
    case NODE_LE: return "<=";
    case NODE_GT: return ">";
    case NODE_GE: return ">=";
    case NODE_BETWEEN: return "BETWEEN";
    case NODE_IN: return "IN";
    case NODE_AND: return "AND";
    case NODE_OR: return "OR";
    case NODE_NOT: return "NOT";
    case NODE_PLUS: return "+";
    case NODE_MINUS: return "-";
    case NODE_PATH:
    case NODE_LITERAL:
    case NODE_CALL: break;
    }
    return "";
}

enum value_type node_type(const struct node *node)
{
    if (node->kind == NODE_LITERAL)
        return node->value ? node->value->type : VALUE_NONE;
    if (node->kind != NODE_CALL)
        return VALUE_NONE;
    if (node->function == FUNCTION_SIZE)
        return VALUE_N;
    if (node->function == FUNCTION_LIST_APPEND)
        return VALUE_L;
    if (node->function == FUNCTION_IF_NOT_EXISTS && node->operand_count == 2)
        return node_type(node->operands->next);
    return VALUE_NONE;
}

/* --- paths and operands --- */

struct node *syntax_path(struct syntax *syntax)
{
    return node_new(syntax, NODE_PATH);
}

void syntax_add_step(struct syntax *syntax, struct node *node, struct path_step step)
{
    struct path *path = &node->path;

    node->levels++;
    if (path->count == PATH_STEPS_MAX)
        return;
    if ((path->count & (path->count - 1)) == 0) /* full at 0, 1, 2, 4, ...: double it */
        path->steps = arena_grow(syntax->arena, path->steps, path->count * sizeof(step),
                                 (path->count ? path->count * 2 : 1) * sizeof(step));
    path->steps[path->count++] = step;
}

void syntax_add_name(struct syntax *syntax, struct node *path, struct span name)
{
    if (reserved_has(name))
        problem_note(&syntax->problems, PROBLEM_RESERVED,
                     "Attribute name is a reserved keyword; reserved keyword: %.*s",
                     SPAN_PRINT(name));
    syntax_add_step(syntax, path, (struct path_step){ .name = name });
}

void syntax_add_alias(struct syntax *syntax, struct node *path, struct span alias)
{
    struct span name = scope_use_name(syntax->scope, alias);

    if (name.data == NULL) {
        problem_note(&syntax->problems, PROBLEM_UNDEFINED,
                     "An expression attribute name used in the document path is not defined; "
                     "attribute name: %.*s",
                     SPAN_PRINT(alias));
        name = alias;
    }
    syntax_add_step(syntax, path, (struct path_step){ .name = name });
}

void syntax_add_index(struct syntax *syntax, struct node *path, struct span digits)
{
    uint64_t index = 0;

    for (size_t i = 0; i < digits.size && i < INDEX_DIGITS_MAX + 1; i++)
        index = index * 10 + (uint64_t)(digits.data[i] - '0');
    if (index > INT32_MAX)
        problem_note(&syntax->problems, PROBLEM_PATH,
                     "List index is not within the allowable range; index: [%.*s]",
                     SPAN_PRINT(digits));
    syntax_add_step(syntax, path, (struct path_step){ .is_index = true, .index = (uint32_t)index });
}

struct node *syntax_path_ends(struct syntax *syntax, struct node *path)
{
    if (path->levels > PATH_STEPS_MAX)
        problem_note(&syntax->problems, PROBLEM_PATH,
                     "The document path has too many nesting elements; nesting levels: %zu",
                     path->levels);
    return path;
}

struct node *syntax_literal(struct syntax *syntax, const struct value *value)
{
    struct node *node = node_new(syntax, NODE_LITERAL);

    node->value = value;
    return node;
}

struct node *syntax_value(struct syntax *syntax, struct span placeholder)
{
    struct node *node = syntax_literal(syntax, scope_use_value(syntax->scope, placeholder));

    if (node->value == NULL)
        problem_note(&syntax->problems,
                     syntax->kind == EXPRESSION_UPDATE ? PROBLEM_UNDEFINED_VALUE
                                                       : PROBLEM_UNDEFINED,
                     "An expression attribute value used in expression is not defined; attribute "
                     "value: %.*s",
                     SPAN_PRINT(placeholder));
    return node;
}

/* A list of operands is kept in a node of its own until its owner takes them. */
struct node *syntax_list(struct syntax *syntax, struct node *first)
{
    return syntax_list_add(node_new(syntax, NODE_CALL), first);
}

struct node *syntax_list_add(struct node *list, struct node *node)
{
    add_operand(list, node);
    return list;
}

struct node *syntax_call(struct syntax *syntax, struct span name, struct node *list)
{
    list->name = name;
    list->function = function_find(name);
    check_call(syntax, list);
    return list;
}

static void note_misuse(struct syntax *syntax, const struct node *call)
{
    problem_note(&syntax->problems, PROBLEM_MISUSE,
                 "The function is not allowed to be used this way in an expression; function: "
                 "%.*s",
                 SPAN_PRINT(call->name));
}

struct node *syntax_call_as_operand(struct syntax *syntax, struct node *call)
{
    if (syntax->kind != EXPRESSION_UPDATE && function_is_test(call->function))
        note_misuse(syntax, call);
    return call;
}

struct node *syntax_call_as_condition(struct syntax *syntax, struct node *call)
{
    if (call->function != FUNCTION_UNKNOWN && !function_is_test(call->function))
        note_misuse(syntax, call);
    return call;
}

struct node *syntax_parentheses(struct syntax *syntax, struct node *inside)
{
    if (inside->is_parenthesised)
        problem_note(&syntax->problems, PROBLEM_PARENTHESES,
                     "The expression has redundant parentheses;");
    inside->is_parenthesised = true;
    return inside;
}

/* --- operators --- */

static struct node *node_of(struct syntax *syntax, enum node_kind kind, struct node *left,
                            struct node *right)
{
    struct node *node = node_new(syntax, kind);

    add_operand(node, left);
    if (right)
        add_operand(node, right);
    return node;
}

struct node *syntax_logic(struct syntax *syntax, enum node_kind kind, struct node *left,
                          struct node *right)
{
    return node_of(syntax, kind, left, right);
}

struct node *syntax_compare(struct syntax *syntax, enum node_kind kind, struct node *left,
                            struct node *right)
{
    struct node *node = node_of(syntax, kind, left, right);

    check_compare(syntax, node);
    return node;
}

struct node *syntax_between(struct syntax *syntax, struct node *operand, struct node *low,
                            struct node *high)
{
    struct node *node = node_of(syntax, NODE_BETWEEN, operand, low);

    add_operand(node, high);
    check_between(syntax, node);
    return node;
}

struct node *syntax_in(struct syntax *syntax, struct node *operand, struct node *list)
{
    struct node *node = node_of(syntax, NODE_IN, operand, NULL);

    operand->next = list->operands;
    node->operand_count += list->operand_count;
    check_in(syntax, node);
    return node;
}

struct node *syntax_sum(struct syntax *syntax, enum node_kind kind, struct node *left,
                        struct node *right)
{
    struct node *node = node_of(syntax, kind, left, right);

    check_sum(syntax, node);
    return node;
}

/* --- projections and updates --- */

void syntax_project(struct syntax *syntax, struct node *path)
{
    for (const struct node *earlier = syntax->paths; earlier; earlier = earlier->next)
        check_paths(syntax, &earlier->path, &path->path);
    if (syntax->paths)
        syntax->last_path->next = path;
    else
        syntax->paths = path;
    syntax->last_path = path;
    syntax->path_count++;
}

void syntax_action(struct syntax *syntax, enum action_kind kind, struct node *target,
                   struct node *value)
{
    struct action *action = NEW(syntax->arena, struct action, 1);

    *action = (struct action){ .kind = kind, .target = target->path, .value = value };
    check_action(syntax, action);
    for (const struct action *earlier = syntax->actions; earlier; earlier = earlier->next)
        check_paths(syntax, &earlier->target, &action->target);
    if (syntax->actions)
        syntax->last_action->next = action;
    else
        syntax->actions = action;
    syntax->last_action = action;
    syntax->path_count++;
}

static const char *section_name(enum action_kind kind)
{
    switch (kind) {
    case ACTION_SET: return "SET";
    case ACTION_REMOVE: return "REMOVE";
    case ACTION_ADD: return "ADD";
    case ACTION_DELETE: return "DELETE";
    case ACTION_KIND_COUNT: break;
    }
    return "";
}

void syntax_section_ends(struct syntax *syntax, enum action_kind kind)
{
    if (syntax->has_section[kind])
        problem_note(&syntax->problems, PROBLEM_SECTION,
                     "The \"%s\" section can only be used once in an update expression;",
                     section_name(kind));
    syntax->has_section[kind] = true;
}
