/* engine/exec_stream.h - the door to streams: which there are, their shards, their records.
 *
 * Every gate before the data of a stream hangs here. Results live in the request's arena.
 * Errors are final: ResourceNotFoundException, TrimmedDataAccessException, InternalServerError. */
#pragma once

#include "engine/request.h"
#include "engine/stream_document.h"

/* "Requested resource not found: Stream: ARN not found" */
MUST_USE struct error *exec_find_stream(struct request *req, struct span arn,
                                        struct table_stream *stream);

/* "Requested resource not found: Shard does not exist" */
MUST_USE struct error *exec_find_shard(struct request *req, const struct table_stream *stream,
                                       struct span id, struct stream_shard *shard);

struct stream_list_plan {
    struct span table_name; /* absent: streams of all tables */
    struct span start_arn;  /* exclusive; absent: from the first */
    size_t limit;
};

struct table_stream_list {
    size_t count;
    struct table_stream *items;
    bool is_more;
};

/* By ARN, in the caller's namespace. */
MUST_USE struct error *exec_list_streams(struct request *req, const struct stream_list_plan *plan,
                                         struct table_stream_list *list);

struct shard_list_plan {
    const struct table_stream *stream;
    uint32_t first;  /* the least number */
    bool is_childed; /* only the child of the shard with the number parent */
    uint32_t parent;
    size_t limit;
};

struct stream_shard_list {
    size_t count;
    struct stream_shard *items;
    bool is_more;
};

/* In the order opened. */
MUST_USE struct error *exec_list_shards(struct request *req, const struct shard_list_plan *plan,
                                        struct stream_shard_list *list);

struct record_plan {
    const struct table_stream *stream;
    const struct stream_shard *shard;
    int64_t from; /* the least sequence number */
    size_t limit;
};

struct record_page {
    size_t count;
    struct stream_record_entry *items;
    int64_t next; /* where to go on */
    bool is_end;  /* nothing will ever come behind */
};

/* Up to limit records and 1 MB. */
MUST_USE struct error *exec_read_records(struct request *req, const struct record_plan *plan,
                                         struct record_page *page);

/* "The data you are trying to access has been trimmed." when a record at or behind that place is
 * gone. */
MUST_USE struct error *exec_check_trimmed(struct request *req, const struct stream_shard *shard,
                                          int64_t from);

/* What the next record's sequence number will be at least. */
MUST_USE struct error *exec_next_sequence(struct request *req, int64_t *next);
