/* tests/fuzz/value_fuzz.c - any JSON as an item: decoded, checked, written, parsed back.
 *
 * What passes the check must survive the round trip unchanged, with the same size and the same
 * keys. What is refused must be refused with a text. */
#include "base/arena.h"
#include "base/buffer.h"
#include "item/check.h"
#include "item/json.h"
#include "item/key.h"
#include "item/size.h"

#include <assert.h>

enum { ARENA_BYTES_MAX = 256 << 20 };

static struct span written(struct arena *arena, const struct item *item)
{
    struct buffer buffer;
    struct span text;

    buffer_init(&buffer);
    item_write(item, &buffer);
    text = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text;
}

static void expect_same_keys(struct arena *arena, const struct item *a, const struct item *b)
{
    for (size_t i = 0; i < a->count; i++) {
        struct key_schema schema = { .hash_count = 1 };
        struct span x = { 0 }, y = { 0 };
        struct error *left, *right;

        schema.parts[0] = (struct key_part){ a->attributes[i].name, a->attributes[i].value.type };
        if (schema.parts[0].type != VALUE_S && schema.parts[0].type != VALUE_N &&
            schema.parts[0].type != VALUE_B)
            continue;
        left = key_from_item(arena, &schema, a, &x);
        right = key_from_item(arena, &schema, b, &y);
        assert(!left == !right && span_equal(x, y));
        assert(left || key_digest(x) == key_digest(y));
    }
}

static void round_trip(struct arena *arena, const struct item *item)
{
    struct span text = written(arena, item);
    struct item parsed, decoded;
    struct error *error;

    item_parse(arena, text, &parsed);
    assert(item_equal(item, &parsed));
    assert(item_bytes(item) == item_bytes(&parsed));
    expect_same_keys(arena, item, &parsed);
    parsed.json = (struct span){ 0 };
    assert(span_equal(written(arena, &parsed), text));
    error = item_decode(arena, json_parse(arena, text, NULL), &decoded);
    assert(error == NULL);
    error = item_check(arena, WORDING_OLDER, &decoded);
    assert(error == NULL);
    assert(item_equal(item, &decoded));
}

static void expect_text(const struct error *error)
{
    assert(error->message.data && error->message.size > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    yyjson_val *json = json_parse(arena, (struct span){ (const char *)data, size }, NULL);
    struct item item;
    struct error *error;

    if (json) {
        error = item_decode(arena, json, &item);
        if (error == NULL)
            error = item_check(arena, size % 2 ? WORDING_NEWER : WORDING_OLDER, &item);
        if (error)
            expect_text(error);
        else
            round_trip(arena, &item);
    }
    arena_close(arena);
    return 0;
}
