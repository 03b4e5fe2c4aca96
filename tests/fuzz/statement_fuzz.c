/* tests/fuzz/statement_fuzz.c - the input as a PartiQL statement; what parses is bound to a table
 * and an index, and what is bound is run against a few items. */
#include "base/arena.h"
#include "base/json.h"
#include "item/check.h"
#include "item/json.h"
#include "partiql/bind.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 256 << 20, PARAMETERS = 4 };

static const char full_text[] =
    "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"5\"},\"g\":{\"S\":\"x\"},\"ss\":{\"SS\":[\"x\",\"y\"]},"
    "\"l\":{\"L\":[{\"N\":\"1\"},{\"L\":[{\"S\":\"x\"}]},{\"M\":{\"a\":{\"N\":\"2\"}}}]},"
    "\"m\":{\"M\":{\"a\":{\"L\":[]},\"b\":{\"M\":{\"c\":{\"BOOL\":true}}}}}}";
static const char other_text[] =
    "{\"pk\":{\"S\":\"b\"},\"sk\":{\"N\":\"-1\"},\"ss\":{\"NS\":[\"1\",\"2\"]},"
    "\"l\":{\"M\":{\"a\":{\"B\":\"AAA=\"}}},\"m\":{\"NULL\":true}}";
static const char *const texts[] = { "{}", full_text, other_text };
static const char *const parameter_texts[PARAMETERS] = {
    "{\"v\":{\"S\":\"a\"}}", "{\"v\":{\"N\":\"5\"}}",
    "{\"v\":{\"L\":[{\"S\":\"a\"},{\"N\":\"1\"}]}}",
    "{\"v\":{\"M\":{\"pk\":{\"S\":\"c\"},\"sk\":{\"N\":\"1\"}}}}"
};

static struct index indexes[] = {
    { .name = { "i", 1 },
      .is_global = true,
      .keys = { 1, 1, { { { "g", 1 }, VALUE_S }, { { "sk", 2 }, VALUE_N } } } },
};

static const struct table table = {
    .name = { "t", 1 },
    .keys = { 1, 1, { { { "pk", 2 }, VALUE_S }, { { "sk", 2 }, VALUE_N } } },
    .index_count = 1,
    .indexes = indexes,
};

static void decode(struct arena *arena, const char *text, struct item *item)
{
    yyjson_val *json = json_parse(arena, span_from(text), NULL);
    struct error *error = item_decode(arena, json, item);

    assert(error == NULL);
    error = item_check(arena, WORDING_NEWER, item);
    assert(error == NULL);
}

static void must_say_why(const struct error *error)
{
    assert(error == NULL || error->message.size > 0);
}

static void run_reads(struct arena *arena, const struct statement *statement,
                      const struct index *index, const struct item *items)
{
    struct statement_reads reads;
    struct error *error = statement_bind_read(arena, statement, &table, index, &reads);

    must_say_why(error);
    for (size_t i = 0; error == NULL && i < reads.count; i++) {
        const struct read_plan *plan = &reads.plans[i];

        assert((plan->kind == READ_GET) == (plan->key.data != NULL));
        assert(plan->kind != READ_QUERY || plan->range.low.data);
        for (size_t k = 0; k < COUNT(texts); k++) {
            struct item selected;

            (void)condition_holds(arena, plan->filter, &items[k]);
            if (plan->projection)
                projection_apply(arena, plan->projection, &items[k], &selected);
        }
    }
}

static void run_write(struct arena *arena, const struct statement *statement,
                      const struct item *items)
{
    struct write_plan plan = { 0 };
    struct error *error = statement_bind_write(arena, statement, &table, &plan);

    must_say_why(error);
    for (size_t i = 0; error == NULL && i < COUNT(texts); i++) {
        struct item updated;

        (void)condition_holds(arena, plan.condition, &items[i]);
        if (plan.update == NULL)
            continue;
        if (update_apply(arena, plan.update, &items[i], &updated) == NULL)
            must_say_why(item_check(arena, WORDING_NEWER, &updated));
    }
}

/* With as many parameters as there are question marks, if there are not too many. */
static void run(struct arena *arena, struct span text, size_t parameter_count,
                const struct item *items)
{
    struct value values[PARAMETERS];
    struct value_list parameters = { parameter_count, values };
    struct statement statement;
    struct error *error;

    for (size_t i = 0; i < parameter_count; i++) {
        struct item item;

        decode(arena, parameter_texts[i], &item);
        values[i] = item.attributes[0].value;
    }
    error = statement_parse(arena, text, parameter_count ? &parameters : NULL, &statement);
    must_say_why(error);
    if (error)
        return;
    if (statement_is_read(&statement)) {
        run_reads(arena, &statement, NULL, items);
        run_reads(arena, &statement, &indexes[0], items);
    } else {
        run_write(arena, &statement, items);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena *kept;
    static struct item items[COUNT(texts)];
    size_t marks = 0;
    struct arena *arena;

    if (kept == NULL) {
        kept = arena_open(ARENA_BYTES_MAX);
        for (size_t i = 0; i < COUNT(texts); i++)
            decode(kept, texts[i], &items[i]);
    }
    for (size_t i = 0; i < size; i++)
        marks += bytes[i] == '?';
    arena = arena_open(ARENA_BYTES_MAX);
    run(arena, (struct span){ (const char *)bytes, size }, marks < PARAMETERS ? marks : PARAMETERS,
        items);
    arena_close(arena);
    return 0;
}
