/* tests/fuzz/api_fuzz.c - requests of every operation: decoded, and looked at by both validators.
 *
 * The first byte chooses the operation, the rest is its JSON. What decoding does not doubt, no
 * validator may refuse. */
#include "api/decode.h"
#include "api/validate.h"
#include "base/arena.h"
#include "operations.h"

#include <stdlib.h>

static const size_t arena_bytes_max = (size_t)1 << 30;

static void try_request(struct arena *arena, const struct signature *signature, yyjson_val *json)
{
    void *input = arena_alloc(arena, 1, signature->input->size);
    bool is_doubtful = false;
    struct error *current;
    struct error *classic;

    if (decode_input(arena, signature->input, json, input, &is_doubtful))
        return;
    current = validate_input(arena, VALIDATOR_CURRENT, signature, json);
    classic = validate_input(arena, VALIDATOR_CLASSIC, signature, json);
    if (!current != !classic || (current && !is_doubtful))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *arena;
    yyjson_val *json;

    if (size == 0)
        return 0;
    if (!arena)
        arena = arena_open(arena_bytes_max);
    arena_reset(arena);
    json = json_parse(arena, (struct span){ (const char *)data + 1, size - 1 }, NULL);
    if (json)
        try_request(arena, operations[data[0] % OPERATIONS_COUNT].signature, json);
    return 0;
}
