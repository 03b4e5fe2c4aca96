/* tests/unit/base/arena_test.c - arenas and buffers. */
#include "../test.h"

#include "base/buffer.h"

TEST(arena_memory_is_zeroed_after_a_reset)
{
    memset(arena_alloc_raw(t->arena, 1000), 'x', 1000);
    arena_reset(t->arena);
    for (const char *at = arena_alloc(t->arena, 1000, 1), *end = at + 1000; at < end; at++)
        EXPECT(*at == 0, "a byte is not zero");
}

TEST(arena_grow_keeps_the_bytes)
{
    char *text = memcpy(arena_alloc_raw(t->arena, 5), "hello", 5);

    text = arena_grow(t->arena, text, 5, 100000);
    EXPECT(memcmp(text, "hello", 5) == 0, "bytes are lost");
}

TEST(json_strings_escape_what_json_must_escape)
{
    struct buffer buffer;

    buffer_init(&buffer);
    buffer_append_json_string(&buffer, SPAN("a\"b\\c\n\x01z"));
    EXPECT(span_is(buffer_span(&buffer), "\"a\\\"b\\\\c\\n\\u0001z\""), "%.*s",
           SPAN_PRINT(buffer_span(&buffer)));
    buffer_fini(&buffer);
}

TEST(base64_pads_to_four)
{
    struct buffer buffer;

    buffer_init(&buffer);
    buffer_append_base64(&buffer, SPAN("abcd"));
    EXPECT(span_is(buffer_span(&buffer), "YWJjZA=="), "%.*s", SPAN_PRINT(buffer_span(&buffer)));
    buffer_fini(&buffer);
}
