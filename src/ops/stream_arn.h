/* ops/stream_arn.h - which stream a StreamArn means. */
#pragma once

#include "base/error.h"
#include "engine/exec_stream.h"
#include "engine/request.h"

/* ValidationException for what is no stream's ARN, ResourceNotFoundException where there is no such
 * stream. */
MUST_USE struct error *stream_arn_find(struct request *req, struct span arn,
                                       struct table_stream *stream);
