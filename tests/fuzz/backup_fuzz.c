/* tests/fuzz/backup_fuzz.c - the input as a backup's description: what is accepted is written and
 * read again the same. */
#include "base/arena.h"
#include "engine/backup.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    const struct span text = { (const char *)data, size };
    struct backup backup;
    struct backup again;

    if (backup_document_read(arena, text, &backup)) {
        struct span written = backup_document_write(arena, &backup);

        assert(backup_document_read(arena, written, &again));
        assert(span_equal(written, backup_document_write(arena, &again)));
    }
    arena_close(arena);
    return 0;
}
