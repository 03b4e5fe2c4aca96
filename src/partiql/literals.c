/* partiql/literals.c - names, paths and values as a statement writes them. */
#include "partiql/parser.h"

#include "base/arena.h"
#include "item/check.h"

static const struct value null_value = { .type = VALUE_NULL, .is_true = true };

static void note_error(struct parser *parser, struct error *error)
{
    if (error == NULL)
        return;
    parser->is_ended = true;
    if (parser->error == NULL)
        parser->error = error;
}

/* What stands between the quotes, each quote in it written twice. */
static struct span unquote(struct arena *arena, struct span written)
{
    char quote = written.data[0];
    char *text = arena_alloc_raw(arena, written.size);
    size_t size = 0;

    for (size_t i = 1; i + 1 < written.size; i++) {
        text[size++] = written.data[i];
        if (written.data[i] == quote)
            i++;
    }
    return (struct span){ text, size };
}

struct span parser_name(struct parser *parser, struct span written)
{
    return unquote(parser->arena, written);
}

/* --- paths --- */

struct node *parser_path(struct parser *parser, struct span name)
{
    struct node *path = syntax_path(&parser->syntax);

    parser_add_name(parser, path, name);
    return path;
}

void parser_add_name(struct parser *parser, struct node *path, struct span name)
{
    syntax_add_step(&parser->syntax, path, (struct path_step){ .name = name });
}

void parser_add_index(struct parser *parser, struct node *path, struct span written)
{
    for (size_t i = 0; i < written.size; i++) {
        if (written.data[i] >= '0' && written.data[i] <= '9')
            continue;
        note_error(parser, fail(parser->arena, ERR_VALIDATION,
                                "Statement wasn't well formed, can't be processed: Invalid path "
                                "component"));
        return;
    }
    syntax_add_index(&parser->syntax, path, written);
}

/* --- values --- */

static struct node *literal(struct parser *parser, struct value *value)
{
    note_error(parser, value_check(parser->arena, WORDING_OLDER, value));
    return syntax_literal(&parser->syntax, value);
}

struct node *parser_string(struct parser *parser, struct span written)
{
    struct value *value = NEW(parser->arena, struct value, 1);

    *value = (struct value){ .type = VALUE_S, .text = unquote(parser->arena, written) };
    return syntax_literal(&parser->syntax, value);
}

struct node *parser_number(struct parser *parser, struct span written, bool is_negative)
{
    struct value *value = NEW(parser->arena, struct value, 1);

    *value = (struct value){ .type = VALUE_N };
    value->text = is_negative ? arena_print(parser->arena, "-%.*s", SPAN_PRINT(written)) : written;
    return literal(parser, value);
}

struct node *parser_word(struct parser *parser, enum value_type type, bool is_true)
{
    struct value *value = NEW(parser->arena, struct value, 1);

    *value = (struct value){ .type = type, .is_true = is_true };
    return syntax_literal(&parser->syntax, value);
}

/* One too many is told when all have been counted. */
struct node *parser_parameter(struct parser *parser)
{
    size_t position = parser->parameters_used++;

    if (parser->parameters == NULL || position >= parser->parameters->count)
        return syntax_literal(&parser->syntax, &null_value);
    return syntax_literal(&parser->syntax, &parser->parameters->items[position]);
}

static size_t member_count(const struct node *members)
{
    return members ? members->operand_count : 0;
}

static const struct node *first_member(const struct node *members)
{
    return members ? members->operands : NULL;
}

struct node *parser_list(struct parser *parser, struct node *members)
{
    struct value *value = NEW(parser->arena, struct value, 1);

    *value = (struct value){ .type = VALUE_L };
    value->list = NEW(parser->arena, struct value, member_count(members));
    for (const struct node *node = first_member(members); node; node = node->next)
        value->list[value->count++] = *node->value;
    return literal(parser, value);
}

/* VALUE_NONE: there are no sets of that type. */
static enum value_type set_of(enum value_type member)
{
    return member == VALUE_S   ? VALUE_SS
           : member == VALUE_N ? VALUE_NS
           : member == VALUE_B ? VALUE_BS
                               : VALUE_NONE;
}

struct node *parser_set_of(struct parser *parser, struct node *members)
{
    const struct node *first = first_member(members);
    struct value *value = NEW(parser->arena, struct value, 1);

    *value = (struct value){ .type = first ? set_of(first->value->type) : VALUE_SS };
    value->members = NEW(parser->arena, struct span, member_count(members));
    for (const struct node *node = first; node; node = node->next) {
        if (value->type == VALUE_NONE || set_of(node->value->type) != value->type) {
            note_error(parser, fail(parser->arena, ERR_VALIDATION,
                                    "One or more parameter values were invalid: The elements of a "
                                    "set must all be strings, all numbers or all binaries"));
            return syntax_literal(&parser->syntax, &null_value);
        }
        value->members[value->count++] = node->value->text;
    }
    return literal(parser, value);
}

/* Of an attribute named twice the last one counts, as in JSON. */
struct node *parser_map(struct parser *parser, struct node *members)
{
    struct value *value = NEW(parser->arena, struct value, 1);

    *value = (struct value){ .type = VALUE_M };
    value->attributes = NEW(parser->arena, struct attribute, member_count(members) / 2);
    for (const struct node *node = first_member(members); node; node = node->next->next) {
        struct span name = node->value->text;
        uint32_t at = 0;

        while (at < value->count && !span_equal(value->attributes[at].name, name))
            at++;
        value->attributes[at] = (struct attribute){ name, *node->next->value };
        if (at == value->count)
            value->count++;
    }
    return literal(parser, value);
}
