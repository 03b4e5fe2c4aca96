/* store/sqlite/connection.c - handles, prepared statements, transactions, get, put and delete. */
#include "store/sqlite/sqlite.h"

#include "base/memory.h"

#include <assert.h>
#include <stdio.h>

static const char *const statement_texts[STATEMENT_COUNT] = {
    [STATEMENT_ANCHOR] = "PRAGMA user_version",
    [STATEMENT_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_GET] = "SELECT size, value FROM entry WHERE space = ?1 AND key = ?2",
    [STATEMENT_PUT] = "INSERT INTO entry (space, key, size, value) VALUES (?1, ?2, ?3, ?4)"
                      " ON CONFLICT DO UPDATE SET size = ?3, value = ?4",
    [STATEMENT_DELETE] = "DELETE FROM entry WHERE space = ?1 AND key = ?2",
    [STATEMENT_MEASURE] = "SELECT count(*), ifnull(sum(size), 0) FROM entry"
                          " WHERE space = ?1 AND key >= ?2",
    [STATEMENT_MEASURE_BELOW] = "SELECT count(*), ifnull(sum(size), 0) FROM entry"
                                " WHERE space = ?1 AND key >= ?2 AND key < ?3",
    [STATEMENT_CLEAR_BOUND] = "SELECT key FROM entry WHERE space = ?1 ORDER BY key LIMIT 1 OFFSET"
                              " ?2",
    [STATEMENT_CLEAR_BELOW] = "DELETE FROM entry WHERE space = ?1 AND key < ?2",
    [STATEMENT_CLEAR_ALL] = "DELETE FROM entry WHERE space = ?1",
};

void handle_explain(sqlite3 *db, int code, struct store_reason *reason)
{
    int extended = db ? sqlite3_extended_errcode(db) : code;
    const char *text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);

    switch (extended & 0xff) {
    case SQLITE_FULL: store_reason_print(reason, "%s: free some space", text); break;
    case SQLITE_READONLY:
        store_reason_print(reason, "%s: make the file and its directory writable", text);
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        store_reason_print(reason, "%s by another process: stop it or wait", text);
        break;
    default: store_reason_print(reason, "%s (SQLite %d)", text, extended); break;
    }
}

bool connection_failed(struct sqlite_connection *connection)
{
    handle_explain(connection->db, SQLITE_ERROR, &connection->base.reason);
    return false;
}

int handle_set_up(sqlite3 *db, const struct sqlite_store *store)
{
    char text[400];

    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, store->base.busy_limit_ms);
    if (store->is_file)
        snprintf(text, sizeof(text),
                 "PRAGMA cache_size=-%d; PRAGMA mmap_size=%lld; PRAGMA synchronous=%s;"
                 "PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY",
                 CACHE_KIB, 1LL << 40, store->sync == STORE_SYNC_FULL ? "FULL" : "NORMAL");
    else
        snprintf(text, sizeof(text),
                 "PRAGMA page_size=%d; PRAGMA cache_size=-%d; PRAGMA mmap_size=%lld;"
                 "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF;"
                 "PRAGMA temp_store=MEMORY",
                 PAGE_BYTES, CACHE_KIB, 1LL << 40);
    return sqlite3_exec(db, text, NULL, NULL, NULL);
}

int handle_open(const struct sqlite_store *store, sqlite3 **db)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const char *vfs = store->memory ? memory_vfs_name(store->memory) : NULL;
    int code = sqlite3_open_v2(store->path, db, flags, vfs);

    return code == SQLITE_OK ? handle_set_up(*db, store) : code;
}

sqlite3_stmt *connection_statement(struct sqlite_connection *connection, enum statement_kind kind)
{
    sqlite3_stmt **statement = &connection->statements[kind];

    if (*statement == NULL &&
        sqlite3_prepare_v3(connection->db, statement_texts[kind], -1, SQLITE_PREPARE_PERSISTENT,
                           statement, NULL) != SQLITE_OK)
        connection_failed(connection);
    return *statement;
}

bool connection_run(struct sqlite_connection *connection, sqlite3_stmt *statement)
{
    if (statement == NULL)
        return false;
    if (sqlite3_step(statement) != SQLITE_DONE) {
        connection_failed(connection);
        sqlite3_reset(statement);
        return false;
    }
    sqlite3_reset(statement);
    return true;
}

/* The memory is the caller's and is not copied: it must stay until the statement is reset. */
void statement_bind_bytes(sqlite3_stmt *statement, int parameter, struct span bytes)
{
    assert(bytes.size <= INT32_MAX);
    sqlite3_bind_blob(statement, parameter, bytes.data ? bytes.data : "", (int)bytes.size,
                      SQLITE_STATIC);
}

struct span statement_bytes(sqlite3_stmt *statement, int column)
{
    const char *data = sqlite3_column_blob(statement, column);

    return (struct span){ data ? data : "", (size_t)sqlite3_column_bytes(statement, column) };
}

static bool sqlite_connect(struct store *base, struct store_connection **connection,
                           struct store_reason *reason)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct sqlite_connection *opened;
    sqlite3 *db = NULL;
    int code = handle_open(store, &db);

    if (code != SQLITE_OK) {
        handle_explain(db, code, reason);
        sqlite3_close_v2(db);
        return false;
    }
    opened = memory_new(sizeof(*opened));
    opened->db = db;
    if (store->checkpointer)
        checkpointer_watch(store->checkpointer, db);
    *connection = &opened->base;
    return true;
}

static void sqlite_disconnect(struct store_connection *base)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;

    connection_settle(connection);
    cursors_fini(connection);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(connection->statements[i]);
    sqlite3_close_v2(connection->db);
    memory_free(connection);
}

static bool sqlite_begin(struct store_connection *base, bool is_write)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    sqlite3_stmt *anchor;

    if (is_write)
        return connection_run(connection, connection_statement(connection, STATEMENT_BEGIN_WRITE));
    anchor = connection_statement(connection, STATEMENT_ANCHOR);
    if (anchor == NULL)
        return false;
    if (sqlite3_step(anchor) == SQLITE_ROW)
        return true;
    connection_failed(connection);
    sqlite3_reset(anchor);
    return false;
}

static bool sqlite_commit(struct store_connection *base)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;

    connection_settle(connection);
    return connection_run(connection, connection_statement(connection, STATEMENT_COMMIT));
}

/* Also ends a read transaction. A write that failed may have been rolled back by SQLite already.
 */
static void sqlite_rollback(struct store_connection *base)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;

    connection_settle(connection);
    if (connection->statements[STATEMENT_ANCHOR])
        sqlite3_reset(connection->statements[STATEMENT_ANCHOR]);
    if (!sqlite3_get_autocommit(connection->db) &&
        !connection_run(connection, connection_statement(connection, STATEMENT_ROLLBACK)))
        store_complain(base->store, "rollback", base->reason.text);
}

static bool sqlite_get(struct store_connection *base, uint32_t space, struct span key,
                       struct store_entry *entry)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    sqlite3_stmt *statement = connection_statement(connection, STATEMENT_GET);
    int code;

    *entry = (struct store_entry){ .key = key };
    if (statement == NULL)
        return false;
    connection_settle(connection);
    sqlite3_bind_int64(statement, 1, space);
    statement_bind_bytes(statement, 2, key);
    code = sqlite3_step(statement);
    connection->pending = statement;
    if (code == SQLITE_ROW) {
        entry->size = sqlite3_column_int64(statement, 0);
        entry->value = statement_bytes(statement, 1);
        connection->handed_out = entry->value;
        return true;
    }
    return code == SQLITE_DONE || connection_failed(connection);
}

static bool is_within(struct span part, struct span whole)
{
    uintptr_t start = (uintptr_t)whole.data;

    return (uintptr_t)part.data >= start && (uintptr_t)part.data < start + whole.size;
}

/* Lets go of the row that was handed out last before a write, which is then cheaper; unless its
 * bytes are what is going to be written, when connection_settle follows the write. */
static void settle_unless_used(struct sqlite_connection *connection, struct span key,
                               struct span value)
{
    if (!is_within(key, connection->handed_out) && !is_within(value, connection->handed_out))
        connection_settle(connection);
}

static bool sqlite_put(struct store_connection *base, uint32_t space,
                       const struct store_entry *entry)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    sqlite3_stmt *statement = connection_statement(connection, STATEMENT_PUT);
    bool is_done;

    if (statement == NULL)
        return false;
    assert(entry->value.size <= INT32_MAX);
    settle_unless_used(connection, entry->key, entry->value);
    sqlite3_bind_int64(statement, 1, space);
    statement_bind_bytes(statement, 2, entry->key);
    sqlite3_bind_int64(statement, 3, entry->size);
    sqlite3_bind_text(statement, 4, entry->value.data, (int)entry->value.size, SQLITE_STATIC);
    is_done = connection_run(connection, statement);
    connection_settle(connection);
    return is_done;
}

static bool sqlite_remove(struct store_connection *base, uint32_t space, struct span key)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    sqlite3_stmt *statement = connection_statement(connection, STATEMENT_DELETE);
    bool is_done;

    if (statement == NULL)
        return false;
    settle_unless_used(connection, key, key);
    sqlite3_bind_int64(statement, 1, space);
    statement_bind_bytes(statement, 2, key);
    is_done = connection_run(connection, statement);
    connection_settle(connection);
    return is_done;
}

static void sqlite_close(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    checkpointer_close(store->checkpointer);
    sqlite3_close_v2(store->keeper);
    if (store->memory)
        memory_vfs_close(store->memory);
    claim_release(store->path, store->claim);
    memory_free(store->path);
    store_fini(base);
    memory_free(store);
}

const struct store_driver sqlite_driver = {
    .close = sqlite_close,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .get = sqlite_get,
    .put = sqlite_put,
    .remove = sqlite_remove,
    .seek = sqlite_seek,
    .next = sqlite_next,
    .end = sqlite_end,
    .measure = sqlite_measure,
    .clear = sqlite_clear,
};
