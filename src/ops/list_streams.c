/* ops/list_streams.c - ListStreams: the caller's streams, those of the last day included. */
#include "operations.h"

#include "base/arena.h"
#include "engine/exec_stream.h"

enum { STREAMS_PER_PAGE = 100 };

struct error *list_streams(struct request *req, const struct list_streams_input *in,
                           struct list_streams_output *out)
{
    const struct stream_list_plan plan = { .table_name = in->table_name,
                                           .start_arn = in->exclusive_start_stream_arn,
                                           .limit = in->has_limit ? (size_t)in->limit
                                                                  : STREAMS_PER_PAGE };
    struct stream_list *streams = NEW(req->arena, struct stream_list, 1);
    struct table_stream_list found;

    TRY(exec_list_streams(req, &plan, &found));
    streams->count = found.count;
    streams->items = NEW(req->arena, struct stream, found.count);
    for (size_t i = 0; i < found.count; i++)
        streams->items[i] = (struct stream){ .stream_arn = found.items[i].arn,
                                             .stream_label = found.items[i].label,
                                             .table_name = found.items[i].table_name };
    out->streams = streams;
    if (found.is_more)
        out->last_evaluated_stream_arn = found.items[found.count - 1].arn;
    return NULL;
}
