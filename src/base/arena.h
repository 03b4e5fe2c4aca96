/* base/arena.h - memory that lives as long as one request and is freed in one call.
 *
 * Memory is zeroed and never NULL: an arena that would pass its limit, or a machine without memory,
 * ends the process (the store survives that by design). Single-threaded.
 * With -Dchecked_arena=true each allocation is a malloc of its own, so that AddressSanitizer sees
 * an overrun inside an arena. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* limit_bytes is the most the arena may hand out between two resets. */
struct arena *arena_open(size_t limit_bytes);
void arena_close(struct arena *arena);

/* Forgets all that was allocated and keeps a first block for the next request. */
void arena_reset(struct arena *arena);

/* count * size zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* Memory as above that is not zeroed: for bytes that are written at once. */
void *arena_alloc_raw(struct arena *arena, size_t bytes);

/* The block at old, of old_bytes, made larger; in place where it was the last one allocated. */
void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t bytes);

/* A copy with a NUL behind it, which the size does not count. */
struct span arena_copy(struct arena *arena, struct span span);

/* Formatted text, with a NUL behind it. */
struct span arena_print(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct span arena_vprint(struct arena *arena, const char *format, va_list arguments);

#define NEW(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))
