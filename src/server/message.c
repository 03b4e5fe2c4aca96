/* server/message.c - one request in the making: target, headers and body within their limits. */
#include "server/message.h"

#include "base/memory.h"

#include <string.h>

enum { POOL_MAX = 64 };

static void begin(struct message *message)
{
    message->state = MESSAGE_HEAD;
    message->target_bytes = 0;
    message->header_bytes = 0;
    message->header_count = 0;
    message->headers[0] = (struct sigv4_header){ 0 };
    memset(message->known, 0, sizeof(message->known));
}

struct message *message_take(struct message_pool *pool)
{
    struct message *message = pool->first;

    if (message == NULL) {
        message = memory_grow(NULL, sizeof(*message)); /* not zeroed: most of it is never used */
        buffer_init(&message->body);
    } else {
        pool->first = message->next;
        pool->count--;
    }
    begin(message);
    return message;
}

static void close_message(struct message *message)
{
    buffer_fini(&message->body);
    memory_free(message);
}

void message_return(struct message_pool *pool, struct message *message)
{
    if (pool->count == POOL_MAX) {
        close_message(message);
        return;
    }
    buffer_empty(&message->body);
    message->next = pool->first;
    pool->first = message;
    pool->count++;
}

void message_pool_drain(struct message_pool *pool)
{
    while (pool->first) {
        struct message *message = pool->first;

        pool->first = message->next;
        close_message(message);
    }
    pool->count = 0;
}

bool message_add_target(struct message *message, const char *at, size_t size)
{
    if (size > HTTP_LINE_BYTES_MAX - message->target_bytes)
        return false;
    memcpy(message->head + message->target_bytes, at, size);
    message->target_bytes += size;
    return true;
}

/* Room for a piece of the header being read; NULL when there is none. */
static char *header_room(struct message *message, size_t size)
{
    char *room = message->head + message->target_bytes + message->header_bytes;

    if (size > HTTP_HEADER_BYTES_MAX - message->header_bytes ||
        message->header_count == HTTP_HEADERS_MAX)
        return NULL;
    message->header_bytes += size;
    return room;
}

bool message_add_name(struct message *message, const char *at, size_t size)
{
    char *room = header_room(message, size);
    struct sigv4_header *header;

    if (room == NULL)
        return false;
    if (message->state != MESSAGE_HEAD)
        return true; /* a trailer: counted, not kept */
    memcpy(room, at, size);
    header = &message->headers[message->header_count];
    if (header->name.data == NULL) {
        header->name.data = room;
        header->name.size = 0;
    }
    header->name.size += size;
    return true;
}

bool message_add_value(struct message *message, const char *at, size_t size)
{
    char *room = header_room(message, size);
    struct sigv4_header *header;

    if (room == NULL)
        return false;
    if (message->state != MESSAGE_HEAD)
        return true;
    memcpy(room, at, size);
    header = &message->headers[message->header_count];
    if (header->value.data == NULL) {
        header->value.data = room;
        header->value.size = 0;
    }
    header->value.size += size;
    return true;
}

void message_end_header(struct message *message)
{
    struct sigv4_header *header = &message->headers[message->header_count];
    enum header which;

    if (message->state != MESSAGE_HEAD)
        return;
    if (header->value.data == NULL)
        header->value = SPAN("");
    header->value = http_trim(header->value);
    which = http_header_of(header->name);
    if (which != HEADER_COUNT && message->known[which].data == NULL)
        message->known[which] = header->value;
    message->header_count++;
    if (message->header_count < HTTP_HEADERS_MAX)
        message->headers[message->header_count] = (struct sigv4_header){ 0 };
}

bool message_add_body(struct message *message, const char *at, size_t size)
{
    if (size > HTTP_BODY_BYTES_MAX - message->body.size)
        return false;
    buffer_append(&message->body, at, size);
    return true;
}

static enum method method_of(const llhttp_t *parser)
{
    switch (llhttp_get_method((llhttp_t *)(size_t)parser)) {
    case HTTP_GET: return METHOD_GET;
    case HTTP_HEAD: return METHOD_HEAD;
    case HTTP_POST: return METHOD_POST;
    case HTTP_PUT: return METHOD_PUT;
    case HTTP_OPTIONS: return METHOD_OPTIONS;
    default: return METHOD_OTHER;
    }
}

void message_read(const struct message *message, const llhttp_t *parser, struct http_request *http)
{
    const struct span target = { message->head, message->target_bytes };

    *http = (struct http_request){ 0 };
    http->method = method_of(parser);
    http->method_name = span_from(llhttp_method_name((llhttp_method_t)parser->method));
    http_split_target(target, &http->path, &http->query);
    memcpy(http->known, message->known, sizeof(http->known));
    http->headers = message->headers;
    http->header_count = message->header_count;
    http->body = buffer_span(&message->body);
    http->keeps_alive = llhttp_should_keep_alive(parser);
}
