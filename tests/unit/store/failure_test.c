/* tests/unit/store/failure_test.c - full disks, broken disks and locks: the call fails with the
 * service's words, one line is logged, what was committed before stays, and life goes on. */
#include "drivers.h"

#include "disk_vfs.h"
#include "store/driver.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRANSACTIONS = 3, PUTS = 12, VALUE_BYTES = 3000 };

static const struct span_range everything = { { NULL, 0 }, { NULL, 0 } };

/* Transaction n takes the store from state n to state n + 1: a shift of numbered values, one entry
 * that goes, one that comes, a space that is filled and cleared. */
static struct error *change(struct store_connection *c, uint32_t n, const char *filler)
{
    struct store_cursor *cursor = NULL;
    struct store_entry entry;
    struct error *error;
    uint64_t count;
    uint64_t sizes;
    bool is_empty;

    for (uint32_t i = 0; i < PUTS; i++) {
        entry = (struct store_entry){ { (char *)&i, sizeof(i) }, { filler, VALUE_BYTES }, n + 1 };
        TRY(store_put(c, 7, &entry));
        TRY(store_put(c, 8, &entry));
    }
    TRY(store_seek(c, 7, &everything, n % 2 == 0, &cursor));
    error = store_next(cursor, &entry);
    store_end(cursor);
    TRY(error);
    TRY(store_measure(c, 7, &everything, &count, &sizes));
    TRY(store_delete(c, 9, (struct span){ (char *)&n, sizeof(n) }));
    n++;
    entry = (struct store_entry){ { (char *)&n, sizeof(n) }, SPAN("{}"), n };
    TRY(store_put(c, 9, &entry));
    return store_clear(c, 8, PUTS, &is_empty);
}

static struct error *transact(struct store_connection *c, uint32_t n, const char *filler)
{
    struct error *error = store_begin(c, true);

    if (error)
        return error;
    error = change(c, n, filler);
    if (error == NULL)
        error = store_commit(c);
    if (error)
        store_rollback(c);
    return error;
}

static void expect_state(struct store_connection *c, uint32_t n)
{
    struct store_entry entry;
    uint64_t count = 0;
    uint64_t sizes = 0;

    EXPECT_OK(store_begin(c, false));
    for (uint32_t i = 0; i < PUTS && n > 0; i++) {
        EXPECT_OK(store_get(c, 7, (struct span){ (char *)&i, sizeof(i) }, &entry));
        EXPECT(entry.value.size == VALUE_BYTES, "value of %zu bytes", entry.value.size);
        EXPECT(entry.size == n, "state %d, not %u", (int)entry.size, n);
    }
    EXPECT_OK(store_measure(c, 7, &everything, &count, &sizes));
    EXPECT(count == (n > 0 ? PUTS : 0), "%d entries in 7", (int)count);
    EXPECT_OK(store_measure(c, 8, &everything, &count, &sizes));
    EXPECT(count == 0, "%d entries in 8", (int)count);
    EXPECT_OK(store_measure(c, 9, &everything, &count, &sizes));
    EXPECT(count == (n > 0) && sizes == n, "%d entries in 9", (int)count);
    EXPECT_OK(store_commit(c));
}

/* Runs all transactions; one that fails has changed nothing and then succeeds. */
static void live_through(struct store_connection *c, const char *filler)
{
    for (uint32_t n = 0; n < TRANSACTIONS; n++) {
        struct error *error = transact(c, n, filler);

        if (error) {
            EXPECT(span_is(error->message, "Internal server error"), "%.*s",
                   SPAN_PRINT(error->message));
            expect_state(c, n);
            EXPECT_OK(transact(c, n, filler));
        }
        expect_state(c, n + 1);
    }
}

static const char *new_filler(struct test *t)
{
    return memset(arena_alloc_raw(t->arena, VALUE_BYTES), 'f', VALUE_BYTES);
}

/* Where lines of the log go while tests provoke them. */
struct log_capture {
    char path[64];
    int kept;
};

static void capture_log(struct log_capture *capture)
{
    int file;

    fflush(stderr);
    snprintf(capture->path, sizeof(capture->path), "/tmp/stator-log-XXXXXX");
    capture->kept = dup(STDERR_FILENO);
    file = mkstemp(capture->path);
    dup2(file, STDERR_FILENO);
    close(file);
}

/* How many lines there are; *line is one of them. */
static int release_log(struct log_capture *capture, char line[500])
{
    FILE *file = fopen(capture->path, "r");
    char read[500];
    int count = 0;

    dup2(capture->kept, STDERR_FILENO);
    close(capture->kept);
    while (file && fgets(read, sizeof(read), file)) {
        memcpy(line, read, sizeof(read));
        count++;
    }
    if (file)
        fclose(file);
    unlink(capture->path);
    return count;
}

/* Whether the nth call of transaction n failed, as it should; the state is n again then. */
static bool fails_at(struct store *store, struct store_connection *c, uint32_t n, uint64_t nth,
                     const char *filler)
{
    struct error *error;

    store_fail_at(store, nth);
    error = transact(c, n, filler);
    store_fail_at(store, 0);
    if (error)
        EXPECT(span_is(error->message, "Internal server error"), "%.*s",
               SPAN_PRINT(error->message));
    expect_state(c, error ? n : n + 1);
    return error != NULL;
}

STORE_TEST(every_call_may_fail_and_the_data_stay_sound)
{
    struct log_capture capture;
    char line[500] = "";

    capture_log(&capture);
    for (uint32_t n = 0; n < TRANSACTIONS; n++) {
        uint64_t nth = 1;

        while (fails_at(store, c, n, nth, new_filler(t)))
            nth++;
        EXPECT(nth > 2 * PUTS, "only %d calls were tried", (int)nth);
    }
    EXPECT(release_log(&capture, line) < 10, "the log is flooded");
}

/* Each write, growth and sync of the disk in turn, once or from then on, full or broken. */
TEST(every_disk_access_may_fail_and_the_data_stay_sound)
{
    struct log_capture capture;
    char line[500] = "";
    uint64_t last = 0;

    disk_vfs_install();
    capture_log(&capture);
    for (uint64_t nth = 1; nth < 400 && (last == 0 || nth <= last + 1); nth++) {
        const char *path = new_path(t, "disk.db");
        struct store *store = open_store(t, path);
        struct store_connection *c = NULL;

        EXPECT_OK(store_connect(store, &c));
        disk_fail_at(nth, false, nth % 2 == 0);
        live_through(c, new_filler(t));
        if (disk_calls() < nth)
            last = nth;
        disk_fail_at(0, false, false);
        store_disconnect(c);
        store_close(store);
        store = open_store(t, path);
        EXPECT_OK(store_connect(store, &c));
        expect_state(c, TRANSACTIONS);
        store_disconnect(c);
        store_close(store);
    }
    release_log(&capture, line);
    disk_vfs_remove();
    EXPECT(last > 20, "%d disk calls are too few to have tried anything", (int)last);
}

TEST(a_disk_that_stays_broken_is_survived_and_read)
{
    for (uint64_t nth = 1; nth < 60; nth += 7) {
        const char *path = new_path(t, "disk.db");
        struct store_connection *c = NULL;
        struct store *store;
        struct log_capture capture;
        char line[500] = "";
        uint32_t n = 0;

        disk_vfs_install();
        store = open_store(t, path);
        EXPECT_OK(store_connect(store, &c));
        capture_log(&capture);
        disk_fail_at(nth, true, true);
        while (transact(c, n, new_filler(t)) == NULL)
            n++;
        for (int again = 0; again < 20; again++)
            EXPECT_ERROR(transact(c, n, new_filler(t)), "Internal server error");
        expect_state(c, n);
        EXPECT(release_log(&capture, line) == 1, "not one line, or not held back");
        EXPECT(strstr(line, "error store: ") && strstr(line, "full: free some space"), "%s", line);
        disk_fail_at(0, false, false);
        EXPECT_OK(transact(c, n, new_filler(t)));
        expect_state(c, n + 1);
        store_disconnect(c);
        store_close(store);
        disk_vfs_remove();
    }
}

TEST(a_file_that_cannot_grow_fails_one_write_and_serves_reads)
{
    const char *path = new_path(t, "small.db");
    struct store *store = open_store(t, path);
    struct store_connection *c = NULL;
    struct rlimit before;
    struct rlimit small;
    char line[500] = "";
    struct log_capture capture;
    uint32_t n = 0;

    EXPECT_OK(store_connect(store, &c));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ 300000, before.rlim_max };
    capture_log(&capture);
    setrlimit(RLIMIT_FSIZE, &small);
    while (n < 1000 && transact(c, n, new_filler(t)) == NULL)
        n++;
    expect_state(c, n);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT(release_log(&capture, line) == 1, "not one line");
    EXPECT(n > 0 && n < 1000, "%u transactions", n);
    EXPECT_OK(transact(c, n, new_filler(t)));
    expect_state(c, n + 1);
    store_disconnect(c);
    store_close(store);
}

/* A process that holds SQLite's write lock until the pipe closes. */
static pid_t hold_lock(const char *path, int from_parent[2], int to_parent[2])
{
    pid_t child;

    EXPECT(pipe(from_parent) == 0 && pipe(to_parent) == 0, "no pipes");
    child = fork();
    EXPECT(child >= 0, "no child");
    if (child == 0) {
        sqlite3 *db = NULL;
        char byte = 'x';

        close(from_parent[1]);
        if (sqlite3_open(path, &db) != SQLITE_OK ||
            sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
            _exit(1);
        if (write(to_parent[1], &byte, 1) != 1 || read(from_parent[0], &byte, 1) < 0)
            _exit(1);
        sqlite3_close(db);
        _exit(0);
    }
    close(from_parent[0]);
    close(to_parent[1]);
    return child;
}

TEST(a_lock_of_another_process_fails_the_write_and_not_the_read)
{
    const char *path = new_path(t, "locked.db");
    struct store *store = open_store(t, path);
    struct store_connection *c = NULL;
    struct log_capture capture;
    char line[500] = "";
    int from_parent[2];
    int to_parent[2];
    int status = 1;
    pid_t child;
    char byte;

    store->busy_limit_ms = 50;
    child = hold_lock(path, from_parent, to_parent);
    EXPECT(read(to_parent[0], &byte, 1) == 1, "the child has no lock");
    EXPECT_OK(store_connect(store, &c));
    capture_log(&capture);
    EXPECT_ERROR(store_begin(c, true), "Internal server error");
    EXPECT(release_log(&capture, line) == 1, "not one line");
    EXPECT(strstr(line, "database is locked by another process") != NULL, "%s", line);
    expect_state(c, 0);
    close(from_parent[1]);
    EXPECT(waitpid(child, &status, 0) == child && status == 0, "the child failed");
    close(to_parent[0]);
    EXPECT_OK(transact(c, 0, new_filler(t)));
    expect_state(c, 1);
    store_disconnect(c);
    store_close(store);
}

TEST(a_file_that_became_read_only_fails_writes)
{
    const char *path = new_path(t, "read-only.db");
    struct store *store = open_store(t, path);
    struct store_connection *writer = NULL;
    struct store_connection *c = NULL;
    bool is_root = getuid() == 0;
    struct log_capture capture;
    char line[500] = "";

    EXPECT_OK(store_connect(store, &writer));
    EXPECT_OK(transact(writer, 0, new_filler(t)));
    EXPECT(chmod(path, 0444) == 0, "the mode stays");
    capture_log(&capture);
    if (is_root)
        EXPECT(setresuid(65534, 65534, 0) == 0, "still root");
    if (store_connect(store, &c) == NULL) {
        EXPECT_ERROR(transact(c, 1, new_filler(t)), "Internal server error");
        store_disconnect(c);
    }
    if (is_root)
        EXPECT(setresuid(0, 0, 0) == 0, "not root again");
    EXPECT(release_log(&capture, line) == 1, "not one line");
    EXPECT(chmod(path, 0644) == 0, "the mode stays");
    EXPECT_OK(store_connect(store, &c));
    EXPECT_OK(transact(c, 1, new_filler(t)));
    expect_state(c, 2);
    store_disconnect(c);
    store_disconnect(writer);
    store_close(store);
}

TEST(the_log_beside_a_file_stays_bounded_under_a_load_that_never_pauses)
{
    enum { BYTES = 400 << 10, COUNT_MAX = 500, LOG_BYTES_MAX = 100 << 20 }; /* of 200 MB written */
    const char *path = new_path(t, "busy.db");
    const char *log_path = arena_print(t->arena, "%s-wal", path).data;
    char *bytes = memset(arena_alloc_raw(t->arena, BYTES), 'b', BYTES);
    struct store *store = open_store(t, path);
    struct store_connection *c = NULL;
    struct stat status = { 0 };

    EXPECT_OK(store_connect(store, &c));
    for (uint32_t i = 0; i < COUNT_MAX; i++) {
        struct store_entry entry = { SPAN("k"), { bytes, BYTES }, i };

        EXPECT_OK(store_begin(c, true));
        EXPECT_OK(store_put(c, i % 10, &entry));
        EXPECT_OK(store_commit(c));
    }
    EXPECT(stat(log_path, &status) == 0, "no log");
    EXPECT(status.st_size < LOG_BYTES_MAX, "a log of %d MB", (int)(status.st_size >> 20));
    store_disconnect(c);
    store_close(store);
    EXPECT(stat(log_path, &status) != 0, "the log is left behind");
}
