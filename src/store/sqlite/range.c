/* store/sqlite/range.c - cursors over a range, measuring it, and clearing a space in slices. */
#include "store/sqlite/sqlite.h"

#include "base/memory.h"

#define CURSOR_SELECT "SELECT key, size, value FROM entry WHERE space = ?1 AND key >= ?2"

static const char *const cursor_texts[CURSOR_KIND_COUNT] = {
    [CURSOR_FORWARD] = CURSOR_SELECT " ORDER BY key",
    [CURSOR_FORWARD_BELOW] = CURSOR_SELECT " AND key < ?3 ORDER BY key",
    [CURSOR_BACKWARD] = CURSOR_SELECT " ORDER BY key DESC",
    [CURSOR_BACKWARD_BELOW] = CURSOR_SELECT " AND key < ?3 ORDER BY key DESC",
};

static void cursor_free(struct sqlite_cursor *cursor)
{
    sqlite3_finalize(cursor->statement);
    memory_free(cursor);
}

void cursors_fini(struct sqlite_connection *connection)
{
    for (size_t kind = 0; kind < CURSOR_KIND_COUNT; kind++) {
        while (connection->free_cursors[kind]) {
            struct sqlite_cursor *cursor = connection->free_cursors[kind];

            connection->free_cursors[kind] = cursor->next_free;
            cursor_free(cursor);
        }
    }
}

static struct sqlite_cursor *cursor_take(struct sqlite_connection *connection,
                                         enum cursor_kind kind)
{
    struct sqlite_cursor *cursor = connection->free_cursors[kind];
    sqlite3_stmt *statement = NULL;

    if (cursor) {
        connection->free_cursors[kind] = cursor->next_free;
        connection->free_cursor_counts[kind]--;
        return cursor;
    }
    if (sqlite3_prepare_v3(connection->db, cursor_texts[kind], -1, SQLITE_PREPARE_PERSISTENT,
                           &statement, NULL) != SQLITE_OK) {
        connection_failed(connection);
        return NULL;
    }
    cursor = memory_new(sizeof(*cursor));
    cursor->statement = statement;
    cursor->kind = kind;
    return cursor;
}

static void bind_range(sqlite3_stmt *statement, uint32_t space, const struct span_range *range)
{
    sqlite3_bind_int64(statement, 1, space);
    statement_bind_bytes(statement, 2, range->low);
    if (range->high.data)
        statement_bind_bytes(statement, 3, range->high);
}

/* The range's bytes are copied: a cursor may outlive them. */
static bool bind_range_copied(sqlite3_stmt *statement, uint32_t space,
                              const struct span_range *range)
{
    const char *low = range->low.data ? range->low.data : "";

    sqlite3_bind_int64(statement, 1, space);
    if (sqlite3_bind_blob(statement, 2, low, (int)range->low.size, SQLITE_TRANSIENT) != SQLITE_OK)
        return false;
    return range->high.data == NULL ||
           sqlite3_bind_blob(statement, 3, range->high.data, (int)range->high.size,
                             SQLITE_TRANSIENT) == SQLITE_OK;
}

bool sqlite_seek(struct store_connection *base, uint32_t space, const struct span_range *range,
                 bool is_backward, struct store_cursor **cursor)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    enum cursor_kind kind = is_backward
                                ? (range->high.data ? CURSOR_BACKWARD_BELOW : CURSOR_BACKWARD)
                                : (range->high.data ? CURSOR_FORWARD_BELOW : CURSOR_FORWARD);
    struct sqlite_cursor *taken = cursor_take(connection, kind);

    if (taken == NULL)
        return false;
    if (!bind_range_copied(taken->statement, space, range)) {
        connection_failed(connection);
        cursor_free(taken);
        return false;
    }
    *cursor = &taken->base;
    return true;
}

bool sqlite_next(struct store_cursor *base, struct store_entry *entry)
{
    struct sqlite_cursor *cursor = (struct sqlite_cursor *)base;
    int code = sqlite3_step(cursor->statement);

    if (code == SQLITE_ROW) {
        entry->key = statement_bytes(cursor->statement, 0);
        entry->size = sqlite3_column_int64(cursor->statement, 1);
        entry->value = statement_bytes(cursor->statement, 2);
        return true;
    }
    if (code == SQLITE_DONE)
        return true;
    return connection_failed((struct sqlite_connection *)base->connection);
}

void sqlite_end(struct store_cursor *base)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base->connection;
    struct sqlite_cursor *cursor = (struct sqlite_cursor *)base;

    sqlite3_reset(cursor->statement);
    if (connection->free_cursor_counts[cursor->kind] == CURSORS_KEPT_MAX) {
        cursor_free(cursor);
        return;
    }
    cursor->next_free = connection->free_cursors[cursor->kind];
    connection->free_cursors[cursor->kind] = cursor;
    connection->free_cursor_counts[cursor->kind]++;
}

bool sqlite_measure(struct store_connection *base, uint32_t space, const struct span_range *range,
                    uint64_t *count, uint64_t *sizes)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    sqlite3_stmt *statement = connection_statement(
        connection, range->high.data ? STATEMENT_MEASURE_BELOW : STATEMENT_MEASURE);
    bool is_done;

    if (statement == NULL)
        return false;
    connection_settle(connection);
    bind_range(statement, space, range);
    is_done = sqlite3_step(statement) == SQLITE_ROW;
    if (is_done) {
        *count = (uint64_t)sqlite3_column_int64(statement, 0);
        *sizes = (uint64_t)sqlite3_column_int64(statement, 1);
    } else {
        connection_failed(connection);
    }
    sqlite3_reset(statement);
    return is_done;
}

/* Finds the first key that may stay, then deletes all below it. */
bool sqlite_clear(struct store_connection *base, uint32_t space, uint32_t max_entries,
                  bool *is_empty)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;
    sqlite3_stmt *bound = connection_statement(connection, STATEMENT_CLEAR_BOUND);
    sqlite3_stmt *clear;
    int code;

    if (bound == NULL)
        return false;
    connection_settle(connection);
    sqlite3_bind_int64(bound, 1, space);
    sqlite3_bind_int64(bound, 2, max_entries);
    code = sqlite3_step(bound);
    connection->pending = bound;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return connection_failed(connection);
    *is_empty = code == SQLITE_DONE;
    clear =
        connection_statement(connection, *is_empty ? STATEMENT_CLEAR_ALL : STATEMENT_CLEAR_BELOW);
    if (clear == NULL)
        return false;
    sqlite3_bind_int64(clear, 1, space);
    if (!*is_empty)
        sqlite3_bind_blob(clear, 2, sqlite3_column_blob(bound, 0), sqlite3_column_bytes(bound, 0),
                          SQLITE_TRANSIENT);
    connection_settle(connection);
    return connection_run(connection, clear);
}
