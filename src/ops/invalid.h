/* ops/invalid.h - the sentence that most refusals of the control plane begin with. */
#pragma once

#include "base/error.h"

struct arena;

/* ERR_VALIDATION, "One or more parameter values were invalid: ..." */
MUST_USE PRINTF_LIKE(2, 3) struct error *invalid(struct arena *arena, const char *format, ...);
