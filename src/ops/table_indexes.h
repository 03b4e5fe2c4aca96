/* ops/table_indexes.h - secondary indexes as CreateTable and UpdateTable take them.
 *
 * In two steps, because the service looks at all keys before it looks at anything else: first the
 * keys, which add the index to the table, then projection and throughput.
 * Errors: ERR_VALIDATION. */
#pragma once

#include "base/error.h"
#include "plan/table.h"

struct arena;

/* Lists as CreateTable has them, NULL when absent; table must have its own key and no index
 * yet. There is room for every index a table can have. */
MUST_USE struct error *table_indexes_add(struct arena *arena,
                                         const struct local_secondary_index_list *local,
                                         const struct global_secondary_index_list *global,
                                         struct table *table);
MUST_USE struct error *table_indexes_complete(struct arena *arena,
                                              const struct local_secondary_index_list *local,
                                              const struct global_secondary_index_list *global,
                                              struct table *table);

/* "Projection" of one index, names sorted. */
MUST_USE struct error *table_indexes_project(struct arena *arena, const struct api_projection *in,
                                             struct index *index);

/* spec: 100 NonKeyAttributes over all indexes, a name counted in each */
MUST_USE struct error *table_indexes_check_projected(struct arena *arena,
                                                     const struct table *table);
