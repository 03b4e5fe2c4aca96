/* engine/catalog_map.h - the tables of one session: sorted for listing, hashed for finding.
 *
 * Owns its tables (each one block, see table_clone). A table that is replaced or removed is retired
 * first and freed by the second catalog_map_free_retired that follows, for a request of the turn
 * may still hold it. */
#pragma once

#include "plan/table.h"

#include <stdint.h>

struct catalog_entry {
    struct table *table;
    uint64_t hash;
    int64_t version; /* of the catalog when the table was stored */
    bool is_kept;    /* while a new catalog is put together: the table goes on living there */
};

struct catalog_map {
    size_t count;
    size_t capacity;
    struct catalog_entry *entries; /* by namespace, then name */
    size_t slot_count;             /* a power of two, at most half full */
    uint32_t *slots;               /* position of an entry + 1; 0: free */
    size_t retired_count;
    size_t retired_capacity;
    size_t retired_before; /* of them, retired before the last catalog_map_free_retired */
    struct table **retired;
};

/* What a request's tables are named under, in two pieces so that nothing has to be put together:
 * both absent, a Region, or an access key and a Region. */
struct catalog_namespace {
    bool has_access_key;
    struct span access_key;
    struct span region;
};

void catalog_map_fini(struct catalog_map *map);

/* The first entry that is not before the namespace (as one text) and name. */
size_t catalog_map_position(const struct catalog_map *map, struct span namespace, struct span name);

/* NULL when there is none. No allocation. */
const struct table *catalog_map_find(const struct catalog_map *map,
                                     const struct catalog_namespace *namespace, struct span name);

/* Takes over the table; one of the same namespace and name is retired. */
void catalog_map_put(struct catalog_map *map, struct table *table, int64_t version);
void catalog_map_remove(struct catalog_map *map, size_t position);

/* The whole catalog anew: entries in order with table and version set. What the map held before and
 * did not mark as kept is retired. */
void catalog_map_replace_all(struct catalog_map *map, struct catalog_entry *entries, size_t count);

void catalog_map_free_retired(struct catalog_map *map);
