/* ops/stream_arn.c - a StreamArn looked at, then looked up. */
#include "ops/stream_arn.h"

#include "base/arena.h"
#include "engine/catalog.h"

struct error *stream_arn_find(struct request *req, struct span arn, struct table_stream *stream)
{
    const struct span start = SPAN("/stream/");
    struct table_arn parts;

    if (!table_arn_split(arn, &parts) || !span_starts_with(parts.rest, start) ||
        parts.rest.size == start.size)
        return fail(req->arena, ERR_VALIDATION, "Invalid StreamArn");
    TRY(table_arn_check_account(req, arn, &parts));
    return exec_find_stream(req, arn, stream);
}
