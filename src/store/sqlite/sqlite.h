/* store/sqlite/sqlite.h - inside the SQLite driver: its store, connections and statements.
 *
 * One table holds all spaces; see docs/storage.md. A read transaction is a statement that stays
 * open (ANCHOR): cheaper than BEGIN and COMMIT, and the state is fixed at once. */
#pragma once

#include "store/driver.h"

#include <limits.h>
#include <sqlite3.h>

enum {
    FORMAT_VERSION = 1,
    APPLICATION_ID = 0x53746174, /* "Stat" */
    PAGE_BYTES = 4096,
    CACHE_KIB = 2048,
    CLAIM_BYTES_MAX = 64 << 10, /* room to spell a path in */
    CURSORS_KEPT_MAX = 16       /* of each kind, for the next seek */
};

enum statement_kind {
    STATEMENT_ANCHOR,
    STATEMENT_BEGIN_WRITE,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_GET,
    STATEMENT_PUT,
    STATEMENT_DELETE,
    STATEMENT_MEASURE,
    STATEMENT_MEASURE_BELOW,
    STATEMENT_CLEAR_BOUND,
    STATEMENT_CLEAR_BELOW,
    STATEMENT_CLEAR_ALL,
    STATEMENT_COUNT
};

enum cursor_kind {
    CURSOR_FORWARD,
    CURSOR_FORWARD_BELOW, /* with an upper end */
    CURSOR_BACKWARD,
    CURSOR_BACKWARD_BELOW,
    CURSOR_KIND_COUNT
};

struct checkpointer;
struct memory_vfs;

struct sqlite_store {
    struct store base;
    bool is_file;
    enum store_sync sync;
    char *path;                /* what every connection opens, from the root */
    struct memory_vfs *memory; /* the rest is for files */
    int claim;                 /* the lock that keeps other stores off; -1: none */
    sqlite3 *keeper;           /* looked at the file, then moves its log */
    struct checkpointer *checkpointer;
};

struct sqlite_cursor {
    struct store_cursor base;
    sqlite3_stmt *statement;
    enum cursor_kind kind;
    struct sqlite_cursor *next_free;
};

struct sqlite_connection {
    struct store_connection base;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT]; /* prepared at first use */
    sqlite3_stmt *pending;                     /* stands on the row that was handed out last */
    struct span handed_out;                    /* its value */
    struct sqlite_cursor *free_cursors[CURSOR_KIND_COUNT];
    unsigned free_cursor_counts[CURSOR_KIND_COUNT];
};

extern const struct store_driver sqlite_driver;

/* sqlite/file.c: what may be opened. All give false and write *problem when it may not. */

/* Looks at the file's header alone. full_path: the same from the root. */
MUST_USE bool file_is_acceptable(struct arena *arena, const char *path, char full_path[PATH_MAX],
                                 struct span *problem);
bool file_has_log(const char *full_path);
bool refuse(struct arena *arena, struct span *problem, const char *format, ...) PRINTF_LIKE(3, 4);
bool refuse_damaged(struct arena *arena, const char *path, const char *how, struct span *problem);
bool refuse_code(struct arena *arena, const char *path, sqlite3 *db, int code,
                 struct span *problem);

/* sqlite/claim.c: taken before SQLite opens the file, released after the last handle is closed. */
MUST_USE bool claim_take(struct arena *arena, const char *path, const char *full_path, int *claim,
                         struct span *problem);
void claim_release(const char *full_path, int claim);

/* sqlite/memory_vfs.c: a file in memory. Closed after all handles on it. */
struct memory_vfs *memory_vfs_open(void);
void memory_vfs_close(struct memory_vfs *memory);
const char *memory_vfs_name(const struct memory_vfs *memory);

/* sqlite/connection.c */

/* SQLite's code; *db is to be closed either way. */
MUST_USE int handle_open(const struct sqlite_store *store, sqlite3 **db);
MUST_USE int handle_set_up(sqlite3 *db, const struct sqlite_store *store);
void handle_explain(sqlite3 *db, int code, struct store_reason *reason);

/* Writes SQLite's reason into the connection and gives false. */
bool connection_failed(struct sqlite_connection *connection);

/* The prepared statement, or NULL with the reason written. */
sqlite3_stmt *connection_statement(struct sqlite_connection *connection, enum statement_kind kind);

/* Lets go of the row that was handed out last. */
static inline void connection_settle(struct sqlite_connection *connection)
{
    if (connection->pending) {
        sqlite3_reset(connection->pending);
        connection->pending = NULL;
    }
}

/* Runs a statement that gives no row. */
bool connection_run(struct sqlite_connection *connection, sqlite3_stmt *statement);

void statement_bind_bytes(sqlite3_stmt *statement, int parameter, struct span bytes);
struct span statement_bytes(sqlite3_stmt *statement, int column);

/* sqlite/range.c: cursors, measure, clear. */
bool sqlite_seek(struct store_connection *connection, uint32_t space,
                 const struct span_range *range, bool is_backward, struct store_cursor **cursor);
bool sqlite_next(struct store_cursor *cursor, struct store_entry *entry);
void sqlite_end(struct store_cursor *cursor);
bool sqlite_measure(struct store_connection *connection, uint32_t space,
                    const struct span_range *range, uint64_t *count, uint64_t *sizes);
bool sqlite_clear(struct store_connection *connection, uint32_t space, uint32_t max_entries,
                  bool *is_empty);
void cursors_fini(struct sqlite_connection *connection);

/* sqlite/checkpoint.c: moves the write-ahead log into the file, on a thread of its own. */
struct checkpointer *checkpointer_open(struct store *store, sqlite3 *handle);
void checkpointer_close(struct checkpointer *checkpointer); /* NULL is fine */
void checkpointer_watch(struct checkpointer *checkpointer, sqlite3 *handle);
