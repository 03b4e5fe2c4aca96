/* tests/unit/store/drivers.c - stores to try claims on. */
#include "drivers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static char directory[40];

static void remove_directory(void)
{
    char command[sizeof(directory) + 16];

    snprintf(command, sizeof(command), "rm -rf %s", directory);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", directory);
}

/* In memory where there is enough of it, for tests make and remove many files. */
static const char *fast_folder(void)
{
    struct statvfs status;

    if (statvfs("/dev/shm", &status) != 0 || access("/dev/shm", W_OK) != 0)
        return "/tmp";
    return (uint64_t)status.f_bavail * status.f_frsize > 512ull << 20 ? "/dev/shm" : "/tmp";
}

const char *new_path(struct test *t, const char *name)
{
    static unsigned last_number;
    struct span path;

    if (last_number == 0) {
        snprintf(directory, sizeof(directory), "%s/stator-store-XXXXXX", fast_folder());
        EXPECT(mkdtemp(directory) != NULL && chmod(directory, 0755) == 0, "no directory");
        atexit(remove_directory);
    }
    path = arena_print(t->arena, "%s/%u", directory, ++last_number);
    EXPECT(mkdir(path.data, 0700) == 0, "no directory %s", path.data);
    return arena_print(t->arena, "%s/%s", path.data, name).data;
}

struct store *open_store(struct test *t, const char *path)
{
    struct store_options options = { .path = path, .sync = STORE_SYNC_NORMAL };
    struct store *store = NULL;
    struct span problem = { 0 };

    EXPECT(store_open(t->arena, &options, &store, &problem), "%.*s", SPAN_PRINT(problem));
    return store;
}

static void try_on(struct test *t, struct store *store,
                   void (*claim)(struct test *t, struct store *store, struct store_connection *c))
{
    struct store_connection *c = NULL;

    EXPECT_OK(store_connect(store, &c));
    claim(t, store, c);
    store_disconnect(c);
    store_close(store);
}

void on_every_driver(struct test *t,
                     void (*claim)(struct test *t, struct store *store, struct store_connection *c))
{
    struct store *map = NULL;

    EXPECT(store_open_memory_map(&map), "no map");
    try_on(t, map, claim);
    try_on(t, open_store(t, NULL), claim);
    try_on(t, open_store(t, new_path(t, "acceptance.db")), claim);
}
