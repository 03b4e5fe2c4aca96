/* template/terraform.c - aws_dynamodb_table as CreateTable's input. */
#include "template/terraform.h"

#include "base/arena.h"
#include "template/members.h"
#include "template/shape.h"

#include <stdlib.h>

enum { MODULE_DEPTH_MAX = 32 };

static const struct member attributes[] = {
    { "name", "AttributeName", MEMBER_TEXT, NULL, NULL },
    { "type", "AttributeType", MEMBER_TEXT, NULL, NULL },
    { 0 },
};

static const struct member on_demand[] = {
    { "max_read_request_units", "MaxReadRequestUnits", MEMBER_NUMBER, NULL, NULL },
    { "max_write_request_units", "MaxWriteRequestUnits", MEMBER_NUMBER, NULL, NULL },
    { 0 },
};

static const struct member warm[] = {
    { "read_units_per_second", "ReadUnitsPerSecond", MEMBER_NUMBER, NULL, NULL },
    { "write_units_per_second", "WriteUnitsPerSecond", MEMBER_NUMBER, NULL, NULL },
    { 0 },
};

static const struct member index_fields[] = {
    { "name", "IndexName", MEMBER_TEXT, NULL, NULL },
    { "hash_key", NULL, MEMBER_OWN, NULL, NULL },
    { "range_key", NULL, MEMBER_OWN, NULL, NULL },
    { "key_schema", NULL, MEMBER_OWN, NULL, NULL },
    { "projection_type", NULL, MEMBER_OWN, NULL, NULL },
    { "non_key_attributes", NULL, MEMBER_OWN, NULL, NULL },
    { "read_capacity", NULL, MEMBER_OWN, NULL, NULL },
    { "write_capacity", NULL, MEMBER_OWN, NULL, NULL },
    { "on_demand_throughput", "OnDemandThroughput", MEMBER_OBJECT, on_demand, NULL },
    { "warm_throughput", "WarmThroughput", MEMBER_OBJECT, warm, NULL },
    { 0 },
};

/* What the provider computes, and what it waits for, is of no interest. */
static const struct member table_fields[] = {
    { "name", NULL, MEMBER_OWN, NULL, NULL },
    { "attribute", "AttributeDefinitions", MEMBER_LIST, attributes, NULL },
    { "hash_key", NULL, MEMBER_OWN, NULL, NULL },
    { "range_key", NULL, MEMBER_OWN, NULL, NULL },
    { "billing_mode", "BillingMode", MEMBER_TEXT, NULL, NULL },
    { "read_capacity", NULL, MEMBER_OWN, NULL, NULL },
    { "write_capacity", NULL, MEMBER_OWN, NULL, NULL },
    { "on_demand_throughput", "OnDemandThroughput", MEMBER_OBJECT, on_demand, NULL },
    { "warm_throughput", "WarmThroughput", MEMBER_OBJECT, warm, NULL },
    { "global_secondary_index", NULL, MEMBER_OWN, NULL, NULL },
    { "local_secondary_index", NULL, MEMBER_OWN, NULL, NULL },
    { "stream_enabled", NULL, MEMBER_OWN, NULL, NULL },
    { "stream_view_type", NULL, MEMBER_OWN, NULL, NULL },
    { "table_class", "TableClass", MEMBER_TEXT, NULL, NULL },
    { "ttl", NULL, MEMBER_OWN, NULL, NULL },
    { "point_in_time_recovery", NULL, MEMBER_OWN, NULL, NULL },
    { "tags", NULL, MEMBER_OWN, NULL, NULL },
    { "tags_all", NULL, MEMBER_OWN, NULL, NULL },
    { "id", NULL, MEMBER_OWN, NULL, NULL },
    { "arn", NULL, MEMBER_OWN, NULL, NULL },
    { "stream_arn", NULL, MEMBER_OWN, NULL, NULL },
    { "stream_label", NULL, MEMBER_OWN, NULL, NULL },
    { "region", NULL, MEMBER_OWN, NULL, NULL },
    { "timeouts", NULL, MEMBER_OWN, NULL, NULL },
    { "server_side_encryption", "SSESpecification", MEMBER_LEFT_OUT, NULL, WHY_NO_KEYS },
    { "deletion_protection_enabled", "DeletionProtectionEnabled", MEMBER_LEFT_OUT, NULL,
      WHY_NO_PROTECTION },
    { "replica", "Replicas", MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { "global_table_witness", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { "import_table", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { "restore_backup_arn", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { "restore_date_time", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { "restore_source_name", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { "restore_source_table_arn", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { "restore_to_latest_time", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_IMPORT },
    { 0 },
};

bool terraform_is(const struct node *root)
{
    return node_get(root, "format_version") &&
           (node_get(root, "planned_values") || node_get(root, "values") ||
            node_get(root, "terraform_version"));
}

/* hash_key and range_key, or key_schema blocks; own_hash is the table's, for local indexes. */
static void add_keys(struct arena *arena, const struct node *from, const struct node *own_hash,
                     struct node *out)
{
    const struct node *hash = own_hash ? own_hash : node_get(from, "hash_key");
    const struct node *range = node_get(from, "range_key");
    const struct node *blocks = node_get(from, "key_schema");
    struct node schema = node_new(NODE_LIST, from->place);

    if (node_is(hash, NODE_TEXT))
        shape_add_key(arena, &schema, hash, "HASH");
    if (node_is(range, NODE_TEXT) && range->text.size > 0)
        shape_add_key(arena, &schema, range, "RANGE");
    for (size_t i = 0; schema.count == 0 && node_is(blocks, NODE_LIST) && i < blocks->count; i++) {
        const struct node *name = node_get(&blocks->values[i], "attribute_name");
        struct span type = node_text_at(&blocks->values[i], "key_type");

        if (node_is(name, NODE_TEXT) && type.data)
            shape_add_key(arena, &schema, name, arena_copy(arena, type).data);
    }
    if (schema.count > 0)
        node_put(arena, out, "KeySchema", &schema);
}

static void add_projection(struct arena *arena, const struct node *from, struct node *out)
{
    const struct node *type = node_get(from, "projection_type");
    const struct node *names = node_get(from, "non_key_attributes");
    struct node projection;

    if (!node_is(type, NODE_TEXT))
        return;
    projection = node_new(NODE_MAP, type->place);
    node_put(arena, &projection, "ProjectionType", type);
    if (node_is(names, NODE_LIST) && names->count > 0)
        node_put(arena, &projection, "NonKeyAttributes", names);
    node_put(arena, out, "Projection", &projection);
}

static void add_throughput(struct arena *arena, const struct node *from, struct node *out)
{
    const struct node *read = node_get(from, "read_capacity");
    const struct node *write = node_get(from, "write_capacity");
    struct node units;

    if (!node_is(read, NODE_TEXT) || !node_is(write, NODE_TEXT))
        return;
    units = node_new(NODE_MAP, read->place);
    node_put(arena, &units, "ReadCapacityUnits", read);
    node_put(arena, &units, "WriteCapacityUnits", write);
    node_put(arena, out, "ProvisionedThroughput", &units);
}

static struct error *add_indexes(const struct shaping *shaping, const struct node *values,
                                 const char *from, const char *to, struct node *create)
{
    struct arena *arena = shaping->reading->arena;
    const struct node *blocks = node_get(values, from);
    bool is_local = from[0] == 'l';
    struct node list;

    if (!node_is(blocks, NODE_LIST) || blocks->count == 0)
        return NULL;
    list = node_new(NODE_LIST, blocks->place);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct node *block = &blocks->values[i];
        struct node *index = NULL;

        if (block->kind == NODE_MAP)
            TRY(shape_map(shaping, span_from(to), block, index_fields, &index));
        if (!index)
            continue;
        add_keys(arena, block, is_local ? node_get(values, "hash_key") : NULL, index);
        add_projection(arena, block, index);
        if (!is_local)
            add_throughput(arena, block, index);
        node_add(arena, &list, index);
    }
    node_put(arena, create, to, &list);
    return NULL;
}

static void add_tags(struct arena *arena, const struct node *values, struct node *create)
{
    const struct node *tags = node_get(values, "tags_all");
    struct node list;

    if (!node_is(tags, NODE_MAP))
        tags = node_get(values, "tags");
    if (!node_is(tags, NODE_MAP) || tags->count == 0)
        return;
    list = node_new(NODE_LIST, tags->place);
    for (size_t i = 0; i < tags->count; i++) {
        struct node entry = node_new(NODE_MAP, tags->keys[i].place);

        if (tags->values[i].kind != NODE_TEXT || tags->values[i].is_null)
            continue;
        node_put(arena, &entry, "Key", &tags->keys[i]);
        node_put(arena, &entry, "Value", &tags->values[i]);
        node_add(arena, &list, &entry);
    }
    node_put(arena, create, "Tags", &list);
}

static void add_stream(struct arena *arena, const struct node *values, struct node *create)
{
    const struct node *enabled = node_get(values, "stream_enabled");
    const struct node *view = node_get(values, "stream_view_type");
    struct node stream;

    if (!node_says(enabled, "true"))
        return;
    stream = node_new(NODE_MAP, enabled->place);
    node_put(arena, &stream, "StreamEnabled", enabled);
    if (node_is(view, NODE_TEXT) && view->text.size > 0)
        node_put(arena, &stream, "StreamViewType", view);
    node_put(arena, create, "StreamSpecification", &stream);
}

/* Blocks that may be there once are lists of one. */
static const struct node *block_of(const struct node *values, const char *name)
{
    const struct node *list = node_get(values, name);

    return node_is(list, NODE_LIST) && list->count > 0 ? &list->values[0] : NULL;
}

static void read_settings(struct arena *arena, struct definition *definition,
                          const struct node *values)
{
    const struct node *ttl = block_of(values, "ttl");
    const struct node *attribute = node_get(ttl, "attribute_name");
    const struct node *recovery = block_of(values, "point_in_time_recovery");
    const struct node *enabled = node_get(recovery, "enabled");
    const struct node *days = node_get(recovery, "recovery_period_in_days");

    if (node_says(node_get(ttl, "enabled"), "true") && node_text(attribute).size > 0) {
        definition->time_to_live = attribute->text;
        definition_add_origin(arena, definition, SPAN("TimeToLiveSpecification"), attribute);
    }
    if (!node_says(enabled, "true"))
        return;
    definition->has_recovery = true;
    definition_add_origin(arena, definition, SPAN("PointInTimeRecoverySpecification"), enabled);
    if (days && node_is_number(days->text) && days->text.size < 4)
        definition->recovery_days = strtol(arena_copy(arena, days->text).data, NULL, 10);
}

/* A name that only the apply makes is asked for. */
static struct error *find_name(const struct shaping *shaping, const struct node *resource,
                               const struct node *values, const struct node **name)
{
    struct arena *arena = shaping->reading->arena;
    struct span key = arena_print(arena, "%.*s.name", SPAN_PRINT(shaping->id));
    const struct given *given = reading_given(shaping->reading, key);
    struct node *made;

    *name = node_get(values, "name");
    if (given) {
        made = node_of_text(arena, resource->place, given->value);
        made->via =
            arena_print(arena, "%.*s from %.*s", SPAN_PRINT(key), SPAN_PRINT(given->source));
        *name = made;
    }
    if (!node_is(*name, NODE_TEXT))
        return reading_ask(shaping->reading, resource->place,
                           arena_print(arena, "the name of %.*s is known only after apply",
                                       SPAN_PRINT(shaping->id)),
                           key);
    return NULL;
}

static struct error *define(struct reading *reading, struct span file, const struct node *resource)
{
    struct arena *arena = reading->arena;
    struct definition definition = { 0 };
    struct shaping shaping = { reading, NULL, &definition, node_text_at(resource, "address") };
    const struct node *values = node_get(resource, "values");
    const struct node *name;
    struct node *create = NULL;

    if (!node_is(values, NODE_MAP))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: a resource without values: is this the whole "
                    "output of terraform show -json?",
                    SPAN_PRINT(place_print(arena, resource->place)));
    TRY(find_name(&shaping, resource, values, &name));
    TRY(shape_map(&shaping, SPAN(""), values, table_fields, &create));
    if (!create) {
        create = NEW(arena, struct node, 1);
        *create = node_new(NODE_MAP, resource->place);
    }
    add_keys(arena, values, NULL, create);
    add_throughput(arena, values, create);
    TRY(add_indexes(&shaping, values, "local_secondary_index", "LocalSecondaryIndexes", create));
    TRY(add_indexes(&shaping, values, "global_secondary_index", "GlobalSecondaryIndexes", create));
    add_stream(arena, values, create);
    add_tags(arena, values, create);
    read_settings(arena, &definition, values);
    definition.file = file;
    definition.has_name = true;
    definition.where = arena_print(arena, "%.*s: %.*s", SPAN_PRINT(file), SPAN_PRINT(shaping.id));
    TRY(shape_finish(&shaping, name, create));
    *definition_add(arena, reading->list) = definition;
    return NULL;
}

static struct error *walk(struct reading *reading, struct span file, const struct node *module,
                          size_t depth)
{
    const struct node *resources = node_get(module, "resources");
    const struct node *modules = node_get(module, "child_modules");

    if (depth > MODULE_DEPTH_MAX)
        return fail(reading->arena, ERR_VALIDATION,
                    "%.*s: modules nested too deep: is this the "
                    "output of terraform show -json?",
                    SPAN_PRINT(place_print(reading->arena, module->place)));
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++)
        if (node_says(node_get(&resources->values[i], "type"), "aws_dynamodb_table") &&
            !node_says(node_get(&resources->values[i], "mode"), "data"))
            TRY(define(reading, file, &resources->values[i]));
    for (size_t i = 0; node_is(modules, NODE_LIST) && i < modules->count; i++)
        TRY(walk(reading, file, &modules->values[i], depth + 1));
    return NULL;
}

struct error *terraform_tables(struct reading *reading, struct span file, const struct node *root)
{
    struct span version = node_text_at(root, "format_version");
    const struct node *values = node_get(root, "planned_values");

    if (!span_is(version, "1") && !span_starts_with(version, SPAN("1.")))
        return fail(reading->arena, ERR_VALIDATION,
                    "%.*s: Terraform's format version %.*s: 1.x is read: print it with another "
                    "release of Terraform",
                    SPAN_PRINT(file), SPAN_PRINT(version));
    if (!values)
        values = node_get(root, "values");
    return walk(reading, file, node_get(values, "root_module"), 0);
}
