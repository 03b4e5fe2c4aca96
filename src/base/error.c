/* base/error.c - making errors and writing the service's error body. */
#include "base/error.h"

#include "base/arena.h"
#include "base/buffer.h"

struct error *fail(struct arena *arena, enum error_code code, const char *format, ...)
{
    va_list arguments;
    struct span message;

    va_start(arguments, format);
    message = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return fail_with(arena, code, message);
}

struct error *fail_with(struct arena *arena, enum error_code code, struct span message)
{
    struct error *error = NEW(arena, struct error, 1);

    error->code = code;
    error->message = message;
    return error;
}

struct error *fail_prefixed(struct arena *arena, const char *prefix, const struct error *error)
{
    struct error *copy = NEW(arena, struct error, 1);

    *copy = *error;
    copy->message = arena_print(arena, "%s%.*s", prefix, SPAN_PRINT(error->message));
    return copy;
}

void error_write(const struct error *error, struct buffer *out)
{
    const struct error_kind *kind = &error_kinds[error->code];

    buffer_append_literal(out, "{\"__type\":\"");
    buffer_append_span(out, span_from(kind->name_space));
    buffer_append_char(out, '#');
    buffer_append_span(out, span_from(kind->name));
    buffer_append_char(out, '"');
    if (error->message.data) {
        buffer_append_literal(out, ",\"");
        buffer_append_span(out, span_from(kind->message_key));
        buffer_append_literal(out, "\":");
        buffer_append_json_string(out, error->message);
    }
    buffer_append_span(out, error->members);
    buffer_append_char(out, '}');
}
