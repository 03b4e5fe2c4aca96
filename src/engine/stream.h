/* engine/stream.h - streams and their shards as the store keeps them.
 *
 * A stream outlives its being disabled and its table's end by a day, so it has a description of its
 * own. It has a fixed number of places; each item belongs to one by its partition key. At any time
 * one shard is open at each place of an enabled stream; a roll closes all of them and opens a child
 * each. Shards are numbered as they are opened, so the child of number n is n + shard_count.
 * A record's key is shard number, sequence number: each shard's records stand together, in order.
 *
 * All of it happens inside the session's transaction; structures live in the arena passed in.
 * Errors are the store's. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"
#include "store/store.h"

enum { SHARD_KEY_BYTES = 8, RECORD_KEY_BYTES = 12 };

struct table_stream {
    struct span namespace;
    struct span arn;
    struct span label;
    struct span table_name;
    struct span region;
    enum stream_view_type view;
    struct string_list key_names; /* of the table: partition key, sort key */
    int64_t created_ms;
    int64_t disabled_ms;  /* 0: enabled */
    uint32_t id;          /* what its shards stand under */
    uint32_t space;       /* of the store: the records */
    uint32_t shard_count; /* open at a time */
    uint32_t next_shard;
};

struct stream_shard {
    uint32_t number;
    struct span id;
    struct span parent_id; /* absent: opened with the stream */
    int64_t first_sequence;
    int64_t last_sequence;    /* 0: open */
    int64_t trimmed_sequence; /* the last one that is gone; 0: none */
    int64_t opened_ms;
    int64_t closed_ms; /* 0: open */
};

/* Brings the streams in step with a table's description that is about to be stored: opens what was
 * switched on (naming it in table), closes what was switched off. old is NULL for a new table,
 * table is NULL for one that is dropped. */
MUST_USE struct error *stream_follow(struct request *req, const struct table *old,
                                     struct table *table);

/* Closes the open shards and opens their children; table is changed accordingly. */
MUST_USE struct error *stream_roll(struct session *session, struct arena *arena,
                                   struct table *table);

/* Forgets all records; table is changed accordingly. */
MUST_USE struct error *stream_empty(struct session *session, struct arena *arena,
                                    struct table *table);

/* *is_found is false when there is none. */
MUST_USE struct error *stream_get(struct session *session, struct arena *arena,
                                  struct span namespace, struct span arn,
                                  struct table_stream *stream, bool *is_found);

/* The first one behind a key of SPACE_STREAMS (empty: of all); its own key goes into *key. */
MUST_USE struct error *stream_next(struct session *session, struct arena *arena, struct span after,
                                   struct table_stream *stream, struct span *key, bool *is_found);

MUST_USE struct error *shard_get(struct session *session, struct arena *arena,
                                 const struct table_stream *stream, uint32_t number,
                                 struct stream_shard *shard, bool *is_found);

/* The first one whose number is at least that. */
MUST_USE struct error *shard_next(struct session *session, struct arena *arena,
                                  const struct table_stream *stream, uint32_t number,
                                  struct stream_shard *shard, bool *is_found);

MUST_USE struct error *shard_put(struct session *session, struct arena *arena,
                                 const struct table_stream *stream,
                                 const struct stream_shard *shard);

/* The number in a shard id of this stream; false for what cannot be one. */
MUST_USE bool shard_number(const struct table_stream *stream, struct span id, uint32_t *number);

/* Keys of the store. */
struct span stream_key(struct arena *arena, struct span namespace, struct span arn);
struct span shard_key(uint32_t stream_id, uint32_t number, char bytes[SHARD_KEY_BYTES]);
struct span record_key(uint32_t shard, int64_t sequence, char bytes[RECORD_KEY_BYTES]);
int64_t record_key_sequence(struct span key);

/* The records of one shard from a sequence number on. */
struct span_range record_range(struct arena *arena, uint32_t shard, int64_t first_sequence);
