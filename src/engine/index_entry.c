/* engine/index_entry.c - an item's entry in a secondary index: key, projected attributes, size. */
#include "engine/index_entry.h"

#include "base/arena.h"
#include "item/key.h"
#include "item/size.h"
#include "plan/table.h"

/* Values are shared with the item. */
static struct item project(struct arena *arena, const struct table *table,
                           const struct index *index, const struct item *item)
{
    struct item projected = { 0 };

    projected.attributes = NEW(arena, struct attribute, item->count);
    for (size_t i = 0; i < item->count; i++) {
        if (index_projects(table, index, item->attributes[i].name))
            projected.attributes[projected.count++] = item->attributes[i];
    }
    return projected;
}

struct index_entry index_entry_make(struct arena *arena, const struct table *table,
                                    const struct index *index, const struct item *item,
                                    struct span table_key)
{
    struct index_entry entry = { 0 };

    if (key_check_index(arena, &index->keys, index->name, item, false) != NULL)
        return entry;
    key_from_index(arena, &index->keys, item, table_key, &entry.key);
    if (entry.key.data == NULL)
        return entry;
    entry.item =
        index->projection == PROJECTION_TYPE_ALL ? *item : project(arena, table, index, item);
    entry.bytes = item_bytes(&entry.item);
    return entry;
}
