/* expr/check.c - the static checks of functions, operators and paths. */
#include "expr/check.h"

#include "base/arena.h"
#include "base/buffer.h"

static const struct function_row {
    const char *name;
    size_t operand_count;
    bool is_test;
    bool is_for_update;
} functions[] = {
    [FUNCTION_UNKNOWN] = { "", 0, false, false },
    [FUNCTION_ATTRIBUTE_EXISTS] = { "attribute_exists", 1, true, false },
    [FUNCTION_ATTRIBUTE_NOT_EXISTS] = { "attribute_not_exists", 1, true, false },
    [FUNCTION_ATTRIBUTE_TYPE] = { "attribute_type", 2, true, false },
    [FUNCTION_BEGINS_WITH] = { "begins_with", 2, true, false },
    [FUNCTION_CONTAINS] = { "contains", 2, true, false },
    [FUNCTION_SIZE] = { "size", 1, false, false },
    [FUNCTION_IF_NOT_EXISTS] = { "if_not_exists", 2, false, true },
    [FUNCTION_LIST_APPEND] = { "list_append", 2, false, true },
};

enum function function_find(struct span name)
{
    for (size_t i = FUNCTION_UNKNOWN + 1; i < COUNT(functions); i++) {
        if (span_is(name, functions[i].name))
            return (enum function)i;
    }
    return FUNCTION_UNKNOWN;
}

bool function_is_test(enum function function)
{
    return functions[function].is_test;
}

bool function_is_for_update(enum function function)
{
    return functions[function].is_for_update;
}

/* --- types --- */

/* A set of value types, as bits. */
#define TYPE(name) (1u << VALUE_##name)
#define TYPES_ORDERED (TYPE(S) | TYPE(N) | TYPE(B))

static bool is_among(enum value_type type, unsigned types)
{
    return type == VALUE_NONE || (types >> type & 1) != 0;
}

static void note_type(struct syntax *syntax, enum problem problem, const char *name,
                      const char *type)
{
    problem_note(&syntax->problems, problem,
                 "Incorrect operand type for operator or function; operator or function: %s, "
                 "operand type: %s",
                 name, type);
}

/* Every operand whose type is known must be among types. */
static void check_types(struct syntax *syntax, enum problem problem, const char *name,
                        const struct node *operands, unsigned types)
{
    for (const struct node *node = operands; node; node = node->next) {
        enum value_type type = node_type(node);

        if (!is_among(type, types))
            note_type(syntax, problem, name, value_type_name(type));
    }
}

/* The first operand may not be a path that is among the others again. */
static void check_distinct(struct syntax *syntax, const char *name, const struct node *operands)
{
    if (operands->kind != NODE_PATH || problem_is_noted(&syntax->problems, PROBLEM_DISTINCT))
        return;
    for (const struct node *node = operands->next; node; node = node->next) {
        if (node->kind == NODE_PATH && path_equal(&operands->path, &node->path)) {
            struct span path = path_print(syntax->arena, &operands->path);

            problem_note(&syntax->problems, PROBLEM_DISTINCT,
                         "The first operand must be distinct from the remaining operands for this "
                         "operator or function; operator: %s, first operand: %.*s",
                         name, SPAN_PRINT(path));
            return;
        }
    }
}

/* --- functions --- */

static void check_is_path(struct syntax *syntax, const char *name, const struct node *operand)
{
    if (operand->kind != NODE_PATH)
        problem_note(&syntax->problems, PROBLEM_OPERAND_TYPE,
                     "Operator or function requires a document path; operator or function: %s",
                     name);
}

static void check_attribute_type(struct syntax *syntax, const struct node *wanted)
{
    const char *name = functions[FUNCTION_ATTRIBUTE_TYPE].name;
    enum value_type type = node_type(wanted);

    if (wanted->kind == NODE_LITERAL && wanted->value == NULL)
        return;
    if (type == VALUE_NONE)
        note_type(syntax, PROBLEM_OPERAND_TYPE, name, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
    else if (type != VALUE_S)
        note_type(syntax, PROBLEM_OPERAND_TYPE, name, value_type_name(type));
    else if (value_type_find(wanted->value->text) == VALUE_NONE)
        problem_note(&syntax->problems, PROBLEM_OPERAND_TYPE,
                     "Invalid attribute type name found; type: %.*s, valid types: "
                     "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
                     SPAN_PRINT(wanted->value->text));
}

static void check_operands(struct syntax *syntax, const struct node *call)
{
    const char *name = functions[call->function].name;
    struct node *first = call->operands;

    switch (call->function) {
    case FUNCTION_UNKNOWN: break;
    case FUNCTION_ATTRIBUTE_EXISTS:
    case FUNCTION_ATTRIBUTE_NOT_EXISTS: check_is_path(syntax, name, first); break;
    case FUNCTION_ATTRIBUTE_TYPE: check_attribute_type(syntax, first->next); break;
    case FUNCTION_BEGINS_WITH:
        check_types(syntax, PROBLEM_OPERAND_TYPE, name, first, TYPE(S) | TYPE(B));
        break;
    case FUNCTION_CONTAINS:
        if (!is_among(node_type(first),
                      TYPE(S) | TYPE(B) | TYPE(SS) | TYPE(NS) | TYPE(BS) | TYPE(L)))
            note_type(syntax, PROBLEM_OPERAND_TYPE, name, value_type_name(node_type(first)));
        break;
    case FUNCTION_SIZE:
        check_types(syntax, PROBLEM_OPERAND_TYPE, name, first,
                    ~(TYPE(N) | TYPE(BOOL) | TYPE(NULL)));
        break;
    case FUNCTION_IF_NOT_EXISTS: check_is_path(syntax, name, first); break;
    case FUNCTION_LIST_APPEND:
        check_types(syntax, PROBLEM_OPERAND_TYPE, name, first, TYPE(L));
        break;
    }
}

void check_call(struct syntax *syntax, const struct node *call)
{
    const struct function_row *row = &functions[call->function];
    bool is_update = syntax->kind == EXPRESSION_UPDATE;

    if (call->function == FUNCTION_UNKNOWN) {
        problem_note(&syntax->problems, PROBLEM_FUNCTION, "Invalid function name; function: %.*s",
                     SPAN_PRINT(call->name));
        return;
    }
    if (row->is_for_update != is_update) {
        problem_note(&syntax->problems, PROBLEM_FUNCTION,
                     "The function is not allowed in %s expression; function: %s",
                     is_update ? "an update" : "a condition", row->name);
        return;
    }
    if (call->operand_count != row->operand_count) {
        problem_note(&syntax->problems, PROBLEM_OPERAND_COUNT,
                     "Incorrect number of operands for operator or function; operator or function: "
                     "%s, number of operands: %zu",
                     row->name, call->operand_count);
        return;
    }
    if (!is_update)
        check_distinct(syntax, row->name, call->operands);
    check_operands(syntax, call);
}

/* --- operators --- */

void check_compare(struct syntax *syntax, const struct node *comparison)
{
    const char *name = node_operator(comparison->kind);

    check_distinct(syntax, name, comparison->operands);
    if (comparison->kind != NODE_EQ && comparison->kind != NODE_NE)
        check_types(syntax, PROBLEM_OPERAND_TYPE, name, comparison->operands, TYPES_ORDERED);
}

/* "{S:abc}", as errors of the service show a scalar. */
static struct span print_scalar(struct arena *arena, const struct value *value)
{
    struct buffer text;
    struct span printed;

    if (value->type != VALUE_B)
        return arena_print(arena, "{%s:%.*s}", value_type_name(value->type),
                           SPAN_PRINT(value->text));
    buffer_init(&text);
    buffer_append_base64(&text, value->text);
    printed = arena_print(arena, "{B:%.*s}", SPAN_PRINT(buffer_span(&text)));
    buffer_fini(&text);
    return printed;
}

static void note_bounds(struct syntax *syntax, const char *rule, const struct value *low,
                        const struct value *high)
{
    struct span low_text;
    struct span high_text;

    if (problem_is_noted(&syntax->problems, PROBLEM_OPERAND_TYPE))
        return;
    low_text = print_scalar(syntax->arena, low);
    high_text = print_scalar(syntax->arena, high);
    problem_note(&syntax->problems, PROBLEM_OPERAND_TYPE,
                 "The BETWEEN operator requires %s; lower bound operand: AttributeValue: %.*s, "
                 "upper bound operand: AttributeValue: %.*s",
                 rule, SPAN_PRINT(low_text), SPAN_PRINT(high_text));
}

void check_between(struct syntax *syntax, const struct node *between)
{
    const struct node *operands = between->operands;
    const struct value *low = operands->next->value;
    const struct value *high = operands->next->next->value;
    bool is_ordered;
    int order;

    check_distinct(syntax, node_operator(NODE_BETWEEN), operands);
    check_types(syntax, PROBLEM_OPERAND_TYPE, node_operator(NODE_BETWEEN), operands, TYPES_ORDERED);
    if (low == NULL || high == NULL || !is_among(low->type, TYPES_ORDERED) ||
        !is_among(high->type, TYPES_ORDERED))
        return;
    order = value_compare(low, high, &is_ordered);
    if (!is_ordered)
        note_bounds(syntax, "same data type for lower and upper bounds", low, high);
    else if (order > 0)
        note_bounds(syntax, "upper bound to be greater than or equal to lower bound", low, high);
}

void check_in(struct syntax *syntax, const struct node *in)
{
    size_t count = in->operand_count - 1; /* without the one sought */

    if (count > IN_OPERANDS_MAX)
        problem_note(&syntax->problems, PROBLEM_OPERAND_COUNT,
                     "The IN operator is provided with too many operands; number of operands: %zu",
                     count);
    check_distinct(syntax, node_operator(NODE_IN), in->operands);
}

void check_sum(struct syntax *syntax, const struct node *sum)
{
    check_types(syntax, PROBLEM_OPERATOR_TYPE, node_operator(sum->kind), sum->operands, TYPE(N));
}

/* ADD and DELETE spell types their own way. */
static const char *long_type_name(enum value_type type)
{
    switch (type) {
    case VALUE_S: return "STRING";
    case VALUE_N: return "NUMBER";
    case VALUE_B: return "BINARY";
    case VALUE_M: return "MAP";
    case VALUE_L: return "LIST";
    case VALUE_NULL: return "NULL";
    case VALUE_BOOL: return "BOOLEAN";
    case VALUE_SS: return "STRING_SET";
    case VALUE_NS: return "NUMBER_SET";
    case VALUE_BS: return "BINARY_SET";
    case VALUE_NONE:
    case VALUE_MANY:
    case VALUE_TOO_DEEP: break;
    }
    return "";
}

void check_action(struct syntax *syntax, const struct action *action)
{
    unsigned types = TYPE(SS) | TYPE(NS) | TYPE(BS);
    enum value_type type;

    if (action->kind != ACTION_ADD && action->kind != ACTION_DELETE)
        return;
    if (action->kind == ACTION_ADD)
        types |= TYPE(N);
    type = node_type(action->value);
    if (!is_among(type, types))
        problem_note(&syntax->problems, PROBLEM_OPERATOR_TYPE,
                     "Incorrect operand type for operator or function; operator: %s, operand type: "
                     "%s",
                     action->kind == ACTION_ADD ? "ADD" : "DELETE", long_type_name(type));
}

void check_paths(struct syntax *syntax, const struct path *earlier, const struct path *later)
{
    enum path_relation relation = path_compare(earlier, later);
    bool overlaps = relation == PATHS_OVERLAP;
    enum problem problem = overlaps ? PROBLEM_OVERLAP : PROBLEM_CONFLICT;
    struct span one;
    struct span two;

    if (relation == PATHS_APART || problem_is_noted(&syntax->problems, problem))
        return;
    one = path_print(syntax->arena, earlier);
    two = path_print(syntax->arena, later);
    problem_note(&syntax->problems, problem,
                 "Two document paths %s with each other; must remove or rewrite one of these "
                 "paths; path one: %.*s, path two: %.*s",
                 overlaps ? "overlap" : "conflict", SPAN_PRINT(one), SPAN_PRINT(two));
}
