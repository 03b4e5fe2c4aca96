/* server/http.h - one HTTP request as the pipeline sees it: complete, with its known headers found.
 *
 * Every span points into the message it came from and lives until its answer is written. */
#pragma once

#include "auth/sigv4.h"
#include "base/span.h"

#include <stdbool.h>

enum {
    HTTP_LINE_BYTES_MAX = 16 * 1024,   /* the request's target */
    HTTP_HEADER_BYTES_MAX = 16 * 1024, /* names and values */
    HTTP_HEADERS_MAX = 128,
    HTTP_BODY_BYTES_MAX = 16 * 1024 * 1024 /* as sent, and once inflated */
};

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_OPTIONS, METHOD_OTHER };

enum header {
    HEADER_ACCEPT_ENCODING,
    HEADER_ACCESS_CONTROL_REQUEST_HEADERS,
    HEADER_ACCESS_CONTROL_REQUEST_METHOD,
    HEADER_AUTHORIZATION,
    HEADER_CONTENT_ENCODING,
    HEADER_CONTENT_TYPE,
    HEADER_EXPECT,
    HEADER_HOST,
    HEADER_ORIGIN,
    HEADER_STATOR_TEST,
    HEADER_TARGET,
    HEADER_USER_AGENT,
    HEADER_COUNT /* also: one that is not known */
};

struct http_request {
    enum method method;
    struct span method_name;
    struct span path;
    struct span query; /* without '?'; absent when there is none */
    struct span known[HEADER_COUNT];
    const struct sigv4_header *headers; /* all, as they came */
    size_t header_count;
    struct span body;
    bool keeps_alive;
    bool is_from_loopback;
    struct span source_ip; /* absent when not known */
};

enum header http_header_of(struct span name);

/* "/path?query", also as proxies send it: "http://host/path?query". */
void http_split_target(struct span target, struct span *path, struct span *query);

/* Equal but for the case of letters. */
bool http_same(struct span a, struct span b);

/* The entry of a list such as "gzip, deflate;q=0.5" that is the word; absent when there is none or
 * it has q=0. Points into the list. */
struct span http_list_find(struct span list, struct span word);

/* The text without white space at its ends. */
struct span http_trim(struct span text);
