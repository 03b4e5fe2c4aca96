/* ops/update_parts.h - the part of an item that an update wrote to: UPDATED_OLD and UPDATED_NEW,
 * and PartiQL's MODIFIED OLD and MODIFIED NEW. */
#pragma once

#include "plan/plan.h"

struct arena;

/* item is the old or the new one; NULL when none of the part is there. */
const struct item *update_parts_written(struct arena *arena, const struct write_plan *plan,
                                        struct item *item);
