/* server/answer.c - status lines, headers and bodies, put together from pieces made beforehand. */
#include "server/answer.h"

#include "base/buffer.h"
#include "server/coding.h"
#include "server/http.h"

#include <string.h>
#include <time.h>
#include <zlib.h>

enum { HEAD_BYTES = 1024 /* a head without the client's own text */ };

static const struct {
    int status;
    struct span line;
} status_lines[] = {
    { 200, { "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: ", 39 } },
    { 400, { "HTTP/1.1 400 Bad Request\r\nServer: Server\r\nDate: ", 48 } },
    { 403, { "HTTP/1.1 403 Forbidden\r\nServer: Server\r\nDate: ", 46 } },
    { 404, { "HTTP/1.1 404 Not Found\r\nServer: Server\r\nDate: ", 46 } },
    { 405, { "HTTP/1.1 405 Method Not Allowed\r\nServer: Server\r\nDate: ", 55 } },
    { 413, { "HTTP/1.1 413 Payload Too Large\r\nServer: Server\r\nDate: ", 54 } },
    { 500, { "HTTP/1.1 500 Internal Server Error\r\nServer: Server\r\nDate: ", 58 } },
    { 503, { "HTTP/1.1 503 Service Unavailable\r\nServer: Server\r\nDate: ", 56 } },
};

static const struct span type_lines[] = {
    [CONTENT_AMZ_JSON] = { "\r\nContent-Type: application/x-amz-json-1.0", 42 },
    [CONTENT_JSON] = { "\r\nContent-Type: application/json", 32 },
    [CONTENT_TEXT] = { "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8", 56 },
    [CONTENT_NONE] = { "", 0 },
};

void stamp_init(struct stamp *stamp, uint64_t seed)
{
    random_init(&stamp->random, seed);
    stamp->second = -1;
}

void stamp_refresh(struct stamp *stamp, int64_t machine_ms)
{
    time_t second = (time_t)(machine_ms / 1000);
    char text[DATE_BYTES + 1];
    struct tm utc;

    if (stamp->second == second)
        return;
    gmtime_r(&second, &utc);
    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    memcpy(stamp->date, text, DATE_BYTES);
    stamp->second = second;
}

/* Five bits a character, in the alphabet of the service's ids. */
static void append_request_id(struct stamp *stamp, struct buffer *out)
{
    enum { CHARACTERS_A_DRAW = 12 };
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    uint64_t draw = 0;
    char *to;

    buffer_reserve(out, REQUEST_ID_BYTES);
    to = out->data + out->size;
    for (size_t i = 0; i < REQUEST_ID_BYTES; i++) {
        if (i % CHARACTERS_A_DRAW == 0)
            draw = random_next(&stamp->random);
        to[i] = alphabet[draw & 31];
        draw >>= 5;
    }
    out->size += REQUEST_ID_BYTES;
}

static void append_status(const struct stamp *stamp, int status, struct buffer *out)
{
    size_t at = COUNT(status_lines) - 1; /* 503 stands for what isn't listed */

    for (size_t i = 0; i < COUNT(status_lines); i++) {
        if (status_lines[i].status == status) {
            at = i;
            break;
        }
    }
    buffer_append_span(out, status_lines[at].line);
    buffer_append(out, stamp->date, DATE_BYTES);
}

static void append_connection(bool keeps_alive, struct buffer *out)
{
    if (keeps_alive)
        buffer_append_literal(out, "\r\nConnection: keep-alive");
    else
        buffer_append_literal(out, "\r\nConnection: close");
}

static void append_allow_origin(const struct answer_form *form, struct buffer *out)
{
    if (form->allow_origin.data == NULL)
        return;
    buffer_append_literal(out, "\r\nAccess-Control-Allow-Origin: ");
    buffer_append_span(out, form->allow_origin);
    if (form->varies_by_origin)
        buffer_append_literal(out, "\r\nVary: Origin");
}

/* The body as it is to be sent: compressed where that was asked for and is worth it. The checksum
 * of the service's answers is that of the compressed bytes: its Java SDK checks those. */
static struct span encode_body(const struct answer_form *form, struct span body,
                               struct buffer *scratch, struct buffer *out)
{
    if (form->coding == NULL || body.size <= ANSWER_COMPRESS_BYTES_MIN ||
        !(form->accepts_gzip || form->accepts_deflate))
        return body;
    buffer_empty(scratch);
    if (form->accepts_gzip) {
        coding_deflate(form->coding, CODING_GZIP, body, scratch);
        buffer_append_literal(out, "\r\nContent-Encoding: gzip");
    } else {
        coding_deflate(form->coding, CODING_DEFLATE, body, scratch);
        buffer_append_literal(out, "\r\nContent-Encoding: deflate");
    }
    return buffer_span(scratch);
}

void answer_write(struct stamp *stamp, const struct answer_form *form, int status, struct span body,
                  struct buffer *scratch, struct buffer *out)
{
    buffer_reserve(out, HEAD_BYTES + body.size);
    append_status(stamp, status, out);
    buffer_append_span(out, type_lines[form->type]);
    append_connection(form->keeps_alive, out);
    append_allow_origin(form, out);
    body = encode_body(form, body, scratch, out);
    buffer_append_literal(out, "\r\nx-amzn-RequestId: ");
    append_request_id(stamp, out);
    buffer_append_literal(out, "\r\nx-amz-crc32: ");
    buffer_append_integer(out, (int64_t)crc32_z(0, (const Bytef *)body.data, body.size));
    buffer_append_literal(out, "\r\nContent-Length: ");
    buffer_append_integer(out, (int64_t)body.size);
    buffer_append_literal(out, "\r\n\r\n");
    if (form->has_body)
        buffer_append_span(out, body);
}

void answer_write_preflight(struct stamp *stamp, const struct answer_form *form,
                            const struct http_request *http, struct buffer *out)
{
    struct span headers = http->known[HEADER_ACCESS_CONTROL_REQUEST_HEADERS];
    struct span method = http->known[HEADER_ACCESS_CONTROL_REQUEST_METHOD];

    append_status(stamp, 200, out);
    append_connection(form->keeps_alive, out);
    append_allow_origin(form, out);
    if (headers.data) {
        buffer_append_literal(out, "\r\nAccess-Control-Allow-Headers: ");
        buffer_append_span(out, headers);
    }
    if (method.data) {
        buffer_append_literal(out, "\r\nAccess-Control-Allow-Methods: ");
        buffer_append_span(out, method);
    }
    buffer_append_literal(out, "\r\nAccess-Control-Max-Age: 172800\r\nx-amzn-RequestId: ");
    append_request_id(stamp, out);
    buffer_append_literal(out, "\r\nx-amz-crc32: 0\r\nContent-Length: 0\r\n\r\n");
}

void answer_write_refusal(struct stamp *stamp, int status, struct buffer *out)
{
    append_status(stamp, status, out);
    append_connection(false, out);
    buffer_append_literal(out, "\r\nx-amzn-RequestId: ");
    append_request_id(stamp, out);
    /* The service sends this one in chunks; what it holds is nothing either way. */
    if (status == 413)
        buffer_append_literal(out, "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    else
        buffer_append_literal(out, "\r\nContent-Length: 0\r\n\r\n");
}
