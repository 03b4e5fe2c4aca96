/* tests/unit/server/coding_test.c - compressed bodies: there and back, cut short, and bombs. */
#include "server/coding.h"

#include "../test.h"
#include "base/buffer.h"

enum { TEXT_BYTES = 300000 };

static struct span some_text(struct test *t)
{
    char *text = arena_alloc(t->arena, TEXT_BYTES, 1);

    for (size_t i = 0; i < TEXT_BYTES; i++)
        text[i] = (char)('a' + i * i % 23);
    return (struct span){ text, TEXT_BYTES };
}

TEST(a_coding_gives_back_what_was_put_in_again_and_again)
{
    struct coding *coding = coding_open();
    struct span text = some_text(t);
    struct buffer packed;
    struct buffer plain;

    buffer_init(&packed);
    buffer_init(&plain);
    for (enum coding_kind kind = CODING_GZIP; kind <= CODING_DEFLATE; kind++) {
        for (int round = 0; round < 3; round++) {
            buffer_empty(&packed);
            buffer_empty(&plain);
            coding_deflate(coding, kind, text, &packed);
            EXPECT(packed.size < text.size, "%zu bytes", packed.size);
            EXPECT(coding_inflate(coding, kind, buffer_span(&packed), TEXT_BYTES, &plain) ==
                       INFLATE_DONE,
                   "kind %d round %d", kind, round);
            EXPECT(span_equal(buffer_span(&plain), text), "kind %d round %d", kind, round);
        }
    }
    buffer_fini(&packed);
    buffer_fini(&plain);
    coding_close(coding);
}

TEST(a_coding_stops_at_the_limit_and_at_what_is_broken)
{
    struct coding *coding = coding_open();
    struct span text = some_text(t);
    struct buffer packed;
    struct buffer plain;

    buffer_init(&packed);
    buffer_init(&plain);
    coding_deflate(coding, CODING_GZIP, text, &packed);
    EXPECT(coding_inflate(coding, CODING_GZIP, buffer_span(&packed), TEXT_BYTES - 1, &plain) ==
               INFLATE_TOO_LARGE,
           "one byte over the limit");
    EXPECT(plain.size <= TEXT_BYTES, "%zu bytes were kept", plain.size);
    for (size_t cut = 0; cut < packed.size; cut += 97) {
        struct span part = { packed.data, cut };

        buffer_empty(&plain);
        EXPECT(coding_inflate(coding, CODING_GZIP, part, TEXT_BYTES, &plain) == INFLATE_BROKEN,
               "cut at %zu", cut);
    }
    EXPECT(coding_inflate(coding, CODING_DEFLATE, buffer_span(&packed), TEXT_BYTES, &plain) ==
               INFLATE_BROKEN,
           "gzip taken for deflate");
    buffer_fini(&packed);
    buffer_fini(&plain);
    coding_close(coding);
}
