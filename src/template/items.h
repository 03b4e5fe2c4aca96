/* template/items.h - items from a file, to be put into a table that was just made.
 *
 * DynamoDB JSON: one document that is an item, a list of items or a Scan's answer; the input of
 * BatchWriteItem; or one item or {"Item":...} a line, as exports to S3 have it.
 * Errors: one line each, "FILE:LINE:COLUMN: what went wrong: what to do". */
#pragma once

#include "base/error.h"
#include "base/span.h"

struct arena;

/* Each item as {"name":{"S":"..."},...}. */
MUST_USE struct error *items_read(struct arena *arena, struct span path, struct string_list *items);
MUST_USE struct error *items_parse(struct arena *arena, struct span path, struct span text,
                                   struct string_list *items);
