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

/* A text read from a file, whose values know where they stood in it. */
struct json_source {
    struct span file; /* for places; absent: none */
    struct span text;
    const char *copy; /* what the document points into */
};

/* Sets copy. Numbers are raw. NULL when the text isn't JSON: *problem is "FILE:LINE:COLUMN: not
 * JSON: what is wrong". */
yyjson_val *json_source_parse(struct arena *arena, struct json_source *source,
                              struct span *problem);

/* "FILE:LINE:COLUMN" of a string or number, or of the first one within an object or list. */
struct span json_source_place(struct arena *arena, const struct json_source *source,
                              const yyjson_val *value);

/* A mutable document in the arena, for JSON that is built piece by piece. */
yyjson_mut_doc *json_build(struct arena *arena);
struct span json_print(struct arena *arena, const yyjson_mut_doc *doc, bool is_pretty);

struct span json_text(const yyjson_val *string); /* absent unless value is a string */

bool json_holds(struct arena *arena, struct span text); /* whether it is UTF-8 */

yyjson_alc json_allocator(struct arena *arena);
