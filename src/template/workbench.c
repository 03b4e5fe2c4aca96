/* template/workbench.c - a NoSQL Workbench model's tables as CreateTable's input. */
#include "template/workbench.h"

#include "base/arena.h"
#include "template/members.h"
#include "template/shape.h"

static const struct member model_members[] = {
    { "TableName", NULL, MEMBER_OWN, NULL, NULL },
    { "KeyAttributes", NULL, MEMBER_OWN, NULL, NULL },
    { "NonKeyAttributes", NULL, MEMBER_OWN, NULL, NULL },
    { "GlobalSecondaryIndexes", NULL, MEMBER_OWN, NULL, NULL },
    { "LocalSecondaryIndexes", NULL, MEMBER_OWN, NULL, NULL },
    { "ProvisionedCapacitySettings", NULL, MEMBER_OWN, NULL, NULL },
    { "BillingMode", NULL, MEMBER_TEXT, NULL, NULL },
    { "TableFacets", NULL, MEMBER_OWN, NULL, NULL },
    { "DataAccess", NULL, MEMBER_OWN, NULL, NULL },
    { "SampleDataFormats", NULL, MEMBER_OWN, NULL, NULL },
    { "TableData", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { 0 },
};

static const struct member index_fields[] = {
    { "IndexName", NULL, MEMBER_TEXT, NULL, NULL },
    { "KeyAttributes", NULL, MEMBER_OWN, NULL, NULL },
    { "ProvisionedCapacitySettings", NULL, MEMBER_OWN, NULL, NULL },
    { "Projection", NULL, MEMBER_OBJECT, projection_members, NULL },
    { 0 },
};

bool workbench_is(const struct node *root)
{
    return node_is(node_get(root, "DataModel"), NODE_LIST);
}

static bool is_defined(const struct node *attributes, struct span name)
{
    for (size_t i = 0; i < attributes->count; i++)
        if (span_equal(node_text_at(&attributes->values[i], "AttributeName"), name))
            return true;
    return false;
}

/* {"PartitionKey":{AttributeName, AttributeType},"SortKey":...}: the key, and its attributes once.
 */
static void add_keys(struct arena *arena, const struct node *from, struct node *attributes,
                     struct node *out)
{
    static const char *const names[][2] = { { "PartitionKey", "HASH" }, { "SortKey", "RANGE" } };
    const struct node *keys = node_get(from, "KeyAttributes");
    struct node schema = node_new(NODE_LIST, from->place);

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct node *key = node_get(keys, names[i][0]);
        const struct node *name = node_get(key, "AttributeName");
        const struct node *type = node_get(key, "AttributeType");
        struct node attribute = node_new(NODE_MAP, from->place);

        if (!node_is(name, NODE_TEXT) || !node_is(type, NODE_TEXT))
            continue;
        shape_add_key(arena, &schema, name, names[i][1]);
        if (is_defined(attributes, name->text))
            continue;
        node_put(arena, &attribute, "AttributeName", name);
        node_put(arena, &attribute, "AttributeType", type);
        node_add(arena, attributes, &attribute);
    }
    if (schema.count > 0)
        node_put(arena, out, "KeySchema", &schema);
}

/* An index without capacity of its own gets as much as its table. */
static void add_throughput(struct arena *arena, const struct node *model, const struct node *from,
                           struct node *out)
{
    static const char settings[] = "ProvisionedCapacitySettings";
    const struct node *units = node_get(node_get(from, settings), "ProvisionedThroughput");

    if (!units)
        units = node_get(node_get(model, settings), "ProvisionedThroughput");
    if (node_is(units, NODE_MAP) && !node_says(node_get(model, "BillingMode"), "PAY_PER_REQUEST"))
        node_put(arena, out, "ProvisionedThroughput", units);
}

static struct error *add_indexes(const struct shaping *shaping, const struct node *model,
                                 const char *kind, struct node *attributes, struct node *create)
{
    struct arena *arena = shaping->reading->arena;
    const struct node *indexes = node_get(model, kind);
    struct node list;

    if (!node_is(indexes, NODE_LIST) || indexes->count == 0)
        return NULL;
    list = node_new(NODE_LIST, indexes->place);
    for (size_t i = 0; i < indexes->count; i++) {
        struct node *index = NULL;

        if (indexes->values[i].kind == NODE_MAP)
            TRY(shape_map(shaping, span_from(kind), &indexes->values[i], index_fields, &index));
        if (!index)
            continue;
        add_keys(arena, &indexes->values[i], attributes, index);
        if (kind[0] == 'G')
            add_throughput(arena, model, &indexes->values[i], index);
        node_add(arena, &list, index);
    }
    node_put(arena, create, kind, &list);
    return NULL;
}

static struct error *define(struct reading *reading, struct span file, const struct node *model)
{
    struct arena *arena = reading->arena;
    struct definition definition = { 0 };
    struct shaping shaping = { reading, NULL, &definition, node_text_at(model, "TableName") };
    struct node attributes = node_new(NODE_LIST, model->place);
    const struct node *name = node_get(model, "TableName");
    struct node *create = NULL;

    if (!node_is(name, NODE_TEXT))
        return fail(arena, ERR_VALIDATION, "%.*s: a table without a TableName: give it one",
                    SPAN_PRINT(place_print(arena, model->place)));
    TRY(shape_map(&shaping, SPAN(""), model, model_members, &create));
    if (!create) {
        create = NEW(arena, struct node, 1);
        *create = node_new(NODE_MAP, model->place);
    }
    add_keys(arena, model, &attributes, create);
    add_throughput(arena, model, model, create);
    TRY(add_indexes(&shaping, model, "LocalSecondaryIndexes", &attributes, create));
    TRY(add_indexes(&shaping, model, "GlobalSecondaryIndexes", &attributes, create));
    node_put(arena, create, "AttributeDefinitions", &attributes);
    if (!node_get(create, "BillingMode") && !node_get(create, "ProvisionedThroughput"))
        node_put(arena, create, "BillingMode",
                 node_of_text(arena, model->place, SPAN("PAY_PER_REQUEST")));
    definition.file = file;
    definition.has_name = true;
    definition.where = place_line(arena, model->place);
    TRY(shape_finish(&shaping, name, create));
    *definition_add(arena, reading->list) = definition;
    return NULL;
}

struct error *workbench_tables(struct reading *reading, struct span file, const struct node *root)
{
    const struct node *models = node_get(root, "DataModel");

    for (size_t i = 0; i < models->count; i++)
        if (models->values[i].kind == NODE_MAP)
            TRY(define(reading, file, &models->values[i]));
    return NULL;
}
