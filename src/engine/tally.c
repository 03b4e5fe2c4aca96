/* engine/tally.c - counts of items and bytes by space, in a sorted array. */
#include "engine/tally.h"

#include "base/memory.h"

#include <string.h>

/* The first row whose space isn't below the one given. */
static size_t position_of(const struct tally *tally, uint32_t space)
{
    size_t low = 0;
    size_t high = tally->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tally->rows[middle].space < space)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void tally_fini(struct tally *tally)
{
    memory_free(tally->rows);
    *tally = (struct tally){ 0 };
}

void tally_forget(struct tally *tally)
{
    tally->count = 0;
}

void tally_drop(struct tally *tally, uint32_t space)
{
    struct tally_row *row = tally_find(tally, space);

    if (row == NULL)
        return;
    tally->count--;
    memmove(row, row + 1, (size_t)(tally->rows + tally->count - row) * sizeof(*row));
}

struct tally_row *tally_find(const struct tally *tally, uint32_t space)
{
    size_t at = position_of(tally, space);

    return at < tally->count && tally->rows[at].space == space ? &tally->rows[at] : NULL;
}

void tally_set(struct tally *tally, uint32_t space, int64_t items, int64_t bytes)
{
    size_t at = position_of(tally, space);

    if (at == tally->count || tally->rows[at].space != space) {
        if (tally->count == tally->capacity) {
            tally->capacity = tally->capacity ? tally->capacity * 2 : 16;
            tally->rows = memory_grow(tally->rows, tally->capacity * sizeof(*tally->rows));
        }
        memmove(&tally->rows[at + 1], &tally->rows[at], (tally->count - at) * sizeof(*tally->rows));
        tally->count++;
    }
    tally->rows[at] = (struct tally_row){ space, items, bytes };
}

void tally_add(struct tally *tally, uint32_t space, int64_t items, int64_t bytes)
{
    struct tally_row *row = tally_find(tally, space);

    if (row) {
        row->items += items;
        row->bytes += bytes;
    }
}
