/* ops/table_indexes.c - index definitions of CreateTable. */
#include "ops/table_indexes.h"

#include "base/arena.h"
#include "ops/invalid.h"
#include "ops/table_keys.h"
#include "ops/table_throughput.h"

#include <stdlib.h>
#include <string.h>

enum { PROJECTED_NAMES_MAX = 100 };

static struct error *check_counts(struct arena *arena,
                                  const struct local_secondary_index_list *local,
                                  const struct global_secondary_index_list *global)
{
    if (local && local->count == 0)
        return invalid(arena, "List of LocalSecondaryIndexes is empty");
    if (local && local->count > LOCAL_INDEXES_MAX)
        return invalid(arena, "Number of LocalSecondaryIndexes exceeds per-table limit of %d",
                       LOCAL_INDEXES_MAX);
    if (global && global->count == 0)
        return invalid(arena, "List of GlobalSecondaryIndexes is empty");
    if (global && global->count > GLOBAL_INDEXES_MAX)
        return invalid(arena, "GlobalSecondaryIndex count exceeds the per-table limit of %d",
                       GLOBAL_INDEXES_MAX);
    return NULL;
}

static struct error *add_local(struct arena *arena, const struct local_secondary_index_list *local,
                               struct table *table)
{
    if (table->keys.range_count == 0)
        return invalid(arena, "Table KeySchema does not have a range key, which is required when "
                              "specifying a LocalSecondaryIndex");
    for (size_t i = 0; i < local->count; i++) {
        struct index *index = &table->indexes[table->index_count];

        *index =
            (struct index){ .name = local->items[i].index_name, .status = INDEX_STATUS_ACTIVE };
        TRY(table_keys_of_local(arena, table, local->items[i].key_schema, index));
        table->index_count++;
        table->local_index_count++;
    }
    return NULL;
}

static struct error *add_global(struct arena *arena,
                                const struct global_secondary_index_list *global,
                                struct table *table)
{
    for (size_t i = 0; i < global->count; i++) {
        struct index *index = &table->indexes[table->index_count];

        *index = (struct index){ .name = global->items[i].index_name,
                                 .is_global = true,
                                 .status = INDEX_STATUS_ACTIVE };
        TRY(table_keys_of_global(arena, table, global->items[i].key_schema, index));
        table->index_count++;
    }
    return NULL;
}

struct error *table_indexes_add(struct arena *arena, const struct local_secondary_index_list *local,
                                const struct global_secondary_index_list *global,
                                struct table *table)
{
    TRY(check_counts(arena, local, global));
    table->indexes = NEW(arena, struct index, LOCAL_INDEXES_MAX + GLOBAL_INDEXES_MAX);
    if (local)
        TRY(add_local(arena, local, table));
    if (global)
        TRY(add_global(arena, global, table));
    return NULL;
}

static int compare_names(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static struct error *check_names(struct arena *arena, const struct string_list *in)
{
    for (size_t i = 0; i < in->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (span_equal(in->items[i], in->items[j]))
                return invalid(arena, "Duplicate element in NonKeyAttributes: %.*s",
                               SPAN_PRINT(in->items[i]));
        }
    }
    return NULL;
}

struct error *table_indexes_project(struct arena *arena, const struct api_projection *in,
                                    struct index *index)
{
    const struct string_list *names = in->non_key_attributes;

    if (in->projection_type == PROJECTION_TYPE_ABSENT)
        return invalid(arena, "Unknown ProjectionType: null");
    if (in->projection_type != PROJECTION_TYPE_INCLUDE && names)
        return invalid(arena, "ProjectionType is %.*s, but NonKeyAttributes is specified",
                       SPAN_PRINT(projection_type_texts[in->projection_type]));
    if (in->projection_type == PROJECTION_TYPE_INCLUDE && names == NULL)
        return invalid(arena, "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    index->projection = in->projection_type;
    if (names == NULL)
        return NULL;
    TRY(check_names(arena, names));
    index->non_key_attributes.count = names->count;
    index->non_key_attributes.items = NEW(arena, struct span, names->count);
    memcpy(index->non_key_attributes.items, names->items, names->count * sizeof(struct span));
    qsort(index->non_key_attributes.items, names->count, sizeof(struct span), compare_names);
    return NULL;
}

struct error *table_indexes_check_projected(struct arena *arena, const struct table *table)
{
    size_t count = 0;

    for (size_t i = 0; i < table->index_count; i++)
        count += table->indexes[i].non_key_attributes.count;
    if (count <= PROJECTED_NAMES_MAX)
        return NULL;
    return invalid(arena,
                   "Number of NonKeyAttributes over all indexes exceeds per-table limit of "
                   "%d",
                   PROJECTED_NAMES_MAX);
}

static struct error *check_unique(struct arena *arena, const struct table *table, size_t at)
{
    if (table_find_index(table, table->indexes[at].name) == &table->indexes[at])
        return NULL;
    return invalid(arena, "Duplicate index name: %.*s", SPAN_PRINT(table->indexes[at].name));
}

static struct error *complete_global(struct arena *arena, enum billing_mode mode,
                                     const struct global_secondary_index *in, struct index *index)
{
    const struct throughput_input wanted = { in->provisioned_throughput, in->on_demand_throughput,
                                             in->warm_throughput };

    TRY(table_indexes_project(arena, in->projection, index));
    if (mode == BILLING_MODE_PROVISIONED && wanted.provisioned == NULL)
        return invalid(arena, "ProvisionedThroughput is not specified for index: %.*s",
                       SPAN_PRINT(index->name));
    if (mode == BILLING_MODE_PAY_PER_REQUEST && wanted.provisioned)
        return invalid(arena,
                       "ProvisionedThroughput should not be specified for index: %.*s when "
                       "BillingMode is PAY_PER_REQUEST",
                       SPAN_PRINT(index->name));
    TRY(throughput_check_bounds(arena, index->name, wanted.provisioned));
    return throughput_create(arena, index->name, mode, &wanted, &index->throughput);
}

struct error *table_indexes_complete(struct arena *arena,
                                     const struct local_secondary_index_list *local,
                                     const struct global_secondary_index_list *global,
                                     struct table *table)
{
    size_t at = 0;

    for (size_t i = 0; local && i < local->count; i++, at++) {
        TRY(check_unique(arena, table, at));
        TRY(table_indexes_project(arena, local->items[i].projection, &table->indexes[at]));
    }
    for (size_t i = 0; global && i < global->count; i++, at++) {
        TRY(check_unique(arena, table, at));
        TRY(complete_global(arena, table->billing_mode, &global->items[i], &table->indexes[at]));
    }
    return table_indexes_check_projected(arena, table);
}
