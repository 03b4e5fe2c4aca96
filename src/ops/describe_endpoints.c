/* ops/describe_endpoints.c - DescribeEndpoints: the address at which this server was reached. */
#include "operations.h"

#include "base/arena.h"

enum { CACHE_MINUTES = 1440 };

struct error *describe_endpoints(struct request *req, const struct describe_endpoints_request *in,
                                 struct describe_endpoints_response *out)
{
    struct endpoints *list = NEW(req->arena, struct endpoints, 1);

    (void)in;
    list->count = 1;
    list->items = NEW(req->arena, struct endpoint, 1);
    list->items[0].address = req->host;
    list->items[0].has_cache_period_in_minutes = true;
    list->items[0].cache_period_in_minutes = CACHE_MINUTES;
    out->endpoints = list;
    return NULL;
}
