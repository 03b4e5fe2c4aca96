/* tests/fuzz/catalog_fuzz.c - the input as a table's description and as an ARN: what is accepted is
 * written and read again the same. */
#include "base/arena.h"
#include "base/memory.h"
#include "engine/catalog.h"
#include "engine/catalog_document.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 64 << 20 };

static void describe(struct arena *arena, struct span text)
{
    struct table table;
    struct table again;
    struct table *clone;
    struct span written;

    if (!catalog_document_read(arena, text, &table))
        return;
    clone = table_clone(&table);
    written = catalog_document_write(arena, clone);
    assert(catalog_document_read(arena, written, &again));
    assert(span_equal(written, catalog_document_write(arena, &again)));
    memory_free(clone);
}

static void split(struct span text)
{
    struct table_arn arn;

    if (!table_arn_split(text, &arn))
        return;
    assert(arn.table.size > 0 && arn.region.size > 0 && arn.account.size > 0);
    assert(arn.rest.data + arn.rest.size == text.data + text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    const struct span text = { (const char *)data, size };

    describe(arena, text);
    split(text);
    arena_close(arena);
    return 0;
}
