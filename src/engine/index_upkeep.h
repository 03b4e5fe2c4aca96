/* engine/index_upkeep.h - what one write of an item changes in one index, and what that costs. */
#pragma once

#include "base/error.h"
#include "engine/index_entry.h"
#include "plan/table.h"

#include <stdbool.h>

struct arena;
struct session;

struct index_change {
    struct index_entry old_entry; /* key absent: the item wasn't in the index */
    struct index_entry new_entry; /* key absent: it won't be */
    bool is_unchanged;            /* the same entry before and after */
};

/* old_item and new_item are NULL when there is none. */
void index_change_make(struct arena *arena, const struct table *table, const struct index *index,
                       struct span table_key, const struct item *old_item,
                       const struct item *new_item, struct index_change *change);

MUST_USE struct error *index_change_store(struct session *session, const struct index *index,
                                          const struct index_change *change);

/* spec: nothing for an unchanged entry; a changed one by the larger of the two; a moved one for
 * the deletion and for the insertion */
uint64_t index_change_wcus(const struct index_change *change);
