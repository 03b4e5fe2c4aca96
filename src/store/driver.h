/* store/driver.h - what store.c asks of a driver (store/sqlite, store/memory).
 *
 * store.c keeps the order of calls, lets one writer in at a time, counts calls for store_fail_at,
 * makes the error and logs it; a driver does the work. A driver's call that gives false has written
 * why into connection->reason. Drivers embed struct store and struct store_connection as their
 * first members. Only store/ includes this. */
#pragma once

#include "store/gate.h"
#include "store/store.h"

#include <pthread.h>

enum {
    BUSY_LIMIT_MS = 2000,  /* a lock that is not free by then fails the call; tests set less */
    LOG_INTERVAL_MS = 1000 /* one line at most; the others are counted */
};

struct store_reason {
    char text[300];
};

struct store_driver {
    void (*close)(struct store *store);
    bool (*connect)(struct store *store, struct store_connection **connection,
                    struct store_reason *reason);
    void (*disconnect)(struct store_connection *connection);
    bool (*begin)(struct store_connection *connection, bool is_write);
    bool (*commit)(struct store_connection *connection);
    void (*rollback)(struct store_connection *connection); /* cannot fail */
    bool (*get)(struct store_connection *connection, uint32_t space, struct span key,
                struct store_entry *entry);
    bool (*put)(struct store_connection *connection, uint32_t space,
                const struct store_entry *entry);
    bool (*remove)(struct store_connection *connection, uint32_t space, struct span key);
    bool (*seek)(struct store_connection *connection, uint32_t space,
                 const struct span_range *range, bool is_backward, struct store_cursor **cursor);
    bool (*next)(struct store_cursor *cursor, struct store_entry *entry);
    void (*end)(struct store_cursor *cursor);
    bool (*measure)(struct store_connection *connection, uint32_t space,
                    const struct span_range *range, uint64_t *count, uint64_t *sizes);
    bool (*clear)(struct store_connection *connection, uint32_t space, uint32_t max_entries,
                  bool *is_empty);
};

struct store {
    const struct store_driver *driver;
    char *name; /* the path, for log lines */
    struct gate write_gate;
    int busy_limit_ms;
    _Atomic uint64_t calls_until_failure; /* 0: none fails */
    _Atomic int connection_count;
    pthread_mutex_t log_lock;
    int64_t log_next_us; /* no line before */
    uint64_t log_held_back;
    struct error connect_error;
};

enum store_state { STORE_IDLE, STORE_READING, STORE_WRITING };

struct store_connection {
    struct store *store;
    enum store_state state;
    bool is_spoiled; /* a call of this write transaction failed: only a rollback is legal */
    unsigned open_cursors;
    struct error error;
    struct store_reason reason;
};

struct store_cursor {
    struct store_connection *connection;
    bool is_done;
};

/* For drivers: the common part of a new store; and its end. */
void store_init(struct store *store, const struct store_driver *driver, const char *name);
void store_fini(struct store *store);

/* One line in the log for a failed call, or one more to be counted. */
void store_complain(struct store *store, const char *call, const char *reason);

void store_reason_print(struct store_reason *reason, const char *format, ...) PRINTF_LIKE(2, 3);

/* store/sqlite: as store_open. */
MUST_USE bool sqlite_store_open(struct arena *arena, const struct store_options *options,
                                struct store **store, struct span *problem);
