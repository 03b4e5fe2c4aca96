/* plan/table.h - what the engine knows of a table: a description, no data.
 *
 * A struct table is immutable once the catalog has published it; a change makes a new one. It lives
 * in the catalog and stays valid for the whole request that found it. Names are spans with a NUL
 * behind them. Times are milliseconds since 1970 by the engine's clock. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"
#include "item/key.h"
#include "item/value.h"

#include "shapes.h" /* generated: enums of the API */

#include <stdint.h>

enum { LOCAL_INDEXES_MAX = 5, GLOBAL_INDEXES_MAX = 20 };

struct throughput {
    int64_t read_units; /* provisioned; 0 when on demand */
    int64_t write_units;
    int64_t last_increase_ms; /* 0: never */
    int64_t last_decrease_ms;
    int64_t decreases_today;
    int64_t max_read_units; /* on-demand maximum; 0: none */
    int64_t max_write_units;
    int64_t warm_read_units; /* always reported */
    int64_t warm_write_units;
};

struct index {
    struct span name;
    struct span arn;
    bool is_global;
    struct key_schema keys;
    enum projection_type projection;
    struct string_list non_key_attributes;
    enum index_status status; /* global indexes only; ACTIVE for local ones */
    bool is_backfilling;
    struct throughput throughput;
    uint32_t space; /* of the store: the index's entries */
};

struct tag_pair {
    struct span key;
    struct span value;
};

struct table {
    struct span name; /* without account or Region */
    struct span arn;
    struct span id; /* a UUID */
    struct span region;
    struct span account;
    struct span namespace; /* see --namespace-by; empty when there is one for all */
    enum table_status status;
    int64_t created_ms;

    struct key_schema keys;
    size_t definition_count;
    struct key_part *definitions; /* AttributeDefinitions, by name */
    size_t index_count;           /* local ones first, each kind in the order created */
    struct index *indexes;
    size_t local_index_count;

    enum billing_mode billing_mode;
    bool has_billing_summary; /* was on demand at some time */
    int64_t on_demand_since_ms;
    struct throughput throughput;

    enum stream_view_type stream_view; /* ABSENT: no enabled stream */
    struct span stream_label;          /* of the enabled or last stream; absent: never had one */
    struct span stream_arn;
    uint32_t stream_space;       /* of the store: the enabled stream's records; 0: none */
    uint32_t stream_shard_count; /* shards of it that are open at a time */
    uint32_t stream_first_shard; /* the number of the first open one */
    int64_t stream_rolled_ms;    /* when these were opened */

    struct span ttl_attribute; /* absent: TTL was never on */
    bool is_ttl_on;
    int64_t ttl_changed_ms;
    uint32_t ttl_space; /* of the store: keys of items by their expiry; 0: TTL is off */

    enum table_class table_class; /* ABSENT: never given, STANDARD */
    int64_t table_class_changed_ms;
    bool is_protected; /* DeletionProtectionEnabled */
    bool is_sse_given; /* SSESpecification with KMS: shown as SSEDescription */
    struct span kms_key_arn;
    size_t tag_count;
    struct tag_pair *tags;
    struct span resource_policy;

    int64_t continuous_since_ms; /* point-in-time recovery is on since then; 0: off */
    int64_t recovery_days;       /* how far back it reaches */
    int64_t restored_ms;         /* 0: no backup stands behind this table */
    struct span restored_backup_arn;
    struct span restored_table_arn;

    uint32_t space;            /* of the store: the items */
    uint32_t collection_space; /* sizes of item collections; 0 unless there are local indexes */
};

/* A copy of everything in one block of memory, its spans with a NUL behind them. The owner frees it
 * with memory_free. */
MUST_USE struct table *table_clone(const struct table *table);

/* NULL when there is none of that name. */
const struct index *table_find_index(const struct table *table, struct span name);
const struct key_part *table_find_definition(const struct table *table, struct span name);

/* Is a top-level attribute part of what the index holds (key, projected, or everything)? */
bool index_projects(const struct table *table, const struct index *index, struct span name);
