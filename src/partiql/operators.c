/* partiql/operators.c - functions and operators of PartiQL in terms of those of expressions. */
#include "partiql/parser.h"

#include "base/arena.h"
#include "expr/check.h"

static struct span lower_case(struct arena *arena, struct span name)
{
    struct span copy = arena_copy(arena, name);
    char *text = arena_alloc_raw(arena, copy.size + 1);

    for (size_t i = 0; i < copy.size; i++)
        text[i] =
            (char)(copy.data[i] >= 'A' && copy.data[i] <= 'Z' ? copy.data[i] + 32 : copy.data[i]);
    return (struct span){ text, copy.size };
}

/* Functions that only expressions have. */
static bool is_foreign(struct span name)
{
    return span_is(name, "attribute_exists") || span_is(name, "attribute_not_exists") ||
           span_is(name, "if_not_exists");
}

bool parser_is_set_call(const struct node *node)
{
    return node->kind == NODE_CALL && node->function == FUNCTION_UNKNOWN &&
           (span_is(node->name, "set_add") || span_is(node->name, "set_delete"));
}

static void note_misuse(struct parser *parser, const struct node *call)
{
    problem_note(&parser->syntax.problems, PROBLEM_MISUSE,
                 "The function is not allowed to be used this way in an expression; function: %.*s",
                 SPAN_PRINT(call->name));
}

static void check_set_call(struct parser *parser, const struct node *call)
{
    if (parser->syntax.kind != EXPRESSION_UPDATE)
        problem_note(&parser->syntax.problems, PROBLEM_FUNCTION,
                     "The function is not allowed in a condition expression; function: %.*s",
                     SPAN_PRINT(call->name));
    else if (call->operand_count != 2)
        problem_note(&parser->syntax.problems, PROBLEM_OPERAND_COUNT,
                     "Incorrect number of operands for operator or function; operator or function: "
                     "%.*s, number of operands: %zu",
                     SPAN_PRINT(call->name), call->operand_count);
}

struct node *parser_call(struct parser *parser, struct span name, struct node *operands)
{
    struct node *call = operands;

    call->name = lower_case(parser->arena, name);
    for (const struct node *node = call->operands; node; node = node->next) {
        if (parser_is_set_call(node))
            note_misuse(parser, node);
    }
    if (parser_is_set_call(call)) {
        check_set_call(parser, call);
        return call;
    }
    if (!is_foreign(call->name))
        call->function = function_find(call->name);
    check_call(&parser->syntax, call);
    return call;
}

struct node *parser_call_as_operand(struct parser *parser, struct node *call)
{
    if (parser_is_set_call(call))
        return call;
    return syntax_call_as_operand(&parser->syntax, call);
}

struct node *parser_sum(struct parser *parser, enum node_kind kind, struct node *left,
                        struct node *right)
{
    if (parser_is_set_call(left))
        note_misuse(parser, left);
    if (parser_is_set_call(right))
        note_misuse(parser, right);
    return syntax_sum(&parser->syntax, kind, left, right);
}

struct node *parser_not(struct parser *parser, struct node *condition)
{
    return syntax_logic(&parser->syntax, NODE_NOT, condition, NULL);
}

struct node *parser_in(struct parser *parser, struct node *sought, struct node *operands)
{
    return syntax_in(&parser->syntax, sought, operands);
}

static struct node *literals_of(struct parser *parser, const struct value *collection)
{
    enum value_type type = collection->type == VALUE_SS   ? VALUE_S
                           : collection->type == VALUE_NS ? VALUE_N
                                                          : VALUE_B;
    struct node *list = NULL;

    for (uint32_t i = 0; i < collection->count; i++) {
        const struct value *value = &collection->list[i];
        struct node *node;

        if (collection->type != VALUE_L) {
            struct value *member = NEW(parser->arena, struct value, 1);

            *member = (struct value){ .type = type, .text = collection->members[i] };
            value = member;
        }
        node = syntax_literal(&parser->syntax, value);
        list = list ? syntax_list_add(list, node) : syntax_list(&parser->syntax, node);
    }
    return list;
}

struct node *parser_in_literal(struct parser *parser, struct node *sought, struct node *collection)
{
    const struct value *value = collection->value;
    bool has_members = value->type == VALUE_L || value->type == VALUE_SS ||
                       value->type == VALUE_NS || value->type == VALUE_BS;
    struct node *list = has_members ? literals_of(parser, value) : NULL;

    if (!has_members)
        problem_note(&parser->syntax.problems, PROBLEM_OPERAND_TYPE,
                     "Incorrect operand type for operator or function; operator or function: IN, "
                     "operand type: %s",
                     value_type_name(value->type));
    else if (list == NULL)
        problem_note(&parser->syntax.problems, PROBLEM_OPERAND_COUNT,
                     "Incorrect number of operands for operator or function; operator or function: "
                     "IN, number of operands: 0");
    if (list == NULL)
        list = syntax_list(&parser->syntax, collection);
    return syntax_in(&parser->syntax, sought, list);
}

static struct node *call_of(struct parser *parser, enum function function, struct node *operand,
                            struct node *second)
{
    struct node *call = syntax_list(&parser->syntax, operand);

    if (second)
        syntax_list_add(call, second);
    call->function = function;
    check_call(&parser->syntax, call);
    return call;
}

struct node *parser_is_missing(struct parser *parser, struct node *operand)
{
    return call_of(parser, FUNCTION_ATTRIBUTE_NOT_EXISTS, operand, NULL);
}

struct node *parser_is_null(struct parser *parser, struct node *operand)
{
    static const struct value name = { .type = VALUE_S, .text = { "NULL", 4 } };

    return call_of(parser, FUNCTION_ATTRIBUTE_TYPE, operand,
                   syntax_literal(&parser->syntax, &name));
}
