/* ops/usage.c - ConsumedCapacity as the service reports it. */
#include "ops/usage.h"

#include "base/arena.h"

static uint64_t *index_units_of(struct arena *arena, struct usage *usage, const struct index *index)
{
    if (usage->index_half_units == NULL)
        usage->index_half_units = NEW(arena, uint64_t, usage->table->index_count);
    return &usage->index_half_units[index - usage->table->indexes];
}

void usage_add_read(struct arena *arena, struct usage *usage, const struct read_plan *plan,
                    const struct read_result *result)
{
    usage->table = plan->table;
    if (plan->index)
        *index_units_of(arena, usage, plan->index) += result->half_rcus;
    else
        usage->table_half_units += result->half_rcus;
    usage->table_half_units += result->fetch_half_rcus;
}

void usage_add_write(struct arena *arena, struct usage *usage, const struct write_plan *plan,
                     const struct write_result *result)
{
    usage->table = plan->table;
    usage->table_half_units += 2 * result->wcus;
    for (size_t i = 0; i < result->index_count; i++)
        *index_units_of(arena, usage, result->indexes[i].index) += 2 * result->indexes[i].wcus;
}

static struct capacity capacity_of(enum usage_split split, uint64_t half_units)
{
    double units = (double)half_units / 2;

    return (struct capacity){
        .capacity_units = units,
        .has_capacity_units = true,
        .read_capacity_units = units,
        .has_read_capacity_units = split == USAGE_OF_READS,
        .write_capacity_units = units,
        .has_write_capacity_units = split == USAGE_OF_WRITES,
    };
}

static const struct secondary_indexes_capacity_map *
report_indexes(struct arena *arena, const struct usage *usage, bool is_global)
{
    size_t count = usage->index_half_units ? usage->table->index_count : 0;
    struct secondary_indexes_capacity_map *map =
        NEW(arena, struct secondary_indexes_capacity_map, 1);

    map->entries = NEW(arena, struct secondary_indexes_capacity_map_entry, count);
    for (size_t i = 0; i < count; i++) {
        const struct index *index = &usage->table->indexes[i];

        if (index->is_global == is_global && usage->index_half_units[i] > 0)
            map->entries[map->count++] = (struct secondary_indexes_capacity_map_entry){
                index->name, capacity_of(usage->split, usage->index_half_units[i])
            };
    }
    return map->count > 0 ? map : NULL;
}

static struct consumed_capacity report(struct arena *arena, bool shows_parts,
                                       const struct usage *usage)
{
    struct consumed_capacity report = { .table_name = usage->table_name };
    uint64_t total = usage->table_half_units;
    struct capacity all;

    for (size_t i = 0; usage->index_half_units && i < usage->table->index_count; i++)
        total += usage->index_half_units[i];
    all = capacity_of(usage->split, total);
    report.capacity_units = all.capacity_units;
    report.has_capacity_units = true;
    report.read_capacity_units = all.read_capacity_units;
    report.has_read_capacity_units = all.has_read_capacity_units;
    report.write_capacity_units = all.write_capacity_units;
    report.has_write_capacity_units = all.has_write_capacity_units;
    if (shows_parts) {
        struct capacity *table = NEW(arena, struct capacity, 1);

        *table = capacity_of(usage->split, usage->table_half_units);
        report.table = table;
        report.global_secondary_indexes = report_indexes(arena, usage, true);
        report.local_secondary_indexes = report_indexes(arena, usage, false);
    }
    return report;
}

const struct consumed_capacity *
usage_report(struct arena *arena, enum return_consumed_capacity wanted, const struct usage *usage)
{
    struct consumed_capacity *answer;

    if (wanted != RETURN_CONSUMED_CAPACITY_TOTAL && wanted != RETURN_CONSUMED_CAPACITY_INDEXES)
        return NULL;
    answer = NEW(arena, struct consumed_capacity, 1);
    *answer = report(arena, wanted == RETURN_CONSUMED_CAPACITY_INDEXES, usage);
    return answer;
}

const struct consumed_capacity_multiple *usage_report_all(struct arena *arena,
                                                          enum return_consumed_capacity wanted,
                                                          const struct usage *usages, size_t count)
{
    struct consumed_capacity_multiple *all;

    if (wanted != RETURN_CONSUMED_CAPACITY_TOTAL && wanted != RETURN_CONSUMED_CAPACITY_INDEXES)
        return NULL;
    all = NEW(arena, struct consumed_capacity_multiple, 1);
    all->items = NEW(arena, struct consumed_capacity, count);
    for (size_t i = 0; i < count; i++)
        all->items[all->count++] =
            report(arena, wanted == RETURN_CONSUMED_CAPACITY_INDEXES, &usages[i]);
    return all;
}
