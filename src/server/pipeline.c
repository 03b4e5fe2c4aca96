/* server/pipeline.c - a request's way: method and type, body, JSON, target, signature, operation,
 * answer; in the order in which the service takes these steps. */
#include "server/pipeline.h"

#include "auth/sigv4.h"
#include "base/arena.h"
#include "base/clock.h"
#include "engine/engine.h"
#include "engine/request.h"
#include "ops/dispatch.h"
#include "server/coding.h"
#include "server/control.h"
#include "server/http.h"
#include "server/server.h"

#include <stdint.h>
#include <string.h>

/* Far more than the largest legal request needs; past it the process ends. */
static const size_t arena_bytes_max = (size_t)4 << 30;

enum { STATUS_HELD = 0 }; /* of a request that has no answer yet */
static const struct span account = { "123456789012", 12 };
static const struct span default_region = { "us-east-1", 9 };

/* What is needed to run a request once more; lives in its own arena, with all that it points to. */
struct held_request {
    struct request req;
    struct call call;
    struct answer_form form;
};

/* One request that names an operation. The answer's body, also an error's, is in pipeline->body. */
static struct error *run(struct pipeline *pipeline, const struct http_request *http,
                         struct span text, struct request *req, struct call *call)
{
    TRY(dispatch_parse(req, http->known[HEADER_TARGET], text, call));
    TRY(identity_check(&pipeline->identity, http, clock_now_ms(engine_clock(pipeline->engine)),
                       req));
    return dispatch_run(req, call, &pipeline->body);
}

static int finish(struct pipeline *pipeline, const struct request *req, const struct error *error)
{
    int status = 200;

    if (error) {
        buffer_empty(&pipeline->body);
        error_write(error, &pipeline->body);
        status = error_kinds[error->code].http_status;
    }
    metrics_count_request(pipeline->metrics, req->operation, status);
    return status;
}

static struct span keep(struct arena *arena, struct span text)
{
    return text.data ? arena_copy(arena, text) : text;
}

/* The request takes its arena along, and what of the HTTP request it still needs. */
static void hold(struct pipeline *pipeline, const struct request *req, const struct call *call)
{
    struct arena *arena = pipeline->arena;
    struct held_request *held = NEW(arena, struct held_request, 1);

    held->req = *req;
    held->req.region = keep(arena, req->region);
    held->req.access_key = keep(arena, req->access_key);
    held->req.user_agent = keep(arena, req->user_agent);
    held->req.test = keep(arena, req->test);
    held->req.host = keep(arena, req->host);
    held->req.source_ip = keep(arena, req->source_ip);
    held->call = *call;
    pipeline->held = held;
    pipeline->arena = arena_open(arena_bytes_max);
}

static int serve_operation(struct pipeline *pipeline, const struct http_request *http,
                           struct span text)
{
    struct request req = {
        .arena = pipeline->arena,
        .session = pipeline->session,
        .region = default_region,
        .account = account,
        .user_agent = http->known[HEADER_USER_AGENT],
        .test = http->known[HEADER_STATOR_TEST],
        .host = http->known[HEADER_HOST],
        .source_ip = http->source_ip,
        .validator = engine_options(pipeline->engine)->validator,
        .can_be_held = true,
    };
    struct call call = { NULL, NULL };
    struct error *error = run(pipeline, http, text, &req, &call);

    if (req.held == NULL)
        return finish(pipeline, &req, error);
    hold(pipeline, &req, &call);
    return STATUS_HELD;
}

static const struct error internal_error = {
    .code = ERR_INTERNAL_SERVER_ERROR,
    .message = { "Internal server error", 21 },
};

/* Undoes Content-Encoding. Gives the status of the answer where that is not possible, or 0. */
static int decode_body(struct pipeline *pipeline, const struct http_request *http,
                       struct span *text)
{
    struct span coding = http->known[HEADER_CONTENT_ENCODING];
    enum coding_kind kind = CODING_NONE;

    *text = http->body;
    if (coding.size == 0 || http_same(coding, SPAN("identity")))
        return 0;
    if (http_same(coding, SPAN("gzip")))
        kind = CODING_GZIP;
    else if (http_same(coding, SPAN("deflate")))
        kind = CODING_DEFLATE;
    else
        return 400;
    buffer_empty(&pipeline->inflated);
    switch (coding_inflate(pipeline->coding, kind, http->body, HTTP_BODY_BYTES_MAX,
                           &pipeline->inflated)) {
    case INFLATE_DONE: *text = buffer_span(&pipeline->inflated); return 0;
    case INFLATE_TOO_LARGE: return 413;
    case INFLATE_BROKEN: break;
    }
    return 500;
}

/* A POST whose body has one of the two types, or that has neither body nor type. */
static bool is_call(const struct http_request *http, struct answer_form *form)
{
    struct span type = http->known[HEADER_CONTENT_TYPE];
    const char *semicolon = type.size > 0 ? memchr(type.data, ';', type.size) : NULL;

    if (http->method != METHOD_POST)
        return false;
    if (semicolon)
        type.size = (size_t)(semicolon - type.data);
    type = http_trim(type);
    if (type.size == 0)
        return http->body.size == 0;
    if (http_same(type, SPAN("application/x-amz-json-1.0")))
        return true;
    form->type = CONTENT_JSON;
    return http_same(type, SPAN("application/json"));
}

static int serve_call(struct pipeline *pipeline, const struct http_request *http)
{
    const struct error unreadable = { .code = ERR_SERIALIZATION };
    struct span text;
    int status = decode_body(pipeline, http, &text);

    if (status == 0)
        return serve_operation(pipeline, http, text);
    if (status != 413)
        error_write(status == 400 ? &unreadable : &internal_error, &pipeline->body);
    metrics_count_request(pipeline->metrics, (struct span){ NULL, 0 }, status);
    return status;
}

static int serve_unknown(struct pipeline *pipeline, struct answer_form *form)
{
    form->type = CONTENT_NONE;
    buffer_append_literal(&pipeline->body, "<UnknownOperationException/>\n");
    metrics_count_request(pipeline->metrics, (struct span){ NULL, 0 }, 404);
    return 404;
}

static int serve_health(struct pipeline *pipeline, const struct http_request *http,
                        struct answer_form *form)
{
    form->type = CONTENT_NONE;
    buffer_append_literal(&pipeline->body, "healthy: ");
    buffer_append_span(&pipeline->body, http->known[HEADER_HOST]);
    buffer_append_char(&pipeline->body, ' ');
    return 200;
}

/* The origin to allow: all, or the one that asks when it is on the list. */
static void allow_origin(const struct span list, const struct http_request *http,
                         struct answer_form *form)
{
    struct span origin = http->known[HEADER_ORIGIN];

    if (origin.data == NULL)
        return;
    if (list.size == 0 || span_is(list, "*")) {
        form->allow_origin = SPAN("*");
    } else {
        form->varies_by_origin = true;
        form->allow_origin = http_list_find(list, origin);
    }
}

static void read_form(struct pipeline *pipeline, const struct http_request *http,
                      struct answer_form *form)
{
    struct span accepted = http->known[HEADER_ACCEPT_ENCODING];

    *form = (struct answer_form){ .type = CONTENT_AMZ_JSON,
                                  .keeps_alive = http->keeps_alive,
                                  .has_body = http->method != METHOD_HEAD,
                                  .coding = pipeline->coding };
    allow_origin(pipeline->options->cors, http, form);
    if (accepted.size > 0) {
        form->accepts_gzip = http_list_find(accepted, SPAN("gzip")).data != NULL;
        form->accepts_deflate = http_list_find(accepted, SPAN("deflate")).data != NULL;
    }
}

void pipeline_serve(struct pipeline *pipeline, const struct http_request *http,
                    struct answer_form *form, struct buffer *out)
{
    bool is_root = span_is(http->path, "/");
    int status;

    stamp_refresh(&pipeline->stamp, clock_machine_ms());
    read_form(pipeline, http, form);
    buffer_empty(&pipeline->body);
    if (http->method == METHOD_OPTIONS && http->known[HEADER_ORIGIN].data) {
        answer_write_preflight(&pipeline->stamp, form, http, out);
        return;
    }
    if (control_is_asked(http))
        status = control_serve(pipeline, http, form);
    else if (http->method == METHOD_GET && is_root)
        status = serve_health(pipeline, http, form);
    else if (is_call(http, form))
        status = serve_call(pipeline, http);
    else
        status = serve_unknown(pipeline, form);

    if (status == STATUS_HELD) {
        pipeline->held->form = *form;
        pipeline->held->form.allow_origin = keep(pipeline->held->req.arena, form->allow_origin);
        return;
    }
    if (status == 413) {
        form->keeps_alive = false;
        answer_write_refusal(&pipeline->stamp, status, out);
    } else {
        answer_write(&pipeline->stamp, form, status, buffer_span(&pipeline->body),
                     &pipeline->scratch, out);
    }
    arena_reset(pipeline->arena);
}

void pipeline_resume(struct pipeline *pipeline, struct held_request *held, struct buffer *out)
{
    struct error *error;
    int status;

    stamp_refresh(&pipeline->stamp, clock_machine_ms());
    buffer_empty(&pipeline->body);
    error = dispatch_resume(&held->req, &held->call, &pipeline->body);
    status = finish(pipeline, &held->req, error);
    answer_write(&pipeline->stamp, &held->form, status, buffer_span(&pipeline->body),
                 &pipeline->scratch, out);
    arena_close(held->req.arena);
}

void pipeline_drop(struct pipeline *pipeline, struct held_request *held)
{
    session_drop_held(pipeline->session, held->req.held);
    arena_close(held->req.arena);
}

struct error *pipeline_commit(struct pipeline *pipeline)
{
    struct error *error = session_commit(pipeline->session);

    metrics_add(error ? &pipeline->metrics->commits_failed : &pipeline->metrics->commits, 1);
    return error;
}

void pipeline_fail(struct pipeline *pipeline, const struct error *error,
                   const struct answer_form *form, struct buffer *out)
{
    struct answer_form same = *form;

    if (same.type != CONTENT_JSON)
        same.type = CONTENT_AMZ_JSON;
    buffer_empty(&pipeline->body);
    error_write(error, &pipeline->body);
    answer_write(&pipeline->stamp, &same, error_kinds[error->code].http_status,
                 buffer_span(&pipeline->body), &pipeline->scratch, out);
}

bool pipeline_open(struct pipeline *pipeline, struct engine *engine,
                   const struct server_options *options)
{
    *pipeline = (struct pipeline){ .options = options, .engine = engine };
    if (!session_open(engine, &pipeline->session))
        return false;
    pipeline->arena = arena_open(arena_bytes_max);
    pipeline->coding = coding_open();
    pipeline->identity.keyring = options->keyring;
    pipeline->identity.principals = options->principals;
    pipeline->identity.sigv4 = options->keyring ? sigv4_open() : NULL;
    buffer_init(&pipeline->inflated);
    buffer_init(&pipeline->body);
    buffer_init(&pipeline->scratch);
    stamp_init(&pipeline->stamp, random_seed());
    return true;
}

void pipeline_close(struct pipeline *pipeline)
{
    buffer_fini(&pipeline->scratch);
    buffer_fini(&pipeline->body);
    buffer_fini(&pipeline->inflated);
    sigv4_close(pipeline->identity.sigv4);
    coding_close(pipeline->coding);
    arena_close(pipeline->arena);
    session_close(pipeline->session);
}
