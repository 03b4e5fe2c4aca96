/* plan/plan.h - what an operation wants of the data: checked, compiled, store-free.
 *
 * The engine's doors take plans; policy, throttling, capacity and reports read them. A plan and
 * all it points to live in the request's arena. */
#pragma once

#include "base/error.h"
#include "expr/expression.h"
#include "plan/table.h"

enum read_kind { READ_GET, READ_QUERY, READ_SCAN };

struct read_plan {
    enum read_kind kind;
    const struct table *table;
    const struct index *index; /* NULL: the table itself */
    bool is_consistent;
    struct span key;                   /* READ_GET: bytes of the key */
    const struct item *key_attributes; /* READ_GET: the Key as sent */

    /* READ_QUERY, READ_SCAN; filter also READ_GET, of PartiQL */
    const struct key_condition *key_condition; /* READ_QUERY: what range was made of */
    struct span_range range;
    struct span start_after; /* entry key of ExclusiveStartKey; absent: from the beginning */
    bool is_backward;
    uint64_t limit; /* entries evaluated; 0: no limit */
    const struct condition *filter;
    bool is_count_only; /* Select COUNT: no items are returned */
    bool fetches_items; /* a local index is asked for attributes that it doesn't project */

    /* all kinds */
    const struct projection *projection; /* NULL: whole item or entry */
};

struct read_result {
    struct item_list items; /* each with json; for READ_GET one, or none when there is no item */
    uint64_t count;         /* that passed the filter */
    uint64_t scanned_count;
    const struct item *last_key; /* LastEvaluatedKey; NULL at the end */
    uint64_t half_rcus;          /* of the index or table read, in half read units */
    uint64_t fetch_half_rcus;    /* of the table, for fetches_items */
    uint64_t read_bytes;         /* as the service counts them, before filter and projection */
};

enum write_kind { WRITE_PUT, WRITE_UPDATE, WRITE_DELETE, WRITE_CHECK };

struct write_plan {
    enum write_kind kind;
    const struct table *table;
    struct span key;                   /* bytes of the table key */
    const struct item *key_attributes; /* WRITE_UPDATE, DELETE, CHECK: the Key as sent */
    struct item *new_item;             /* WRITE_PUT: checked */
    const struct condition *condition; /* NULL: none */
    const struct update *update;       /* WRITE_UPDATE; NULL: just make sure that the item exists */
    bool is_insert;                    /* WRITE_PUT of PartiQL: an item that is there already is
                                          DuplicateItemException */
    bool returns_old_on_failure;       /* ReturnValuesOnConditionCheckFailure ALL_OLD */
    bool wants_collection_size;        /* ReturnItemCollectionMetrics SIZE */
    bool by_service;      /* TTL removes an expired item: no capacity, nobody to be refused */
    struct span returned; /* PartiQL: what it returns, as ReturnValues would; absent: nothing */
};

struct index_units {
    const struct index *index;
    uint64_t wcus;
};

struct write_result {
    struct item old_item; /* json present when there was one; attributes parsed on demand */
    struct item new_item; /* the same after the write; absent after a delete */
    uint64_t wcus;        /* of the table */
    size_t index_count;   /* indexes whose entries changed */
    struct index_units *indexes;
    int64_t collection_bytes; /* of the item's collection after the write, if wanted */
};

/* One member of a transaction. */
struct transact_write {
    struct write_plan plan;
    struct span table_name; /* as the request has it */
    struct error *refusal;  /* found before the data was looked at: cancels the transaction */
};

struct transact_write_plan {
    size_t count;
    struct transact_write *members; /* no item twice */
    struct span token;              /* ClientRequestToken; absent: none */
    struct span content;            /* bytes that are the same for the same request */
};

struct transact_write_result {
    struct write_result *members; /* one a member; empty after a replay */
    uint64_t *half_rcus;          /* one a member, of a replay; NULL when it was none */
};

struct transact_read {
    struct read_plan plan;  /* READ_GET, consistent */
    struct span table_name; /* as the request has it */
    struct error *refusal;
};

struct transact_read_plan {
    size_t count;
    struct transact_read *members; /* no item twice */
};
