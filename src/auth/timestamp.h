/* auth/timestamp.h - inside auth: times as signatures spell them, 20130609T100015Z. */
#pragma once

#include "base/span.h"

#include <stdint.h>

enum { TIMESTAMP_BYTES = 16, TIMESTAMP_DATE_BYTES = 8 };

struct arena;

struct span timestamp_print(struct arena *arena, int64_t ms);

/* false: not of this form. Leap seconds and hours past 23 are not. */
bool timestamp_parse(struct span text, int64_t *ms);

/* "Sun, 09 Jun 2013 10:00:15 GMT", as in a Date header. */
bool timestamp_parse_http(struct span text, int64_t *ms);
