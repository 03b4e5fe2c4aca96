/* base/memory.c - the only malloc and free outside arenas. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void memory_exhausted(void)
{
    fputs("stator: out of memory: give the process more, or fewer and smaller requests\n", stderr);
    abort();
}

void *memory_new(size_t bytes)
{
    void *memory = calloc(1, bytes ? bytes : 1);

    if (memory == NULL)
        memory_exhausted();
    return memory;
}

void *memory_grow(void *old, size_t bytes)
{
    void *memory = realloc(old, bytes ? bytes : 1);

    if (memory == NULL)
        memory_exhausted();
    return memory;
}

char *memory_copy_text(const char *text)
{
    size_t bytes = strlen(text) + 1;

    return memcpy(memory_new(bytes), text, bytes);
}

void memory_free(void *memory)
{
    free(memory);
}
