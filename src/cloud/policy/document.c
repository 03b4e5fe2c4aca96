/* cloud/policy/document.c - from JSON to statements, refusing what could never have been meant. */
#include "cloud/policy/document.h"

#include "base/arena.h"
#include "cloud/policy/vocabulary.h"
#include "cloud/policy/element.h"

enum { STATEMENTS_MAX = 1000 };

struct parsing {
    struct arena *arena;
    struct element_reader reader;
    enum policy_kind kind;
    bool has_variables; /* of this version */
};

/* Always false. */
static bool wrong(struct parsing *parsing, const yyjson_val *at, const char *what)
{
    return element_wrong(&parsing->reader, at, "%s", what);
}

static bool wrong_name(struct parsing *parsing, const yyjson_val *at, const char *what,
                       struct span name, struct span advice)
{
    return element_wrong(&parsing->reader, at, "%s%s%.*s%.*s", what, what[0] ? " " : "",
                         SPAN_PRINT(name), SPAN_PRINT(advice));
}

/* A text, or a list of texts; at names it where there is none. */
static bool read_texts(struct parsing *parsing, const struct element *element,
                       struct string_list *texts, yyjson_val ***values)
{
    bool is_list = yyjson_is_arr(element->value);
    size_t count = is_list ? yyjson_arr_size(element->value) : 1;

    texts->count = 0;
    texts->items = NEW(parsing->arena, struct span, count);
    *values = NEW(parsing->arena, yyjson_val *, count);
    if (count == 0)
        return wrong_name(parsing, element->key, "", element->name, SPAN(" is an empty list"));
    for (size_t i = 0; i < count; i++) {
        yyjson_val *value = is_list ? yyjson_arr_get(element->value, i) : element->value;
        struct span text = json_text(value);

        if (text.data == NULL)
            return wrong_name(parsing, element->key, "", element->name,
                              SPAN(" is neither a text nor a list of texts"));
        (*values)[texts->count] = value;
        texts->items[texts->count++] = text;
    }
    return true;
}

static bool read_actions(struct parsing *parsing, const struct element *element,
                         struct policy_patterns *actions)
{
    struct string_list texts;
    yyjson_val **values;

    if (!read_texts(parsing, element, &texts, &values))
        return false;
    actions->items = NEW(parsing->arena, struct pattern, texts.count);
    for (size_t i = 0; i < texts.count; i++) {
        const char *problem = vocabulary_check_action(parsing->arena, texts.items[i]);

        if (problem == NULL)
            problem = pattern_parse(parsing->arena, texts.items[i], PATTERN_WILDCARDS,
                                    &actions->items[actions->count++]);
        if (problem)
            return wrong(parsing, values[i], problem);
    }
    return true;
}

static unsigned variables_of(const struct parsing *parsing)
{
    return parsing->has_variables ? PATTERN_VARIABLES : 0;
}

/* The keys that a pattern's variables name. */
static const char *check_variables(struct parsing *parsing, const struct pattern *pattern,
                                   const struct policy_patterns *actions)
{
    for (size_t i = 0; i < pattern->count; i++) {
        const char *problem;

        if (pattern->parts[i].kind != PART_VARIABLE)
            continue;
        problem = vocabulary_check_condition_key(parsing->arena, pattern->parts[i].text, actions);
        if (problem)
            return problem;
    }
    return NULL;
}

static bool read_resources(struct parsing *parsing, const struct element *element,
                           struct policy_statement *statement)
{
    struct policy_patterns *resources = &statement->resources;
    struct string_list texts;
    yyjson_val **values;

    if (!read_texts(parsing, element, &texts, &values))
        return false;
    resources->items = NEW(parsing->arena, struct pattern, texts.count);
    for (size_t i = 0; i < texts.count; i++) {
        struct pattern *pattern = &resources->items[resources->count++];
        const char *problem = vocabulary_check_resource(parsing->arena, texts.items[i]);

        if (problem == NULL)
            problem =
                pattern_parse(parsing->arena, texts.items[i],
                              PATTERN_WILDCARDS | PATTERN_ARN | variables_of(parsing), pattern);
        if (problem == NULL)
            problem = check_variables(parsing, pattern, &statement->actions);
        if (problem)
            return wrong(parsing, values[i], problem);
    }
    return true;
}

static bool find_principal_kind(struct span name, enum principal_kind *kind)
{
    static const char *const names[] = { "AWS", "Service", "Federated", "CanonicalUser" };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (span_is(name, names[i])) {
            *kind = (enum principal_kind)i;
            return true;
        }
    }
    return false;
}

static bool add_principals(struct parsing *parsing, const struct element *element,
                           enum principal_kind kind, struct policy_statement *statement)
{
    struct string_list texts;
    yyjson_val **values;
    size_t count = statement->principal_count;

    if (!read_texts(parsing, element, &texts, &values))
        return false;
    statement->principals =
        arena_grow(parsing->arena, statement->principals, count * sizeof(*statement->principals),
                   (count + texts.count) * sizeof(*statement->principals));
    for (size_t i = 0; i < texts.count; i++) {
        const char *problem = kind == PRINCIPAL_AWS
                                  ? vocabulary_check_principal(parsing->arena, texts.items[i])
                                  : NULL;

        if (problem)
            return wrong(parsing, values[i], problem);
        statement->principals[statement->principal_count++] =
            (struct policy_principal_name){ kind, texts.items[i] };
    }
    return true;
}

static bool read_principals(struct parsing *parsing, const struct element *element,
                            struct policy_statement *statement)
{
    yyjson_obj_iter iterator;

    if (yyjson_equals_str(element->value, "*"))
        return add_principals(parsing, element, PRINCIPAL_AWS, statement);
    if (!yyjson_is_obj(element->value) || yyjson_obj_size(element->value) == 0)
        return wrong(parsing, element->key,
                     "a principal is \"*\" or an object: write {\"AWS\": \"ARN\"}");
    iterator = yyjson_obj_iter_with(element->value);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&iterator)) != NULL;) {
        struct element inner = { json_text(key), key, yyjson_obj_iter_get_val(key) };
        enum principal_kind kind;

        if (!find_principal_kind(inner.name, &kind))
            return wrong_name(parsing, key, "unknown kind of principal", inner.name,
                              SPAN(": there are AWS, Service, Federated and CanonicalUser"));
        if (!add_principals(parsing, &inner, kind, statement))
            return false;
    }
    return true;
}

/* Booleans and numbers may be written without quotes. */
static struct span text_of(yyjson_val *value)
{
    if (yyjson_is_bool(value))
        return yyjson_get_bool(value) ? SPAN("true") : SPAN("false");
    if (yyjson_is_raw(value))
        return (struct span){ yyjson_get_raw(value), yyjson_get_len(value) };
    return json_text(value);
}

static bool read_value(struct parsing *parsing, const yyjson_val *key, yyjson_val *value,
                       const struct policy_statement *statement, struct policy_condition *condition)
{
    const struct policy_operator *operator= & condition->operator;
    struct pattern *pattern = &condition->values[condition->count++];
    struct span text = text_of(value);
    unsigned flags = variables_of(parsing) | (operator->has_wildcards ? PATTERN_WILDCARDS : 0);
    const char *problem;
    struct glob glob;

    if (text.data == NULL)
        return wrong(parsing, key, "the values of a condition are texts, or lists of texts");
    problem = pattern_parse(parsing->arena, text, flags, pattern);
    if (problem == NULL)
        problem = check_variables(parsing, pattern, &statement->actions);
    if (problem)
        return wrong(parsing, yyjson_is_bool(value) ? key : value, problem);
    if (pattern_expand(parsing->arena, pattern, NULL, &glob) != EXPANSION_DONE)
        return true; /* depends on the request */
    problem = operator_check_value(operator, text);
    if (problem == NULL)
        return true;
    return wrong_name(parsing, yyjson_is_bool(value) ? key : value, "the value", text,
                      arena_print(parsing->arena, " %s", problem));
}

static bool read_test(struct parsing *parsing, yyjson_val *key, yyjson_val *values,
                      const struct policy_statement *statement, struct policy_condition *condition)
{
    bool is_list = yyjson_is_arr(values);
    size_t count = is_list ? yyjson_arr_size(values) : 1;
    const char *problem =
        vocabulary_check_condition_key(parsing->arena, json_text(key), &statement->actions);

    if (problem)
        return wrong(parsing, key, problem);
    condition->key = json_text(key);
    condition->values = NEW(parsing->arena, struct pattern, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_value(parsing, key, is_list ? yyjson_arr_get(values, i) : values, statement,
                        condition))
            return false;
    }
    return true;
}

static bool read_conditions(struct parsing *parsing, const struct element *element,
                            struct policy_statement *statement)
{
    yyjson_obj_iter operators;
    size_t count = 0;

    if (!yyjson_is_obj(element->value))
        return wrong(parsing, element->key,
                     "Condition is no object: write {\"StringEquals\": {\"KEY\": \"VALUE\"}}");
    operators = yyjson_obj_iter_with(element->value);
    for (yyjson_val *name; (name = yyjson_obj_iter_next(&operators)) != NULL;)
        count += yyjson_obj_size(yyjson_obj_iter_get_val(name));
    statement->conditions = NEW(parsing->arena, struct policy_condition, count);
    operators = yyjson_obj_iter_with(element->value);
    for (yyjson_val *name; (name = yyjson_obj_iter_next(&operators)) != NULL;) {
        yyjson_val *tests = yyjson_obj_iter_get_val(name);
        yyjson_obj_iter keys;
        struct policy_operator operator;
        struct span advice;

        if (!operator_find(parsing->arena, json_text(name), &operator, & advice))
            return wrong_name(parsing, name, "unknown condition operator", json_text(name), advice);
        if (!yyjson_is_obj(tests) || yyjson_obj_size(tests) == 0)
            return wrong_name(parsing, name, "no condition keys in", json_text(name),
                              SPAN(": write {\"KEY\": \"VALUE\"}"));
        keys = yyjson_obj_iter_with(tests);
        for (yyjson_val *key; (key = yyjson_obj_iter_next(&keys)) != NULL;) {
            struct policy_condition *condition =
                &statement->conditions[statement->condition_count++];

            condition->operator= operator;
            if (!read_test(parsing, key, yyjson_obj_iter_get_val(key), statement, condition))
                return false;
        }
    }
    return true;
}

enum {
    SID,
    EFFECT,
    ACTION,
    NOT_ACTION,
    RESOURCE,
    NOT_RESOURCE,
    PRINCIPAL,
    NOT_PRINCIPAL,
    CONDITION,
    ELEMENTS
};

/* The one of two elements that is there; NULL and a problem where both are, or a needed one is not.
 */
static bool choose(struct parsing *parsing, yyjson_val *json, const struct element *pair,
                   bool is_needed, const struct element **chosen)
{
    *chosen = pair[0].key ? &pair[0] : (pair[1].key ? &pair[1] : NULL);
    if (pair[0].key && pair[1].key)
        return wrong_name(
            parsing, pair[1].key, "both", pair[0].name,
            arena_print(parsing->arena, " and %.*s: keep one of them", SPAN_PRINT(pair[1].name)));
    if (*chosen == NULL && is_needed)
        return wrong_name(parsing, json, "the statement needs", pair[0].name,
                          arena_print(parsing->arena, " or %.*s", SPAN_PRINT(pair[1].name)));
    return true;
}

static bool read_scope(struct parsing *parsing, yyjson_val *json, const struct element *elements,
                       struct policy_statement *statement)
{
    bool is_of_resource = parsing->kind == POLICY_RESOURCE;
    bool takes_principal = is_of_resource || parsing->kind == POLICY_RESOURCE_CONTROL ||
                           parsing->kind == POLICY_ENDPOINT;
    const struct element *action;
    const struct element *resource;
    const struct element *principal;

    if (!choose(parsing, json, &elements[ACTION], true, &action) ||
        !choose(parsing, json, &elements[RESOURCE], true, &resource) ||
        !choose(parsing, json, &elements[PRINCIPAL], is_of_resource, &principal))
        return false;
    if (principal && !takes_principal)
        return wrong_name(parsing, principal->key, "", principal->name,
                          SPAN(" belongs into policies of tables and streams: take it out"));
    statement->actions.is_not = action == &elements[NOT_ACTION];
    statement->resources.is_not = resource == &elements[NOT_RESOURCE];
    statement->is_not_principal = principal == &elements[NOT_PRINCIPAL];
    return read_actions(parsing, action, &statement->actions) &&
           read_resources(parsing, resource, statement) &&
           (principal == NULL || read_principals(parsing, principal, statement));
}

static bool read_statement(struct parsing *parsing, yyjson_val *json,
                           struct policy_statement *statement)
{
    struct element elements[ELEMENTS] = {
        [SID] = { .name = SPAN("Sid") },
        [EFFECT] = { .name = SPAN("Effect") },
        [ACTION] = { .name = SPAN("Action") },
        [NOT_ACTION] = { .name = SPAN("NotAction") },
        [RESOURCE] = { .name = SPAN("Resource") },
        [NOT_RESOURCE] = { .name = SPAN("NotResource") },
        [PRINCIPAL] = { .name = SPAN("Principal") },
        [NOT_PRINCIPAL] = { .name = SPAN("NotPrincipal") },
        [CONDITION] = { .name = SPAN("Condition") },
    };

    if (!yyjson_is_obj(json))
        return wrong(parsing, json, "a statement is an object");
    if (!element_read(&parsing->reader, json, elements, ELEMENTS))
        return false;
    if (elements[EFFECT].key == NULL)
        return wrong(parsing, json, "the statement needs Effect: write Allow or Deny");
    statement->is_deny = yyjson_equals_str(elements[EFFECT].value, "Deny");
    if (!statement->is_deny && !yyjson_equals_str(elements[EFFECT].value, "Allow"))
        return wrong(parsing, elements[EFFECT].key, "Effect is neither Allow nor Deny");
    if (elements[SID].key && json_text(elements[SID].value).data == NULL)
        return wrong(parsing, elements[SID].key, "Sid is no text");
    statement->sid = json_text(elements[SID].value);
    return read_scope(parsing, json, elements, statement) &&
           (elements[CONDITION].key == NULL ||
            read_conditions(parsing, &elements[CONDITION], statement));
}

static bool read_statements(struct parsing *parsing, const struct element *element,
                            struct policy *policy)
{
    bool is_list = yyjson_is_arr(element->value);
    size_t count = is_list ? yyjson_arr_size(element->value) : 1;

    if (count == 0 || count > STATEMENTS_MAX)
        return wrong(parsing, element->key, count ? "too many statements" : "no statements");
    policy->statements = NEW(parsing->arena, struct policy_statement, count);
    for (size_t i = 0; i < count; i++) {
        struct policy_statement *statement = &policy->statements[policy->count++];

        if (!read_statement(parsing, is_list ? yyjson_arr_get(element->value, i) : element->value,
                            statement))
            return false;
        for (size_t k = 0; k < i && statement->sid.size > 0; k++) {
            if (span_equal(policy->statements[k].sid, statement->sid))
                return wrong_name(parsing, element->key, "two statements have the Sid",
                                  statement->sid, SPAN(": a Sid is unique"));
        }
    }
    return true;
}

bool policy_parse(struct arena *arena, const struct json_source *source, yyjson_val *json,
                  enum policy_kind kind, struct policy *policy, struct span *problem)
{
    struct parsing parsing = { arena, { arena, source, problem }, kind, false };
    struct element elements[] = { { .name = SPAN("Version") },
                                  { .name = SPAN("Id") },
                                  { .name = SPAN("Statement") } };

    *policy = (struct policy){ 0 };
    if (!yyjson_is_obj(json))
        return wrong(&parsing, json, "a policy document is an object with Version and Statement");
    if (!element_read(&parsing.reader, json, elements, COUNT(elements)))
        return false;
    if (elements[0].key) {
        parsing.has_variables = yyjson_equals_str(elements[0].value, "2012-10-17");
        if (!parsing.has_variables && !yyjson_equals_str(elements[0].value, "2008-10-17"))
            return wrong(&parsing, elements[0].key,
                         "there is no such version of the policy language: write \"2012-10-17\"");
    }
    if (elements[2].key == NULL)
        return wrong(&parsing, json, "the policy has no Statement");
    return read_statements(&parsing, &elements[2], policy);
}
