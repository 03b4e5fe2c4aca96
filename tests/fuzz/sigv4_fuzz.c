/* tests/fuzz/sigv4_fuzz.c - any Authorization header, date and query, separated by line ends. */
#include "auth/sigv4.h"
#include "base/arena.h"

#include <string.h>

enum { PARTS = 4, FUZZ_BYTES_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sigv4 *sigv4;
    struct arena *arena = arena_open(FUZZ_BYTES_MAX);
    struct span rest = { (const char *)data, size };
    struct span parts[PARTS] = { { 0 } };
    struct sigv4_claim claim;

    if (sigv4 == NULL)
        sigv4 = sigv4_open();
    for (size_t i = 0; i < PARTS && rest.size > 0; i++) {
        const char *end = memchr(rest.data, '\n', rest.size);
        size_t used = end ? (size_t)(end - rest.data) : rest.size;

        parts[i] = (struct span){ rest.data, used };
        rest.data += used + (end != NULL);
        rest.size -= used + (end != NULL);
    }

    struct sigv4_header headers[] = { { SPAN("Authorization"), parts[0] },
                                      { SPAN("X-Amz-Date"), parts[1] },
                                      { SPAN("Date"), parts[2] } };
    struct sigv4_request request = {
        SPAN("POST"), SPAN("/"), parts[3], headers, sizeof(headers) / sizeof(*headers), rest
    };
    struct error *strict = sigv4_parse(arena, &request, SIGV4_STRICT, 1440938160000, &claim);

    if (strict == NULL && sigv4_verify(sigv4, arena, &request, &claim, SPAN("secret")) == NULL)
        __builtin_trap(); /* nobody guesses a signature */
    if (sigv4_parse(arena, &request, SIGV4_WELL_FORMED, 1440938160000, &claim) == NULL &&
        sigv4_verify(sigv4, arena, &request, &claim, SPAN("secret")) == NULL)
        __builtin_trap();
    arena_close(arena);
    return 0;
}
