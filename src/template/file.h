/* template/file.h - whole files into an arena, and where in one a byte stands.
 *
 * Errors: one line each, "FILE: what went wrong: what to do", without "stator: " before it. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

struct arena;

enum { FILE_BYTES_MAX = 256 << 20 };

/* The file's bytes, without the byte order mark that some editors put before them. */
MUST_USE struct error *file_read(struct arena *arena, struct span path, struct span *text);

bool file_exists(struct arena *arena, struct span path);
bool file_is_directory(struct arena *arena, struct span path);

/* Whether two paths lead to one and the same file. */
bool file_is_same(struct arena *arena, struct span a, struct span b);

/* The names in a directory that end in suffix, sorted, each with the directory before it. */
MUST_USE struct error *file_list(struct arena *arena, struct span directory, const char *suffix,
                                 struct string_list *paths);

/* path as seen from the folder that holds base: as it is when absolute. */
struct span file_beside(struct arena *arena, struct span base, struct span path);

/* "FILE:LINE:COLUMN" of a byte of text; lines and characters are counted from 1. */
struct span file_position(struct arena *arena, struct span path, struct span text, size_t offset);
