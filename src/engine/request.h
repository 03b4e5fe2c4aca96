/* engine/request.h - who asks, and where the answer's memory lives. One per request. */
#pragma once

#include "base/span.h"
#include "engine/engine.h"
#include "item/wording.h"

struct arena;
struct held;
struct policy_caller;
struct session;
struct yyjson_val;

struct request {
    struct arena *arena;
    struct session *session;
    struct span operation;  /* "PutItem" */
    struct span region;     /* from the credential scope; us-east-1 when there is none */
    struct span access_key; /* absent when unsigned */
    struct span account;    /* twelve digits */
    struct span user_agent; /* absent when not sent */
    struct span test;       /* x-stator-test: the name of the test that asks; likewise */
    struct span host;       /* what the client calls this server: for DescribeEndpoints */
    enum validator validator;

    /* A transaction may be held between its check and its commit (engine_hold_transactions), but
     * only where its caller can run it again. Then the run leaves held set: there is no answer yet;
     * the turn goes on without it, and after the time dispatch_resume runs it to its end. */
    bool can_be_held;
    struct held *held;
    const struct held *resumed; /* in the second run */

    /* For the gate of policies: engine/authorize.h. */
    const struct policy_caller *caller; /* NULL: whoever it is may do everything */
    struct span source_ip;              /* absent when not known */
    struct yyjson_val *input;           /* the request itself; NULL before authorize_request */
    bool is_authorized;                 /* nothing of it can be refused any more */
    bool is_batch_authorized;           /* all members of the batch were asked for */
};
