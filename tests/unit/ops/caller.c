/* tests/unit/ops/caller.c - an engine in memory, and requests to it. */
#include "caller.h"

#include "base/buffer.h"
#include "ops/dispatch.h"

#include <string.h>

struct caller caller_open(struct test *t, const struct engine_options *options)
{
    const struct engine_options defaults = { .seed = 1 };
    struct caller caller = { .arena = t->arena, .region = SPAN("eu-west-1") };
    struct span problem = { 0 };

    EXPECT(engine_open(t->arena, options ? options : &defaults, &caller.engine, &problem), "%.*s",
           SPAN_PRINT(problem));
    EXPECT(session_open(caller.engine, &caller.session), "no session");
    return caller;
}

struct caller caller_open_over(struct test *t, struct store *store,
                               const struct engine_options *options)
{
    struct caller caller = { .arena = t->arena, .region = SPAN("eu-west-1") };

    caller.engine = engine_open_over(store, options);
    EXPECT(session_open(caller.engine, &caller.session), "no session");
    return caller;
}

struct caller caller_open_beside(const struct caller *first)
{
    struct caller caller = *first;

    EXPECT(session_open(caller.engine, &caller.session), "no session");
    return caller;
}

void caller_close_beside(struct caller *caller)
{
    session_close(caller->session);
}

void caller_close(struct caller *caller)
{
    session_close(caller->session);
    engine_close(caller->engine);
}

static struct span with_double_quotes(struct arena *arena, const char *json)
{
    struct span text = arena_copy(arena, span_from(json));
    char *bytes = (char *)(size_t)text.data;

    for (size_t i = 0; i < text.size; i++) {
        if (bytes[i] == '\'')
            bytes[i] = '"';
    }
    return text;
}

static struct request request_of(const struct caller *caller)
{
    return (struct request){ .arena = caller->arena,
                             .session = caller->session,
                             .region = caller->region,
                             .access_key = caller->access_key,
                             .account = SPAN("000000000000"),
                             .host = SPAN("localhost:8000") };
}

static struct error *parse(struct request *req, const char *operation, const char *json,
                           struct call *call)
{
    return dispatch_parse_named(req, span_from(operation), with_double_quotes(req->arena, json),
                                call);
}

static struct error *run(const struct caller *caller, const char *operation, const char *json,
                         struct buffer *out)
{
    struct request req = request_of(caller);
    struct call call = { 0 };
    struct error *error = parse(&req, operation, json, &call);

    return error ? error : dispatch_run(&req, &call, out);
}

/* The body of an answer, or of the error in its place. */
static struct span body_of(const struct caller *caller, const struct error *error,
                           struct buffer *out)
{
    struct span text;

    if (error) {
        buffer_empty(out);
        error_write(error, out);
    }
    text = arena_copy(caller->arena, buffer_span(out));
    buffer_fini(out);
    return text;
}

struct span caller_send_uncommitted(const struct caller *caller, const char *operation,
                                    const char *json)
{
    struct buffer out;
    struct error *error;

    buffer_init(&out);
    error = run(caller, operation, json, &out);
    return body_of(caller, error, &out);
}

static struct span commit(const struct caller *caller, struct error *error, struct buffer *out)
{
    struct error *uncommitted = session_commit(caller->session);

    return body_of(caller, error ? error : uncommitted, out);
}

struct span caller_send(const struct caller *caller, const char *operation, const char *json)
{
    struct buffer out;
    struct error *error;

    buffer_init(&out);
    error = run(caller, operation, json, &out);
    return commit(caller, error, &out);
}

struct held_call {
    const struct caller *caller;
    struct request req;
    struct call call;
};

struct held_call *caller_start(const struct caller *caller, const char *operation, const char *json)
{
    struct held_call *held = NEW(caller->arena, struct held_call, 1);
    struct error *error;
    struct buffer out;

    held->caller = caller;
    held->req = request_of(caller);
    held->req.can_be_held = true;
    buffer_init(&out);
    EXPECT_OK(parse(&held->req, operation, json, &held->call));
    error = dispatch_run(&held->req, &held->call, &out);
    EXPECT(error && held->req.held, "%s %s: is not held: %.*s", operation, json,
           SPAN_PRINT(error ? error->message : buffer_span(&out)));
    EXPECT(out.size == 0, "an answer before its time");
    buffer_fini(&out);
    EXPECT_OK(session_commit(caller->session));
    return held;
}

struct span caller_finish(struct held_call *call)
{
    struct error *error;
    struct buffer out;

    buffer_init(&out);
    error = dispatch_resume(&call->req, &call->call, &out);
    EXPECT(call->req.held == NULL, "held again");
    return commit(call->caller, error, &out);
}

void caller_drop(struct held_call *call)
{
    session_drop_held(call->caller->session, call->req.held);
}

yyjson_val *caller_do(const struct caller *caller, const char *operation, const char *json)
{
    struct span text = caller_send(caller, operation, json);
    yyjson_val *answer;

    if (text.size == 0) /* TagResource and UntagResource */
        text = SPAN("{}");
    answer = json_parse(caller->arena, text, NULL);
    EXPECT(answer != NULL, "%s %s: no JSON: %.*s", operation, json, SPAN_PRINT(text));
    EXPECT(yyjson_obj_get(answer, "__type") == NULL, "%s %s: %.*s", operation, json,
           SPAN_PRINT(text));
    return answer;
}

struct span caller_refusal(const struct caller *caller, const char *operation, const char *json)
{
    struct span text = caller_send(caller, operation, json);
    yyjson_val *answer = json_parse(caller->arena, text, NULL);
    struct span type = json_text(yyjson_obj_get(answer, "__type"));
    struct span message = json_text(yyjson_obj_get(answer, "message"));
    const char *hash = type.data ? memchr(type.data, '#', type.size) : NULL;

    if (hash == NULL)
        return text;
    if (message.data == NULL)
        message = json_text(yyjson_obj_get(answer, "Message"));
    return arena_print(caller->arena, "%.*s: %.*s", (int)(type.data + type.size - hash - 1),
                       hash + 1, SPAN_PRINT(message));
}

struct span json_at(struct arena *arena, yyjson_val *json, const char *pointer)
{
    yyjson_val *value = yyjson_ptr_get(json, pointer);
    yyjson_alc allocator = json_allocator(arena);
    struct span text = SPAN("");
    char *written;

    if (value == NULL)
        return text;
    if (yyjson_is_str(value))
        return json_text(value);
    written = yyjson_val_write_opts(value, 0, &allocator, &text.size, NULL);
    return (struct span){ written, text.size };
}
