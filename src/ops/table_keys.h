/* ops/table_keys.h - AttributeDefinitions and KeySchema, of tables and indexes, as CreateTable and
 * UpdateTable take them: checked, and turned into what the engine knows.
 *
 * Errors: ERR_VALIDATION, in the order in which the service looks. */
#pragma once

#include "base/error.h"
#include "plan/table.h"

struct arena;

/* Fills table->definitions, in the order given. */
MUST_USE struct error *
table_keys_define(struct arena *arena, const struct attribute_definitions *in, struct table *table);

/* The key of the table itself; definitions must be there. */
MUST_USE struct error *table_keys_of_table(struct arena *arena, const struct api_key_schema *in,
                                           struct table *table);

/* The table's own key must be there. */
MUST_USE struct error *table_keys_of_local(struct arena *arena, const struct table *table,
                                           const struct api_key_schema *in, struct index *index);

/* Up to 4 HASH and 4 RANGE attributes. */
MUST_USE struct error *table_keys_of_global(struct arena *arena, const struct table *table,
                                            const struct api_key_schema *in, struct index *index);

/* CreateTable: every definition must be the key of something. */
MUST_USE struct error *table_keys_check_used(struct arena *arena, const struct table *table);

bool table_keys_use(const struct table *table, struct span name);

/* By name, as DescribeTable shows them. */
void table_keys_sort_definitions(struct table *table);
