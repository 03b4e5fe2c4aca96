/* tests/crash/store_writer.c - a stream of committed writes to be killed, and the check after it.
 *
 *     store-writer write PATH     writes until killed; prints "WRITER COUNT" after each commit
 *     store-writer check PATH     reads such lines on stdin: what they say must be in the file
 *
 * Each writer is a thread with a connection of its own. A transaction adds entries with the next
 * numbers to the writer's space and moves the writer's count; an entry's value follows from its
 * number. So in the file there are exactly the entries below the count, and the count is at least
 * the one that was printed last. */
#include "base/arena.h"
#include "base/random.h"
#include "store/store.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRITERS = 2, BATCH_MAX = 20, VALUE_BYTES_MAX = 9000, COUNT_SPACE = 1, ENTRY_SPACE = 16 };

struct writer {
    struct store *store;
    uint32_t number;
};

static void give_up(const char *what, const struct error *error)
{
    fprintf(stderr, "store-writer: %s: %.*s\n", what,
            SPAN_PRINT(error ? error->message : SPAN("see above")));
    exit(1);
}

static void must(const char *what, const struct error *error)
{
    if (error)
        give_up(what, error);
}

/* Numbers in an order that jumps about, so that pages are changed all over the file. */
static uint64_t scattered(uint64_t number)
{
    return number * 0x9E3779B97F4A7C15u;
}

static struct span value_of(uint32_t writer, uint64_t number, char *bytes)
{
    size_t size = 40 + scattered(number) % (number % 20 == 0 ? VALUE_BYTES_MAX - 40 : 300);

    memset(bytes, 'a' + (int)(number % 26), size);
    snprintf(bytes, 40, "%u/%" PRIu64, writer, number);
    return (struct span){ bytes, size };
}

static uint64_t read_count(struct store_connection *c, uint32_t writer)
{
    struct store_entry entry;

    must("count", store_get(c, COUNT_SPACE, (struct span){ (char *)&writer, 4 }, &entry));
    return (uint64_t)entry.size;
}

static void write_batch(struct store_connection *c, struct random *random, uint32_t writer,
                        uint64_t *count)
{
    char bytes[VALUE_BYTES_MAX];
    uint64_t end = *count + 1 + random_below(random, BATCH_MAX);
    struct store_entry entry;

    must("begin", store_begin(c, true));
    for (; *count < end; ++*count) {
        uint64_t key = scattered(*count);

        entry = (struct store_entry){ { (char *)&key, 8 },
                                      value_of(writer, *count, bytes),
                                      (int64_t)*count };
        must("put", store_put(c, ENTRY_SPACE + writer, &entry));
    }
    entry = (struct store_entry){ { (char *)&writer, 4 }, SPAN("{}"), (int64_t)*count };
    must("put", store_put(c, COUNT_SPACE, &entry));
    must("commit", store_commit(c));
}

static void *write_stream(void *argument)
{
    struct writer *writer = argument;
    struct store_connection *c = NULL;
    struct random random;
    uint64_t count;

    must("connect", store_connect(writer->store, &c));
    random_init(&random, random_seed());
    must("begin", store_begin(c, false));
    count = read_count(c, writer->number);
    must("commit", store_commit(c));
    for (;;) {
        char line[40];
        int size;

        write_batch(c, &random, writer->number, &count);
        size = snprintf(line, sizeof(line), "%u %" PRIu64 "\n", writer->number, count);
        if (write(STDOUT_FILENO, line, (size_t)size) != size)
            exit(1);
    }
    return NULL;
}

static void write_until_killed(struct store *store)
{
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];

    for (uint32_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){ store, i };
        if (pthread_create(&threads[i], NULL, write_stream, &writers[i]) != 0)
            give_up("thread", NULL);
    }
    for (uint32_t i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
}

static void check_writer(struct store_connection *c, uint32_t writer, uint64_t answered)
{
    static const struct span_range everything = { { NULL, 0 }, { NULL, 0 } };
    uint64_t count = read_count(c, writer);
    char bytes[VALUE_BYTES_MAX];
    uint64_t entries = 0;
    uint64_t sizes = 0;

    if (count < answered) {
        fprintf(stderr, "store-writer: writer %u: %" PRIu64 " answered, %" PRIu64 " kept\n", writer,
                answered, count);
        exit(1);
    }
    for (uint64_t number = 0; number < count; number++) {
        uint64_t key = scattered(number);
        struct store_entry entry;

        must("get", store_get(c, ENTRY_SPACE + writer, (struct span){ (char *)&key, 8 }, &entry));
        if (!entry.value.data || !span_equal(entry.value, value_of(writer, number, bytes)))
            give_up("an entry is lost or changed", NULL);
    }
    must("measure", store_measure(c, ENTRY_SPACE + writer, &everything, &entries, &sizes));
    if (entries != count)
        give_up("half a transaction is there", NULL);
}

static void check(struct store *store)
{
    struct store_connection *c = NULL;
    uint64_t answered[WRITERS] = { 0 };
    uint64_t count;
    uint32_t writer;
    char line[100];

    while (fgets(line, sizeof(line), stdin))
        if (sscanf(line, "%u %" SCNu64, &writer, &count) == 2 && writer < WRITERS &&
            count > answered[writer])
            answered[writer] = count;
    must("connect", store_connect(store, &c));
    must("begin", store_begin(c, false));
    for (uint32_t i = 0; i < WRITERS; i++)
        check_writer(c, i, answered[i]);
    must("commit", store_commit(c));
    store_disconnect(c);
    printf("%" PRIu64 " entries answered, all kept\n", answered[0] + answered[1]);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open(1 << 20);
    struct store_options options = { .sync = STORE_SYNC_NORMAL };
    struct store *store = NULL;
    struct span problem = { 0 };

    if (argc != 3) {
        fputs("store-writer write|check PATH\n", stderr);
        return 2;
    }
    options.path = argv[2];
    if (!store_open(arena, &options, &store, &problem)) {
        fprintf(stderr, "store-writer: %.*s\n", SPAN_PRINT(problem));
        return 1;
    }
    if (strcmp(argv[1], "write") == 0)
        write_until_killed(store);
    else
        check(store);
    store_close(store);
    arena_close(arena);
    return 0;
}
