/* base/memory.h - the only malloc: for what outlives a request.
 *
 * Never returns NULL: a machine without memory ends the process with one line on stderr. */
#pragma once

#include "base/compiler.h"

#include <stddef.h>

void *memory_new(size_t bytes); /* zeroed */
void *memory_grow(void *old, size_t bytes);
char *memory_copy_text(const char *text);
void memory_free(void *memory);

/* Ends the process: "stator: out of memory". */
NEVER_RETURNS void memory_exhausted(void);
