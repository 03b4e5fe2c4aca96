/* tests/unit/store/acceptance_test.c - what every driver promises: each claim is tried on all. */
#include "drivers.h"

#include <stdio.h>
#include <string.h>

STORE_TEST(a_put_entry_is_read_back)
{
    struct store_entry entry = { SPAN("k"), SPAN("{\"a\":1}"), 42 };
    struct store_entry found;

    EXPECT_OK(store_begin(c, true));
    EXPECT_OK(store_put(c, 1, &entry));
    EXPECT_OK(store_commit(c));
    EXPECT_OK(store_begin(c, false));
    EXPECT_OK(store_get(c, 1, SPAN("k"), &found));
    EXPECT(span_is(found.value, "{\"a\":1}"), "value %.*s", SPAN_PRINT(found.value));
    EXPECT(found.size == 42, "size %lld", (long long)found.size);
    EXPECT_OK(store_get(c, 1, SPAN("l"), &found));
    EXPECT(found.value.data == NULL, "an entry that was never put");
    EXPECT_OK(store_commit(c));
}
