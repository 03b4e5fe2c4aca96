/* tests/unit/api/api_test.h - an operation's input from JSON text, decoded and validated. */
#pragma once

#include "../test.h"
#include "api/decode.h"
#include "api/validate.h"
#include "api_tables.h"
#include "shapes.h"

#include <string.h>

static inline yyjson_val *api_parse(struct test *t, const char *text)
{
    yyjson_val *json = json_parse(t->arena, span_from(text), NULL);

    EXPECT(json != NULL, "no JSON: %.60s", text);
    return json;
}

/* What the service says to the request; *input holds what was decoded. */
static inline struct error *api_take(struct test *t, const struct signature *signature,
                                     enum validator validator, yyjson_val *json, void *input)
{
    bool is_doubtful = false;

    TRY(decode_input(t->arena, signature->input, json, input, &is_doubtful));
    return is_doubtful ? validate_input(t->arena, validator, signature, json) : NULL;
}

static inline struct error *api_try(struct test *t, const struct signature *signature,
                                    enum validator validator, const char *text)
{
    void *input = arena_alloc(t->arena, 1, signature->input->size);

    return api_take(t, signature, validator, api_parse(t, text), input);
}

#define EXPECT_CURRENT(operation, json, text) \
    EXPECT_ERROR(api_try(t, &operation##_signature, VALIDATOR_CURRENT, (json)), (text))
#define EXPECT_CLASSIC(operation, json, text) \
    EXPECT_ERROR(api_try(t, &operation##_signature, VALIDATOR_CLASSIC, (json)), (text))
#define EXPECT_BOTH(operation, json, text)         \
    do {                                           \
        EXPECT_CURRENT(operation, (json), (text)); \
        EXPECT_CLASSIC(operation, (json), (text)); \
    } while (0)
#define EXPECT_FINE(operation, json)                                              \
    do {                                                                          \
        EXPECT_OK(api_try(t, &operation##_signature, VALIDATOR_CURRENT, (json))); \
        EXPECT_OK(api_try(t, &operation##_signature, VALIDATOR_CLASSIC, (json))); \
    } while (0)
