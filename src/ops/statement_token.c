/* ops/statement_token.c - a position as bytes, and those as base64: version (1 byte), digest of the
 * statement (8), number of the read (4), entry key. */
#include "ops/statement_token.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "item/base64.h"
#include "item/json.h"

enum { TOKEN_VERSION = 1, TOKEN_HEAD_BYTES = 13 };

unsigned long long statement_digest(struct span text, const struct value_list *parameters)
{
    struct buffer whole;
    unsigned long long digest;

    buffer_init(&whole);
    buffer_append_span(&whole, text);
    for (size_t i = 0; parameters && i < parameters->count; i++) {
        buffer_append_char(&whole, '\0');
        value_write(&parameters->items[i], &whole);
    }
    digest = span_hash(buffer_span(&whole));
    buffer_fini(&whole);
    return digest;
}

static void append_number(struct buffer *out, unsigned long long number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buffer_append_char(out, (char)(number >> (8 * i) & 0xff));
}

static unsigned long long read_number(const char *bytes, int count)
{
    unsigned long long number = 0;

    for (int i = 0; i < count; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

struct span statement_token_make(struct arena *arena, unsigned long long digest,
                                 const struct statement_position *position)
{
    struct buffer bytes;
    struct buffer text;
    struct span token;

    buffer_init(&bytes);
    buffer_init(&text);
    append_number(&bytes, TOKEN_VERSION, 1);
    append_number(&bytes, digest, 8);
    append_number(&bytes, position->read, 4);
    buffer_append_span(&bytes, position->after);
    buffer_append_base64(&text, buffer_span(&bytes));
    token = arena_copy(arena, buffer_span(&text));
    buffer_fini(&text);
    buffer_fini(&bytes);
    return token;
}

/* A position that the read could have stopped at. */
static bool is_within(const struct read_plan *plan, struct span after)
{
    if (after.data == NULL)
        return true;
    if (plan->kind == READ_GET)
        return false;
    return (plan->range.low.data == NULL || span_compare(after, plan->range.low) >= 0) &&
           (plan->range.high.data == NULL || span_compare(after, plan->range.high) < 0);
}

static bool read_bytes(unsigned long long digest, struct span bytes,
                       const struct statement_reads *reads, struct statement_position *position)
{
    if (bytes.size < TOKEN_HEAD_BYTES || bytes.data[0] != TOKEN_VERSION ||
        read_number(bytes.data + 1, 8) != digest)
        return false;
    position->read = (size_t)read_number(bytes.data + 9, 4);
    if (position->read >= reads->count)
        return false;
    if (bytes.size > TOKEN_HEAD_BYTES)
        position->after =
            (struct span){ bytes.data + TOKEN_HEAD_BYTES, bytes.size - TOKEN_HEAD_BYTES };
    return is_within(&reads->plans[position->read], position->after);
}

struct error *statement_token_read(struct arena *arena, unsigned long long digest,
                                   struct span token, const struct statement_reads *reads,
                                   struct statement_position *position)
{
    struct span bytes;

    *position = (struct statement_position){ 0 };
    if (token.data == NULL)
        return NULL;
    if (base64_decode(arena, token, &bytes) == NULL && read_bytes(digest, bytes, reads, position))
        return NULL;
    return fail(arena, ERR_VALIDATION, "NextToken does not match request");
}
