/* tests/unit/server/http_test.c - header names, lists and request targets. */
#include "server/http.h"

#include "../test.h"

TEST(header_names_are_known_in_any_case)
{
    EXPECT(http_header_of(SPAN("X-Amz-Target")) == HEADER_TARGET, "X-Amz-Target");
    EXPECT(http_header_of(SPAN("HOST")) == HEADER_HOST, "HOST");
    EXPECT(http_header_of(SPAN("accept-encoding")) == HEADER_ACCEPT_ENCODING, "accept-encoding");
    EXPECT(http_header_of(SPAN("x-amz-targe")) == HEADER_COUNT, "a name cut short");
    EXPECT(http_header_of(SPAN("")) == HEADER_COUNT, "no name");
}

TEST(a_list_entry_is_found_unless_its_quality_is_0)
{
    static const struct {
        const char *list;
        const char *found; /* NULL: not */
    } cases[] = {
        { "gzip", "gzip" },
        { "GZIP", "GZIP" },
        { "br, gzip", "gzip" },
        { "br,gzip ; q=0.1,x", "gzip" },
        { " gzip\t", "gzip" },
        { "gzip;q=0", NULL },
        { "gzip; q=0.000", NULL },
        { "gzip;Q=0.0", NULL },
        { "gzip;q=0.001", "gzip" },
        { "gzipped", NULL },
        { "x-gzip", NULL },
        { "*", NULL },
        { "", NULL },
        { ",,;,", NULL },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span found = http_list_find(span_from(cases[i].list), SPAN("gzip"));

        EXPECT(span_equal(found, span_from(cases[i].found)) &&
                   (found.data != NULL) == (cases[i].found != NULL),
               "'%s' gives '%.*s'", cases[i].list, SPAN_PRINT(found));
    }
}

TEST(a_target_is_split_into_path_and_query)
{
    static const struct {
        const char *target;
        const char *path;
        const char *query;
    } cases[] = {
        { "/", "/", NULL },
        { "/a/b?c=d", "/a/b", "c=d" },
        { "/?", "/", "" },
        { "/?a?b", "/", "a?b" },
        { "http://host:8000/x?y", "/x", "y" },
        { "http://host", "/", NULL },
        { "http://host?x", "/", "x" },
        { "*", "*", NULL },
        { "", "/", NULL },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span path;
        struct span query;

        http_split_target(span_from(cases[i].target), &path, &query);
        EXPECT(span_is(path, cases[i].path), "%s: path %.*s", cases[i].target, SPAN_PRINT(path));
        EXPECT(span_equal(query, span_from(cases[i].query)) &&
                   (query.data != NULL) == (cases[i].query != NULL),
               "%s: query %.*s", cases[i].target, SPAN_PRINT(query));
    }
}
