/* tests/unit/store/acceptance_test.c - what every driver promises: each claim is tried on all. */
#include "drivers.h"

#include "store/driver.h"

#include <stdio.h>
#include <string.h>

static const struct span_range everything = { { NULL, 0 }, { NULL, 0 } };

static void put(struct store_connection *c, uint32_t space, struct span key, struct span value)
{
    struct store_entry entry = { key, value, (int64_t)value.size };

    EXPECT_OK(store_put(c, space, &entry));
}

static void put_all(struct store_connection *c, uint32_t space, const char *const *keys,
                    size_t count)
{
    EXPECT_OK(store_begin(c, true));
    for (size_t i = 0; i < count; i++)
        put(c, space, span_from(keys[i]), span_from(keys[i]));
    EXPECT_OK(store_commit(c));
}

static void expect_value(struct store_connection *c, uint32_t space, struct span key,
                         struct span value)
{
    struct store_entry found;

    EXPECT_OK(store_get(c, space, key, &found));
    EXPECT((found.value.data == NULL) == (value.data == NULL), "key %.*s is %s", SPAN_PRINT(key),
           found.value.data ? "there" : "not there");
    EXPECT(span_equal(found.value, value), "key %.*s has value %.*s", SPAN_PRINT(key),
           SPAN_PRINT(found.value));
}

/* The keys of a range, joined by blanks. */
static const char *walk(struct test *t, struct store_connection *c, uint32_t space,
                        struct span_range range, bool is_backward)
{
    struct store_cursor *cursor = NULL;
    struct span joined = SPAN("");
    struct store_entry entry;

    EXPECT_OK(store_seek(c, space, &range, is_backward, &cursor));
    for (;;) {
        EXPECT_OK(store_next(cursor, &entry));
        if (entry.key.data == NULL)
            break;
        joined = arena_print(t->arena, "%.*s%s%.*s", SPAN_PRINT(joined), joined.size ? " " : "",
                             SPAN_PRINT(entry.key));
    }
    EXPECT_OK(store_next(cursor, &entry));
    EXPECT(entry.key.data == NULL, "an entry behind the end");
    store_end(cursor);
    return joined.data;
}

static void expect_walk(struct test *t, struct store_connection *c, struct span_range range,
                        const char *forward, const char *backward)
{
    const char *walked = walk(t, c, 7, range, false);

    EXPECT(strcmp(walked, forward) == 0, "forward: %s, not %s", walked, forward);
    walked = walk(t, c, 7, range, true);
    EXPECT(strcmp(walked, backward) == 0, "backward: %s, not %s", walked, backward);
}

STORE_TEST(a_put_entry_is_read_back)
{
    struct store_entry entry = { SPAN("k"), SPAN("{\"a\":1}"), 42 };
    struct store_entry found;

    EXPECT_OK(store_begin(c, true));
    EXPECT_OK(store_put(c, 1, &entry));
    expect_value(c, 1, SPAN("k"), SPAN("{\"a\":1}"));
    EXPECT_OK(store_commit(c));
    EXPECT_OK(store_begin(c, false));
    EXPECT_OK(store_get(c, 1, SPAN("k"), &found));
    EXPECT(span_is(found.value, "{\"a\":1}"), "value %.*s", SPAN_PRINT(found.value));
    EXPECT(found.size == 42, "size %lld", (long long)found.size);
    expect_value(c, 1, SPAN("l"), (struct span){ 0 });
    expect_value(c, 2, SPAN("k"), (struct span){ 0 });
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_put_replaces_and_a_delete_removes)
{
    EXPECT_OK(store_begin(c, true));
    put(c, 1, SPAN("k"), SPAN("first"));
    put(c, 1, SPAN("k"), SPAN("a longer second"));
    expect_value(c, 1, SPAN("k"), SPAN("a longer second"));
    EXPECT_OK(store_delete(c, 1, SPAN("k")));
    EXPECT_OK(store_delete(c, 1, SPAN("never there")));
    expect_value(c, 1, SPAN("k"), (struct span){ 0 });
    EXPECT_OK(store_commit(c));
}

STORE_TEST(ranges_are_walked_both_ways_in_key_order)
{
    static const char *const keys[] = { "d", "b", "aa", "c", "a", "b0" };

    put_all(c, 7, keys, COUNT(keys));
    put_all(c, 6, keys, 2);
    put_all(c, 8, keys, 2);
    EXPECT_OK(store_begin(c, false));
    expect_walk(t, c, everything, "a aa b b0 c d", "d c b0 b aa a");
    expect_walk(t, c, (struct span_range){ SPAN("b"), SPAN("d") }, "b b0 c", "c b0 b");
    expect_walk(t, c, (struct span_range){ SPAN("a0"), { 0 } }, "aa b b0 c d", "d c b0 b aa");
    expect_walk(t, c, (struct span_range){ { 0 }, SPAN("b0") }, "a aa b", "b aa a");
    expect_walk(t, c, (struct span_range){ SPAN("b"), SPAN("b") }, "", "");
    expect_walk(t, c, (struct span_range){ SPAN("d"), SPAN("b") }, "", "");
    expect_walk(t, c, (struct span_range){ SPAN("e"), { 0 } }, "", "");
    EXPECT_OK(store_commit(c));
}

STORE_TEST(the_last_space_has_no_neighbour)
{
    EXPECT_OK(store_begin(c, true));
    put(c, UINT32_MAX, SPAN("k"), SPAN("v"));
    put(c, 0, SPAN("j"), SPAN("v"));
    EXPECT(strcmp(walk(t, c, UINT32_MAX, everything, true), "k") == 0, "space UINT32_MAX");
    EXPECT(strcmp(walk(t, c, 0, everything, false), "j") == 0, "space 0");
    EXPECT_OK(store_commit(c));
}

STORE_TEST(keys_may_hold_any_bytes)
{
    static const char bytes[] = { 'a', 0, 'b', 0, (char)0xff, (char)0x80 };

    EXPECT_OK(store_begin(c, true));
    for (size_t size = 0; size <= sizeof(bytes); size++)
        put(c, 7, (struct span){ bytes, size }, (struct span){ bytes, size });
    for (size_t size = 0; size <= sizeof(bytes); size++)
        expect_value(c, 7, (struct span){ bytes, size }, (struct span){ bytes, size });
    EXPECT_OK(store_delete(c, 7, (struct span){ bytes, 2 }));
    expect_value(c, 7, (struct span){ bytes, 2 }, (struct span){ 0 });
    expect_value(c, 7, (struct span){ bytes, 1 }, (struct span){ bytes, 1 });
    EXPECT_OK(store_commit(c));
}

STORE_TEST(an_empty_value_is_not_an_absent_one)
{
    struct store_cursor *cursor = NULL;
    struct store_entry entry;

    EXPECT_OK(store_begin(c, true));
    put(c, 7, SPAN("k"), SPAN(""));
    expect_value(c, 7, SPAN("k"), SPAN(""));
    EXPECT_OK(store_seek(c, 7, &everything, false, &cursor));
    EXPECT_OK(store_next(cursor, &entry));
    EXPECT(entry.value.data != NULL && entry.value.size == 0, "not empty");
    store_end(cursor);
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_value_of_400_kilobytes_is_kept_whole)
{
    size_t size = 400 << 10;
    char *bytes = arena_alloc_raw(t->arena, size);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)('a' + i * 2654435761u % 26);
    EXPECT_OK(store_begin(c, true));
    put(c, 7, SPAN("k"), (struct span){ bytes, size });
    put(c, 7, SPAN("l"), (struct span){ bytes + 1, size - 1 });
    EXPECT_OK(store_commit(c));
    EXPECT_OK(store_begin(c, false));
    expect_value(c, 7, SPAN("k"), (struct span){ bytes, size });
    expect_value(c, 7, SPAN("l"), (struct span){ bytes + 1, size - 1 });
    EXPECT_OK(store_commit(c));
}

STORE_TEST(what_was_read_may_be_put_as_it_is)
{
    char *bytes = memset(arena_alloc_raw(t->arena, 3000), 'x', 3000);
    struct store_entry entry;

    EXPECT_OK(store_begin(c, true));
    put(c, 7, SPAN("k"), (struct span){ bytes, 3000 });
    put(c, 7, SPAN("s"), SPAN("short"));
    for (uint32_t space = 8; space < 40; space++) {
        EXPECT_OK(store_get(c, 7, SPAN("k"), &entry));
        EXPECT_OK(store_put(c, space, &entry));
        EXPECT_OK(store_get(c, 7, SPAN("s"), &entry));
        EXPECT_OK(store_put(c, space, &entry));
        expect_value(c, space, SPAN("k"), (struct span){ bytes, 3000 });
        expect_value(c, space, SPAN("s"), SPAN("short"));
    }
    EXPECT_OK(store_commit(c));
}

STORE_TEST(several_cursors_go_their_own_ways)
{
    static const char *const keys[] = { "a", "b", "c", "d" };
    struct store_cursor *cursors[40];
    struct store_entry entry;

    put_all(c, 7, keys, COUNT(keys));
    EXPECT_OK(store_begin(c, false));
    for (size_t i = 0; i < COUNT(cursors); i++) {
        EXPECT_OK(store_seek(c, 7, &everything, i % 2 == 1, &cursors[i]));
        for (size_t steps = 0; steps < i % 4; steps++)
            EXPECT_OK(store_next(cursors[i], &entry));
    }
    expect_value(c, 7, SPAN("a"), SPAN("a"));
    for (size_t i = 0; i < COUNT(cursors); i++) {
        const char *expected = keys[i % 2 ? 3 - i % 4 : i % 4];

        EXPECT_OK(store_next(cursors[i], &entry));
        EXPECT(span_is(entry.key, expected), "cursor %zu at %.*s", i, SPAN_PRINT(entry.key));
    }
    for (size_t i = 0; i < COUNT(cursors); i++)
        store_end(cursors[i]);
    EXPECT_OK(store_commit(c));
}

STORE_TEST(an_open_cursor_goes_on_while_other_spaces_are_written)
{
    static const char *const keys[] = { "a", "b", "c", "d" };
    struct store_cursor *cursor = NULL;
    struct store_entry entry;

    put_all(c, 7, keys, COUNT(keys));
    EXPECT_OK(store_begin(c, true));
    EXPECT_OK(store_seek(c, 7, &everything, false, &cursor));
    for (uint32_t i = 0; i < COUNT(keys); i++) {
        EXPECT_OK(store_next(cursor, &entry));
        EXPECT(span_is(entry.key, keys[i]), "key %.*s", SPAN_PRINT(entry.key));
        for (uint32_t space = 1; space < 30; space++) {
            if (space == 7)
                continue;
            EXPECT_OK(store_put(c, space, &entry));
            break;
        }
        for (uint32_t n = 0; n < 200; n++) {
            struct span key = arena_print(t->arena, "%u-%u", i, n);

            put(c, n % 2 ? 6 : 8, key, key);
        }
    }
    EXPECT_OK(store_next(cursor, &entry));
    EXPECT(entry.key.data == NULL, "a fifth key");
    store_end(cursor);
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_cursor_does_not_need_its_range_to_stay)
{
    static const char *const keys[] = { "a", "b", "c", "d" };
    char low[] = "b";
    char high[] = "d";
    struct span_range range = { { low, 1 }, { high, 1 } };
    struct store_cursor *cursor = NULL;
    struct store_entry entry;

    put_all(c, 7, keys, COUNT(keys));
    EXPECT_OK(store_begin(c, false));
    EXPECT_OK(store_seek(c, 7, &range, false, &cursor));
    low[0] = high[0] = 'x';
    EXPECT_OK(store_next(cursor, &entry));
    EXPECT(span_is(entry.key, "b"), "key %.*s", SPAN_PRINT(entry.key));
    EXPECT_OK(store_next(cursor, &entry));
    EXPECT(span_is(entry.key, "c"), "key %.*s", SPAN_PRINT(entry.key));
    EXPECT_OK(store_next(cursor, &entry));
    EXPECT(entry.key.data == NULL, "key %.*s", SPAN_PRINT(entry.key));
    store_end(cursor);
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_rollback_undoes_everything)
{
    static const char *const keys[] = { "a", "b" };

    put_all(c, 7, keys, COUNT(keys));
    EXPECT_OK(store_begin(c, true));
    put(c, 7, SPAN("a"), SPAN("changed"));
    EXPECT_OK(store_delete(c, 7, SPAN("b")));
    for (uint32_t n = 0; n < 3000; n++)
        put(c, 7, arena_print(t->arena, "%u", n * 2654435761u), SPAN("a value that fills pages"));
    store_rollback(c);
    EXPECT_OK(store_begin(c, false));
    expect_walk(t, c, everything, "a b", "b a");
    expect_value(c, 7, SPAN("a"), SPAN("a"));
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_disconnect_undoes_what_is_not_committed)
{
    struct store_connection *other = NULL;

    EXPECT_OK(store_connect(store, &other));
    EXPECT_OK(store_begin(other, true));
    put(other, 7, SPAN("k"), SPAN("v"));
    store_disconnect(other);
    EXPECT_OK(store_begin(c, true));
    expect_value(c, 7, SPAN("k"), (struct span){ 0 });
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_reader_sees_the_state_at_its_begin_while_a_writer_commits)
{
    struct store_connection *reader = NULL;
    struct store_connection *late_reader = NULL;

    EXPECT_OK(store_connect(store, &reader));
    EXPECT_OK(store_connect(store, &late_reader));
    EXPECT_OK(store_begin(c, true));
    put(c, 7, SPAN("k"), SPAN("old"));
    put(c, 7, SPAN("gone"), SPAN("v"));
    EXPECT_OK(store_commit(c));
    EXPECT_OK(store_begin(reader, false));
    for (uint32_t round = 0; round < 20; round++) {
        EXPECT_OK(store_begin(c, true));
        put(c, 7, SPAN("k"), arena_print(t->arena, "new %u", round));
        for (uint32_t n = 0; n < 200; n++)
            put(c, 8, arena_print(t->arena, "%u", (round * 200 + n) * 2654435761u), SPAN("filler"));
        EXPECT_OK(store_delete(c, 7, SPAN("gone")));
        expect_value(reader, 7, SPAN("k"), SPAN("old"));
        EXPECT_OK(store_commit(c));
    }
    expect_value(reader, 7, SPAN("k"), SPAN("old"));
    expect_value(reader, 7, SPAN("gone"), SPAN("v"));
    EXPECT(strcmp(walk(t, reader, 8, everything, false), "") == 0, "filler is seen");
    EXPECT_OK(store_begin(late_reader, false));
    expect_value(late_reader, 7, SPAN("k"), SPAN("new 19"));
    EXPECT_OK(store_commit(late_reader));
    EXPECT_OK(store_commit(reader));
    EXPECT_OK(store_begin(reader, false));
    expect_value(reader, 7, SPAN("k"), SPAN("new 19"));
    expect_value(reader, 7, SPAN("gone"), (struct span){ 0 });
    EXPECT_OK(store_commit(reader));
    store_disconnect(reader);
    store_disconnect(late_reader);
}

STORE_TEST(a_writer_that_asks_in_vain_is_refused_and_may_try_again)
{
    struct store_connection *other = NULL;

    store->busy_limit_ms = 30;
    EXPECT_OK(store_connect(store, &other));
    EXPECT_OK(store_begin(c, true));
    EXPECT_ERROR(store_begin(other, true), "Internal server error");
    EXPECT_OK(store_begin(other, false));
    EXPECT_OK(store_commit(other));
    EXPECT_OK(store_commit(c));
    EXPECT_OK(store_begin(other, true));
    EXPECT_OK(store_commit(other));
    store_disconnect(other);
}

STORE_TEST(a_range_is_measured)
{
    static const char *const keys[] = { "a", "b1", "b22", "c" };
    struct span_range range = { SPAN("b"), SPAN("c") };
    uint64_t count = 9;
    uint64_t sizes = 9;

    put_all(c, 7, keys, COUNT(keys));
    EXPECT_OK(store_begin(c, false));
    EXPECT_OK(store_measure(c, 7, &range, &count, &sizes));
    EXPECT(count == 2 && sizes == 5, "%d entries, %d in all", (int)count, (int)sizes);
    EXPECT_OK(store_measure(c, 7, &everything, &count, &sizes));
    EXPECT(count == 4 && sizes == 7, "%d entries, %d in all", (int)count, (int)sizes);
    EXPECT_OK(store_measure(c, 8, &everything, &count, &sizes));
    EXPECT(count == 0 && sizes == 0, "%d entries, %d in all", (int)count, (int)sizes);
    EXPECT_OK(store_commit(c));
}

STORE_TEST(a_space_is_cleared_in_slices_and_alone)
{
    static const char *const keys[] = { "a", "b", "c", "d", "e" };
    bool is_empty = true;

    for (uint32_t space = 6; space <= 8; space++)
        put_all(c, space, keys, COUNT(keys));
    EXPECT_OK(store_begin(c, true));
    EXPECT_OK(store_clear(c, 7, 3, &is_empty));
    EXPECT(!is_empty, "empty after 3 of 5");
    EXPECT(strcmp(walk(t, c, 7, everything, false), "d e") == 0, "not three were deleted");
    EXPECT_OK(store_clear(c, 7, 2, &is_empty));
    EXPECT(is_empty, "not empty after 5 of 5");
    EXPECT_OK(store_clear(c, 7, 2, &is_empty));
    EXPECT(is_empty, "an empty space is not empty");
    EXPECT(strcmp(walk(t, c, 7, everything, false), "") == 0, "entries are left");
    EXPECT(strcmp(walk(t, c, 6, everything, false), "a b c d e") == 0, "space 6 has lost some");
    EXPECT(strcmp(walk(t, c, 8, everything, false), "a b c d e") == 0, "space 8 has lost some");
    EXPECT_OK(store_commit(c));
}

STORE_TEST(the_chosen_call_fails_and_the_transaction_can_only_be_undone)
{
    struct store_entry entry = { SPAN("k"), SPAN("v"), 1 };

    EXPECT_OK(store_begin(c, true));
    EXPECT_OK(store_put(c, 7, &entry));
    store_fail_at(store, 2);
    EXPECT_OK(store_put(c, 8, &entry));
    EXPECT_ERROR(store_put(c, 9, &entry), "Internal server error");
    store_rollback(c);
    EXPECT_OK(store_begin(c, true));
    expect_value(c, 7, SPAN("k"), (struct span){ 0 });
    EXPECT_OK(store_commit(c));
}
