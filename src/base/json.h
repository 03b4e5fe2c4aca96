/* base/json.h - yyjson over an arena.
 *
 * A document and everything in it lives in the arena. Strings are valid UTF-8; numbers keep their
 * text (raw) unless asked otherwise, so that none loses digits. */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <yyjson.h>

struct arena;

/* NULL when the text isn't JSON. problem, when not NULL, then says what and where. */
yyjson_val *json_parse(struct arena *arena, struct span text, struct span *problem);

/* A mutable document in the arena, for JSON that is built piece by piece. */
yyjson_mut_doc *json_build(struct arena *arena);
struct span json_print(struct arena *arena, const yyjson_mut_doc *doc, bool is_pretty);

struct span json_text(const yyjson_val *string); /* absent unless value is a string */

bool json_holds(struct arena *arena, struct span text); /* whether it is UTF-8 */

yyjson_alc json_allocator(struct arena *arena);
