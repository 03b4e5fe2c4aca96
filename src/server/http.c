/* server/http.c - reading header names, header lists and request targets. */
#include "server/http.h"

#include "base/compiler.h"

#include <string.h>
#include <strings.h>

static const struct {
    struct span name;
    enum header header;
} known_headers[] = {
    { { "accept-encoding", 15 }, HEADER_ACCEPT_ENCODING },
    { { "access-control-request-headers", 30 }, HEADER_ACCESS_CONTROL_REQUEST_HEADERS },
    { { "access-control-request-method", 29 }, HEADER_ACCESS_CONTROL_REQUEST_METHOD },
    { { "authorization", 13 }, HEADER_AUTHORIZATION },
    { { "content-encoding", 16 }, HEADER_CONTENT_ENCODING },
    { { "content-type", 12 }, HEADER_CONTENT_TYPE },
    { { "expect", 6 }, HEADER_EXPECT },
    { { "host", 4 }, HEADER_HOST },
    { { "origin", 6 }, HEADER_ORIGIN },
    { { "x-stator-test", 13 }, HEADER_STATOR_TEST },
    { { "x-amz-target", 12 }, HEADER_TARGET },
    { { "user-agent", 10 }, HEADER_USER_AGENT },
};

bool http_same(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || strncasecmp(a.data, b.data, a.size) == 0);
}

enum header http_header_of(struct span name)
{
    for (size_t i = 0; i < COUNT(known_headers); i++)
        if (known_headers[i].name.size == name.size && http_same(known_headers[i].name, name))
            return known_headers[i].header;
    return HEADER_COUNT;
}

void http_split_target(struct span target, struct span *path, struct span *query)
{
    struct span rest = target;
    const char *mark;

    if (rest.size > 0 && rest.data[0] != '/') {
        const char *host = memmem(rest.data, rest.size, "://", 3);

        if (host) {
            rest.size -= (size_t)(host + 3 - rest.data);
            rest.data = host + 3;
            while (rest.size > 0 && *rest.data != '/' && *rest.data != '?') {
                rest.data++;
                rest.size--;
            }
        }
    }
    mark = rest.size > 0 ? memchr(rest.data, '?', rest.size) : NULL;
    *query = (struct span){ NULL, 0 };
    *path = rest;
    if (mark) {
        path->size = (size_t)(mark - rest.data);
        *query = (struct span){ mark + 1, rest.size - path->size - 1 };
    }
    if (path->size == 0)
        *path = SPAN("/");
}

struct span http_trim(struct span text)
{
    while (text.size > 0 && (*text.data == ' ' || *text.data == '\t')) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

/* "q=0", "q=0.000": not wanted. */
static bool is_refused(struct span parameter)
{
    parameter = http_trim(parameter);
    if (parameter.size < 3 || (parameter.data[0] | 32) != 'q' || parameter.data[1] != '=')
        return false;
    for (size_t i = 2; i < parameter.size; i++)
        if (parameter.data[i] != '0' && parameter.data[i] != '.')
            return false;
    return true;
}

struct span http_list_find(struct span list, struct span word)
{
    while (list.size > 0) {
        const char *comma = memchr(list.data, ',', list.size);
        struct span entry = { list.data, comma ? (size_t)(comma - list.data) : list.size };
        const char *semicolon = entry.size > 0 ? memchr(entry.data, ';', entry.size) : NULL;
        size_t used = entry.size + (comma != NULL);
        struct span parameter = { NULL, 0 };

        if (semicolon) {
            parameter.data = semicolon + 1;
            parameter.size = (size_t)(entry.data + entry.size - parameter.data);
            entry.size = (size_t)(semicolon - entry.data);
        }
        entry = http_trim(entry);
        if (http_same(entry, word))
            return is_refused(parameter) ? (struct span){ NULL, 0 } : entry;
        list.data += used;
        list.size -= used;
    }
    return (struct span){ NULL, 0 };
}
