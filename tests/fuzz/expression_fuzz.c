/* tests/fuzz/expression_fuzz.c - the input as each of the five kinds of expressions; what compiles
 * is run against a few items. */
#include "base/arena.h"
#include "base/json.h"
#include "expr/expression.h"
#include "item/check.h"
#include "item/json.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 256 << 20 };

static const char full_text[] =
    "{\"a\":{\"S\":\"x\"},\"b\":{\"N\":\"5\"},\"c\":{\"SS\":[\"x\",\"y\"]},"
    "\"d\":{\"L\":[{\"N\":\"1\"},{\"L\":[{\"S\":\"x\"}]},{\"M\":{\"a\":{\"N\":\"2\"}}}]},"
    "\"e\":{\"M\":{\"a\":{\"L\":[]},\"b\":{\"M\":{\"c\":{\"BOOL\":true}}}}}}";
static const char other_text[] =
    "{\"a\":{\"N\":\"1\"},\"b\":{\"L\":[{\"NULL\":true}]},\"c\":{\"NS\":[\"1\",\"2\"]},"
    "\"d\":{\"M\":{\"a\":{\"B\":\"AAA=\"}}},\"e\":{\"BS\":[\"AA==\"]}}";
static const char *const texts[] = { "{}", full_text, other_text };

static struct string_pair name_pairs[] = { { { "#a", 2 }, { "a", 1 } },
                                           { { "#b", 2 }, { "b", 1 } },
                                           { { "#0", 2 }, { "d", 1 } } };
static const struct string_map names = { COUNT(name_pairs), name_pairs };

static const struct key_schema schema = {
    .hash_count = 1,
    .range_count = 1,
    .parts = { { { "a", 1 }, VALUE_S }, { { "b", 1 }, VALUE_N } },
};

static void decode(struct arena *arena, const char *text, struct item *item)
{
    yyjson_val *json = json_parse(arena, span_from(text), NULL);
    struct error *error = item_decode(arena, json, item);

    assert(error == NULL);
    error = item_check(arena, WORDING_NEWER, item);
    assert(error == NULL);
}

static struct scope *open_scope(struct arena *arena)
{
    static const char values_text[] =
        "{\":s\":{\"S\":\"x\"},\":n\":{\"N\":\"3\"},\":t\":{\"BOOL\":true},\":l\":{\"L\":[]},"
        "\":m\":{\"M\":{}},\":ss\":{\"SS\":[\"x\"]},\":ns\":{\"NS\":[\"1\",\"9\"]},"
        "\":b\":{\"B\":\"AA==\"},\":T\":{\"S\":\"SS\"},\":0\":{\"NULL\":true}}";
    struct item *values = NEW(arena, struct item, 1);
    struct scope *scope;
    struct error *error;

    decode(arena, values_text, values);
    scope = scope_open(arena, WORDING_OLDER, &names, values);
    error = scope_check(scope, true, "");
    assert(error == NULL);
    return scope;
}

static void must_say_why(const struct error *error)
{
    assert(error == NULL || error->message.size > 0);
}

static void run_condition(struct arena *arena, struct span text, const struct item *items)
{
    struct condition *condition;
    struct error *error = condition_compile(open_scope(arena), EXPRESSION_FILTER, text, &condition);

    must_say_why(error);
    for (size_t i = 0; error == NULL && i < COUNT(texts); i++)
        (void)condition_holds(arena, condition, &items[i]);
    if (error == NULL)
        (void)condition_find_key(condition, &schema, true);
}

static void run_projection(struct arena *arena, struct span text, const struct item *items)
{
    struct projection *projection;
    struct error *error = projection_compile(open_scope(arena), text, &projection);

    must_say_why(error);
    for (size_t i = 0; error == NULL && i < COUNT(texts); i++) {
        struct item selected;

        projection_apply(arena, projection, &items[i], &selected);
        must_say_why(item_check(arena, WORDING_NEWER, &selected));
        assert(selected.count <= items[i].count);
    }
}

/* What an update leaves is an item like any other. */
static void run_update(struct arena *arena, struct span text, const struct item *items)
{
    struct update *update;
    struct error *error = update_compile(open_scope(arena), text, &update);

    must_say_why(error);
    for (size_t i = 0; error == NULL && i < COUNT(texts); i++) {
        struct item updated;
        struct item targets;
        struct error *refused = update_apply(arena, update, &items[i], &updated);

        must_say_why(refused);
        if (refused)
            continue;
        assert(item_check(arena, WORDING_NEWER, &updated) == NULL);
        projection_apply(arena, update_targets(update), &updated, &targets);
    }
}

static void run_key(struct arena *arena, struct span text)
{
    struct key_condition *condition;
    struct key_selection selection;
    struct error *error = key_condition_compile(open_scope(arena), text, &condition);

    must_say_why(error);
    if (error)
        return;
    error = key_condition_bind(arena, condition, &schema, &selection);
    must_say_why(error);
    assert(error || span_starts_with(selection.range.low, selection.prefix));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena *kept;
    static struct item items[COUNT(texts)];
    struct span text = { (const char *)bytes, size };
    struct arena *arena;

    if (kept == NULL) {
        kept = arena_open(ARENA_BYTES_MAX);
        for (size_t i = 0; i < COUNT(texts); i++)
            decode(kept, texts[i], &items[i]);
    }
    arena = arena_open(ARENA_BYTES_MAX);
    run_condition(arena, text, items);
    run_projection(arena, text, items);
    run_update(arena, text, items);
    run_key(arena, text);
    arena_close(arena);
    return 0;
}
