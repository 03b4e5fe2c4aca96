/* tests/unit/client/endpoint_test.c - which URLs are endpoints, and what they say. */
#include "../test.h"

#include "client/endpoint.h"

TEST(an_endpoint_s_host_is_signed_without_a_default_port)
{
    static const struct {
        const char *url;
        const char *kept;
        const char *host;
        bool is_https;
        bool is_loopback;
    } cases[] = {
        { "http://127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000", false, true },
        { "http://localhost:8000///", "http://localhost:8000", "localhost:8000", false, true },
        { "HTTP://db:80", "HTTP://db:80", "db", false, false },
        { "http://db:443", "http://db:443", "db:443", false, false },
        { "https://dynamodb.eu-west-1.amazonaws.com", "https://dynamodb.eu-west-1.amazonaws.com",
          "dynamodb.eu-west-1.amazonaws.com", true, false },
        { "https://x:443/", "https://x:443", "x", true, false },
        { "http://[::1]:8000", "http://[::1]:8000", "[::1]:8000", false, true },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct endpoint endpoint;

        EXPECT_OK(endpoint_parse(t->arena, span_from(cases[i].url), &endpoint));
        EXPECT(span_is(endpoint.url, cases[i].kept), "%s: %.*s", cases[i].url,
               SPAN_PRINT(endpoint.url));
        EXPECT(span_is(endpoint.host, cases[i].host), "%s: %.*s", cases[i].url,
               SPAN_PRINT(endpoint.host));
        EXPECT(endpoint.is_https == cases[i].is_https, "%s: scheme", cases[i].url);
        EXPECT(endpoint.is_loopback == cases[i].is_loopback, "%s: loopback", cases[i].url);
    }
}

TEST(what_is_no_endpoint_is_refused)
{
    static const char *const urls[] = {
        "",
        "x",
        "/",
        "http://",
        "https:///",
        "http://:80",
        "http://a:",
        "http://a:65536",
        "http://a:1:2",
        "http://[::1",
        "http://[::1]8000",
        "http://user@a",
        "http://a/b",
        "http://a?b",
        "http://a b",
    };

    for (size_t i = 0; i < COUNT(urls); i++) {
        struct endpoint endpoint;

        EXPECT(endpoint_parse(t->arena, span_from(urls[i]), &endpoint) != NULL, "'%s' passes",
               urls[i]);
    }
}
