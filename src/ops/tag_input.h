/* ops/tag_input.h - tags and the resources they hang on, as the tag operations and CreateTable take
 * them. Errors: ERR_VALIDATION unless said otherwise. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

enum { TAGS_MAX = 50, TAG_KEY_UNITS_MAX = 128, TAG_VALUE_UNITS_MAX = 256 };

/* Keys and values of legal characters and lengths, no key twice, no more than 50. */
MUST_USE struct error *tag_input_check(struct arena *arena, const struct tag_list *in);
MUST_USE struct error *tag_input_check_keys(struct arena *arena, const struct string_list *keys);

/* The table's tags with those of in put over them. */
MUST_USE struct error *tag_input_merge(struct arena *arena, const struct tag_list *in,
                                       struct table *table);

/* The table that a ResourceArn names. Also AccessDeniedException for another account's, and
 * ResourceNotFoundException. */
MUST_USE struct error *tag_input_find(struct request *req, struct span resource_arn,
                                      const struct table **table);
