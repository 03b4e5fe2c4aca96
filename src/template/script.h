/* template/script.h - definitions that are a program: jest-dynamodb-config.js, which node runs. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

struct arena;

bool script_is(struct span path);

/* What the module exports (or what the function that it exports gives), as JSON. */
MUST_USE struct error *script_run(struct arena *arena, struct span path, struct span *json);
