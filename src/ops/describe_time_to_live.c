/* ops/describe_time_to_live.c - DescribeTimeToLive: whether items expire, and by what. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/expiry.h"

/* spec: neither before the table is there nor when it is going */
static struct error *check_status(struct request *req, const struct table *table)
{
    struct span status = table_status_texts[table->status];

    if (table->status != TABLE_STATUS_CREATING && table->status != TABLE_STATUS_DELETING)
        return NULL;
    return fail(req->arena, ERR_VALIDATION,
                "Cannot describe time to live while table is in %.*s state: Current table state is "
                "%.*s",
                SPAN_PRINT(status), SPAN_PRINT(status));
}

struct error *describe_time_to_live(struct request *req,
                                    const struct describe_time_to_live_input *in,
                                    struct describe_time_to_live_output *out)
{
    struct time_to_live_description *description =
        NEW(req->arena, struct time_to_live_description, 1);
    const struct table *table;

    TRY(catalog_find_control(req, in->table_name, &table));
    TRY(check_status(req, table));
    description->time_to_live_status = expiry_status(req->session, table);
    if (description->time_to_live_status != TIME_TO_LIVE_STATUS_DISABLED)
        description->attribute_name = table->ttl_attribute;
    out->time_to_live_description = description;
    return NULL;
}
