/* engine/authorize_facts.c - condition keys out of the caller, the request and the table. */
#include "engine/authorize_facts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "engine/exec.h"

#include "policy_tables.h"

#include <time.h>

enum { TIME_BYTES_MAX = 32 };

/* Which keys an action has, as bits. */
static uint32_t keys_of(struct span action)
{
    size_t low = 0;
    size_t high = POLICY_ACTION_COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = span_compare(action, policy_actions[middle].name);

        if (order == 0)
            return policy_actions[middle].keys;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

static bool has(uint32_t keys, enum policy_key_bit bit)
{
    return (keys & (1U << bit)) != 0;
}

/* --- who and when --- */

static struct span principal_type(const struct policy_caller *caller)
{
    switch (caller->kind) {
    case CALLER_USER: return SPAN("User");
    case CALLER_ROLE: return SPAN("AssumedRole");
    case CALLER_FEDERATED: return SPAN("FederatedUser");
    case CALLER_ROOT: return SPAN("Account");
    }
    return SPAN("");
}

static void add_caller(struct request *req, struct policy_context *context)
{
    const struct policy_caller *caller = req->caller;

    context_add(context, SPAN("aws:PrincipalArn"),
                caller->role_arn.data ? caller->role_arn : caller->arn);
    context_add(context, SPAN("aws:PrincipalAccount"), caller->account);
    context_add(context, SPAN("aws:PrincipalType"), principal_type(caller));
    context_add(context, SPAN("aws:PrincipalIsAWSService"), SPAN("false"));
    context_add(context, SPAN("aws:userid"), caller->user_id);
    context_add(context, SPAN("aws:username"), caller->user_name);
    if (caller->kind == CALLER_ROLE || caller->kind == CALLER_FEDERATED)
        context_add(context, SPAN("aws:MultiFactorAuthPresent"), SPAN("false"));
    for (size_t i = 0; i < caller->tag_count; i++)
        context_add(
            context,
            arena_print(req->arena, "aws:PrincipalTag/%.*s", SPAN_PRINT(caller->tags[i].key)),
            caller->tags[i].value);
}

static void add_time(struct request *req, struct policy_context *context)
{
    time_t seconds = (time_t)(exec_now_ms(req) / 1000);
    char text[TIME_BYTES_MAX];
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    context_add(context, SPAN("aws:CurrentTime"), arena_print(req->arena, "%s", text));
    context_add(context, SPAN("aws:EpochTime"),
                arena_print(req->arena, "%lld", (long long)seconds));
}

/* The plain HTTP of this machine stands for the HTTPS that clients use towards AWS. */
static void add_connection(struct request *req, struct policy_context *context)
{
    context_add(context, SPAN("aws:SourceIp"), req->source_ip);
    context_add(context, SPAN("aws:SecureTransport"), SPAN("true"));
    context_add(context, SPAN("aws:UserAgent"), req->user_agent);
    context_add(context, SPAN("aws:RequestedRegion"), req->region);
    context_add(context, SPAN("aws:ViaAWSService"), SPAN("false"));
}

/* --- tags --- */

static void add_resource_tags(const struct subject *subject, struct policy_context *context)
{
    const struct table *table = subject->table;

    for (size_t i = 0; table && i < table->tag_count; i++)
        context_add(
            context,
            arena_print(context->arena, "aws:ResourceTag/%.*s", SPAN_PRINT(table->tags[i].key)),
            table->tags[i].value);
}

/* Tags is a list of objects with Key and Value, TagKeys one of texts. */
static void add_request_tags(struct request *req, uint32_t keys, struct policy_context *context)
{
    yyjson_val *tags = yyjson_obj_get(req->input, "Tags");
    yyjson_val *names = yyjson_obj_get(req->input, "TagKeys");
    size_t count = yyjson_arr_size(tags);
    struct string_list list = { 0 };

    list.items = NEW(req->arena, struct span, count + yyjson_arr_size(names));
    for (size_t i = 0; i < count; i++) {
        yyjson_val *tag = yyjson_arr_get(tags, i);
        struct span key = json_text(yyjson_obj_get(tag, "Key"));

        list.items[list.count++] = key;
        if (has(keys, POLICY_KEY_REQUEST_TAG))
            context_add(context, arena_print(req->arena, "aws:RequestTag/%.*s", SPAN_PRINT(key)),
                        json_text(yyjson_obj_get(tag, "Value")));
    }
    for (size_t i = 0; i < yyjson_arr_size(names); i++)
        list.items[list.count++] = json_text(yyjson_arr_get(names, i));
    if (list.count > 0 && has(keys, POLICY_KEY_TAG_KEYS))
        context_add_list(context, SPAN("aws:TagKeys"), &list);
}

/* --- DynamoDB's own --- */

static struct span member(const struct request *req, const char *name)
{
    return json_text(yyjson_obj_get(req->input, name));
}

/* spec: filled with what holds when the request doesn't say */
static struct span select_of(const struct request *req, const struct subject *subject)
{
    struct span select = member(req, "Select");

    if (select.data)
        return select;
    if (subject->has_projection)
        return SPAN("SPECIFIC_ATTRIBUTES");
    return subject->has_index ? SPAN("ALL_PROJECTED_ATTRIBUTES") : SPAN("ALL_ATTRIBUTES");
}

static struct span return_values_of(const struct request *req, const struct subject *subject)
{
    struct span given = subject->returned.data ? subject->returned : member(req, "ReturnValues");

    return given.data ? given : SPAN("NONE");
}

static bool is_read(struct span action)
{
    return span_is(action, "Query") || span_is(action, "Scan");
}

static bool is_enclosing(struct span operation)
{
    return span_is(operation, "TransactGetItems") || span_is(operation, "TransactWriteItems") ||
           span_is(operation, "ExecuteTransaction");
}

static void add_known(struct request *req, const struct subject *subject, uint32_t keys,
                      struct policy_context *context)
{
    if (has(keys, POLICY_KEY_RETURN_CONSUMED_CAPACITY))
        context_add(context, SPAN("dynamodb:ReturnConsumedCapacity"),
                    member(req, "ReturnConsumedCapacity"));
    if (has(keys, POLICY_KEY_ENCLOSING_OPERATION) && is_enclosing(req->operation))
        context_add(context, SPAN("dynamodb:EnclosingOperation"), req->operation);
    if (subject->is_unread) {
        context_add_unknown(context, SPAN("dynamodb:Select"));
        context_add_unknown(context, SPAN("dynamodb:ReturnValues"));
        return;
    }
    if (has(keys, POLICY_KEY_SELECT))
        context_add(context, SPAN("dynamodb:Select"), select_of(req, subject));
    if (has(keys, POLICY_KEY_RETURN_VALUES) && !is_read(subject->action))
        context_add(context, SPAN("dynamodb:ReturnValues"), return_values_of(req, subject));
}

static const struct {
    struct span key;
    enum policy_key_bit bit;
    int part; /* of the partition key; -1: the attributes */
} touched_keys[] = {
    { { "dynamodb:Attributes", 19 }, POLICY_KEY_ATTRIBUTES, -1 },
    { { "dynamodb:LeadingKeys", 20 }, POLICY_KEY_LEADING_KEYS, 0 },
    { { "dynamodb:FirstPartitionKeyValues", 32 }, POLICY_KEY_FIRST_PARTITION_KEY_VALUES, 0 },
    { { "dynamodb:SecondPartitionKeyValues", 33 }, POLICY_KEY_SECOND_PARTITION_KEY_VALUES, 1 },
    { { "dynamodb:ThirdPartitionKeyValues", 32 }, POLICY_KEY_THIRD_PARTITION_KEY_VALUES, 2 },
    { { "dynamodb:FourthPartitionKeyValues", 33 }, POLICY_KEY_FOURTH_PARTITION_KEY_VALUES, 3 },
};

static void add_touched(const struct subject *subject, uint32_t keys,
                        struct policy_context *context)
{
    const struct touched *touched = subject->touched;

    for (size_t i = 0; i < COUNT(touched_keys); i++) {
        const struct string_list *list;

        if (!has(keys, touched_keys[i].bit))
            continue;
        if (touched == NULL) {
            context_add_unknown(context, touched_keys[i].key);
            continue;
        }
        list = touched_keys[i].part < 0 ? &touched->attributes
                                        : &touched->values[touched_keys[i].part];
        if (list->count > 0)
            context_add_list(context, touched_keys[i].key, list);
    }
    if (!has(keys, POLICY_KEY_FULL_TABLE_SCAN))
        return;
    if (touched == NULL)
        context_add_unknown(context, SPAN("dynamodb:FullTableScan"));
    else
        context_add(context, SPAN("dynamodb:FullTableScan"),
                    touched->is_full_scan ? SPAN("true") : SPAN("false"));
}

/* What the credentials file sets comes last: it stands for what this server can't know. */
void facts_collect(struct request *req, const struct subject *subject,
                   struct policy_context *context)
{
    uint32_t keys = keys_of(subject->action);

    context_init(context, req->arena);
    add_caller(req, context);
    add_time(req, context);
    add_connection(req, context);
    context_add(context, SPAN("aws:ResourceAccount"), subject->account);
    if (has(keys, POLICY_KEY_RESOURCE_TAG))
        add_resource_tags(subject, context);
    add_request_tags(req, keys, context);
    add_known(req, subject, keys, context);
    add_touched(subject, keys, context);
    for (size_t i = 0; i < req->caller->fact_count; i++)
        context_add_list(context, req->caller->facts[i].key, &req->caller->facts[i].values);
}
