/* ops/update_parts.c - what an update wrote. */
#include "ops/update_parts.h"

#include "base/arena.h"
#include "item/json.h"

const struct item *update_parts_written(struct arena *arena, const struct write_plan *plan,
                                        struct item *item)
{
    struct item *part = NEW(arena, struct item, 1);

    if (plan->update == NULL || (item->count == 0 && item->json.data == NULL))
        return NULL;
    if (item->count == 0)
        item_parse(arena, item->json, item);
    projection_apply(arena, update_targets(plan->update), item, part);
    return part->count > 0 ? part : NULL;
}
