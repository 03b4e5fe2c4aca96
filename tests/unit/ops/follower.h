/* tests/unit/ops/follower.h - a table with a stream, and a reader of all its shards. */
#pragma once

#include "caller.h"

enum { HOUR_MS = 3600 * 1000 };

/* Stops the caller's clock at a round second. */
void stop_clock(const struct caller *caller);
void pass_time(const struct caller *caller, int64_t ms);

/* Until there is nothing left to do in the background. */
void sweep_all(const struct caller *caller);

/* On demand, keys pk and sk (both strings), with a stream unless view is NULL. */
void create_streamed(const struct caller *caller, const char *name, const char *view);

struct span stream_arn_of(const struct caller *caller, const char *table);

/* What DescribeStream says of all shards: the list. */
yyjson_val *shards_of(const struct caller *caller, struct span arn);

/* "" when the answer has none. */
struct span iterator_at(const struct caller *caller, struct span arn, struct span shard,
                        const char *type_and_number);

/* All records of a stream, shard by shard, parents first. */
struct followed {
    size_t count;
    yyjson_val **records;
};

struct followed follow(const struct caller *caller, struct span arn);
