/* tests/unit/item/sample.h - values out of short JSON texts, for the tests of item/. */
#pragma once

#include "../test.h"

#include "base/buffer.h"
#include "item/check.h"
#include "item/json.h"
#include "item/key.h"

/* The text must be JSON. */
static inline yyjson_val *sample_json(struct test *t, const char *text)
{
    struct span problem = { 0 };
    yyjson_val *json = json_parse(t->arena, span_from(text), &problem);

    EXPECT(json != NULL, "%s: %.*s", text, SPAN_PRINT(problem));
    return json;
}

/* Decoded, not checked. */
static inline struct value sample_decoded(struct test *t, const char *text)
{
    struct value value;

    EXPECT_OK(value_decode(t->arena, sample_json(t, text), &value));
    return value;
}

/* Decoded and checked. */
static inline struct value sample_value(struct test *t, const char *text)
{
    struct value value = sample_decoded(t, text);

    EXPECT_OK(value_check(t->arena, WORDING_NEWER, &value));
    return value;
}

static inline struct item sample_item(struct test *t, const char *text)
{
    struct item item;

    EXPECT_OK(item_decode(t->arena, sample_json(t, text), &item));
    EXPECT_OK(item_check(t->arena, WORDING_NEWER, &item));
    return item;
}

/* In the arena, as item_write writes it. */
static inline struct span sample_written(struct test *t, const struct item *item)
{
    struct buffer buffer;
    struct span text;

    buffer_init(&buffer);
    item_write(item, &buffer);
    text = arena_copy(t->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text;
}

/* open repeated, then middle, then close repeated: for deep nesting. */
static inline const char *sample_nested(struct test *t, const char *open, const char *middle,
                                        const char *close, int count)
{
    struct buffer buffer;
    struct span text;

    buffer_init(&buffer);
    for (int i = 0; i < count; i++)
        buffer_append_span(&buffer, span_from(open));
    buffer_append_span(&buffer, span_from(middle));
    for (int i = 0; i < count; i++)
        buffer_append_span(&buffer, span_from(close));
    text = arena_copy(t->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text.data;
}
