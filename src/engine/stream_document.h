/* engine/stream_document.h - streams, shards and records as the JSON documents that the store
 * keeps.
 *
 * Part of the file format: members are added, never renamed. Results live in the arena. */
#pragma once

#include "base/span.h"
#include "engine/stream.h"

#include <stdbool.h>

struct arena;
struct buffer;

/* The namespace stands in the entry's key alone, as do a shard's number and a record's. */
struct span stream_document_write(struct arena *arena, const struct table_stream *stream);
struct span shard_document_write(struct arena *arena, const struct stream_shard *shard);

/* false: not a document that this version wrote. Members from the key are left as they are. */
MUST_USE bool stream_document_read(struct arena *arena, struct span text,
                                   struct table_stream *stream);
MUST_USE bool shard_document_read(struct arena *arena, struct span text,
                                  struct stream_shard *shard);

/* What happened to an item. Images are absent where the view leaves them out. */
struct stream_record_entry {
    int64_t sequence;
    int64_t at_ms;
    int64_t bytes; /* as the service counts them: keys and images */
    enum operation_type event;
    enum stream_view_type view;
    bool by_service; /* an expired item, removed by TTL */
    struct item keys;
    struct item new_image;
    struct item old_image;
};

/* Replaces what the buffer holds. An image is written when it has attributes or json. */
void record_document_write(const struct stream_record_entry *record, struct buffer *out);

/* When it happened, without looking at the rest. */
MUST_USE bool record_document_time(struct span text, int64_t *at_ms);

/* The items have json alone. */
MUST_USE bool record_document_read(struct arena *arena, struct span text,
                                   struct stream_record_entry *record);
