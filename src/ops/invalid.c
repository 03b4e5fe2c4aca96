/* ops/invalid.c - refusals that begin alike. */
#include "ops/invalid.h"

#include "base/arena.h"

#include <stdarg.h>

struct error *invalid(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    struct span text;

    va_start(arguments, format);
    text = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return fail(arena, ERR_VALIDATION, "One or more parameter values were invalid: %.*s",
                SPAN_PRINT(text));
}
