/* tests/unit/store/history_test.c - SQLite and the oracle live through the same random history and
 * must give the same answers, to a writer and to readers that began at different times. */
#include "drivers.h"

#include "base/random.h"

#include <string.h>

enum { READERS = 3, STEPS = 6000, KEYS = 300, SPACES = 3 };

/* The same connections on both sides: [0] writes, the others read. */
struct side {
    struct store *store;
    struct store_connection *connections[1 + READERS];
};

struct history {
    struct random random;
    struct side sqlite;
    struct side oracle;
    bool is_open[1 + READERS];
    char key[2][16];
    char *filler;
};

static void side_open(struct side *side, struct store *store)
{
    side->store = store;
    for (size_t i = 0; i <= READERS; i++)
        EXPECT_OK(store_connect(store, &side->connections[i]));
}

static void side_close(struct side *side)
{
    for (size_t i = 0; i <= READERS; i++)
        store_disconnect(side->connections[i]);
    store_close(side->store);
}

/* Keys of several lengths, some of which begin others, some with zeros. */
static struct span random_key(struct history *history, size_t which)
{
    uint64_t number = random_below(&history->random, KEYS);
    size_t size = 1 + number % 5;
    char *key = history->key[which];

    memset(key, 0, sizeof(history->key[which]));
    for (size_t i = 0; i < size; i++)
        key[i] = "\0a\xff"[number / (i + 1) % 3];
    key[size] = (char)number;
    return (struct span){ key, size + 1 };
}

static struct span random_value(struct history *history)
{
    uint64_t size = random_below(&history->random, 10) == 0 ? random_below(&history->random, 30000)
                                                            : random_below(&history->random, 300);

    return (struct span){ history->filler + random_below(&history->random, 100), size };
}

static struct span_range random_range(struct history *history)
{
    struct span_range range = { { NULL, 0 }, { NULL, 0 } };

    if (random_below(&history->random, 3) > 0)
        range.low = random_key(history, 0);
    if (random_below(&history->random, 3) > 0)
        range.high = random_key(history, 1);
    return range;
}

static void expect_same(const struct store_entry *a, const struct store_entry *b)
{
    EXPECT((a->key.data == NULL) == (b->key.data == NULL), "one has ended, the other hasn't");
    EXPECT((a->value.data == NULL) == (b->value.data == NULL), "one is there, the other isn't");
    EXPECT(span_equal(a->key, b->key), "keys differ");
    EXPECT(span_equal(a->value, b->value), "values differ");
    EXPECT(a->size == b->size, "sizes differ");
}

static void walk_both(struct store_connection *a, struct store_connection *b, uint32_t space,
                      const struct span_range *range, bool is_backward, uint64_t limit)
{
    struct store_cursor *a_cursor = NULL;
    struct store_cursor *b_cursor = NULL;
    struct store_entry a_entry;
    struct store_entry b_entry;

    EXPECT_OK(store_seek(a, space, range, is_backward, &a_cursor));
    EXPECT_OK(store_seek(b, space, range, is_backward, &b_cursor));
    do {
        EXPECT_OK(store_next(a_cursor, &a_entry));
        EXPECT_OK(store_next(b_cursor, &b_entry));
        expect_same(&a_entry, &b_entry);
    } while (a_entry.key.data && limit-- > 0);
    store_end(a_cursor);
    store_end(b_cursor);
}

static void read_both(struct history *history, size_t who)
{
    struct store_connection *a = history->sqlite.connections[who];
    struct store_connection *b = history->oracle.connections[who];
    uint32_t space = (uint32_t)random_below(&history->random, SPACES);
    struct span_range range = random_range(history);
    struct span key = random_key(history, 0);
    struct store_entry a_entry;
    struct store_entry b_entry;
    uint64_t counts[4];

    switch (random_below(&history->random, 4)) {
    case 0:
        walk_both(a, b, space, &range, random_below(&history->random, 2) == 0,
                  random_below(&history->random, 50));
        return;
    case 1:
        EXPECT_OK(store_measure(a, space, &range, &counts[0], &counts[1]));
        EXPECT_OK(store_measure(b, space, &range, &counts[2], &counts[3]));
        EXPECT(counts[0] == counts[2] && counts[1] == counts[3], "measures differ");
        return;
    default:
        EXPECT_OK(store_get(a, space, key, &a_entry));
        EXPECT_OK(store_get(b, space, key, &b_entry));
        expect_same(&a_entry, &b_entry);
        return;
    }
}

static void write_both(struct history *history)
{
    struct store_connection *a = history->sqlite.connections[0];
    struct store_connection *b = history->oracle.connections[0];
    uint32_t space = (uint32_t)random_below(&history->random, SPACES);
    struct store_entry entry = { random_key(history, 0), random_value(history),
                                 (int64_t)random_below(&history->random, 1000) };
    uint64_t choice = random_below(&history->random, 100);
    uint32_t max_entries = 1 + (uint32_t)random_below(&history->random, 40);
    bool is_a_empty = false;
    bool is_b_empty = true;

    if (choice < 2) {
        EXPECT_OK(store_clear(a, space, max_entries, &is_a_empty));
        EXPECT_OK(store_clear(b, space, max_entries, &is_b_empty));
        EXPECT(is_a_empty == is_b_empty, "one is empty, the other isn't");
    } else if (choice < 25) {
        EXPECT_OK(store_delete(a, space, entry.key));
        EXPECT_OK(store_delete(b, space, entry.key));
    } else {
        EXPECT_OK(store_put(a, space, &entry));
        EXPECT_OK(store_put(b, space, &entry));
    }
}

static void end_both(struct history *history, size_t who, bool is_kept)
{
    struct store_connection *a = history->sqlite.connections[who];
    struct store_connection *b = history->oracle.connections[who];

    if (is_kept) {
        EXPECT_OK(store_commit(a));
        EXPECT_OK(store_commit(b));
    } else {
        store_rollback(a);
        store_rollback(b);
    }
    history->is_open[who] = false;
}

static void step(struct history *history)
{
    size_t who =
        random_below(&history->random, 3) > 0 ? 0 : 1 + random_below(&history->random, READERS);

    if (!history->is_open[who]) {
        EXPECT_OK(store_begin(history->sqlite.connections[who], who == 0));
        EXPECT_OK(store_begin(history->oracle.connections[who], who == 0));
        history->is_open[who] = true;
    } else if (random_below(&history->random, 15) == 0) {
        end_both(history, who, random_below(&history->random, 4) > 0);
    } else if (who == 0 && random_below(&history->random, 3) > 0) {
        write_both(history);
    } else {
        read_both(history, who);
    }
}

static void live(struct test *t, struct store *store, uint64_t seed)
{
    static const struct span_range everything = { { NULL, 0 }, { NULL, 0 } };
    struct history history = { .filler = arena_alloc_raw(t->arena, 30100) };
    struct store *oracle = NULL;

    for (size_t i = 0; i < 30100; i++)
        history.filler[i] = (char)('a' + i % 26);
    random_init(&history.random, seed);
    EXPECT(store_open_memory_map(&oracle), "no oracle");
    side_open(&history.sqlite, store);
    side_open(&history.oracle, oracle);
    for (size_t i = 0; i < STEPS; i++)
        step(&history);
    for (size_t who = 0; who <= READERS; who++) {
        if (!history.is_open[who])
            continue;
        for (uint32_t space = 0; space < SPACES; space++)
            walk_both(history.sqlite.connections[who], history.oracle.connections[who], space,
                      &everything, false, UINT64_MAX);
        end_both(&history, who, true);
    }
    side_close(&history.sqlite);
    side_close(&history.oracle);
}

TEST(memory_answers_as_the_oracle_does)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        live(t, open_store(t, NULL), seed);
}

TEST(a_file_answers_as_the_oracle_does)
{
    for (uint64_t seed = 11; seed <= 13; seed++)
        live(t, open_store(t, new_path(t, "history.db")), seed);
}
