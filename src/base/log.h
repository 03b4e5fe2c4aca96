/* base/log.h - lines for the person who runs the server, on stderr.
 *
 * One line a call: "2026-11-23T10:00:00.123Z error store: disk full ...". Any thread. Never a
 * secret: keys, tokens and signatures are not logged. */
#pragma once

#include "base/compiler.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level); /* at start, before threads; LOG_WARNING until then */
void log_line(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);
