/* engine/catalog_map.c - a sorted array of tables with an open-addressed hash beside it. */
#include "engine/catalog_map.h"

#include "base/memory.h"

#include <string.h>

enum { SLOTS_MIN = 16, ENTRIES_MIN = 8 };

static uint64_t hash_of(const struct catalog_namespace *namespace, struct span name)
{
    uint64_t hash = span_hash(name);

    if (namespace->region.data)
        hash ^= span_hash(namespace->region) * 3;
    if (namespace->has_access_key)
        hash ^= span_hash(namespace->access_key) * 5;
    return hash;
}

/* A stored namespace taken apart again: "", "region" or "access key/region". */
static struct catalog_namespace namespace_of(const struct table *table)
{
    const struct span text = table->namespace;
    const char *slash = text.size ? memrchr(text.data, '/', text.size) : NULL;
    struct catalog_namespace namespace = { 0 };
    size_t before = slash ? (size_t)(slash - text.data) : 0;

    if (text.size == 0)
        return namespace;
    namespace.region = text;
    if (slash) {
        namespace.has_access_key = true;
        namespace.access_key = (struct span){ text.data, before };
        namespace.region = (struct span){ slash + 1, text.size - before - 1 };
    }
    return namespace;
}

static bool is_in_namespace(const struct table *table, const struct catalog_namespace *namespace)
{
    const struct catalog_namespace own = namespace_of(table);

    return own.has_access_key == namespace->has_access_key &&
           span_equal(own.region, namespace->region) &&
           (!own.has_access_key || span_equal(own.access_key, namespace->access_key));
}

static void index_entries(struct catalog_map *map)
{
    size_t mask;

    while (map->slot_count < map->count * 2 || map->slot_count < SLOTS_MIN)
        map->slot_count = map->slot_count ? map->slot_count * 2 : SLOTS_MIN;
    map->slots = memory_grow(map->slots, map->slot_count * sizeof(*map->slots));
    memset(map->slots, 0, map->slot_count * sizeof(*map->slots));
    mask = map->slot_count - 1;
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = map->entries[i].hash & mask;

        while (map->slots[slot] != 0)
            slot = (slot + 1) & mask;
        map->slots[slot] = (uint32_t)i + 1;
    }
}

void catalog_map_fini(struct catalog_map *map)
{
    for (size_t i = 0; i < map->count; i++)
        memory_free(map->entries[i].table);
    for (size_t i = 0; i < map->retired_count; i++)
        memory_free(map->retired[i]);
    memory_free(map->entries);
    memory_free(map->slots);
    memory_free(map->retired);
    *map = (struct catalog_map){ 0 };
}

static int compare(const struct table *table, struct span namespace, struct span name)
{
    int order = span_compare(table->namespace, namespace);

    return order != 0 ? order : span_compare(table->name, name);
}

size_t catalog_map_position(const struct catalog_map *map, struct span namespace, struct span name)
{
    size_t low = 0;
    size_t high = map->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(map->entries[middle].table, namespace, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct table *catalog_map_find(const struct catalog_map *map,
                                     const struct catalog_namespace *namespace, struct span name)
{
    uint64_t hash = hash_of(namespace, name);
    size_t mask = map->slot_count - 1;

    if (map->count == 0)
        return NULL;
    for (size_t slot = hash & mask; map->slots[slot] != 0; slot = (slot + 1) & mask) {
        const struct catalog_entry *entry = &map->entries[map->slots[slot] - 1];

        if (entry->hash == hash && span_equal(entry->table->name, name) &&
            is_in_namespace(entry->table, namespace))
            return entry->table;
    }
    return NULL;
}

static struct catalog_entry entry_of(struct table *table, int64_t version)
{
    const struct catalog_namespace namespace = namespace_of(table);

    return (struct catalog_entry){ table, hash_of(&namespace, table->name), version, false };
}

static void retire(struct catalog_map *map, struct table *table)
{
    if (map->retired_count == map->retired_capacity) {
        map->retired_capacity = map->retired_capacity ? map->retired_capacity * 2 : ENTRIES_MIN;
        map->retired = memory_grow(map->retired, map->retired_capacity * sizeof(*map->retired));
    }
    map->retired[map->retired_count++] = table;
}

void catalog_map_put(struct catalog_map *map, struct table *table, int64_t version)
{
    size_t at = catalog_map_position(map, table->namespace, table->name);

    if (at < map->count && compare(map->entries[at].table, table->namespace, table->name) == 0) {
        retire(map, map->entries[at].table);
        map->entries[at] = entry_of(table, version);
        return;
    }
    if (map->count == map->capacity) {
        map->capacity = map->capacity ? map->capacity * 2 : ENTRIES_MIN;
        map->entries = memory_grow(map->entries, map->capacity * sizeof(*map->entries));
    }
    memmove(&map->entries[at + 1], &map->entries[at], (map->count - at) * sizeof(*map->entries));
    map->entries[at] = entry_of(table, version);
    map->count++;
    index_entries(map);
}

void catalog_map_remove(struct catalog_map *map, size_t position)
{
    retire(map, map->entries[position].table);
    map->count--;
    memmove(&map->entries[position], &map->entries[position + 1],
            (map->count - position) * sizeof(*map->entries));
    index_entries(map);
}

void catalog_map_replace_all(struct catalog_map *map, struct catalog_entry *entries, size_t count)
{
    for (size_t i = 0; i < map->count; i++) {
        if (!map->entries[i].is_kept)
            retire(map, map->entries[i].table);
    }
    memory_free(map->entries);
    map->entries = entries;
    map->count = count;
    map->capacity = count;
    for (size_t i = 0; i < count; i++)
        entries[i] = entry_of(entries[i].table, entries[i].version);
    index_entries(map);
}

void catalog_map_free_retired(struct catalog_map *map)
{
    for (size_t i = 0; i < map->retired_before; i++)
        memory_free(map->retired[i]);
    map->retired_count -= map->retired_before;
    if (map->retired_count > 0)
        memmove(map->retired, map->retired + map->retired_before,
                map->retired_count * sizeof(struct table *));
    map->retired_before = map->retired_count;
}
