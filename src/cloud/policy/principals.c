/* cloud/policy/principals.c - principals with their policies, kept for as long as the server runs.
 */
#include "cloud/policy/principals.h"

#include "base/arena.h"
#include "base/memory.h"
#include "cloud/policy/vocabulary.h"
#include "cloud/policy/element.h"
#include "cloud/policy/text.h"

enum { PRINCIPALS_BYTES_MAX = 256 << 20, ACCOUNT_DIGITS = 12 };

struct access_key {
    struct span id;
    const struct policy_caller *caller;
};

struct principals {
    struct arena *arena;
    size_t key_count;
    struct access_key *keys;
    size_t count;
    struct policy_caller *callers;
};

struct reading {
    struct principals *into;
    struct json_source source;
    struct element_reader reader;
};

/* --- who --- */

/* "user/path/app" to CALLER_USER and "app". */
static bool read_name(struct reading *reading, struct span resource, bool is_sts,
                      struct policy_caller *caller)
{
    struct span rest = resource;
    struct span type = text_cut(&rest, '/');
    struct span role;

    if (!is_sts && span_is(resource, "root")) {
        caller->kind = CALLER_ROOT;
        return true;
    }
    if (!is_sts && span_is(type, "user") && rest.size > 0) {
        caller->kind = CALLER_USER;
        while (rest.size > 0)
            caller->user_name = text_cut(&rest, '/');
        return caller->user_name.size > 0;
    }
    if (is_sts && span_is(type, "federated-user") && rest.size > 0) {
        caller->kind = CALLER_FEDERATED;
        return true;
    }
    if (!is_sts || !span_is(type, "assumed-role"))
        return false;
    caller->kind = CALLER_ROLE;
    role = text_cut(&rest, '/');
    if (caller->role_arn.data == NULL)
        caller->role_arn = arena_print(reading->into->arena, "arn:aws:iam::%.*s:role/%.*s",
                                       SPAN_PRINT(caller->account), SPAN_PRINT(role));
    return role.size > 0 && rest.size > 0;
}

static bool is_account(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.size == ACCOUNT_DIGITS;
}

static bool read_arn(struct reading *reading, const struct element *element,
                     struct policy_caller *caller)
{
    struct span rest = json_text(element->value);
    struct span service;

    caller->arn = rest;
    if (rest.data && span_starts_with(rest, SPAN("arn:"))) {
        text_cut(&rest, ':');
        text_cut(&rest, ':');
        service = text_cut(&rest, ':');
        text_cut(&rest, ':');
        caller->account = text_cut(&rest, ':');
        if ((span_is(service, "iam") || span_is(service, "sts")) && is_account(caller->account) &&
            read_name(reading, rest, span_is(service, "sts"), caller))
            return true;
    }
    return element_wrong(&reading->reader, element->value ? element->value : element->key,
                         "Arn is no principal: write arn:aws:iam::ACCOUNT:user/NAME, "
                         "arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION, "
                         "arn:aws:sts::ACCOUNT:federated-user/NAME or arn:aws:iam::ACCOUNT:root");
}

/* --- what is attached --- */

/* One document, or a list of them. */
static bool read_policies(struct reading *reading, const struct element *element,
                          enum policy_kind kind, struct policy_list *list)
{
    struct arena *arena = reading->into->arena;
    bool is_list = yyjson_is_arr(element->value);
    size_t count = is_list ? yyjson_arr_size(element->value) : 1;

    if (element->key == NULL)
        return true;
    if (!is_list && !yyjson_is_obj(element->value))
        return element_wrong(&reading->reader, element->key,
                             "%.*s is neither a policy document nor a list of them",
                             SPAN_PRINT(element->name));
    list->is_given = true;
    list->items = NEW(arena, struct policy, count);
    for (size_t i = 0; i < count; i++) {
        yyjson_val *json = is_list ? yyjson_arr_get(element->value, i) : element->value;

        if (!policy_parse(arena, &reading->source, json, kind, &list->items[list->count++],
                          reading->reader.problem))
            return false;
    }
    return true;
}

static struct span text_of(yyjson_val *value)
{
    if (yyjson_is_bool(value))
        return yyjson_get_bool(value) ? SPAN("true") : SPAN("false");
    if (yyjson_is_raw(value))
        return (struct span){ yyjson_get_raw(value), yyjson_get_len(value) };
    return json_text(value);
}

static bool read_tags(struct reading *reading, const struct element *element,
                      struct policy_caller *caller)
{
    yyjson_obj_iter iterator;

    if (element->key == NULL)
        return true;
    if (!yyjson_is_obj(element->value))
        return element_wrong(&reading->reader, element->key, "Tags is no object");
    caller->tags = NEW(reading->into->arena, struct string_pair, yyjson_obj_size(element->value));
    iterator = yyjson_obj_iter_with(element->value);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&iterator)) != NULL;) {
        struct span value = text_of(yyjson_obj_iter_get_val(key));

        if (value.data == NULL)
            return element_wrong(&reading->reader, key, "the value of a tag is no text");
        caller->tags[caller->tag_count++] = (struct string_pair){ json_text(key), value };
    }
    return true;
}

static bool read_values(struct reading *reading, yyjson_val *key, struct string_list *values)
{
    yyjson_val *value = yyjson_obj_iter_get_val(key);
    bool is_list = yyjson_is_arr(value);
    size_t count = is_list ? yyjson_arr_size(value) : 1;

    values->items = NEW(reading->into->arena, struct span, count);
    for (size_t i = 0; i < count; i++) {
        struct span text = text_of(is_list ? yyjson_arr_get(value, i) : value);

        if (text.data == NULL)
            return element_wrong(&reading->reader, key,
                                 "%.*s is neither a text nor a list of texts",
                                 SPAN_PRINT(json_text(key)));
        values->items[values->count++] = text;
    }
    return true;
}

static bool read_context(struct reading *reading, const struct element *element,
                         struct policy_caller *caller)
{
    const struct policy_patterns none = { .count = 0 };
    yyjson_obj_iter iterator;

    if (element->key == NULL)
        return true;
    if (!yyjson_is_obj(element->value))
        return element_wrong(&reading->reader, element->key,
                             "Context is no object: write {\"aws:SourceVpce\": \"vpce-1\"}");
    caller->facts = NEW(reading->into->arena, struct policy_fact, yyjson_obj_size(element->value));
    iterator = yyjson_obj_iter_with(element->value);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&iterator)) != NULL;) {
        struct policy_fact *fact = &caller->facts[caller->fact_count++];
        const char *problem =
            vocabulary_check_condition_key(reading->into->arena, json_text(key), &none);

        if (problem)
            return element_wrong(&reading->reader, key, "%s", problem);
        fact->key = json_text(key);
        if (!read_values(reading, key, &fact->values))
            return false;
    }
    return true;
}

/* --- keys --- */

static bool add_key(struct reading *reading, yyjson_val *json, const struct policy_caller *caller)
{
    struct principals *into = reading->into;
    struct span id = json_text(yyjson_obj_get(json, "AccessKeyId"));

    if (id.size == 0)
        return element_wrong(&reading->reader, json, "the key needs an AccessKeyId");
    if (principals_find(into, id))
        return element_wrong(&reading->reader, json, "access key %.*s is there twice",
                             SPAN_PRINT(id));
    into->keys = arena_grow(into->arena, into->keys, into->key_count * sizeof(*into->keys),
                            (into->key_count + 1) * sizeof(*into->keys));
    into->keys[into->key_count++] = (struct access_key){ id, caller };
    return true;
}

static bool read_keys(struct reading *reading, const struct element *element, yyjson_val *principal,
                      const struct policy_caller *caller)
{
    if (yyjson_arr_size(element->value) == 0)
        return element_wrong(&reading->reader, element->key ? element->key : principal,
                             "the principal needs AccessKeys, a list of its keys");
    for (size_t i = 0; i < yyjson_arr_size(element->value); i++) {
        if (!add_key(reading, yyjson_arr_get(element->value, i), caller))
            return false;
    }
    return true;
}

enum { ARN, ROLE_ARN, USER_ID, TAGS, KEYS, POLICIES, BOUNDARY, SESSION, CONTEXT, MEMBERS };

static bool read_attached(struct reading *reading, const struct element *members,
                          struct policy_caller *caller)
{
    if (!read_policies(reading, &members[POLICIES], POLICY_IDENTITY,
                       &caller->policies[POLICY_IDENTITY]) ||
        !read_policies(reading, &members[BOUNDARY], POLICY_BOUNDARY,
                       &caller->policies[POLICY_BOUNDARY]) ||
        !read_policies(reading, &members[SESSION], POLICY_SESSION,
                       &caller->policies[POLICY_SESSION]))
        return false;
    if (caller->policies[POLICY_SESSION].is_given && caller->kind != CALLER_ROLE &&
        caller->kind != CALLER_FEDERATED)
        return element_wrong(&reading->reader, members[SESSION].key,
                             "only sessions have session policies: give the principal the Arn of "
                             "an assumed role or a federated user");
    return true;
}

static bool read_principal(struct reading *reading, yyjson_val *json, struct policy_caller *caller)
{
    struct element members[MEMBERS] = {
        [ARN] = { .name = SPAN("Arn") },
        [ROLE_ARN] = { .name = SPAN("RoleArn") },
        [USER_ID] = { .name = SPAN("UserId") },
        [TAGS] = { .name = SPAN("Tags") },
        [KEYS] = { .name = SPAN("AccessKeys") },
        [POLICIES] = { .name = SPAN("Policies") },
        [BOUNDARY] = { .name = SPAN("PermissionsBoundary") },
        [SESSION] = { .name = SPAN("SessionPolicies") },
        [CONTEXT] = { .name = SPAN("Context") },
    };

    if (!yyjson_is_obj(json))
        return element_wrong(&reading->reader, json, "a principal is an object");
    if (!element_read(&reading->reader, json, members, MEMBERS))
        return false;
    if (members[ARN].key == NULL)
        return element_wrong(&reading->reader, json,
                             "the principal needs an Arn, as arn:aws:iam::123456789012:user/app");
    caller->role_arn = json_text(members[ROLE_ARN].value);
    caller->user_id = json_text(members[USER_ID].value);
    return read_arn(reading, &members[ARN], caller) && read_tags(reading, &members[TAGS], caller) &&
           read_context(reading, &members[CONTEXT], caller) &&
           read_attached(reading, members, caller) &&
           read_keys(reading, &members[KEYS], json, caller);
}

enum { PRINCIPALS, SERVICE_CONTROL, RESOURCE_CONTROL, ENDPOINT, FILE_MEMBERS };

/* Those that hold for all principals of the file. */
static bool read_guards(struct reading *reading, const struct element *members)
{
    static const enum policy_kind kinds[] = { [SERVICE_CONTROL] = POLICY_SERVICE_CONTROL,
                                              [RESOURCE_CONTROL] = POLICY_RESOURCE_CONTROL,
                                              [ENDPOINT] = POLICY_ENDPOINT };

    for (size_t i = SERVICE_CONTROL; i < FILE_MEMBERS; i++) {
        struct policy_list list = { 0 };

        if (!read_policies(reading, &members[i], kinds[i], &list))
            return false;
        for (size_t k = 0; k < reading->into->count; k++)
            reading->into->callers[k].policies[kinds[i]] = list;
    }
    return true;
}

static bool read_file(struct reading *reading, yyjson_val *json)
{
    struct principals *into = reading->into;
    struct element members[FILE_MEMBERS] = {
        [PRINCIPALS] = { .name = SPAN("Principals") },
        [SERVICE_CONTROL] = { .name = SPAN("ServiceControlPolicies") },
        [RESOURCE_CONTROL] = { .name = SPAN("ResourceControlPolicies") },
        [ENDPOINT] = { .name = SPAN("EndpointPolicy") },
    };
    yyjson_val *list;
    size_t count;

    if (!yyjson_is_obj(json))
        return element_wrong(&reading->reader, json,
                             "neither a list of access keys nor an object with Principals");
    if (!element_read(&reading->reader, json, members, FILE_MEMBERS))
        return false;
    list = members[PRINCIPALS].value;
    count = yyjson_arr_size(list);
    if (count == 0)
        return element_wrong(&reading->reader, json, "the file needs Principals, a list of them");
    into->callers = NEW(into->arena, struct policy_caller, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_principal(reading, yyjson_arr_get(list, i), &into->callers[into->count++]))
            return false;
    }
    return read_guards(reading, members);
}

bool principals_open(struct arena *arena, struct span file, struct span text,
                     struct principals **principals, struct span *problem)
{
    struct principals *opened = memory_new(sizeof(*opened));
    struct span why = { 0 };
    struct reading reading = { .into = opened };
    yyjson_val *json;
    bool is_read;

    opened->arena = arena_open(PRINCIPALS_BYTES_MAX);
    reading.source = (struct json_source){ .file = arena_copy(opened->arena, file),
                                           .text = arena_copy(opened->arena, text) };
    reading.reader = (struct element_reader){ opened->arena, &reading.source, &why };
    *principals = NULL;
    json = json_source_parse(opened->arena, &reading.source, &why);
    is_read = json && (yyjson_is_arr(json) || read_file(&reading, json));
    if (is_read && !yyjson_is_arr(json)) {
        *principals = opened;
        return true;
    }
    if (!is_read)
        *problem = arena_copy(arena, why);
    principals_close(opened);
    return is_read;
}

void principals_close(struct principals *principals)
{
    if (principals == NULL)
        return;
    arena_close(principals->arena);
    memory_free(principals);
}

const struct policy_caller *principals_find(const struct principals *principals,
                                            struct span access_key)
{
    for (size_t i = 0; i < principals->key_count; i++) {
        if (span_equal(principals->keys[i].id, access_key))
            return principals->keys[i].caller;
    }
    return NULL;
}
