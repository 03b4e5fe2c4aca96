/* tests/unit/main.c - runs the registered tests; the last line is "N passed, N failed, N skipped".
 */
#include "test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TESTS_MAX = 4096, ARENA_BYTES_MAX = 256 << 20 };

struct registered {
    const char *file;
    const char *claim;
    void (*run)(struct test *);
};

static struct registered registered[TESTS_MAX];
static size_t registered_count;

void test_register(const char *file, const char *claim, void (*run)(struct test *))
{
    if (registered_count < TESTS_MAX)
        registered[registered_count++] = (struct registered){ file, claim, run };
}

void test_failed(const char *file, int line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprint_error(format, arguments);
    va_end(arguments);
    print_error("\n");
    _fail(file, line);
    __builtin_unreachable();
}

static void run_registered(void **state)
{
    const struct registered *test = *state;
    struct test t = { arena_open(ARENA_BYTES_MAX) };

    test->run(&t);
    arena_close(t.arena);
}

int main(int argc, char **argv)
{
    static struct CMUnitTest chosen[TESTS_MAX];
    const char *filter = argc > 1 ? argv[1] : "";
    size_t count = 0;
    int failed;

    for (size_t i = 0; i < registered_count; i++) {
        const struct registered *test = &registered[i];

        if (strstr(test->claim, filter) || strstr(test->file, filter))
            chosen[count++] = (struct CMUnitTest){ .name = test->claim,
                                                   .test_func = run_registered,
                                                   .initial_state = &registered[i] };
    }
    failed = _cmocka_run_group_tests("unit", chosen, count, NULL, NULL);
    printf("%zu passed, %d failed, 0 skipped\n", count - (size_t)failed, failed);
    return failed == 0 && count > 0 ? 0 : 1;
}
