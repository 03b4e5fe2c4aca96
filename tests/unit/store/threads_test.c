/* tests/unit/store/threads_test.c - writers and readers on threads of their own: no write is lost,
 * and no reader sees half a transaction. */
#include "drivers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { WRITERS = 3, READERS = 2, TRANSACTIONS = 150, COPIES = 20 };

struct crowd {
    struct store *store;
    _Atomic int writers_left;
    _Atomic int failures;
};

static struct span copy_key(uint32_t *number)
{
    return (struct span){ (const char *)number, sizeof(*number) };
}

/* COPIES entries, far apart, hold the same count; a transaction adds one to each. */
static struct error *count_up(struct store_connection *c)
{
    TRY(store_begin(c, true));
    for (uint32_t i = 0; i < COPIES; i++) {
        uint32_t number = i * 2654435761u;
        struct store_entry entry;
        char text[600];
        int size;

        TRY(store_get(c, i, copy_key(&number), &entry));
        size = snprintf(text, sizeof(text), "%0500lld", (long long)entry.size + 1);
        entry = (struct store_entry){ copy_key(&number), { text, (size_t)size }, entry.size + 1 };
        TRY(store_put(c, i, &entry));
    }
    return store_commit(c);
}

/* Whether all copies are the same; *count is what they are. */
static bool are_equal(struct store_connection *c, int64_t *count)
{
    bool are_same = store_begin(c, false) == NULL;

    for (uint32_t i = 0; are_same && i < COPIES; i++) {
        uint32_t number = i * 2654435761u;
        struct store_entry entry = { 0 };

        are_same =
            store_get(c, i, copy_key(&number), &entry) == NULL && (i == 0 || entry.size == *count);
        *count = entry.size;
    }
    return are_same && store_commit(c) == NULL;
}

static void *write_often(void *argument)
{
    struct crowd *crowd = argument;
    struct store_connection *c = NULL;

    if (store_connect(crowd->store, &c) != NULL)
        crowd->failures++;
    for (int i = 0; c && i < TRANSACTIONS; i++)
        if (count_up(c) != NULL)
            crowd->failures++;
    if (c)
        store_disconnect(c);
    crowd->writers_left--;
    return NULL;
}

static void *read_often(void *argument)
{
    struct crowd *crowd = argument;
    struct store_connection *c = NULL;
    int64_t last = 0;

    if (store_connect(crowd->store, &c) != NULL)
        crowd->failures++;
    while (c && crowd->writers_left > 0) {
        int64_t count = 0;

        if (!are_equal(c, &count) || count < last)
            crowd->failures++;
        last = count;
    }
    if (c)
        store_disconnect(c);
    return NULL;
}

STORE_TEST(threads_lose_no_write_and_see_no_half_transaction)
{
    struct crowd crowd = { .store = store, .writers_left = WRITERS };
    pthread_t threads[WRITERS + READERS];
    int64_t count = 0;

    for (int i = 0; i < WRITERS + READERS; i++)
        EXPECT(pthread_create(&threads[i], NULL, i < WRITERS ? write_often : read_often, &crowd) ==
                   0,
               "no thread");
    for (int i = 0; i < WRITERS + READERS; i++)
        pthread_join(threads[i], NULL);
    EXPECT(crowd.failures == 0, "%d failures", crowd.failures);
    EXPECT(are_equal(c, &count), "copies differ");
    EXPECT(count == WRITERS * TRANSACTIONS, "%d writes are left", (int)count);
}
