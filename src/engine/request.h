/* engine/request.h - who asks, and where the answer's memory lives. One per request. */
#pragma once

#include "base/span.h"
#include "engine/engine.h"
#include "item/wording.h"

struct arena;
struct session;

struct request {
    struct arena *arena;
    struct session *session;
    struct span operation;  /* "PutItem" */
    struct span region;     /* from the credential scope; us-east-1 when there is none */
    struct span access_key; /* absent when unsigned */
    struct span account;    /* twelve digits */
    struct span user_agent; /* absent when not sent */
    struct span host;       /* what the client calls this server: for DescribeEndpoints */
    enum validator validator;
};
