/* template/variables.c - the Serverless Framework's variables: "${source:address, fallback}". */
#include "template/evaluate.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* One variable: the text between its braces and where that stands in its text. */
struct variable {
    size_t open;  /* of "${" */
    size_t close; /* behind "}" */
    struct span inner;
};

/* "${self:a}" and "${file(x.yml):a}" are variables; "${AWS::Region}" and "${Table}" are Fn::Sub's.
 */
static bool is_variable(struct span text, size_t open)
{
    size_t at = open + 2;

    while (at < text.size && (isalnum((unsigned char)text.data[at]) || text.data[at] == '-'))
        at++;
    if (at == open + 2 || at >= text.size)
        return false;
    if (text.data[at] == '(')
        return true;
    return text.data[at] == ':' && !(at + 1 < text.size && text.data[at + 1] == ':');
}

static bool find_variable(struct span text, struct variable *variable)
{
    for (size_t open = 0; open + 2 < text.size; open++) {
        size_t depth = 0;

        if (text.data[open] != '$' || text.data[open + 1] != '{' || !is_variable(text, open))
            continue;
        for (size_t at = open; at < text.size; at++) {
            if (text.data[at] == '{')
                depth++;
            if (text.data[at] != '}' || --depth > 0)
                continue;
            *variable = (struct variable){ open, at + 1, { text.data + open + 2, at - open - 2 } };
            return true;
        }
    }
    return false;
}

bool variables_has(struct span text)
{
    struct variable variable;

    return text.size > 0 && find_variable(text, &variable);
}

static struct span trim(struct span text)
{
    while (text.size > 0 && isspace((unsigned char)text.data[0]))
        text = (struct span){ text.data + 1, text.size - 1 };
    while (text.size > 0 && isspace((unsigned char)text.data[text.size - 1]))
        text.size--;
    return text;
}

/* What one variable is looked for in. */
struct search {
    struct stack *stack;
    const struct trail *trail;
    const struct node *node; /* where the variable stands */
};

static const struct node *found_text(const struct search *search, struct span text, struct span via)
{
    struct node *made = node_of_text(search->stack->reading->arena, search->node->place, text);

    made->via = via;
    made->is_plain = true;
    return made;
}

/* "custom.tables.0.name" from a root; members are evaluated on the way. */
static struct error *walk(const struct search *search, const struct node *root, struct span path,
                          const struct node **value)
{
    const struct node *at = root;

    *value = NULL;
    while (path.size > 0) {
        const char *dot = memchr(path.data, '.', path.size);
        struct span name = { path.data, dot ? (size_t)(dot - path.data) : path.size };
        size_t used = dot ? name.size + 1 : name.size;

        TRY(evaluate(search->stack, search->trail, at, &at));
        if (node_is(at, NODE_LIST) && node_is_number(name) && name.data[0] != '-') {
            size_t index = strtoul(arena_copy(search->stack->reading->arena, name).data, NULL, 10);

            at = index < at->count ? &at->values[index] : NULL;
        } else {
            at = node_find(at, name);
        }
        if (!at)
            return NULL;
        path = (struct span){ path.data + used, path.size - used };
    }
    TRY(evaluate(search->stack, search->trail, at, value));
    if (node_is(*value, NODE_TEXT) && (*value)->via.size == 0)
        *value = found_text(search, (*value)->text,
                            place_line(search->stack->reading->arena, (*value)->place));
    return NULL;
}

static struct error *find_self(const struct search *search, struct span address,
                               const struct node **value)
{
    return walk(search, search->stack->root, address, value);
}

static struct error *find_env(const struct search *search, struct span address,
                              const struct node **value)
{
    struct arena *arena = search->stack->reading->arena;
    const char *text = getenv(arena_copy(arena, address).data);

    *value =
        text && !search->stack->reading->settings->is_alone && json_holds(arena, span_from(text))
            ? found_text(search, span_from(text),
                         arena_print(arena, "environment %.*s", SPAN_PRINT(address)))
            : NULL;
    return NULL;
}

/* The stage: --parameter opt:stage, then the provider's, then dev. */
static struct error *find_stage(const struct search *search, const struct node **value)
{
    const struct given *given = reading_given(search->stack->reading, SPAN("opt:stage"));

    if (given) {
        *value = found_text(search, given->value, given->source);
        return NULL;
    }
    TRY(walk(search, search->stack->root, SPAN("provider.stage"), value));
    if (!*value)
        *value = found_text(search, SPAN("dev"), SPAN("the default stage"));
    return NULL;
}

static struct error *find_sls(const struct search *search, struct span address,
                              const struct node **value)
{
    *value = NULL;
    return span_is(address, "stage") ? find_stage(search, value) : NULL;
}

/* params of the stage, then those of all stages. */
static struct error *find_param(const struct search *search, struct span address,
                                const struct node **value)
{
    struct arena *arena = search->stack->reading->arena;
    const struct node *stage;

    TRY(find_stage(search, &stage));
    TRY(walk(
        search, search->stack->root,
        arena_print(arena, "params.%.*s.%.*s", SPAN_PRINT(node_text(stage)), SPAN_PRINT(address)),
        value));
    if (*value)
        return NULL;
    return walk(search, search->stack->root,
                arena_print(arena, "params.default.%.*s", SPAN_PRINT(address)), value);
}

static struct error *find_opt(const struct search *search, struct span address,
                              const struct node **value)
{
    (void)search;
    (void)address;
    *value = NULL; /* what is not given is not there */
    return NULL;
}

static struct error *find_aws(const struct search *search, struct span address,
                              const struct node **value)
{
    struct call call = { .stack = search->stack, .node = search->node, .name = SPAN("aws") };
    bool is_region = span_is(address, "region");

    *value = NULL;
    call.trail = *search->trail;
    if (is_region)
        TRY(walk(search, search->stack->root, SPAN("provider.region"), value));
    if (*value || (!is_region && !span_is(address, "accountId")))
        return NULL;
    return reference_find(&call, is_region ? SPAN("AWS::Region") : SPAN("AWS::AccountId"), value);
}

/* "file(path):key.key": only what is data can be read. */
static struct error *find_file(const struct search *search, struct span source,
                               const struct node **value)
{
    struct arena *arena = search->stack->reading->arena;
    const char *close = memrchr(source.data, ')', source.size);
    struct span path = { source.data + 5, 0 };
    struct span address = { 0 };
    const struct node *root;

    *value = NULL;
    if (!close || close < path.data)
        return NULL;
    path.size = (size_t)(close - path.data);
    path = trim(path);
    address = (struct span){ close + 1, source.size - (size_t)(close - source.data) - 1 };
    if (address.size > 0 && address.data[0] == ':')
        address = (struct span){ address.data + 1, address.size - 1 };
    if (path.size > 3 && memcmp(path.data + path.size - 3, ".js", 3) == 0)
        return NULL;
    path = file_beside(arena, search->stack->file, path);
    if (!search->stack->reading->settings->is_alone && !file_exists(arena, path))
        return NULL; /* the fallback is for that */
    TRY(reading_document(search->stack->reading, path, &root));
    return walk(search, root, address, value);
}

static const struct source {
    const char *name;
    struct error *(*find)(const struct search *search, struct span address,
                          const struct node **value);
} sources[] = {
    { "aws:", find_aws },     { "env:", find_env },   { "opt:", find_opt },
    { "param:", find_param }, { "self:", find_self }, { "sls:", find_sls },
};

/* One candidate: a source with its address, or a literal. */
static struct error *find_one(const struct search *search, struct span text,
                              const struct node **value)
{
    const struct given *given = reading_given(search->stack->reading, text);

    *value = NULL;
    if (given) {
        *value = found_text(search, given->value, given->source);
        return NULL;
    }
    if (text.size >= 2 && (text.data[0] == '\'' || text.data[0] == '"')) {
        struct node *literal = node_copy(
            search->stack->reading->arena,
            found_text(search, (struct span){ text.data + 1, text.size - 2 }, (struct span){ 0 }));

        literal->is_plain = false;
        *value = literal;
        return NULL;
    }
    if (span_starts_with(text, SPAN("file(")))
        return find_file(search, text, value);
    for (size_t i = 0; i < COUNT(sources); i++) {
        struct span name = span_from(sources[i].name);

        if (span_starts_with(text, name))
            return sources[i].find(
                search, (struct span){ text.data + name.size, text.size - name.size }, value);
    }
    if (node_is_number(text) || span_is(text, "true") || span_is(text, "false"))
        *value = found_text(search, text, (struct span){ 0 });
    return NULL;
}

/* The end of the first of the candidates that commas part, outside of quotes and brackets. */
static size_t candidate_end(struct span text)
{
    size_t depth = 0;
    char quote = '\0';

    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '(' || c == '{')
            depth++;
        else if ((c == ')' || c == '}') && depth > 0)
            depth--;
        else if (c == ',' && depth == 0)
            return i;
    }
    return text.size;
}

static struct error *find(const struct search *search, struct span inner, const struct node **value)
{
    struct span rest = inner;

    *value = NULL;
    for (;;) {
        size_t end = candidate_end(rest);
        struct span candidate = trim((struct span){ rest.data, end });

        if (span_starts_with(candidate, SPAN("${"))) { /* a fallback that is a variable */
            candidate = (struct span){ candidate.data + 2, candidate.size - 2 };
            if (candidate.size > 0 && candidate.data[candidate.size - 1] == '}')
                candidate.size--;
        }
        if (variables_has(candidate)) {
            const struct node *address;
            const struct node *made =
                node_of_text(search->stack->reading->arena, search->node->place, candidate);

            TRY(evaluate_text(search->stack, search->trail, made, &address));
            candidate = address->text;
        }
        TRY(find_one(search, candidate, value));
        if (*value)
            return NULL;
        if (end == rest.size)
            break;
        rest = (struct span){ rest.data + end + 1, rest.size - end - 1 };
    }
    return reading_ask(
        search->stack->reading, search->node->place,
        arena_print(search->stack->reading->arena, "${%.*s} has no value", SPAN_PRINT(inner)),
        trim((struct span){ inner.data, candidate_end(inner) }));
}

struct error *variables_expand(struct stack *stack, const struct trail *trail,
                               const struct node *text, const struct node **value)
{
    struct arena *arena = stack->reading->arena;
    struct search search = { stack, trail, text };
    struct variable variable;
    struct node *made;
    const struct node *found;

    if (!find_variable(text->text, &variable)) {
        *value = text;
        return NULL;
    }
    TRY(find(&search, variable.inner, &found));
    if (variable.open == 0 && variable.close == text->text.size)
        return evaluate(stack, trail, found, value);
    if (!node_is(found, NODE_TEXT))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: ${%.*s} is no text and stands inside of one: name a text",
                    SPAN_PRINT(place_print(arena, text->place)), SPAN_PRINT(variable.inner));
    made =
        node_of_text(arena, text->place,
                     arena_print(arena, "%.*s%.*s%.*s", (int)variable.open, text->text.data,
                                 SPAN_PRINT(found->text), (int)(text->text.size - variable.close),
                                 text->text.data + variable.close));
    made->via = via_join(arena, text->via, found->via);
    TRY(evaluate_charge(stack, made));
    return evaluate(stack, trail, made, value);
}
