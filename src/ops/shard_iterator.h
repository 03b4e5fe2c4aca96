/* ops/shard_iterator.h - a place in a shard, as clients carry it about.
 *
 * "STREAM_ARN|1|BASE64". Opaque to clients; one that was changed on the way isn't accepted. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdint.h>

struct arena;

enum { SHARD_ITERATOR_LIFE_MS = 15 * 60 * 1000 }; /* spec: 15 minutes */

struct shard_iterator {
    struct span stream_arn;
    struct span shard_id;
    int64_t from;    /* the least sequence number */
    int64_t made_ms; /* by the engine's clock */
};

struct span shard_iterator_write(struct arena *arena, const struct shard_iterator *iterator);

/* "Invalid ShardIterator" for what shard_iterator_write didn't make. */
MUST_USE struct error *shard_iterator_read(struct arena *arena, struct span text,
                                           struct shard_iterator *iterator);
