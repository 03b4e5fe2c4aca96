/* client/endpoint.h - where calls go: http://HOST[:PORT] or https://HOST[:PORT]. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

struct arena;

struct endpoint {
    struct span url;  /* without a '/' behind it */
    struct span host; /* as the Host header has it: without a default port */
    bool is_https;
    bool is_loopback; /* on this machine: no proxy stands between */
};

MUST_USE struct error *endpoint_parse(struct arena *arena, struct span url,
                                      struct endpoint *endpoint);
