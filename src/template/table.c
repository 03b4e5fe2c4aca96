/* template/table.c - AWS::DynamoDB::Table and AWS::Serverless::SimpleTable as CreateTable's input.
 */
#include "template/table.h"

#include "base/arena.h"
#include "template/global_table.h"
#include "template/members.h"
#include "template/shape.h"

#include <stdlib.h>

static const struct member table_members[] = {
    { "TableName", NULL, MEMBER_OWN, NULL, NULL },
    { "AttributeDefinitions", NULL, MEMBER_LIST, attribute_members, NULL },
    { "KeySchema", NULL, MEMBER_LIST, key_members, NULL },
    { "BillingMode", NULL, MEMBER_TEXT, NULL, NULL },
    { "ProvisionedThroughput", NULL, MEMBER_OBJECT, throughput_members, NULL },
    { "OnDemandThroughput", NULL, MEMBER_OBJECT, on_demand_members, NULL },
    { "WarmThroughput", NULL, MEMBER_OBJECT, warm_members, NULL },
    { "GlobalSecondaryIndexes", NULL, MEMBER_LIST, index_members, NULL },
    { "LocalSecondaryIndexes", NULL, MEMBER_LIST, index_members, NULL },
    { "VectorIndexes", NULL, MEMBER_LIST, vector_members, NULL },
    { "StreamSpecification", NULL, MEMBER_OBJECT, stream_members, NULL },
    { "TableClass", NULL, MEMBER_TEXT, NULL, NULL },
    { "Tags", NULL, MEMBER_LIST, tag_members, NULL },
    { "TimeToLiveSpecification", NULL, MEMBER_OWN, NULL, NULL },
    { "PointInTimeRecoverySpecification", NULL, MEMBER_OWN, NULL, NULL },
    { "SSESpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_KEYS },
    { "ContributorInsightsSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_INSIGHTS },
    { "KinesisStreamSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_KINESIS },
    { "ResourcePolicy", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_POLICY },
    { "DeletionProtectionEnabled", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_PROTECTION },
    { "ImportSourceSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { 0 },
};

static const struct member simple_members[] = {
    { "TableName", NULL, MEMBER_OWN, NULL, NULL },
    { "PrimaryKey", NULL, MEMBER_OWN, NULL, NULL },
    { "Tags", NULL, MEMBER_OWN, NULL, NULL },
    { "PointInTimeRecoverySpecification", NULL, MEMBER_OWN, NULL, NULL },
    { "ProvisionedThroughput", NULL, MEMBER_OBJECT, throughput_members, NULL },
    { "SSESpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_KEYS },
    { 0 },
};

static struct span id_via(struct arena *arena, struct span id)
{
    return arena_print(arena, "logical id %.*s, which has no TableName", SPAN_PRINT(id));
}

struct error *table_name(struct stack *stack, const struct trail *trail, struct span id,
                         const struct node *resource, const struct node **name)
{
    struct arena *arena = stack->reading->arena;
    struct span key = stack_key(stack, id, SPAN("TableName"));
    const struct given *given = reading_given(stack->reading, key);
    const struct node *properties;
    struct node *made;

    *name = NULL;
    TRY(evaluate(stack, trail, node_get(resource, "Properties"), &properties));
    if (!given && node_get(properties, "TableName"))
        TRY(evaluate(stack, trail, node_get(properties, "TableName"), name));
    if (*name && (*name)->kind != NODE_TEXT)
        return fail(arena, ERR_VALIDATION, "%.*s: TableName is no text: write one",
                    SPAN_PRINT(place_print(arena, (*name)->place)));
    made = *name ? node_copy(arena, *name) : node_of_text(arena, resource->place, id);
    made->is_plain = false;
    if (given) {
        made->text = given->value;
        made->via =
            arena_print(arena, "%.*s from %.*s", SPAN_PRINT(key), SPAN_PRINT(given->source));
    } else if (!*name) {
        made->via = id_via(arena, id);
    }
    *name = made;
    return NULL;
}

struct error *table_time_to_live(const struct shaping *shaping, const struct node *properties)
{
    struct definition *definition = shaping->definition;
    const struct node *ttl;
    const struct node *attribute;
    const struct node *enabled;

    TRY(shape_get(shaping, properties, "TimeToLiveSpecification", &ttl));
    TRY(shape_get(shaping, ttl, "AttributeName", &attribute));
    TRY(shape_get(shaping, ttl, "Enabled", &enabled));
    if (node_is(attribute, NODE_TEXT) && !node_says(enabled, "false")) {
        definition->time_to_live = attribute->text;
        definition_add_origin(shaping->reading->arena, definition, SPAN("TimeToLiveSpecification"),
                              attribute);
    }
    return NULL;
}

struct error *table_recovery(const struct shaping *shaping, const struct node *properties)
{
    struct definition *definition = shaping->definition;
    const struct node *recovery;
    const struct node *enabled;
    const struct node *days;

    TRY(shape_get(shaping, properties, "PointInTimeRecoverySpecification", &recovery));
    TRY(shape_get(shaping, recovery, "PointInTimeRecoveryEnabled", &enabled));
    TRY(shape_get(shaping, recovery, "RecoveryPeriodInDays", &days));
    if (!node_says(enabled, "true"))
        return NULL;
    definition->has_recovery = true;
    if (days && node_is_number(days->text) && days->text.size < 4)
        definition->recovery_days =
            strtol(arena_copy(shaping->reading->arena, days->text).data, NULL, 10);
    definition_add_origin(shaping->reading->arena, definition,
                          SPAN("PointInTimeRecoverySpecification"), enabled);
    return NULL;
}

/* A template says that there is a stream by describing one. */
void table_enable_stream(struct arena *arena, struct node *create)
{
    const struct node *stream = node_get(create, "StreamSpecification");
    struct node *enabled;

    if (!stream)
        return;
    enabled = node_of_text(arena, stream->place, SPAN("true"));
    enabled->is_plain = true;
    node_put(arena, (struct node *)(size_t)stream, "StreamEnabled", enabled);
}

static struct error *define_table(const struct shaping *shaping, const struct node *properties,
                                  struct node **create)
{
    TRY(shape_map(shaping, SPAN(""), properties, table_members, create));
    TRY(table_time_to_live(shaping, properties));
    TRY(table_recovery(shaping, properties));
    if (*create)
        table_enable_stream(shaping->reading->arena, *create);
    return NULL;
}

static const char *simple_type(const struct node *type)
{
    return node_says(type, "Number") ? "N" : node_says(type, "Binary") ? "B" : "S";
}

/* SAM writes tags as a map. */
static struct error *add_tags(const struct shaping *shaping, const struct node *properties,
                              struct node *create)
{
    struct arena *arena = shaping->reading->arena;
    const struct node *tags;
    struct node list;

    TRY(shape_get(shaping, properties, "Tags", &tags));
    if (!node_is(tags, NODE_MAP) || tags->count == 0)
        return NULL;
    list = node_new(NODE_LIST, tags->place);
    for (size_t i = 0; i < tags->count; i++) {
        struct node entry = node_new(NODE_MAP, tags->keys[i].place);
        struct node key = tags->keys[i];
        const struct node *value;
        struct node *text;

        TRY(evaluate_text(shaping->stack, NULL, &tags->values[i], &value));
        key.is_plain = false;
        text = node_copy(arena, value);
        text->is_plain = false;
        node_put(arena, &entry, "Key", &key);
        node_put(arena, &entry, "Value", text);
        node_add(arena, &list, &entry);
    }
    node_put(arena, create, "Tags", &list);
    return NULL;
}

/* One partition key, "id" of type String unless it says otherwise. */
static struct error *define_simple(const struct shaping *shaping, const struct node *resource,
                                   const struct node *properties, struct node **create)
{
    struct arena *arena = shaping->reading->arena;
    struct place place = properties ? properties->place : resource->place;
    struct node schema = node_new(NODE_LIST, place);
    struct node attributes = node_new(NODE_LIST, place);
    struct node attribute = node_new(NODE_MAP, place);
    const struct node *key;
    const struct node *name;
    const struct node *type;

    if (properties)
        TRY(shape_map(shaping, SPAN(""), properties, simple_members, create));
    if (!*create) {
        *create = NEW(arena, struct node, 1);
        **create = node_new(NODE_MAP, place);
    }
    TRY(shape_get(shaping, properties, "PrimaryKey", &key));
    TRY(shape_get(shaping, key, "Name", &name));
    TRY(shape_get(shaping, key, "Type", &type));
    name = node_is(name, NODE_TEXT) ? name : node_of_text(arena, place, SPAN("id"));
    shape_add_key(arena, &schema, name, "HASH");
    node_put(arena, &attribute, "AttributeName", name);
    node_put(arena, &attribute, "AttributeType",
             node_of_text(arena, type ? type->place : place, span_from(simple_type(type))));
    node_add(arena, &attributes, &attribute);
    node_put(arena, *create, "KeySchema", &schema);
    node_put(arena, *create, "AttributeDefinitions", &attributes);
    if (!node_get(*create, "ProvisionedThroughput"))
        node_put(arena, *create, "BillingMode",
                 node_of_text(arena, place, SPAN("PAY_PER_REQUEST")));
    TRY(add_tags(shaping, properties, *create));
    return table_recovery(shaping, properties);
}

struct error *table_define(struct stack *stack, struct span id, const struct node *resource)
{
    struct arena *arena = stack->reading->arena;
    struct definition definition = { 0 };
    struct shaping shaping = { stack->reading, stack, &definition, id };
    struct span type = node_text_at(resource, "Type");
    bool is_simple = span_is(type, "AWS::Serverless::SimpleTable");
    const struct node *properties;
    const struct node *name;
    struct node *create = NULL;

    TRY(evaluate(stack, NULL, node_get(resource, "Properties"), &properties));
    TRY(table_name(stack, NULL, id, resource, &name));
    if (properties ? properties->kind != NODE_MAP : !is_simple)
        return fail(arena, ERR_VALIDATION, "%.*s: table %.*s has no Properties: add them",
                    SPAN_PRINT(place_print(arena, resource->place)), SPAN_PRINT(id));
    if (is_simple)
        TRY(define_simple(&shaping, resource, properties, &create));
    else if (span_is(type, "AWS::DynamoDB::GlobalTable"))
        TRY(global_table_define(&shaping, properties, &create));
    else
        TRY(define_table(&shaping, properties, &create));
    if (!create) {
        create = NEW(arena, struct node, 1);
        *create = node_new(NODE_MAP, resource->place);
    }
    definition.file = stack->file;
    definition.where = arena_print(arena, "%.*s: %.*s",
                                   SPAN_PRINT(place_line(arena, resource->place)), SPAN_PRINT(id));
    definition.has_name = !span_equal(name->via, id_via(arena, id));
    TRY(shape_finish(&shaping, name, create));
    *definition_add(arena, stack->reading->list) = definition;
    return NULL;
}
