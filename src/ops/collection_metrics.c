/* ops/collection_metrics.c - metrics by table, each collection once. */
#include "ops/collection_metrics.h"

#include "base/arena.h"
#include "ops/parameters.h"

struct collection_metrics {
    struct arena *arena;
    enum return_item_collection_metrics wanted;
    size_t writes_max;
    struct item_collection_metrics_per_table tables;
};

struct collection_metrics *collection_metrics_open(struct arena *arena,
                                                   enum return_item_collection_metrics wanted,
                                                   size_t tables_max, size_t writes_max)
{
    struct collection_metrics *metrics = NEW(arena, struct collection_metrics, 1);

    metrics->arena = arena;
    metrics->wanted = wanted;
    metrics->writes_max = writes_max;
    if (wanted == RETURN_ITEM_COLLECTION_METRICS_SIZE)
        metrics->tables.entries =
            NEW(arena, struct item_collection_metrics_per_table_entry, tables_max);
    return metrics;
}

static struct item_collection_metrics_multiple *list_of(struct collection_metrics *metrics,
                                                        struct span table_name)
{
    struct item_collection_metrics_per_table *tables = &metrics->tables;
    struct item_collection_metrics_per_table_entry *entry;

    for (size_t i = 0; i < tables->count; i++)
        if (span_equal(tables->entries[i].key, table_name))
            return &tables->entries[i].value;
    entry = &tables->entries[tables->count++];
    entry->key = table_name;
    entry->value.items = NEW(metrics->arena, struct item_collection_metrics, metrics->writes_max);
    return &entry->value;
}

/* Of a collection that was written to twice the later size is the one that counts. */
void collection_metrics_add(struct collection_metrics *metrics, struct span table_name,
                            const struct write_plan *plan, const struct write_result *result)
{
    const struct item_collection_metrics *found =
        parameters_collection_metrics(metrics->arena, metrics->wanted, plan, result);
    struct item_collection_metrics_multiple *list;

    if (found == NULL)
        return;
    list = list_of(metrics, table_name);
    for (size_t i = 0; i < list->count; i++)
        if (item_equal(list->items[i].item_collection_key, found->item_collection_key)) {
            list->items[i] = *found;
            return;
        }
    list->items[list->count++] = *found;
}

const struct item_collection_metrics_per_table *
collection_metrics_close(const struct collection_metrics *metrics)
{
    return metrics->tables.count > 0 ? &metrics->tables : NULL;
}
