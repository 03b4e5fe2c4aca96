/* tests/unit/store/file_test.c - which files are opened, which are refused with which words, and
 * that a refused one stays as it is. */
#include "drivers.h"

#include "store/driver.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct span read_file(struct test *t, const char *path)
{
    struct span bytes = { 0 };
    struct stat status;
    FILE *file;
    char *data;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return bytes;
    file = fopen(path, "rb");
    EXPECT(file != NULL, "cannot read %s", path);
    data = arena_alloc_raw(t->arena, (size_t)status.st_size + 1);
    bytes = (struct span){ data, fread(data, 1, (size_t)status.st_size, file) };
    fclose(file);
    return bytes;
}

static void write_file(const char *path, long offset, struct span bytes)
{
    FILE *file = fopen(path, offset < 0 ? "wb" : "r+b");

    EXPECT(file != NULL, "cannot write %s", path);
    fseek(file, offset < 0 ? 0 : offset, SEEK_SET);
    EXPECT(fwrite(bytes.data, 1, bytes.size, file) == bytes.size, "cannot write %s", path);
    fclose(file);
}

static void run_sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;

    EXPECT(sqlite3_open(path, &db) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    EXPECT(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* The problem starts and ends as given, and the file and its log are what they were. */
static void expect_refused(struct test *t, const char *path, const char *problem_part)
{
    struct store_options options = { .path = path };
    struct span before = read_file(t, path);
    struct span log_before = read_file(t, arena_print(t->arena, "%s-wal", path).data);
    struct store *store = NULL;
    struct span problem = { 0 };
    struct span log_after;

    EXPECT(!store_open(t->arena, &options, &store, &problem), "%s is opened", path);
    EXPECT(strstr(problem.data, problem_part) != NULL, "said: %.*s", SPAN_PRINT(problem));
    EXPECT(strstr(problem.data, path) != NULL, "no name in: %.*s", SPAN_PRINT(problem));
    EXPECT(span_equal(read_file(t, path), before), "%s has changed", path);
    log_after = read_file(t, arena_print(t->arena, "%s-wal", path).data);
    EXPECT(span_equal(log_after, log_before), "the log of %s has changed", path);
    EXPECT((log_after.data == NULL) == (log_before.data == NULL), "a log came or went");
}

static void put_many(struct store *store, uint32_t space, uint32_t count)
{
    struct store_connection *c = NULL;

    EXPECT_OK(store_connect(store, &c));
    EXPECT_OK(store_begin(c, true));
    for (uint32_t i = 0; i < count; i++) {
        struct store_entry entry = { { (char *)&i, sizeof(i) }, SPAN("{\"pk\":{\"S\":\"v\"}}"), i };

        EXPECT_OK(store_put(c, space, &entry));
    }
    EXPECT_OK(store_commit(c));
    store_disconnect(c);
}

static void expect_many(struct store *store, uint32_t space, uint64_t expected)
{
    static const struct span_range everything = { { NULL, 0 }, { NULL, 0 } };
    struct store_connection *c = NULL;
    uint64_t count = 0;
    uint64_t sizes = 0;

    EXPECT_OK(store_connect(store, &c));
    EXPECT_OK(store_begin(c, false));
    EXPECT_OK(store_measure(c, space, &everything, &count, &sizes));
    EXPECT_OK(store_commit(c));
    EXPECT(count == expected, "%d entries", (int)count);
    store_disconnect(c);
}

static const char *new_database(struct test *t, uint32_t count)
{
    const char *path = new_path(t, "stator.db");
    struct store *store = open_store(t, path);

    put_many(store, 7, count);
    store_close(store);
    return path;
}

/* A process that puts entries and dies without closing anything. */
static void put_and_die(struct test *t, const char *path, uint32_t space, uint32_t count)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct store_options options = { .path = path };
        struct store *store = NULL;
        struct span problem = { 0 };

        if (store_open(t->arena, &options, &store, &problem)) {
            put_many(store, space, count);
            kill(getpid(), SIGKILL);
        }
        _exit(1);
    }
    EXPECT(child > 0 && waitpid(child, &status, 0) == child, "no child");
    EXPECT(WIFSIGNALED(status), "the child failed");
}

TEST(a_file_keeps_its_entries_over_a_reopening)
{
    const char *path = new_database(t, 5000);
    struct store *store = open_store(t, path);

    expect_many(store, 7, 5000);
    expect_many(store, 8, 0);
    store_close(store);
    EXPECT(read_file(t, arena_print(t->arena, "%s-wal", path).data).data == NULL, "a log is left");
}

TEST(values_are_text_that_json_functions_read)
{
    const char *path = new_database(t, 3);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;

    EXPECT(sqlite3_open(path, &db) == SQLITE_OK, "not opened");
    EXPECT(sqlite3_prepare_v2(db, "SELECT value ->> '$.pk.S' FROM entry WHERE space = 7", -1,
                              &statement, NULL) == SQLITE_OK,
           "%s", sqlite3_errmsg(db));
    EXPECT(sqlite3_step(statement) == SQLITE_ROW, "%s", sqlite3_errmsg(db));
    EXPECT(strcmp((const char *)sqlite3_column_text(statement, 0), "v") == 0, "another value");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

TEST(what_a_killed_process_committed_is_there)
{
    const char *path = new_path(t, "stator.db");
    struct store *store;

    put_and_die(t, path, 7, 100);
    put_and_die(t, path, 8, 200);
    store = open_store(t, path);
    expect_many(store, 7, 100);
    expect_many(store, 8, 200);
    store_close(store);
}

TEST(an_empty_file_becomes_a_database)
{
    const char *path = new_path(t, "empty.db");
    struct store *store;

    write_file(path, -1, SPAN(""));
    store = open_store(t, path);
    put_many(store, 7, 10);
    expect_many(store, 7, 10);
    store_close(store);
}

TEST(an_empty_sqlite_file_becomes_a_database)
{
    const char *path = new_path(t, "empty.db");
    struct store *store;

    run_sql(path, "CREATE TABLE x (a); DROP TABLE x; VACUUM");
    store = open_store(t, path);
    put_many(store, 7, 10);
    store_close(store);
    store = open_store(t, path);
    expect_many(store, 7, 10);
    store_close(store);
}

TEST(a_name_that_looks_like_a_uri_is_a_name)
{
    const char *path = new_path(t, "file:a?mode=memory#%41");
    struct store *store = open_store(t, path);

    put_many(store, 7, 10);
    store_close(store);
    EXPECT(read_file(t, path).size > 0, "no such file");
}

TEST(a_file_that_is_no_database_is_refused)
{
    const char *path = new_path(t, "notes.txt");
    char *bytes = memset(arena_alloc_raw(t->arena, 9000), 'x', 9000);

    write_file(path, -1, SPAN("Dear diary"));
    expect_refused(t, path, " is not a Stator database: choose another --db, or move it away");
    write_file(path, -1, (struct span){ bytes, 9000 });
    expect_refused(t, path, " is not a Stator database");
    write_file(path, -1, SPAN("SQLite format 3"));
    expect_refused(t, path, " is not a Stator database");
}

TEST(another_applications_database_is_refused)
{
    const char *path = new_path(t, "other.db");

    run_sql(path, "CREATE TABLE x (a); INSERT INTO x VALUES (1)");
    expect_refused(t, path, " is a database of another application: choose another --db");
    run_sql(path, "PRAGMA application_id = 7; PRAGMA journal_mode = WAL; DROP TABLE x");
    expect_refused(t, path, " is a database of another application");
}

TEST(another_applications_database_with_a_log_is_refused_and_the_log_stays)
{
    const char *path = new_path(t, "other.db");
    sqlite3 *db = NULL;

    EXPECT(sqlite3_open(path, &db) == SQLITE_OK, "not opened");
    EXPECT(sqlite3_exec(db, "PRAGMA journal_mode = WAL; CREATE TABLE x (a)", NULL, NULL, NULL) ==
               SQLITE_OK,
           "%s", sqlite3_errmsg(db));
    expect_refused(t, path, " is a database of another application");
    sqlite3_close(db);
}

TEST(a_newer_storage_format_is_refused)
{
    const char *path = new_database(t, 10);

    run_sql(path, "PRAGMA user_version = 2");
    expect_refused(t, path,
                   " has storage format 2 and was made by a newer Stator; this one reads"
                   " up to 1: use the newer one, or choose another --db");
}

TEST(a_file_without_its_end_is_refused)
{
    const char *path = new_database(t, 5000);

    EXPECT(truncate(path, 8192) == 0, "not cut");
    expect_refused(t, path, " is damaged (");
    EXPECT(truncate(path, 150) == 0, "not cut");
    expect_refused(t, path, " is damaged (");
}

TEST(a_damaged_page_is_found_at_the_start)
{
    const char *path = new_database(t, 5000);
    char *bytes = memset(arena_alloc_raw(t->arena, 4096), 0xa5, 4096);

    write_file(path, 5 * 4096, (struct span){ bytes, 4096 });
    expect_refused(t, path, " is damaged (");
    path = new_database(t, 5000);
    write_file(path, 4096, (struct span){ bytes, 4096 });
    expect_refused(t, path, " is damaged (");
}

TEST(a_missing_table_is_damage)
{
    const char *path = new_database(t, 10);

    run_sql(path, "ALTER TABLE entry RENAME TO entries");
    expect_refused(t, path, " is damaged (no such table: entry)");
}

TEST(a_damaged_file_keeps_its_log_too)
{
    const char *path = new_database(t, 5000);
    char *bytes = memset(arena_alloc_raw(t->arena, 4096), 0xa5, 4096);

    put_and_die(t, path, 9, 10);
    write_file(path, 5 * 4096, (struct span){ bytes, 4096 });
    expect_refused(t, path, " is damaged (");
}

TEST(what_is_no_file_is_refused)
{
    const char *path = new_path(t, "thing");

    EXPECT(mkdir(path, 0700) == 0, "no directory");
    expect_refused(t, path, " is a directory: name a file in it with --db, such as ");
    expect_refused(t, arena_print(t->arena, "%s/there/stator.db", path).data,
                   "/there: make it, or choose another --db");
    path = new_path(t, "pipe");
    EXPECT(mkfifo(path, 0600) == 0, "no pipe");
    expect_refused(t, path, " is not a file: choose another --db");
    expect_refused(t, arena_print(t->arena, "%s/stator.db", path).data,
                   "pipe is not a directory: choose another --db");
}

/* What somebody without rights is told; root may do everything, so it becomes that somebody. */
static struct span problem_without_rights(struct test *t, const char *path)
{
    struct store_options options = { .path = path };
    bool is_root = getuid() == 0;
    struct store *store = NULL;
    struct span problem = { 0 };
    bool is_open = false;

    if (!is_root || setresuid(65534, 65534, 0) == 0)
        is_open = store_open(t->arena, &options, &store, &problem);
    if (is_root && setresuid(0, 0, 0) != 0)
        abort();
    EXPECT(!is_open && problem.data, "%s is opened", path);
    return problem;
}

TEST(a_file_that_may_not_be_written_is_refused)
{
    const char *path = new_database(t, 10);
    struct span folder = { path, (size_t)(strrchr(path, '/') - path) };
    const char *folder_path = arena_copy(t->arena, folder).data;
    struct span before = read_file(t, path);
    struct span problem;

    EXPECT(chmod(path, 0444) == 0 && chmod(folder_path, 0777) == 0, "modes stay");
    problem = problem_without_rights(t, path);
    EXPECT(span_equal(problem, arena_print(t->arena,
                                           "cannot read and write %s: Permission denied: change its"
                                           " permissions, or choose another --db",
                                           path)),
           "%.*s", SPAN_PRINT(problem));
    EXPECT(chmod(path, 0666) == 0 && chmod(folder_path, 0555) == 0, "modes stay");
    problem = problem_without_rights(t, path);
    EXPECT(chmod(folder_path, 0700) == 0, "modes stay");
    EXPECT(span_equal(problem, arena_print(t->arena,
                                           "cannot open %s: cannot write in %s: Permission denied:"
                                           " change its permissions, or choose another --db",
                                           path, folder_path)),
           "%.*s", SPAN_PRINT(problem));
    EXPECT(span_equal(read_file(t, path), before), "%s has changed", path);
}

/* SQLite keeps the whole file to itself when asked to; waiting for it takes the busy limit. */
TEST(a_file_that_another_process_keeps_to_itself_is_refused)
{
    const char *path = new_database(t, 10);
    int to_child[2];
    int to_parent[2];
    pid_t child;
    char byte = 'x';

    EXPECT(pipe(to_child) == 0 && pipe(to_parent) == 0, "no pipes");
    child = fork();
    if (child == 0) {
        sqlite3 *db = NULL;

        close(to_child[1]);
        if (sqlite3_open(path, &db) != SQLITE_OK ||
            sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL,
                         NULL) != SQLITE_OK ||
            write(to_parent[1], &byte, 1) != 1 || read(to_child[0], &byte, 1) < 0)
            _exit(1);
        _exit(0);
    }
    close(to_child[0]);
    close(to_parent[1]);
    EXPECT(child > 0 && read(to_parent[0], &byte, 1) == 1, "the child has no lock");
    expect_refused(t, path, " is locked by another process: stop that one, or choose another --db");
    close(to_child[1]);
    waitpid(child, NULL, 0);
    close(to_parent[0]);
    store_close(open_store(t, path));
}

TEST(a_file_belongs_to_one_store_at_a_time)
{
    const char *path = new_database(t, 10);
    const char *lock = arena_print(t->arena, "%s-lock", path).data;
    struct store *store = open_store(t, path);
    struct stat status;

    expect_refused(t, path, " is in use by another Stator: stop that one, or choose another --db");
    store_close(store);
    EXPECT(stat(lock, &status) != 0, "the lock's file is left behind");
    write_file(lock, -1, SPAN("")); /* as after a crash */
    store_close(open_store(t, path));
}

TEST(a_damaged_header_is_refused_or_opened_but_never_crashes)
{
    struct span good = read_file(t, new_database(t, 20));
    const char *path = new_path(t, "fuzzed.db");

    for (size_t at = 16; at < 120; at++) {
        struct store_options options = { .path = path };
        struct store *store = NULL;
        struct span problem = { 0 };
        char byte = (char)(good.data[at] ^ 0x55);

        write_file(path, -1, good);
        write_file(path, (long)at, (struct span){ &byte, 1 });
        if (store_open(t->arena, &options, &store, &problem))
            store_close(store);
        else
            EXPECT(problem.size > 0, "no reason for byte %zu", at);
    }
}
