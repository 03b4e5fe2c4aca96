/* ops/describe_stream.c - DescribeStream: a stream, and its shards a page at a time. */
#include "operations.h"

#include "base/arena.h"
#include "engine/sequence.h"
#include "ops/stream_arn.h"

enum { SHARDS_PER_PAGE = 100 };

static const struct api_key_schema *key_schema(struct arena *arena,
                                               const struct table_stream *stream)
{
    struct api_key_schema *schema = NEW(arena, struct api_key_schema, 1);

    schema->count = stream->key_names.count;
    schema->items = NEW(arena, struct key_schema_element, schema->count);
    for (size_t i = 0; i < schema->count; i++)
        schema->items[i] = (struct key_schema_element){ stream->key_names.items[i],
                                                        i == 0 ? KEY_TYPE_HASH : KEY_TYPE_RANGE };
    return schema;
}

static struct shard describe_shard(struct arena *arena, const struct stream_shard *shard)
{
    struct sequence_number_range *range = NEW(arena, struct sequence_number_range, 1);

    range->starting_sequence_number = sequence_text(arena, shard->first_sequence);
    if (shard->last_sequence != 0)
        range->ending_sequence_number = sequence_text(arena, shard->last_sequence);
    return (struct shard){ .shard_id = shard->id,
                           .parent_shard_id = shard->parent_id,
                           .sequence_number_range = range };
}

/* The number that an ExclusiveStartShardId or a filter's ShardId stands for. It may be one that is
 * gone since the page before. */
static struct error *read_shard_id(struct request *req, const struct table_stream *stream,
                                   struct span id, uint32_t *number)
{
    if (shard_number(stream, id, number) && *number < stream->next_shard)
        return NULL;
    return fail(req->arena, ERR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Shard does not exist");
}

static struct error *plan_shards(struct request *req, const struct describe_stream_input *in,
                                 struct shard_list_plan *plan)
{
    plan->limit = in->has_limit ? (size_t)in->limit : SHARDS_PER_PAGE;
    if (in->exclusive_start_shard_id.data) {
        TRY(read_shard_id(req, plan->stream, in->exclusive_start_shard_id, &plan->first));
        plan->first++;
    }
    if (in->shard_filter == NULL)
        return NULL;
    if (in->shard_filter->type == SHARD_FILTER_TYPE_ABSENT ||
        in->shard_filter->shard_id.data == NULL)
        return fail(req->arena, ERR_VALIDATION,
                    "Both Type and ShardId must be specified in ShardFilter");
    plan->is_childed = true;
    return read_shard_id(req, plan->stream, in->shard_filter->shard_id, &plan->parent);
}

struct error *describe_stream(struct request *req, const struct describe_stream_input *in,
                              struct describe_stream_output *out)
{
    struct stream_description *description = NEW(req->arena, struct stream_description, 1);
    struct shard_description_list *shards = NEW(req->arena, struct shard_description_list, 1);
    struct table_stream *stream = NEW(req->arena, struct table_stream, 1);
    struct shard_list_plan plan = { .stream = stream };
    struct stream_shard_list found;

    TRY(stream_arn_find(req, in->stream_arn, stream));
    TRY(plan_shards(req, in, &plan));
    TRY(exec_list_shards(req, &plan, &found));
    description->stream_arn = stream->arn;
    description->stream_label = stream->label;
    description->stream_status =
        stream->disabled_ms ? STREAM_STATUS_DISABLED : STREAM_STATUS_ENABLED;
    description->stream_view_type = stream->view;
    description->table_name = stream->table_name;
    description->key_schema = key_schema(req->arena, stream);
    description->has_creation_request_date_time = true;
    description->creation_request_date_time = (double)stream->created_ms / 1000.0;
    shards->count = found.count;
    shards->items = NEW(req->arena, struct shard, found.count);
    for (size_t i = 0; i < found.count; i++)
        shards->items[i] = describe_shard(req->arena, &found.items[i]);
    description->shards = shards;
    if (found.is_more)
        description->last_evaluated_shard_id = found.items[found.count - 1].id;
    out->stream_description = description;
    return NULL;
}
