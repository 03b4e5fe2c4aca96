/* server/intake.c - what llhttp reports, collected into messages. */
#include "server/intake.h"

static int refused(struct intake *intake, enum intake_refusal refusal)
{
    intake->refusal = refusal;
    return HPE_USER;
}

static void drop_message(struct intake *intake)
{
    if (intake->message) {
        intake->pool->received_bytes -= intake->message->body.size;
        message_return(intake->pool, intake->message);
    }
    intake->message = NULL;
    intake->wants_continue = false;
}

static int on_message_begin(llhttp_t *parser)
{
    struct intake *intake = parser->data;

    intake->message = message_take(intake->pool);
    intake->begun++;
    return 0;
}

static int on_target(llhttp_t *parser, const char *at, size_t size)
{
    struct intake *intake = parser->data;

    return message_add_target(intake->message, at, size) ? 0 : refused(intake, INTAKE_MALFORMED);
}

static int on_name(llhttp_t *parser, const char *at, size_t size)
{
    struct intake *intake = parser->data;

    return message_add_name(intake->message, at, size) ? 0 : refused(intake, INTAKE_MALFORMED);
}

static int on_value(llhttp_t *parser, const char *at, size_t size)
{
    struct intake *intake = parser->data;

    return message_add_value(intake->message, at, size) ? 0 : refused(intake, INTAKE_MALFORMED);
}

static int on_header(llhttp_t *parser)
{
    struct intake *intake = parser->data;

    message_end_header(intake->message);
    return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    struct message *message = intake->message;

    message->state = MESSAGE_BODY;
    if (parser->http_major != 1)
        return refused(intake, INTAKE_MALFORMED);
    if (parser->content_length > HTTP_BODY_BYTES_MAX)
        return refused(intake, INTAKE_TOO_LARGE);
    if (intake->pool->received_bytes > INTAKE_RECEIVED_BYTES_MAX)
        return refused(intake, INTAKE_BUSY);
    intake->wants_continue = http_same(message->known[HEADER_EXPECT], SPAN("100-continue"));
    if (parser->method != HTTP_CONNECT)
        parser->upgrade = 0; /* no other protocol is spoken here: the offer is passed over */
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t size)
{
    struct intake *intake = parser->data;

    intake->wants_continue = false;
    if (!message_add_body(intake->message, at, size))
        return refused(intake, INTAKE_TOO_LARGE);
    intake->pool->received_bytes += size;
    return 0;
}

static int on_message_complete(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    struct http_request http;
    bool goes_on;

    message_read(intake->message, parser, &http);
    goes_on = intake->serve(intake, &http);
    drop_message(intake);
    return goes_on ? 0 : HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_message_begin = on_message_begin,
    .on_url = on_target,
    .on_header_field = on_name,
    .on_header_value = on_value,
    .on_header_value_complete = on_header,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void intake_init(struct intake *intake, struct message_pool *pool,
                 bool (*serve)(struct intake *intake, struct http_request *http))
{
    *intake = (struct intake){ .pool = pool, .serve = serve };
    llhttp_init(&intake->parser, HTTP_REQUEST, &settings);
    intake->parser.data = intake;
}

void intake_fini(struct intake *intake)
{
    drop_message(intake);
}

enum intake_result intake_feed(struct intake *intake, struct span bytes, struct span *rest)
{
    llhttp_errno_t result = llhttp_execute(&intake->parser, bytes.data, bytes.size);

    *rest = (struct span){ bytes.data + bytes.size, 0 };
    if (result == HPE_OK)
        return INTAKE_MORE;
    if (result == HPE_PAUSED) {
        rest->data = llhttp_get_error_pos(&intake->parser);
        rest->size = (size_t)(bytes.data + bytes.size - rest->data);
        llhttp_resume(&intake->parser);
        return INTAKE_STOPPED;
    }
    drop_message(intake);
    if (intake->refusal == INTAKE_NOT_REFUSED)
        intake->refusal = INTAKE_MALFORMED;
    return INTAKE_REFUSED;
}
