/* cloud/policy/vocabulary.c - names against the tables made of model/iam.json. */
#include "cloud/policy/vocabulary.h"

#include "base/arena.h"
#include "cloud/policy/document.h"
#include "cloud/policy/text.h"

#include "policy_tables.h"

#include <string.h>

enum { ACCOUNT_DIGITS = 12, ARN_COLONS = 5 };

static bool has_wildcard(struct span text)
{
    return text.size > 0 &&
           (memchr(text.data, '*', text.size) || memchr(text.data, '?', text.size));
}

static bool has_variable(struct span text)
{
    for (size_t i = 0; i + 1 < text.size; i++) {
        if (text.data[i] == '$' && text.data[i + 1] == '{')
            return true;
    }
    return false;
}

static bool is_service(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text_lower(text.data[i]);

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return text.size > 0;
}

static const char *check_dynamodb_action(struct arena *arena, struct span name)
{
    struct text_guess guess = { .name = name };
    struct pattern pattern;
    struct glob glob;

    if (pattern_parse(arena, name, PATTERN_WILDCARDS, &pattern) ||
        pattern_expand(arena, &pattern, NULL, &glob) != EXPANSION_DONE)
        return NULL;
    for (size_t i = 0; i < POLICY_ACTION_COUNT; i++) {
        if (glob_matches(&glob, policy_actions[i].name, true))
            return NULL;
        text_guess(&guess, policy_actions[i].name);
    }
    return arena_print(arena, "DynamoDB has no action %.*s%.*s", SPAN_PRINT(name),
                       SPAN_PRINT(text_advice(arena, &guess,
                                              "see the list of actions in AWS's Service "
                                              "Authorization Reference")))
        .data;
}

const char *vocabulary_check_action(struct arena *arena, struct span action)
{
    struct span name = action;
    struct span service;

    if (span_is(action, "*"))
        return NULL;
    if (action.size == 0 || memchr(action.data, ':', action.size) == NULL)
        return arena_print(arena, "action %.*s names no service: write dynamodb:%.*s",
                           SPAN_PRINT(action), SPAN_PRINT(action))
            .data;
    service = text_cut(&name, ':');
    if (!is_service(service))
        return arena_print(arena,
                           "%.*s is no service: write dynamodb:ACTION, without wildcards "
                           "before the colon",
                           SPAN_PRINT(service))
            .data;
    if (!text_same(service, SPAN("dynamodb")))
        return NULL;
    if (name.size == 0)
        return "an action is missing behind dynamodb:";
    return check_dynamodb_action(arena, name);
}

static bool is_account(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.size == ACCOUNT_DIGITS;
}

static bool is_open(struct span text)
{
    return has_wildcard(text) || has_variable(text);
}

static const char *check_dynamodb_resource(struct arena *arena, struct span resource)
{
    static const char *const below[] = { "index", "stream", "backup", "export", "import" };
    struct span kind = text_cut(&resource, '/');

    if (is_open(kind))
        return NULL;
    if (!span_is(kind, "table") && !span_is(kind, "global-table"))
        return arena_print(arena,
                           "DynamoDB has no resources %.*s/...: write table/NAME, "
                           "table/NAME/index/INDEX, table/NAME/stream/LABEL or *",
                           SPAN_PRINT(kind))
            .data;
    if (resource.size == 0)
        return "the ARN has no table name: write table/NAME, or table/* for all tables";
    kind = text_cut(&resource, '/');
    if (resource.size == 0 || is_open(kind))
        return NULL;
    kind = text_cut(&resource, '/');
    for (size_t i = 0; i < COUNT(below); i++) {
        if (span_is(kind, below[i]))
            return NULL;
    }
    return is_open(kind) ? NULL
                         : arena_print(arena,
                                       "a table has no %.*s/...: it has index/, stream/, "
                                       "backup/, export/ and import/",
                                       SPAN_PRINT(kind))
                               .data;
}

static size_t count_colons(struct span text)
{
    size_t colons = 0;

    for (size_t i = 0; i < text.size; i++)
        colons += text.data[i] == ':';
    return colons;
}

const char *vocabulary_check_resource(struct arena *arena, struct span resource)
{
    struct span rest = resource;
    struct span service;
    struct span account;

    if (span_is(resource, "*"))
        return NULL;
    if (!span_starts_with(resource, SPAN("arn:")))
        return arena_print(arena,
                           "resource %.*s must be in ARN format or \"*\": write "
                           "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME",
                           SPAN_PRINT(resource))
            .data;
    if (has_variable(resource)) /* which may hold colons */
        return NULL;
    if (count_colons(resource) < ARN_COLONS)
        return resource.data[resource.size - 1] == '*'
                   ? NULL
                   : "the ARN has too few parts: write arn:aws:dynamodb:REGION:ACCOUNT:table/NAME";
    text_cut(&rest, ':');
    text_cut(&rest, ':');
    service = text_cut(&rest, ':');
    if (has_wildcard(service))
        return "the service of an ARN takes no wildcard: write dynamodb";
    text_cut(&rest, ':');
    account = text_cut(&rest, ':');
    if (account.size > 0 && !has_wildcard(account) && !is_account(account))
        return arena_print(arena, "%.*s is no account: it has twelve digits", SPAN_PRINT(account))
            .data;
    return span_is(service, "dynamodb") ? check_dynamodb_resource(arena, rest) : NULL;
}

static bool is_key(const struct policy_key *known, struct span key)
{
    struct span start = { key.data, known->name.size };

    if (known->name.data[known->name.size - 1] != '/')
        return text_same(known->name, key);
    return key.size > known->name.size && text_same(known->name, start);
}

/* Does a statement speak of that service, or of all? */
static bool has_service(const struct policy_patterns *actions, struct span service)
{
    for (size_t i = 0; i < actions->count; i++) {
        struct span action = actions->items[i].text;

        if (actions->is_not || span_is(action, "*") || text_same(text_cut(&action, ':'), service))
            return true;
    }
    return false;
}

const char *vocabulary_check_condition_key(struct arena *arena, struct span key,
                                           const struct policy_patterns *actions)
{
    struct text_guess guess = { .name = key };
    struct span name = key;
    struct span service = text_cut(&name, ':');

    for (size_t i = 0; i < POLICY_KEY_COUNT; i++) {
        if (is_key(&policy_keys[i], key))
            return NULL;
        text_guess(&guess, policy_keys[i].name);
    }
    if (name.size > 0 && !text_same(service, SPAN("dynamodb")) &&
        !text_same(service, SPAN("aws")) && has_service(actions, service))
        return NULL;
    return arena_print(arena, "unknown condition key %.*s%.*s", SPAN_PRINT(key),
                       SPAN_PRINT(text_advice(arena, &guess,
                                              "DynamoDB's begin with dynamodb:, global ones with "
                                              "aws:")))
        .data;
}

const char *vocabulary_check_principal(struct arena *arena, struct span principal)
{
    struct span rest = principal;
    struct span service;

    if (span_is(principal, "*") || is_account(principal))
        return NULL;
    text_cut(&rest, ':');
    text_cut(&rest, ':');
    service = text_cut(&rest, ':');
    text_cut(&rest, ':');
    if (span_starts_with(principal, SPAN("arn:")) && count_colons(principal) >= ARN_COLONS &&
        (span_is(service, "iam") || span_is(service, "sts")) && is_account(text_cut(&rest, ':')) &&
        !has_wildcard(principal) && rest.size > 0)
        return NULL;
    return arena_print(arena,
                       "%.*s is no principal: write *, an account, or the whole ARN of a "
                       "user, role or session",
                       SPAN_PRINT(principal))
        .data;
}
