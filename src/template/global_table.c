/* template/global_table.c - the replica of the own Region as a table. */
#include "template/global_table.h"

#include "base/arena.h"
#include "template/members.h"

static const struct member global_index_members[] = {
    { "IndexName", NULL, MEMBER_TEXT, NULL, NULL },
    { "KeySchema", NULL, MEMBER_LIST, key_members, NULL },
    { "Projection", NULL, MEMBER_OBJECT, projection_members, NULL },
    { "WarmThroughput", NULL, MEMBER_OBJECT, warm_members, NULL },
    { "WriteProvisionedThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "ReadProvisionedThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "WriteOnDemandThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "ReadOnDemandThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { 0 },
};

static const struct member global_members[] = {
    { "TableName", NULL, MEMBER_OWN, NULL, NULL },
    { "AttributeDefinitions", NULL, MEMBER_LIST, attribute_members, NULL },
    { "KeySchema", NULL, MEMBER_LIST, key_members, NULL },
    { "BillingMode", NULL, MEMBER_TEXT, NULL, NULL },
    { "LocalSecondaryIndexes", NULL, MEMBER_LIST, index_members, NULL },
    { "GlobalSecondaryIndexes", NULL, MEMBER_LIST, global_index_members, NULL },
    { "WarmThroughput", NULL, MEMBER_OBJECT, warm_members, NULL },
    { "StreamSpecification", NULL, MEMBER_OBJECT, stream_members, NULL },
    { "WriteProvisionedThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "ReadProvisionedThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "WriteOnDemandThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "ReadOnDemandThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "TimeToLiveSpecification", NULL, MEMBER_OWN, NULL, NULL },
    { "Replicas", NULL, MEMBER_OWN, NULL, NULL },
    { "SSESpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_KEYS },
    { "MultiRegionConsistency", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { "GlobalTableWitnesses", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { "GlobalTableSourceArn", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { "GlobalTableSettingsReplicationMode", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { 0 },
};

static const struct member replica_members[] = {
    { "Region", NULL, MEMBER_OWN, NULL, NULL },
    { "TableClass", NULL, MEMBER_TEXT, NULL, NULL },
    { "Tags", NULL, MEMBER_LIST, tag_members, NULL },
    { "GlobalSecondaryIndexes", NULL, MEMBER_OWN, NULL, NULL },
    { "ReadProvisionedThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "ReadOnDemandThroughputSettings", NULL, MEMBER_OWN, NULL, NULL },
    { "PointInTimeRecoverySpecification", NULL, MEMBER_OWN, NULL, NULL },
    { "ContributorInsightsSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_INSIGHTS },
    { "DeletionProtectionEnabled", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_PROTECTION },
    { "GlobalTableSettingsReplicationMode", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_REPLICAS },
    { "KinesisStreamSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_KINESIS },
    { "ReplicaStreamSpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_POLICY },
    { "ResourcePolicy", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_POLICY },
    { "SSESpecification", NULL, MEMBER_LEFT_OUT, NULL, WHY_NO_KEYS },
    { 0 },
};

/* The entry of the stack's own Region; the first one where none is. The others are left out. */
static struct error *own_replica(const struct shaping *shaping, const struct node *properties,
                                 const struct node **replica)
{
    struct arena *arena = shaping->reading->arena;
    struct node ref = node_new(NODE_MAP, properties->place);
    const struct node *replicas;
    const struct node *home;
    const struct node *entry;
    size_t own = 0;

    *replica = NULL;
    node_put(arena, &ref, "Ref", node_of_text(arena, properties->place, SPAN("AWS::Region")));
    TRY(evaluate_text(shaping->stack, NULL, &ref, &home));
    TRY(shape_get(shaping, properties, "Replicas", &replicas));
    if (!node_is(replicas, NODE_LIST))
        return NULL;
    for (size_t i = 0; i < replicas->count; i++) {
        const struct node *region;

        TRY(shape_value(shaping, &replicas->values[i], &entry));
        TRY(shape_get(shaping, entry, "Region", &region));
        if (node_is(region, NODE_TEXT) && span_equal(region->text, home->text))
            own = i;
    }
    for (size_t i = 0; i < replicas->count; i++) {
        TRY(shape_value(shaping, &replicas->values[i], &entry));
        if (i == own)
            *replica = entry;
        else if (entry)
            definition_leave_out(arena, shaping->definition, arena_print(arena, "Replicas.%zu", i),
                                 entry->place, WHY_NO_REPLICAS);
    }
    return NULL;
}

/* Units from one of the settings objects: fixed, or where scaling starts. */
static struct error *units_of(const struct shaping *shaping, const struct node *holder,
                              const char *settings_name, const char *fixed, const char *scaled,
                              const struct node **units)
{
    const struct node *settings;
    const struct node *scaling;

    TRY(shape_get(shaping, holder, settings_name, &settings));
    TRY(shape_get(shaping, settings, fixed, units));
    if (*units)
        return NULL;
    TRY(shape_get(shaping, settings, scaled, &scaling));
    TRY(shape_get(shaping, scaling, "SeedCapacity", units));
    return *units ? NULL : shape_get(shaping, scaling, "MinCapacity", units);
}

static void put_units(struct arena *arena, struct node *out, const char *outer, const char *reads,
                      const char *writes, const struct node *read, const struct node *write)
{
    struct node units;

    if (!read && !write)
        return;
    units = node_new(NODE_MAP, (read ? read : write)->place);
    if (read)
        node_put(arena, &units, reads, read);
    if (write)
        node_put(arena, &units, writes, write);
    node_put(arena, out, outer, &units);
}

/* A number that may have been written as a text. */
static struct error *as_number(const struct shaping *shaping, const struct node **units)
{
    struct arena *arena = shaping->reading->arena;
    struct node *number;

    if (!*units)
        return NULL;
    if (!node_is(*units, NODE_TEXT) || !node_is_number((*units)->text))
        return fail(arena, ERR_VALIDATION, "%.*s: %.*s: a number is needed here: write one",
                    SPAN_PRINT(place_print(arena, (*units)->place)), SPAN_PRINT(shaping->id));
    number = node_copy(arena, *units);
    number->is_plain = true;
    *units = number;
    return NULL;
}

/* shared is the table or the index, own what the replica says of it (NULL: nothing). */
static struct error *add_throughput(const struct shaping *shaping, const struct node *shared,
                                    const struct node *own, struct node *out)
{
    static const char fixed[] = "ReadProvisionedThroughputSettings";
    static const char paid[] = "ReadOnDemandThroughputSettings";
    struct arena *arena = shaping->reading->arena;
    const struct node *read = NULL;
    const struct node *write = NULL;

    TRY(units_of(shaping, own, fixed, "ReadCapacityUnits", "ReadCapacityAutoScalingSettings",
                 &read));
    if (!read)
        TRY(units_of(shaping, shared, fixed, "ReadCapacityUnits", "ReadCapacityAutoScalingSettings",
                     &read));
    TRY(units_of(shaping, shared, "WriteProvisionedThroughputSettings", "WriteCapacityUnits",
                 "WriteCapacityAutoScalingSettings", &write));
    TRY(as_number(shaping, &read));
    TRY(as_number(shaping, &write));
    put_units(arena, out, "ProvisionedThroughput", "ReadCapacityUnits", "WriteCapacityUnits", read,
              write);
    TRY(units_of(shaping, own, paid, "MaxReadRequestUnits", "", &read));
    if (!read)
        TRY(units_of(shaping, shared, paid, "MaxReadRequestUnits", "", &read));
    TRY(units_of(shaping, shared, "WriteOnDemandThroughputSettings", "MaxWriteRequestUnits", "",
                 &write));
    TRY(as_number(shaping, &read));
    TRY(as_number(shaping, &write));
    put_units(arena, out, "OnDemandThroughput", "MaxReadRequestUnits", "MaxWriteRequestUnits", read,
              write);
    return NULL;
}

/* The entry of a list of indexes that has this name, evaluated; NULL: none. */
static struct error *index_named(const struct shaping *shaping, const struct node *holder,
                                 struct span name, const struct node **index)
{
    const struct node *indexes;

    *index = NULL;
    TRY(shape_get(shaping, holder, "GlobalSecondaryIndexes", &indexes));
    for (size_t i = 0; node_is(indexes, NODE_LIST) && i < indexes->count; i++) {
        const struct node *entry;
        const struct node *found;

        TRY(shape_value(shaping, &indexes->values[i], &entry));
        TRY(shape_get(shaping, entry, "IndexName", &found));
        if (node_is(found, NODE_TEXT) && span_equal(found->text, name))
            *index = entry;
    }
    return NULL;
}

static struct error *add_index_throughput(const struct shaping *shaping,
                                          const struct node *properties, const struct node *replica,
                                          struct node *create)
{
    const struct node *indexes = node_get(create, "GlobalSecondaryIndexes");

    for (size_t i = 0; node_is(indexes, NODE_LIST) && i < indexes->count; i++) {
        struct span name = node_text_at(&indexes->values[i], "IndexName");
        const struct node *shared;
        const struct node *own;

        TRY(index_named(shaping, properties, name, &shared));
        TRY(index_named(shaping, replica, name, &own));
        TRY(add_throughput(shaping, shared, own, &indexes->values[i]));
    }
    return NULL;
}

static struct error *add_replica(const struct shaping *shaping, const struct node *replica,
                                 struct node *create)
{
    struct node *own;

    if (!node_is(replica, NODE_MAP))
        return NULL;
    TRY(shape_map(shaping, SPAN(""), replica, replica_members, &own));
    for (size_t i = 0; own && i < own->count; i++)
        node_put(shaping->reading->arena, create, own->keys[i].text.data, &own->values[i]);
    return table_recovery(shaping, replica);
}

struct error *global_table_define(const struct shaping *shaping, const struct node *properties,
                                  struct node **create)
{
    const struct node *replica;

    TRY(shape_map(shaping, SPAN(""), properties, global_members, create));
    if (!*create)
        return NULL;
    TRY(own_replica(shaping, properties, &replica));
    TRY(add_throughput(shaping, properties, replica, *create));
    TRY(add_index_throughput(shaping, properties, replica, *create));
    TRY(add_replica(shaping, replica, *create));
    TRY(table_time_to_live(shaping, properties));
    table_enable_stream(shaping->reading->arena, *create);
    return NULL;
}
