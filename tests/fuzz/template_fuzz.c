/* tests/fuzz/template_fuzz.c - what the harness reads: definitions, items, stator.yaml, endpoints.
 *
 * The first byte chooses. What is read must be fit to be sent, compared and read again. */
#include "base/arena.h"
#include "base/json.h"
#include "cli/config.h"
#include "client/endpoint.h"
#include "template/compare.h"
#include "template/definition.h"
#include "template/items.h"

#include <assert.h>
#include <stdint.h>

enum { ARENA_BYTES_MAX = 512 << 20 };

static void read_definitions(struct arena *arena, struct span text)
{
    static const struct definition_settings alone = { .is_alone = true };
    struct definition_list list = { .settings = &alone };

    if (definition_parse(arena, SPAN("t"), text, &list))
        return;
    assert(list.count > 0);
    for (size_t i = 0; i < list.count; i++) {
        const struct definition *made = &list.items[i];
        struct definition_list again = { 0 };
        struct difference_list differences;
        struct span body = definition_create_body(arena, made, SPAN("another"));

        assert(definition_parse(arena, SPAN("t"), body, &again) == NULL && again.count == 1);
        assert(span_is(again.items[0].name, "another"));
        compare_definitions(arena, made, made, &differences);
        assert(differences.count == 0);
    }
}

static void read_items(struct arena *arena, struct span text)
{
    struct string_list items;

    if (items_parse(arena, SPAN("t"), text, &items))
        return;
    for (size_t i = 0; i < items.count; i++) {
        struct string_list again;

        assert(items_parse(arena, SPAN("t"), items.items[i], &again) == NULL);
        assert(again.count >= 1);
    }
}

static void read_endpoint(struct arena *arena, struct span text)
{
    struct endpoint endpoint;
    struct endpoint again;

    if (endpoint_parse(arena, text, &endpoint))
        return;
    assert(endpoint_parse(arena, endpoint.url, &again) == NULL);
    assert(span_equal(endpoint.host, again.host));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(ARENA_BYTES_MAX);
    struct span text = { size > 0 ? (const char *)data + 1 : "", size > 0 ? size - 1 : 0 };
    struct config config;

    switch (size > 0 ? data[0] % 4 : 0) {
    case 0: read_definitions(arena, text); break;
    case 1: read_items(arena, text); break;
    case 2: read_endpoint(arena, text); break;
    case 3:
        if (config_parse(arena, SPAN("t"), text, &config))
            break;
        for (size_t i = 0; i < config.table_count; i++)
            assert(config.tables[i].from.data != NULL);
        break;
    }
    arena_close(arena);
    return 0;
}
