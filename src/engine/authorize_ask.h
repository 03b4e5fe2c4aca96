/* engine/authorize_ask.h - inside the gate: a question about one action on one resource. */
#pragma once

#include "base/error.h"
#include "engine/authorize_facts.h"

/* *depends becomes true when the answer hangs on what isn't known yet. */
MUST_USE struct error *authorize_ask(struct request *req, const struct subject *subject,
                                     bool *depends);

/* The ARN of the caller's own table of that name; an ARN as it is. */
struct span authorize_table_arn(struct request *req, struct span name);
