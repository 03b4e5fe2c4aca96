/* tests/unit/test.h - TEST and EXPECT over cmocka.
 *
 * A test's name is one claim about the service. Tests register themselves; `unit NAME` runs those
 * whose file or claim contains NAME. */
#pragma once

#include "base/arena.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

struct test {
    struct arena *arena;
};

void test_register(const char *file, const char *claim, void (*run)(struct test *));

/* Ends the running test as failed. */
NEVER_RETURNS void test_failed(const char *file, int line, const char *format, ...)
    PRINTF_LIKE(3, 4);

#define TEST(claim)                                            \
    static void claim(struct test *t);                         \
    __attribute__((constructor)) static void add_##claim(void) \
    {                                                          \
        test_register(__FILE__, #claim, claim);                \
    }                                                          \
    static void claim(__attribute__((unused)) struct test *t)

#define EXPECT(holds, ...)                                \
    do {                                                  \
        if (!(holds))                                     \
            test_failed(__FILE__, __LINE__, __VA_ARGS__); \
    } while (0)

/* The call succeeds, or the test fails with the error's message. */
#define EXPECT_OK(call)                                                         \
    do {                                                                        \
        struct error *error_ = (call);                                          \
        EXPECT(error_ == NULL, "%s: %.*s", #call, SPAN_PRINT(error_->message)); \
    } while (0)

/* The call fails with exactly this message. */
#define EXPECT_ERROR(call, text)                                                                  \
    do {                                                                                          \
        struct error *error_ = (call);                                                            \
        EXPECT(error_ != NULL, "%s: succeeds", #call);                                            \
        EXPECT(span_is(error_->message, (text)), "%s: %.*s", #call, SPAN_PRINT(error_->message)); \
    } while (0)
