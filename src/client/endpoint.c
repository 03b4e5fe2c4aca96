/* client/endpoint.c - reads an endpoint's URL and refuses what is none. */
#include "client/endpoint.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool has_scheme(struct span url, const char *scheme)
{
    size_t size = strlen(scheme);

    return url.size > size && strncasecmp(url.data, scheme, size) == 0;
}

/* The host's length, of "localhost:8000" or "[::1]:8000"; 0 when it is malformed. */
static size_t host_size(struct span authority)
{
    const char *end;

    if (authority.size > 0 && authority.data[0] == '[') {
        end = memchr(authority.data, ']', authority.size);
        return end ? (size_t)(end - authority.data) + 1 : 0;
    }
    end = memchr(authority.data, ':', authority.size);
    return end ? (size_t)(end - authority.data) : authority.size;
}

static bool is_host(struct span host)
{
    for (size_t i = 0; i < host.size; i++)
        if (!isalnum((unsigned char)host.data[i]) && !strchr("-._:[]%", host.data[i]))
            return false;
    return host.size > 0;
}

static bool is_port(struct span port)
{
    long number = 0;

    for (size_t i = 0; i < port.size; i++) {
        if (port.data[i] < '0' || port.data[i] > '9' || number > 65535)
            return false;
        number = number * 10 + (port.data[i] - '0');
    }
    return number >= 1 && number <= 65535;
}

static bool is_loopback(struct span host)
{
    return span_is(host, "localhost") || span_is(host, "[::1]") ||
           span_starts_with(host, SPAN("127."));
}

static bool split(struct span authority, struct span *host, struct span *port)
{
    *host = (struct span){ authority.data, host_size(authority) };
    *port = (struct span){ 0 };
    if (!is_host(*host))
        return false;
    if (host->size == authority.size)
        return true;
    *port = (struct span){ host->data + host->size + 1, authority.size - host->size - 1 };
    return host->data[host->size] == ':' && is_port(*port);
}

struct error *endpoint_parse(struct arena *arena, struct span url, struct endpoint *endpoint)
{
    bool is_https = has_scheme(url, "https://");
    size_t scheme = is_https ? 8 : 7;
    struct span authority;
    struct span host;
    struct span port;

    while (url.size > scheme && url.data[url.size - 1] == '/')
        url.size--;
    if (!is_https && !has_scheme(url, "http://"))
        scheme = url.size;
    authority = (struct span){ url.data + scheme, url.size - scheme };
    if (!split(authority, &host, &port))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: not an endpoint: give http://HOST:PORT or https://HOST",
                    SPAN_PRINT(url));
    endpoint->url = arena_copy(arena, url);
    endpoint->is_https = is_https;
    endpoint->is_loopback = is_loopback(host);
    endpoint->host = span_is(port, is_https ? "443" : "80") ? host : authority;
    return NULL;
}
