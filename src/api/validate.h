/* api/validate.h - which constraints of the model a request breaks, in the words of the service.
 *
 * Called only when decode_input has a doubt, so it may take its time. It walks the request's JSON,
 * which decode_input has found to fit the model's types.
 * Errors: ERR_VALIDATION. */
#pragma once

#include "api/schema.h"
#include "base/error.h"
#include "base/json.h"
#include "engine/request.h"

enum { CLAUSES_MAX = 10 };

/* "2 validation errors detected: Value ...; Value ..." of up to ten clauses; what the operation
 * words in its own way (struct rule) comes alone. NULL: nothing is wrong. */
MUST_USE struct error *validate_input(struct arena *arena, enum validator validator,
                                      const struct signature *signature, yyjson_val *json);
