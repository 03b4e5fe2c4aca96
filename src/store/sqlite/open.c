/* store/sqlite/open.c - opening a store: an accepted file or memory, with its table made or
 * checked. */
#include "store/sqlite/sqlite.h"

#include "base/arena.h"
#include "base/memory.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A start is quick: of larger files less is looked at. */
enum { CHECKED_BYTES_MAX = 256 << 10, WALKED_BYTES_MAX = 8 << 20 };

static const char schema_text[] =
    "CREATE TABLE entry ("
    "space INTEGER NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (space, key)) WITHOUT ROWID";

/* Runs a statement and takes the first column of its first row as a number. */
static int ask_number(sqlite3 *db, const char *text, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *number = sqlite3_column_int64(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code;
}

/* The same for text, copied into the arena. */
static int ask_text(struct arena *arena, sqlite3 *db, const char *text, struct span *answer)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *answer = arena_copy(arena, statement_bytes(statement, 0));
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code;
}

/* In one transaction, under SQLite's lock: of two processes that make the same file one makes it
 * and the other finds it made. */
static int make_table(sqlite3 *db)
{
    char text[sizeof(schema_text) + 200];
    int64_t tables = 0;
    int code = sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = ask_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (code == SQLITE_OK && tables == 0) {
        snprintf(text, sizeof(text), "PRAGMA application_id=%d; PRAGMA user_version=%d; %s",
                 APPLICATION_ID, FORMAT_VERSION, schema_text);
        code = sqlite3_exec(db, text, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

/* The new file and its name reach the disk before anything is written ahead of it. */
static int sync_file(sqlite3 *db, const char *path)
{
    char directory[PATH_MAX];
    sqlite3_file *file = NULL;
    const char *slash = strrchr(path, '/');
    int handle;
    int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

    if (code == SQLITE_OK)
        code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    snprintf(directory, sizeof(directory), "%.*s/", (int)(slash - path), path);
    handle = open(directory, O_RDONLY | O_CLOEXEC);
    if (handle >= 0) {
        fsync(handle); /* not every file system can */
        close(handle);
    }
    return code;
}

/* A file is made without waiting for the disk at each step: killed half way it is found empty
 * again. *is_new when there was no table. */
static int make_file(const struct sqlite_store *store, bool *is_new)
{
    sqlite3 *db = store->keeper;
    int64_t tables = 0;
    int code = ask_number(db, "SELECT count(*) FROM sqlite_schema", &tables);

    *is_new = tables == 0;
    if (code != SQLITE_OK || tables > 0)
        return code;
    code = sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA page_size=4096", NULL, NULL, NULL);
    return code == SQLITE_OK ? make_table(db) : code;
}

/* All of a small file is checked; of a larger one each page is visited; of a large one the first
 * and the last entry are looked up. */
static bool content_check(struct arena *arena, sqlite3 *db, const char *path, int64_t file_bytes,
                          struct span *problem)
{
    struct span answer = { 0 };
    int64_t number = 0;
    int code = ask_number(db, "SELECT size FROM entry ORDER BY space, key LIMIT 1", &number);

    if (code == SQLITE_OK)
        code =
            ask_number(db, "SELECT size FROM entry ORDER BY space DESC, key DESC LIMIT 1", &number);
    if (code == SQLITE_ERROR) /* no such table, no such column */
        return refuse_damaged(arena, path, sqlite3_errmsg(db), problem);
    if (code == SQLITE_DONE)
        code = SQLITE_OK; /* no entry at all */
    if (code == SQLITE_OK && file_bytes <= CHECKED_BYTES_MAX)
        code = ask_text(arena, db, "PRAGMA quick_check(1)", &answer);
    else if (code == SQLITE_OK && file_bytes <= WALKED_BYTES_MAX)
        code = ask_number(db, "SELECT count(*) FROM entry", &number);
    if (code != SQLITE_OK)
        return refuse_code(arena, path, db, code, problem);
    if (answer.data && !span_is(answer, "ok"))
        return refuse_damaged(arena, path, answer.data, problem);
    return true;
}

static bool set_log_mode(struct arena *arena, sqlite3 *db, const char *path, struct span *problem)
{
    struct span mode = { 0 };
    int code = ask_text(arena, db, "PRAGMA journal_mode=WAL", &mode);

    if (code != SQLITE_OK)
        return refuse_code(arena, path, db, code, problem);
    if (!span_is(mode, "wal"))
        return refuse(arena, problem,
                      "%s cannot have a write-ahead log where it is (a network file system?):"
                      " choose another --db",
                      path);
    return true;
}

static bool file_prepare(struct arena *arena, const struct sqlite_store *store, const char *path,
                         struct span *problem)
{
    sqlite3 *db = store->keeper;
    struct stat status = { 0 };
    bool is_new = false;
    int code = make_file(store, &is_new);

    if (code != SQLITE_OK)
        return refuse_code(arena, path, db, code, problem);
    if (!is_new && stat(store->path, &status) == 0 &&
        !content_check(arena, db, path, status.st_size, problem))
        return false;
    if (!set_log_mode(arena, db, path, problem))
        return false;
    if (is_new && store->sync == STORE_SYNC_FULL)
        code = sync_file(db, store->path);
    if (is_new && code == SQLITE_OK)
        code = handle_set_up(db, store);
    return code == SQLITE_OK || refuse_code(arena, path, db, code, problem);
}

static bool open_file(struct arena *arena, struct sqlite_store *store, const char *path,
                      struct span *problem)
{
    char full_path[PATH_MAX];
    bool has_log;
    int code;

    if (!file_is_acceptable(arena, path, full_path, problem))
        return false;
    store->path = memory_copy_text(full_path);
    if (!claim_take(arena, path, full_path, &store->claim, problem))
        return false;
    has_log = file_has_log(full_path);
    code = handle_open(store, &store->keeper);
    if (code != SQLITE_OK)
        refuse_code(arena, path, store->keeper, code, problem);
    if (code == SQLITE_OK && file_prepare(arena, store, path, problem))
        return true;
    if (has_log) /* leave the log beside it as it is, too */
        sqlite3_db_config(store->keeper, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return false;
}

static bool open_memory(struct arena *arena, struct sqlite_store *store, struct span *problem)
{
    sqlite3 *db = NULL;
    int code;

    store->path = memory_copy_text("memory");
    store->memory = memory_vfs_open();
    code = handle_open(store, &db);
    if (code == SQLITE_OK)
        code = make_table(db);
    sqlite3_close_v2(db);
    if (code != SQLITE_OK)
        return refuse(arena, problem, "cannot make a database in memory: %s: give it more memory",
                      sqlite3_errstr(code));
    return true;
}

/* SQLite's own count of the memory it uses costs a lock at every allocation. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused when the process uses SQLite already */
}

bool sqlite_store_open(struct arena *arena, const struct store_options *options,
                       struct store **opened, struct span *problem)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite_store *store = memory_new(sizeof(*store));
    bool is_open;

    pthread_once(&once, configure);
    store_init(&store->base, &sqlite_driver, options->path ? options->path : "memory");
    store->is_file = options->path != NULL;
    store->claim = -1;
    store->sync = options->sync;
    is_open = store->is_file ? open_file(arena, store, options->path, problem)
                             : open_memory(arena, store, problem);
    if (!is_open) {
        store->base.driver->close(&store->base);
        return false;
    }
    if (store->is_file)
        store->checkpointer = checkpointer_open(&store->base, store->keeper);
    *opened = &store->base;
    return true;
}
