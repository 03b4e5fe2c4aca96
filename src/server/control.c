/* server/control.c - who may use the control endpoints, and what each of them does. */
#include "server/control.h"

#include "auth/digest.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "cloud/stale_report.h"
#include "engine/engine.h"
#include "server/behaviour.h"
#include "server/http.h"
#include "server/pipeline.h"
#include "server/server.h"

#include <stdint.h>
#include <string.h>

static const struct span prefix = { "/_stator/", 9 };

struct endpoint {
    enum method method;
    const char *path; /* behind the prefix */
    int (*serve)(struct pipeline *pipeline, const struct http_request *http,
                 struct answer_form *form);
};

bool control_is_asked(const struct http_request *http)
{
    return span_starts_with(http->path, prefix);
}

static int say(struct pipeline *pipeline, int status, const char *message)
{
    buffer_append_literal(&pipeline->body, "{\"message\":");
    buffer_append_json_string(&pipeline->body, span_from(message));
    buffer_append_char(&pipeline->body, '}');
    return status;
}

static int serve_health(struct pipeline *pipeline, const struct http_request *http,
                        struct answer_form *form)
{
    (void)http;
    (void)form;
    buffer_append_literal(&pipeline->body,
                          "{\"status\":\"ok\",\"version\":\"" STATOR_VERSION "\",\"workers\":");
    buffer_append_integer(&pipeline->body, (int64_t)pipeline->worker_count);
    buffer_append_char(&pipeline->body, '}');
    return 200;
}

static int serve_metrics(struct pipeline *pipeline, const struct http_request *http,
                         struct answer_form *form)
{
    (void)http;
    form->type = CONTENT_TEXT;
    metrics_write(pipeline->all_metrics, pipeline->worker_count, &pipeline->body);
    return 200;
}

static int show_clock(struct pipeline *pipeline, const struct http_request *http,
                      struct answer_form *form)
{
    const struct clock *clock = engine_clock(pipeline->engine);

    (void)http;
    (void)form;
    buffer_append_literal(&pipeline->body, "{\"now\":");
    buffer_append_integer(&pipeline->body, clock_now_ms(clock));
    buffer_append_literal(&pipeline->body, ",\"frozen\":");
    buffer_append_span(&pipeline->body, clock->frozen_ms ? SPAN("true") : SPAN("false"));
    buffer_append_char(&pipeline->body, '}');
    return 200;
}

/* {"advance_ms":N}, {"freeze":true} or {"resume":true}; answers with the clock as it is then. */
static int set_clock(struct pipeline *pipeline, const struct http_request *http,
                     struct answer_form *form)
{
    static const int64_t advance_ms_max = INT64_C(1000) * 60 * 60 * 24 * 366 * 1000;
    struct clock *clock = engine_clock(pipeline->engine);
    yyjson_val *order = json_parse(pipeline->arena, http->body, NULL);
    yyjson_val *advance = yyjson_obj_get(order, "advance_ms");
    bool is_one = yyjson_is_obj(order) && yyjson_obj_size(order) == 1;

    if (is_one && yyjson_is_uint(advance) && yyjson_get_sint(advance) >= 0 &&
        yyjson_get_sint(advance) <= advance_ms_max)
        clock_advance_ms(clock, yyjson_get_sint(advance));
    else if (is_one && yyjson_is_true(yyjson_obj_get(order, "freeze")))
        clock_freeze(clock);
    else if (is_one && yyjson_is_true(yyjson_obj_get(order, "resume")))
        clock_resume(clock);
    else
        return say(pipeline, 400,
                   "the clock takes {\"advance_ms\":N}, {\"freeze\":true} or {\"resume\":true}");
    return show_clock(pipeline, http, form);
}

static int show_behaviour(struct pipeline *pipeline, const struct http_request *http,
                          struct answer_form *form)
{
    (void)http;
    (void)form;
    behaviour_write(pipeline->engine, &pipeline->body);
    return 200;
}

static int set_behaviour(struct pipeline *pipeline, const struct http_request *http,
                         struct answer_form *form)
{
    const char *wrong = behaviour_change(pipeline->engine, pipeline->arena, http->body);

    return wrong ? say(pipeline, 400, wrong) : show_behaviour(pipeline, http, form);
}

static int show_report(struct pipeline *pipeline, const struct http_request *http,
                       struct answer_form *form)
{
    (void)http;
    (void)form;
    buffer_append_char(&pipeline->body, '{');
    stale_report_write(engine_stale_report(pipeline->engine), &pipeline->body);
    buffer_append_char(&pipeline->body, '}');
    return 200;
}

/* {"namespaces":["eu-west-1"]}; all of them without a body. */
static bool read_namespaces(struct arena *arena, struct span body, struct string_list *names,
                            bool *is_all)
{
    yyjson_val *order = body.size > 0 ? json_parse(arena, body, NULL) : NULL;
    yyjson_val *list = yyjson_obj_get(order, "namespaces");

    *is_all = body.size == 0 || (yyjson_is_obj(order) && yyjson_obj_size(order) == 0);
    if (*is_all)
        return true;
    if (!yyjson_is_arr(list) || yyjson_obj_size(order) != 1)
        return false;
    names->items = NEW(arena, struct span, yyjson_arr_size(list));
    for (size_t i = 0; i < yyjson_arr_size(list); i++) {
        names->items[names->count] = json_text(yyjson_arr_get(list, i));
        if (names->items[names->count++].data == NULL)
            return false;
    }
    return true;
}

static int reset(struct pipeline *pipeline, const struct http_request *http,
                 struct answer_form *form)
{
    struct string_list names = { 0, NULL };
    struct error *error;
    uint64_t count = 0;
    bool is_all;

    (void)form;
    if (!read_namespaces(pipeline->arena, http->body, &names, &is_all))
        return say(pipeline, 400, "reset takes no body, or {\"namespaces\":[\"eu-west-1\"]}");
    error = session_reset(pipeline->session, is_all ? NULL : &names, &count);
    if (error) {
        error_write(error, &pipeline->body);
        return error_kinds[error->code].http_status;
    }
    buffer_append_literal(&pipeline->body, "{\"emptied\":");
    buffer_append_integer(&pipeline->body, (int64_t)count);
    buffer_append_char(&pipeline->body, '}');
    return 200;
}

static const struct endpoint endpoints[] = {
    { METHOD_GET, "behaviour", show_behaviour }, { METHOD_PUT, "behaviour", set_behaviour },
    { METHOD_GET, "clock", show_clock },         { METHOD_POST, "clock", set_clock },
    { METHOD_GET, "health", serve_health },      { METHOD_GET, "metrics", serve_metrics },
    { METHOD_GET, "report", show_report },       { METHOD_POST, "reset", reset },
};

/* "localhost", "127.0.0.1" and "[::1]", with or without a port. */
static bool is_loopback_name(struct span host)
{
    const char *end;

    if (host.size > 0 && *host.data == '[') {
        end = memchr(host.data, ']', host.size);
        return end && span_is((struct span){ host.data, (size_t)(end + 1 - host.data) }, "[::1]");
    }
    end = host.size > 0 ? memchr(host.data, ':', host.size) : NULL;
    if (end)
        host.size = (size_t)(end - host.data);
    if (http_same(host, SPAN("localhost")))
        return true;
    if (!span_starts_with(host, SPAN("127.")))
        return false;
    for (size_t i = 0; i < host.size; i++)
        if (host.data[i] != '.' && (host.data[i] < '0' || host.data[i] > '9'))
            return false;
    return true;
}

static bool is_loopback_origin(struct span origin)
{
    const char *host = origin.size > 0 ? memmem(origin.data, origin.size, "://", 3) : NULL;

    if (origin.data == NULL)
        return true; /* no web page asks */
    if (host == NULL)
        return false;
    host += 3;
    return is_loopback_name((struct span){ host, (size_t)(origin.data + origin.size - host) });
}

/* NULL, or why not. */
static const char *refusal(const struct server_options *options, const struct http_request *http)
{
    static const struct span bearer = { "Bearer ", 7 };
    struct span given = http->known[HEADER_AUTHORIZATION];

    if (options->control_token.data) {
        if (!span_starts_with(given, bearer))
            return "control endpoints need the header Authorization: Bearer <control token>";
        given.data += bearer.size;
        given.size -= bearer.size;
        return digest_equal(given, options->control_token) ? NULL : "wrong control token";
    }
    if (!http->is_from_loopback)
        return "control endpoints are for this machine alone: start with --control-token FILE";
    if (!is_loopback_name(http->known[HEADER_HOST]))
        return "control endpoints are called by localhost or 127.0.0.1, not by another name";
    if (!is_loopback_origin(http->known[HEADER_ORIGIN]))
        return "control endpoints are not for web pages from elsewhere";
    return NULL;
}

int control_serve(struct pipeline *pipeline, const struct http_request *http,
                  struct answer_form *form)
{
    struct span path = { http->path.data + prefix.size, http->path.size - prefix.size };
    const char *why = refusal(pipeline->options, http);
    bool is_known = false;

    form->type = CONTENT_JSON;
    if (why)
        return say(pipeline, 403, why);
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        if (!span_is(path, endpoints[i].path))
            continue;
        is_known = true;
        if (endpoints[i].method == http->method)
            return endpoints[i].serve(pipeline, http, form);
    }
    return is_known ? say(pipeline, 405, "the endpoint has no such method")
                    : say(pipeline, 404, "no such control endpoint");
}
