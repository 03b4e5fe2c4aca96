/* engine/catalog_document.h - a table's description as the JSON document that the store keeps.
 *
 * Part of the file format: members are added, never renamed; a document of a newer version isn't
 * read. Results live in the arena. */
#pragma once

#include "base/span.h"
#include "plan/table.h"

#include <stdbool.h>

struct arena;

enum { CATALOG_DOCUMENT_VERSION = 1 };

struct span catalog_document_write(struct arena *arena, const struct table *table);

/* false: not a document that this version wrote (damaged, or of a newer version). */
bool catalog_document_read(struct arena *arena, struct span text, struct table *table);
