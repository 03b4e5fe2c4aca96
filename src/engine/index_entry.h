/* engine/index_entry.h - what an item leaves behind in one of its table's secondary indexes.
 *
 * Index upkeep on a write and the backfill of a new index both make their entries here, so that
 * they can't differ. Pure; results live in the arena and share the item's values: no text is made
 * of them before they are stored. */
#pragma once

#include "base/span.h"
#include "item/value.h"

#include <stddef.h>

struct arena;
struct index;
struct table;

struct index_entry {
    struct span key;  /* absent: the item isn't in the index */
    struct item item; /* the projected attributes in the item's order */
    size_t bytes;     /* of them, as the service counts an item */
};

/* item: checked, attributes parsed. table_key is the item's own key. There is no entry when the
 * item lacks a key attribute of the index, or has one of another type or of an illegal size, as an
 * item from before the index may. The projection KEYS_ONLY is the keys of table and index, INCLUDE
 * adds the attributes named, ALL is the whole item. */
struct index_entry index_entry_make(struct arena *arena, const struct table *table,
                                    const struct index *index, const struct item *item,
                                    struct span table_key);
