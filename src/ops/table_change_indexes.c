/* ops/table_change_indexes.c - GlobalSecondaryIndexUpdates: indexes created, changed and deleted.
 */
#include "ops/table_change.h"

#include "base/arena.h"
#include "ops/invalid.h"
#include "ops/table_indexes.h"
#include "ops/table_keys.h"
#include "ops/table_throughput.h"

#include <string.h>

static struct span name_of(const struct global_secondary_index_update *update)
{
    if (update->create)
        return update->create->index_name;
    return update->update ? update->update->index_name : update->delete->index_name;
}

static struct error *check_update(struct arena *arena,
                                  const struct global_secondary_index_update *update)
{
    int actions = !!update->create + !!update->update + !!update->delete;

    if (actions == 0)
        return invalid(arena, "One of GlobalSecondaryIndexUpdate.Update, "
                              "GlobalSecondaryIndexUpdate.Create, "
                              "GlobalSecondaryIndexUpdate.Delete must not be null");
    if (actions > 1)
        return invalid(arena, "Only one global secondary index action is allowed per "
                              "GlobalSecondaryIndexUpdate object");
    if (update->update && update->update->warm_throughput &&
        !table_change_has_warm(update->update->warm_throughput))
        return invalid(arena,
                       "WarmThroughput must have at least one of ReadUnitsPerSecond or "
                       "WriteUnitsPerSecond specified for index: %.*s",
                       SPAN_PRINT(update->update->index_name));
    if (update->update)
        return throughput_check_bounds(arena, update->update->index_name,
                                       update->update->provisioned_throughput);
    return update->create ? throughput_check_bounds(arena, update->create->index_name,
                                                    update->create->provisioned_throughput)
                          : NULL;
}

struct error *table_change_check_indexes(struct arena *arena, const struct update_table_input *in)
{
    const struct global_secondary_index_update_list *updates = in->global_secondary_index_updates;

    for (size_t i = 0; updates && i < updates->count; i++)
        TRY(check_update(arena, &updates->items[i]));
    for (size_t i = 0; updates && i < updates->count; i++) {
        for (size_t j = 0; j < i; j++) {
            struct span name = name_of(&updates->items[i]);

            if (span_equal(name, name_of(&updates->items[j])))
                return invalid(arena,
                               "Only one global secondary index update per index is allowed "
                               "simultaneously. Index: %.*s",
                               SPAN_PRINT(name));
        }
    }
    return NULL;
}

/* verb: update or delete */
static struct error *check_there(const struct table_change *change, struct span name,
                                 const char *verb)
{
    const struct index *index = table_find_index(change->old, name);

    if (index == NULL)
        return fail(change->arena, ERR_RESOURCE_NOT_FOUND,
                    "Requested resource not found: Index %.*s for table %.*s", SPAN_PRINT(name),
                    SPAN_PRINT(change->old->name));
    if (!index->is_global)
        return fail(change->arena, ERR_VALIDATION,
                    "Cannot %s an index that is not a GlobalSecondaryIndex: %.*s", verb,
                    SPAN_PRINT(name));
    return NULL;
}

static struct error *change_index_capacity(struct table_change *change,
                                           const struct update_global_secondary_index_action *in,
                                           struct throughput *throughput)
{
    if (change->mode == BILLING_MODE_PROVISIONED) {
        if (change->old->billing_mode == BILLING_MODE_PROVISIONED)
            return throughput_change_provisioned(change->arena, in->index_name,
                                                 in->provisioned_throughput, change->now_ms,
                                                 throughput);
        throughput_become_provisioned(throughput, in->provisioned_throughput);
        return NULL;
    }
    if (change->old->billing_mode == BILLING_MODE_PROVISIONED)
        return invalid(change->arena,
                       "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for "
                       "index: %.*s when BillingMode is PAY_PER_REQUEST",
                       SPAN_PRINT(in->index_name));
    return invalid(change->arena,
                   "The only Updates for index: %.*s when TableThroughputMode is PAY_PER_REQUEST "
                   "can be to OnDemandThroughput, WarmThroughput",
                   SPAN_PRINT(in->index_name));
}

static struct error *nothing_to_update(const struct table_change *change, struct span name)
{
    if (change->mode == BILLING_MODE_PROVISIONED)
        return invalid(change->arena,
                       "Both ReadCapacityUnits and WriteCapacityUnits must be specified for "
                       "index: %.*s",
                       SPAN_PRINT(name));
    return invalid(change->arena,
                   "The only Updates for index: %.*s when TableThroughputMode is PAY_PER_REQUEST "
                   "can be to OnDemandThroughput, WarmThroughput",
                   SPAN_PRINT(name));
}

static struct error *update_index(struct table_change *change,
                                  const struct update_global_secondary_index_action *in)
{
    struct throughput *throughput;
    bool has_maxima = table_change_has_maxima(in->on_demand_throughput);

    TRY(check_there(change, in->index_name, "update"));
    throughput = &table_change_index(&change->next, in->index_name)->throughput;
    if (!in->provisioned_throughput && !has_maxima && !in->warm_throughput)
        return nothing_to_update(change, in->index_name);
    if (in->provisioned_throughput)
        TRY(change_index_capacity(change, in, throughput));
    if (has_maxima)
        TRY(throughput_change_maxima(change->arena, in->index_name, change->mode,
                                     in->on_demand_throughput, throughput));
    if (in->warm_throughput)
        TRY(throughput_change_warm(change->arena, in->index_name, in->warm_throughput, throughput));
    table_change_index(&change->shown, in->index_name)->status = INDEX_STATUS_UPDATING;
    return NULL;
}

/* The definitions that the last index to use them leaves behind go with it. */
static void prune_definitions(struct arena *arena, struct table *table)
{
    const struct key_part *definitions = table->definitions;
    size_t count = table->definition_count;

    table->definitions = NEW(arena, struct key_part, count);
    table->definition_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (table_keys_use(table, definitions[i].name))
            table->definitions[table->definition_count++] = definitions[i];
    }
}

static struct error *delete_index(struct table_change *change, struct span name)
{
    struct table *next = &change->next;
    struct index *index;

    TRY(check_there(change, name, "delete"));
    index = table_change_index(next, name);
    next->index_count--;
    memmove(index, index + 1, (size_t)(next->indexes + next->index_count - index) * sizeof(*index));
    prune_definitions(change->arena, next);
    table_change_index(&change->shown, name)->status = INDEX_STATUS_DELETING;
    change->shown.status = TABLE_STATUS_UPDATING;
    return NULL;
}

static struct span print_schema(struct arena *arena, const struct key_schema *keys)
{
    struct span text = SPAN("");

    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++)
        text = arena_print(arena, "%.*s%sSchemaElement: key{%.*s:%s:%s}", SPAN_PRINT(text),
                           i > 0 ? ", " : "", SPAN_PRINT(keys->parts[i].name),
                           value_type_name(keys->parts[i].type),
                           i < keys->hash_count ? "HASH" : "RANGE");
    return arena_print(arena, "Schema:[%.*s]", SPAN_PRINT(text));
}

static bool schema_has(const struct key_schema *keys, struct span name)
{
    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++) {
        if (span_equal(keys->parts[i].name, name))
            return true;
    }
    return false;
}

static struct error *redefined(const struct table_change *change, const struct index *index,
                               struct span name)
{
    const struct key_schema *existing = &change->old->keys;

    for (size_t i = 0; !schema_has(existing, name) && i < change->old->index_count; i++)
        existing = &change->old->indexes[i].keys;
    return invalid(change->arena,
                   "Attributes cannot be redefined. Please check that your attribute has the same "
                   "type as previously defined. Existing schema: %.*s New schema: %.*s",
                   SPAN_PRINT(print_schema(change->arena, existing)),
                   SPAN_PRINT(print_schema(change->arena, &index->keys)));
}

/* What the table knows already, over what the request says of other attributes; of the latter only
 * what the new index uses is kept. */
static struct error *define_keys(struct table_change *change,
                                 const struct create_global_secondary_index_action *in,
                                 struct index *index)
{
    const struct attribute_definitions *given = change->in->attribute_definitions;
    struct table *next = &change->next;
    struct table scope = { 0 };
    struct key_part *definitions;

    if (given == NULL || given->count == 0)
        return invalid(change->arena, "AttributeDefinitions is not specified for index: %.*s",
                       SPAN_PRINT(in->index_name));
    TRY(table_keys_define(change->arena, given, &scope));
    definitions = NEW(change->arena, struct key_part, given->count + next->definition_count);
    memcpy(definitions, scope.definitions, scope.definition_count * sizeof(*definitions));
    scope.definitions = definitions;
    for (size_t i = 0; i < next->definition_count; i++) {
        if (table_find_definition(&scope, next->definitions[i].name) == NULL)
            definitions[scope.definition_count++] = next->definitions[i];
    }
    TRY(table_keys_of_global(change->arena, &scope, in->key_schema, index));
    for (size_t i = 0; i < index->keys.hash_count + index->keys.range_count; i++) {
        const struct key_part *known = table_find_definition(next, index->keys.parts[i].name);

        if (known && known->type != index->keys.parts[i].type)
            return redefined(change, index, known->name);
    }
    return NULL;
}

static void add_definitions(struct table_change *change, const struct index *index)
{
    struct table *next = &change->next;
    size_t parts = index->keys.hash_count + index->keys.range_count;
    struct key_part *definitions =
        NEW(change->arena, struct key_part, next->definition_count + parts);

    memcpy(definitions, next->definitions, next->definition_count * sizeof(*definitions));
    next->definitions = definitions;
    for (size_t i = 0; i < parts; i++) {
        if (table_find_definition(next, index->keys.parts[i].name) == NULL)
            definitions[next->definition_count++] = index->keys.parts[i];
    }
    table_keys_sort_definitions(next);
}

static struct error *set_throughput(struct table_change *change,
                                    const struct create_global_secondary_index_action *in,
                                    struct index *index)
{
    const struct throughput_input wanted = { in->provisioned_throughput, in->on_demand_throughput,
                                             in->warm_throughput };

    if (change->mode == BILLING_MODE_PROVISIONED && wanted.provisioned == NULL)
        return invalid(change->arena,
                       "Both ReadCapacityUnits and WriteCapacityUnits must be specified for "
                       "index: %.*s",
                       SPAN_PRINT(in->index_name));
    if (change->mode == BILLING_MODE_PAY_PER_REQUEST && wanted.provisioned)
        return invalid(change->arena,
                       "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for "
                       "index: %.*s when BillingMode is PAY_PER_REQUEST",
                       SPAN_PRINT(in->index_name));
    return throughput_create(change->arena, in->index_name, change->mode, &wanted,
                             &index->throughput);
}

static struct error *create_index(struct table_change *change,
                                  const struct create_global_secondary_index_action *in)
{
    struct index index = { .name = in->index_name,
                           .is_global = true,
                           .status = INDEX_STATUS_ACTIVE };
    size_t global_count = change->next.index_count - change->next.local_index_count;

    if (table_find_index(change->old, in->index_name))
        return fail(change->arena, ERR_VALIDATION,
                    "Attempting to create an index which already exists");
    TRY(define_keys(change, in, &index));
    TRY(table_indexes_project(change->arena, in->projection, &index));
    TRY(set_throughput(change, in, &index));
    if (global_count == GLOBAL_INDEXES_MAX)
        return fail(change->arena, ERR_LIMIT_EXCEEDED,
                    "Subscriber limit exceeded: Number of global secondary indexes exceeds "
                    "per-table limit of %d",
                    GLOBAL_INDEXES_MAX);
    add_definitions(change, &index);
    change->next.indexes[change->next.index_count++] = index;
    TRY(table_indexes_check_projected(change->arena, &change->next));
    index.status = INDEX_STATUS_CREATING;
    change->shown.indexes[change->shown.index_count++] = index;
    change->shown.definitions = change->next.definitions;
    change->shown.definition_count = change->next.definition_count;
    change->shown.status = TABLE_STATUS_UPDATING;
    return NULL;
}

struct error *table_change_indexes(struct table_change *change)
{
    const struct global_secondary_index_update_list *updates =
        change->in->global_secondary_index_updates;
    size_t online_count = 0;

    for (size_t i = 0; updates && i < updates->count; i++)
        online_count += updates->items[i].update == NULL;
    if (online_count > 1)
        return fail(change->arena, ERR_LIMIT_EXCEEDED,
                    "Subscriber limit exceeded: Only 1 online index can be created or deleted "
                    "simultaneously per table");
    for (size_t i = 0; updates && i < updates->count; i++) {
        const struct global_secondary_index_update *update = &updates->items[i];

        if (update->create)
            TRY(create_index(change, update->create));
        else if (update->update)
            TRY(update_index(change, update->update));
        else
            TRY(delete_index(change, update->delete->index_name));
    }
    return NULL;
}
