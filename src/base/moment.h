/* base/moment.h - dates as policies write them: 2026-11-23T10:00:00Z and its shorter forms
 * (a year, a month, a day, minutes), or seconds since 1970. */
#pragma once

#include "base/span.h"

/* In seconds since 1970; without a zone the time is UTC. */
bool moment_read(struct span text, double *seconds);
