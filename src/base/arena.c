/* base/arena.c - a chain of blocks handed out from the front and forgotten together. */
#include "base/arena.h"

#include "base/memory.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_BLOCK_BYTES = 32 * 1024, BLOCK_BYTES_MAX = 4 * 1024 * 1024 };

struct block {
    struct block *next; /* the one filled before */
    size_t capacity;
    size_t used;
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *top;
    size_t limit_bytes;
    size_t total_bytes;
};

static struct block *block_new(size_t capacity, struct block *next)
{
    struct block *block = memory_grow(NULL, sizeof(*block) + capacity);

    block->used = 0;
    block->capacity = capacity;
    block->next = next;
    return block;
}

struct arena *arena_open(size_t limit_bytes)
{
    struct arena *arena = memory_new(sizeof(*arena));

    arena->limit_bytes = limit_bytes;
    return arena;
}

void arena_reset(struct arena *arena)
{
    struct block *block = arena->top;
    struct block *kept = NULL;

    while (block) {
        struct block *next = block->next;

        if (block->capacity == FIRST_BLOCK_BYTES && kept == NULL) {
            kept = block;
            kept->next = NULL;
            kept->used = 0;
        } else {
            memory_free(block);
        }
        block = next;
    }
    arena->top = kept;
    arena->total_bytes = 0;
}

void arena_close(struct arena *arena)
{
    if (arena == NULL)
        return;
    arena_reset(arena);
    memory_free(arena->top);
    memory_free(arena);
}

static size_t block_capacity_for(const struct arena *arena, size_t bytes)
{
    size_t capacity = FIRST_BLOCK_BYTES;

#ifdef STATOR_CHECKED_ARENA
    return bytes;
#endif
    if (arena->top)
        capacity = arena->top->capacity * 2;
    if (capacity < FIRST_BLOCK_BYTES)
        capacity = FIRST_BLOCK_BYTES;
    if (capacity > BLOCK_BYTES_MAX)
        capacity = BLOCK_BYTES_MAX;
    return bytes > capacity ? bytes : capacity;
}

void *arena_alloc_raw(struct arena *arena, size_t bytes)
{
    size_t align = alignof(max_align_t);
    size_t padded = (bytes + align - 1) & ~(align - 1);
    void *memory;

    assert(bytes < SIZE_MAX / 2);
    arena->total_bytes += padded;
    if (arena->total_bytes > arena->limit_bytes)
        memory_exhausted();
#ifdef STATOR_CHECKED_ARENA
    arena->top = block_new(block_capacity_for(arena, bytes), arena->top);
    padded = bytes;
#else
    if (arena->top == NULL || arena->top->capacity - arena->top->used < padded)
        arena->top = block_new(block_capacity_for(arena, padded), arena->top);
#endif
    memory = arena->top->bytes + arena->top->used;
    arena->top->used += padded;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted();
    memory = arena_alloc_raw(arena, bytes);
    return memset(memory, 0, bytes);
}

void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t bytes)
{
    void *memory;

#ifndef STATOR_CHECKED_ARENA
    size_t align = alignof(max_align_t);
    size_t old_padded = (old_bytes + align - 1) & ~(align - 1);
    size_t padded = (bytes + align - 1) & ~(align - 1);
    struct block *top = arena->top;

    if (old && top && bytes >= old_bytes && (char *)old + old_padded == top->bytes + top->used &&
        top->capacity - top->used >= padded - old_padded) {
        top->used += padded - old_padded;
        arena->total_bytes += padded - old_padded;
        return old;
    }
#endif
    memory = arena_alloc_raw(arena, bytes);
    if (old_bytes > 0)
        memcpy(memory, old, old_bytes < bytes ? old_bytes : bytes);
    return memory;
}

struct span arena_copy(struct arena *arena, struct span span)
{
    char *copy = arena_alloc_raw(arena, span.size + 1);

    if (span.size > 0)
        memcpy(copy, span.data, span.size);
    copy[span.size] = '\0';
    return (struct span){ copy, span.size };
}

struct span arena_vprint(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    int size;
    char *text;

    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, arguments);
    assert(size >= 0);
    text = arena_alloc_raw(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return (struct span){ text, (size_t)size };
}

struct span arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    struct span text;

    va_start(arguments, format);
    text = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return text;
}
