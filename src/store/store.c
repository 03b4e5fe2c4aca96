/* store/store.c - the order of calls, one writer at a time, failing by number, errors and log. */
#include "store/driver.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

void store_init(struct store *store, const struct store_driver *driver, const char *name)
{
    store->driver = driver;
    store->name = memory_copy_text(name);
    gate_init(&store->write_gate);
    store->busy_limit_ms = BUSY_LIMIT_MS;
    pthread_mutex_init(&store->log_lock, NULL);
    store->connect_error = (struct error){ .code = ERR_INTERNAL_SERVER_ERROR,
                                           .message = SPAN("Internal server error") };
}

void store_fini(struct store *store)
{
    gate_fini(&store->write_gate);
    pthread_mutex_destroy(&store->log_lock);
    memory_free(store->name);
}

void store_reason_print(struct store_reason *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason->text, sizeof(reason->text), format, arguments);
    va_end(arguments);
}

void store_complain(struct store *store, const char *call, const char *reason)
{
    int64_t now_us = clock_steady_us();
    uint64_t held_back;
    bool is_due;

    pthread_mutex_lock(&store->log_lock);
    is_due = now_us >= store->log_next_us;
    held_back = store->log_held_back;
    store->log_held_back = is_due ? 0 : held_back + 1;
    if (is_due)
        store->log_next_us = now_us + (int64_t)LOG_INTERVAL_MS * 1000;
    pthread_mutex_unlock(&store->log_lock);
    if (!is_due)
        return;
    if (held_back > 0)
        log_line(LOG_ERROR, "store: %s: %s: %s (%llu failures before it not shown)", store->name,
                 call, reason, (unsigned long long)held_back);
    else
        log_line(LOG_ERROR, "store: %s: %s: %s", store->name, call, reason);
}

/* Whether this call is the one that a test wants to fail. */
static bool is_chosen_to_fail(struct store *store, struct store_reason *reason)
{
    uint64_t left = atomic_load_explicit(&store->calls_until_failure, memory_order_relaxed);

    if (left == 0)
        return false;
    while (!atomic_compare_exchange_weak(&store->calls_until_failure, &left, left - 1))
        if (left == 0)
            return false;
    if (left != 1)
        return false;
    store_reason_print(reason, "database or disk is full, as the test wants it");
    return true;
}

void store_fail_at(struct store *store, uint64_t nth)
{
    store->calls_until_failure = nth;
}

/* The end of a call: NULL, or the error with its line in the log. */
static struct error *finish(struct store_connection *connection, const char *call, bool is_done)
{
    if (is_done)
        return NULL;
    if (connection->state == STORE_WRITING)
        connection->is_spoiled = true;
    connection->error = connection->store->connect_error;
    store_complain(connection->store, call, connection->reason.text);
    return &connection->error;
}

/* Whether a call may go to the driver: it's inside a sound transaction and no test fails it. */
static bool may_go(struct store_connection *connection)
{
    assert(connection->state != STORE_IDLE);
    assert(!connection->is_spoiled);
    return !is_chosen_to_fail(connection->store, &connection->reason);
}

bool store_open(struct arena *arena, const struct store_options *options, struct store **store,
                struct span *problem)
{
    return sqlite_store_open(arena, options, store, problem);
}

void store_close(struct store *store)
{
    assert(store->connection_count == 0);
    store->driver->close(store);
}

struct error *store_connect(struct store *store, struct store_connection **connection)
{
    struct store_reason reason;

    if (is_chosen_to_fail(store, &reason) || !store->driver->connect(store, connection, &reason)) {
        store_complain(store, "connect", reason.text);
        return &store->connect_error;
    }
    (*connection)->store = store;
    store->connection_count++;
    return NULL;
}

void store_disconnect(struct store_connection *connection)
{
    struct store *store = connection->store;

    if (connection->state != STORE_IDLE)
        store_rollback(connection);
    store->driver->disconnect(connection);
    store->connection_count--;
}

struct error *store_begin(struct store_connection *connection, bool is_write)
{
    struct store *store = connection->store;

    assert(connection->state == STORE_IDLE);
    if (is_chosen_to_fail(store, &connection->reason))
        return finish(connection, "begin", false);
    if (is_write && !gate_enter(&store->write_gate, store->busy_limit_ms)) {
        store_reason_print(&connection->reason,
                           "another connection has been writing for over %d ms",
                           store->busy_limit_ms);
        return finish(connection, "begin", false);
    }
    if (!store->driver->begin(connection, is_write)) {
        if (is_write)
            gate_leave(&store->write_gate);
        return finish(connection, "begin", false);
    }
    connection->state = is_write ? STORE_WRITING : STORE_READING;
    connection->is_spoiled = false;
    return NULL;
}

static void leave(struct store_connection *connection)
{
    if (connection->state == STORE_WRITING)
        gate_leave(&connection->store->write_gate);
    connection->state = STORE_IDLE;
    connection->is_spoiled = false;
}

struct error *store_commit(struct store_connection *connection)
{
    assert(connection->state != STORE_IDLE);
    assert(connection->open_cursors == 0);
    if (connection->state == STORE_READING) {
        connection->store->driver->rollback(connection);
        leave(connection);
        return NULL;
    }
    if (!may_go(connection) || !connection->store->driver->commit(connection))
        return finish(connection, "commit", false);
    leave(connection);
    return NULL;
}

void store_rollback(struct store_connection *connection)
{
    assert(connection->state != STORE_IDLE);
    assert(connection->open_cursors == 0);
    connection->store->driver->rollback(connection);
    leave(connection);
}

struct error *store_get(struct store_connection *connection, uint32_t space, struct span key,
                        struct store_entry *entry)
{
    assert(key.data != NULL);
    return finish(connection, "get",
                  may_go(connection) &&
                      connection->store->driver->get(connection, space, key, entry));
}

struct error *store_put(struct store_connection *connection, uint32_t space,
                        const struct store_entry *entry)
{
    assert(connection->state == STORE_WRITING);
    assert(entry->key.data != NULL && entry->value.data != NULL);
    return finish(connection, "put",
                  may_go(connection) && connection->store->driver->put(connection, space, entry));
}

struct error *store_delete(struct store_connection *connection, uint32_t space, struct span key)
{
    assert(connection->state == STORE_WRITING);
    assert(key.data != NULL);
    return finish(connection, "delete",
                  may_go(connection) && connection->store->driver->remove(connection, space, key));
}

struct error *store_seek(struct store_connection *connection, uint32_t space,
                         const struct span_range *range, bool is_backward,
                         struct store_cursor **cursor)
{
    if (!may_go(connection) ||
        !connection->store->driver->seek(connection, space, range, is_backward, cursor))
        return finish(connection, "seek", false);
    (*cursor)->connection = connection;
    (*cursor)->is_done = false;
    connection->open_cursors++;
    return NULL;
}

struct error *store_next(struct store_cursor *cursor, struct store_entry *entry)
{
    struct store_connection *connection = cursor->connection;

    if (!may_go(connection))
        return finish(connection, "next", false);
    *entry = (struct store_entry){ 0 };
    if (cursor->is_done)
        return NULL;
    if (!connection->store->driver->next(cursor, entry))
        return finish(connection, "next", false);
    cursor->is_done = entry->key.data == NULL;
    return NULL;
}

void store_end(struct store_cursor *cursor)
{
    struct store_connection *connection = cursor->connection;

    connection->store->driver->end(cursor);
    connection->open_cursors--;
}

struct error *store_measure(struct store_connection *connection, uint32_t space,
                            const struct span_range *range, uint64_t *count, uint64_t *sizes)
{
    return finish(connection, "measure",
                  may_go(connection) &&
                      connection->store->driver->measure(connection, space, range, count, sizes));
}

struct error *store_clear(struct store_connection *connection, uint32_t space, uint32_t max_entries,
                          bool *is_empty)
{
    assert(connection->state == STORE_WRITING);
    assert(max_entries > 0);
    return finish(connection, "clear",
                  may_go(connection) &&
                      connection->store->driver->clear(connection, space, max_entries, is_empty));
}
