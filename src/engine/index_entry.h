/* engine/index_entry.h - what an item leaves behind in one of its table's secondary indexes.
 *
 * Index upkeep on a write and the backfill of a new index both make their entries here, so that
 * they can't differ. Pure; results live in the arena (or are the item's own json). */
#pragma once

#include "base/span.h"
#include "item/value.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct index;
struct table;

struct index_entry {
    struct span key;  /* absent: the item lacks a key attribute of the index and isn't in it */
    struct span json; /* canonical, of the projected attributes in the item's order */
    size_t bytes;     /* of the projected attributes, as the service counts an item */
};

/* item: checked, attributes parsed, fit for the index (index_entry_fits, or key_check_index before
 * a write). table_key is the item's own key. The projection KEYS_ONLY is the keys of table and
 * index, INCLUDE adds the attributes named, ALL is the whole item. */
struct index_entry index_entry_make(struct arena *arena, const struct table *table,
                                    const struct index *index, const struct item *item,
                                    struct span table_key);

/* Has every index key attribute that the item has the right type and a legal size? An item that
 * was there before the index may not; the backfill then leaves it out, as the service does. */
bool index_entry_fits(struct arena *arena, const struct index *index, const struct item *item);
