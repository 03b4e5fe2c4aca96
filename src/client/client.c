/* client/client.c - many calls through one libcurl multi handle, repeated where that helps. */
#include "client/client.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "client/curl.h"
#include "client/endpoint.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS_MAX = 16,
    CONNECT_TIMEOUT_MS = 5000,
    TIMEOUT_MS = 60000,
    ATTEMPTS = 8,
    LOST_ATTEMPTS = 3, /* a server that isn't there won't come because it is asked again */
    POLL_MS = 100,
    PAUSE_MS = 50,
    PAUSE_MS_MAX = 5000
};

struct client {
    const struct curl *curl;
    struct client_options options;
    struct endpoint endpoint;
    struct sigv4 *sigv4;
    struct random random;
    CURLM *multi;
};

/* One attempt of one call. */
struct attempt {
    struct client_call *call;
    CURL *easy;
    struct curl_slist *headers;
    struct buffer answer;
    bool is_done;
};

struct sigv4_credentials client_credentials(void)
{
    struct sigv4_credentials credentials = { span_from(getenv("AWS_ACCESS_KEY_ID")),
                                             span_from(getenv("AWS_SECRET_ACCESS_KEY")),
                                             span_from(getenv("AWS_SESSION_TOKEN")) };

    if (credentials.access_key.size == 0 || credentials.secret.size == 0)
        return (struct sigv4_credentials){ SPAN("stator"), SPAN("stator"), { 0 } };
    if (credentials.session_token.size == 0)
        credentials.session_token = (struct span){ 0 };
    return credentials;
}

struct error *client_open(struct arena *arena, const struct client_options *options,
                          struct client **client)
{
    struct client *made;
    struct endpoint endpoint;
    const struct curl *curl;

    TRY(endpoint_parse(arena, options->endpoint, &endpoint));
    TRY(curl_load(arena, &curl));
    made = memory_new(sizeof(*made));
    made->curl = curl;
    made->options = *options;
    made->endpoint = endpoint;
    /* TLS is set up only where it is spoken: it takes longer than a whole local call. */
    curl->global_init(endpoint.is_https ? CURL_GLOBAL_ALL : CURL_GLOBAL_NOTHING);
    made->multi = curl->multi_init();
    curl->multi_setopt(made->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    made->sigv4 = sigv4_open();
    random_init(&made->random, random_seed());
    *client = made;
    return NULL;
}

void client_close(struct client *client)
{
    client->curl->multi_cleanup(client->multi);
    sigv4_close(client->sigv4);
    memory_free(client);
}

static bool go_on(const struct client *client, int64_t pause_ms)
{
    if (client->options.pause)
        return client->options.pause(pause_ms);
    if (pause_ms > 0)
        clock_sleep_ms(pause_ms);
    return true;
}

static size_t on_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct attempt *attempt = context;

    buffer_append(&attempt->answer, bytes, size * count);
    return size * count;
}

static void add_header(struct client *client, struct arena *arena, struct attempt *attempt,
                       struct sigv4_header header)
{
    struct span line =
        arena_print(arena, "%.*s: %.*s", SPAN_PRINT(header.name), SPAN_PRINT(header.value));

    attempt->headers = client->curl->slist_append(attempt->headers, line.data);
}

static void sign(struct client *client, struct arena *arena, struct attempt *attempt)
{
    const struct client_call *call = attempt->call;
    const struct sigv4_header headers[] = {
        { SPAN("Host"), client->endpoint.host },
        { SPAN("Content-Type"), SPAN("application/x-amz-json-1.0") },
        { SPAN("X-Amz-Target"), arena_print(arena, "DynamoDB_20120810.%s", call->operation) },
    };
    const struct sigv4_request request = { .method = SPAN("POST"),
                                           .path = SPAN("/"),
                                           .headers = headers,
                                           .header_count = COUNT(headers),
                                           .body = call->body };
    const struct sigv4_scope scope = { client->options.region, SPAN("dynamodb"),
                                       clock_machine_ms() };
    struct sigv4_signed signature;

    sigv4_sign(client->sigv4, arena, &request, &client->options.credentials, &scope, &signature);
    for (size_t i = 0; i < COUNT(headers); i++)
        add_header(client, arena, attempt, headers[i]);
    for (size_t i = 0; i < signature.count; i++)
        add_header(client, arena, attempt, signature.headers[i]);
    add_header(client, arena, attempt, (struct sigv4_header){ SPAN("Expect"), SPAN("") });
}

static void start(struct client *client, struct arena *arena, struct attempt *attempt,
                  struct client_call *call)
{
    const struct curl *curl = client->curl;
    struct span url = arena_print(arena, "%.*s/", SPAN_PRINT(client->endpoint.url));
    CURL *easy = curl->easy_init();

    *attempt = (struct attempt){ .call = call, .easy = easy };
    buffer_init(&attempt->answer);
    sign(client, arena, attempt);
    curl->easy_setopt(easy, CURLOPT_URL, url.data);
    curl->easy_setopt(easy, CURLOPT_POST, 1L);
    curl->easy_setopt(easy, CURLOPT_POSTFIELDS, call->body.data);
    curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.size);
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, attempt->headers);
    curl->easy_setopt(easy, CURLOPT_USERAGENT, "stator");
    curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, attempt);
    curl->easy_setopt(easy, CURLOPT_PRIVATE, attempt);
    if (client->endpoint.is_loopback)
        curl->easy_setopt(easy, CURLOPT_PROXY, "");
    curl->multi_add_handle(client->multi, easy);
}

static void set_error(struct client_call *call, struct span error, struct span message)
{
    call->error = error;
    call->message = message;
}

/* "com.amazonaws.dynamodb.v20120810#ResourceInUseException" ends in what it is called. */
static struct span error_name(struct span type)
{
    size_t from = type.size;

    while (from > 0 && type.data[from - 1] != '#')
        from--;
    return (struct span){ type.data + from, type.size - from };
}

static void read_answer(struct arena *arena, struct attempt *attempt, int status)
{
    struct client_call *call = attempt->call;
    struct span text = arena_copy(arena, buffer_span(&attempt->answer));
    struct span type;
    struct span message;

    call->status = status;
    call->answer = json_parse(arena, text, NULL);
    call->error = (struct span){ 0 };
    if (status == 200 && call->answer)
        return;
    type = json_text(yyjson_obj_get(call->answer, "__type"));
    message = json_text(yyjson_obj_get(call->answer, "message"));
    if (!message.data)
        message = json_text(yyjson_obj_get(call->answer, "Message"));
    if (type.size > 0)
        set_error(call, error_name(type), message.data ? message : SPAN("no message"));
    else
        set_error(call, SPAN("NoDynamoDB"),
                  arena_print(arena, "HTTP status %d without an answer of DynamoDB's", status));
}

static void finish(struct client *client, struct arena *arena, struct attempt *attempt,
                   CURLcode code)
{
    const struct curl *curl = client->curl;
    long status = 0;

    curl->easy_getinfo(attempt->easy, CURLINFO_RESPONSE_CODE, &status);
    attempt->is_done = true;
    if (code == CURLE_OK) {
        read_answer(arena, attempt, (int)status);
        return;
    }
    attempt->call->status = 0;
    attempt->call->was_lost |= code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST;
    set_error(attempt->call, SPAN("Unreachable"), span_from(curl->easy_strerror(code)));
}

static void release(struct client *client, struct attempt *attempt)
{
    const struct curl *curl = client->curl;

    if (!attempt->is_done) {
        attempt->call->was_lost = true;
        set_error(attempt->call, SPAN("Stopped"), SPAN("stopped before it was answered"));
    }
    curl->multi_remove_handle(client->multi, attempt->easy);
    curl->easy_cleanup(attempt->easy);
    curl->slist_free_all(attempt->headers);
    buffer_fini(&attempt->answer);
}

/* Drives what was started until all of it is done, or the caller wants out. */
static bool drive(struct client *client, struct arena *arena)
{
    const struct curl *curl = client->curl;
    int running = 1;

    while (running > 0) {
        int left;

        curl->multi_perform(client->multi, &running);
        for (CURLMsg *message = curl->multi_info_read(client->multi, &left); message;
             message = curl->multi_info_read(client->multi, &left)) {
            struct attempt *attempt = NULL;

            curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&attempt);
            finish(client, arena, attempt, message->data.result);
        }
        if (running > 0) {
            curl->multi_poll(client->multi, NULL, 0, POLL_MS, NULL);
            if (!go_on(client, 0))
                return false;
        }
    }
    return true;
}

/* What passes by itself: try again. LimitExceededException is too many tables changing at once. */
static bool is_passing(const struct client_call *call)
{
    static const char *const errors[] = {
        "ThrottlingException",  "ThrottledException",     "ProvisionedThroughputExceededException",
        "RequestLimitExceeded", "LimitExceededException", "InternalServerError",
        "ServiceUnavailable"
    };

    if (!call->error.data)
        return false;
    for (size_t i = 0; i < COUNT(errors); i++)
        if (client_failed_with(call, errors[i]))
            return true;
    return call->status >= 500 || client_failed_with(call, "Unreachable");
}

static bool is_to_be_repeated(const struct client *client, const struct client_call *call,
                              int attempt)
{
    int most = client->options.attempts > 0 ? client->options.attempts : ATTEMPTS;

    if (client_failed_with(call, "Unreachable") && most > LOST_ATTEMPTS)
        most = LOST_ATTEMPTS;
    return attempt < most && is_passing(call);
}

/* Full jitter: so that many who were refused at once do not come back at once. */
static int64_t pause_ms(struct client *client, int attempt)
{
    int64_t most = PAUSE_MS;

    for (int i = 1; i < attempt && most < PAUSE_MS_MAX; i++)
        most *= 2;
    return 1 + (int64_t)random_below(&client->random, (uint64_t)most);
}

void client_call(struct client *client, struct arena *arena, struct client_call *calls,
                 size_t count)
{
    struct attempt *attempts = NEW(arena, struct attempt, count + 1);
    struct client_call **open = NEW(arena, struct client_call *, count + 1);
    size_t left = count;
    bool is_wanted = true;

    for (size_t i = 0; i < count; i++) {
        calls[i].was_lost = false;
        open[i] = &calls[i];
    }
    for (int attempt = 1; left > 0 && is_wanted; attempt++) {
        size_t again = 0;

        for (size_t i = 0; i < left; i++)
            start(client, arena, &attempts[i], open[i]);
        is_wanted = drive(client, arena);
        for (size_t i = 0; i < left; i++) {
            release(client, &attempts[i]);
            if (is_to_be_repeated(client, open[i], attempt))
                open[again++] = open[i];
        }
        left = again;
        if (left > 0 && is_wanted)
            is_wanted = go_on(client, pause_ms(client, attempt));
    }
}
