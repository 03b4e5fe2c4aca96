/* store/store.h - the seam under the engine: ordered bytes in numbered spaces, and transactions.
 *
 * A space is a sorted map of key bytes (memcmp order) to an entry: value bytes and one integer that
 * the engine uses for the item's size. No DynamoDB rule lives below this line. A space exists as
 * soon as something is put into it.
 *
 * Threads: a store is shared; a connection belongs to one thread at a time. Readers see the state
 * at store_begin. One writer at a time; a second one waits at store_begin up to the busy limit.
 * Ownership: spans handed out are valid until the next call on the same connection; a cursor's
 * until the next call on that cursor or the next write on its connection. They may be put as they
 * are. Cursors are ended before their transaction is.
 * Errors: InternalServerError in the service's words, living in the connection; the reason is
 * logged here, once. After an error inside a write transaction only store_rollback is legal. */
#pragma once

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct store_connection;
struct store_cursor;
struct arena;

enum store_sync {
    STORE_SYNC_NORMAL, /* an answered write survives kill -9 */
    STORE_SYNC_FULL    /* and power loss */
};

struct store_options {
    const char *path; /* NULL: in memory, gone when closed */
    enum store_sync sync;
};

struct store_entry {
    struct span key;
    struct span value;
    int64_t size; /* whatever was put with it */
};

/* What a file is refused with, in words for the person who started the server: not a database,
 * another application's, a newer version, damaged, no permission. *problem lives in the arena and
 * the file is left untouched. false on refusal. */
MUST_USE bool store_open(struct arena *arena, const struct store_options *options,
                         struct store **store, struct span *problem);
MUST_USE bool store_open_memory_map(struct store **store); /* the oracle: a plain sorted array */
void store_close(struct store *store);                     /* after the last connection */

MUST_USE struct error *store_connect(struct store *store, struct store_connection **connection);
void store_disconnect(struct store_connection *connection);

/* Reads outside any transaction are not allowed: begin first. */
MUST_USE struct error *store_begin(struct store_connection *connection, bool is_write);
MUST_USE struct error *store_commit(struct store_connection *connection);
void store_rollback(struct store_connection *connection);

/* entry->value is absent when there is no such key. */
MUST_USE struct error *store_get(struct store_connection *connection, uint32_t space,
                                 struct span key, struct store_entry *entry);

/* Puts, replacing what is there. */
MUST_USE struct error *store_put(struct store_connection *connection, uint32_t space,
                                 const struct store_entry *entry);
MUST_USE struct error *store_delete(struct store_connection *connection, uint32_t space,
                                    struct span key);

/* A cursor stands before its first entry; store_next moves on and gives an absent key at the end.
 * Several cursors may be open; store_end releases one. Writes to a space under an open cursor of
 * the same connection are not allowed. */
MUST_USE struct error *store_seek(struct store_connection *connection, uint32_t space,
                                  const struct span_range *range, bool is_backward,
                                  struct store_cursor **cursor);
MUST_USE struct error *store_next(struct store_cursor *cursor, struct store_entry *entry);
void store_end(struct store_cursor *cursor);

/* How many entries, and the sum of their sizes. Reads the whole range. */
MUST_USE struct error *store_measure(struct store_connection *connection, uint32_t space,
                                     const struct span_range *range, uint64_t *count,
                                     uint64_t *sizes);

/* Deletes up to max_entries of a space's entries; *is_empty when none is left. */
MUST_USE struct error *store_clear(struct store_connection *connection, uint32_t space,
                                   uint32_t max_entries, bool *is_empty);

/* For tests: the nth following call on any connection of the store (1 = the next) fails as a full
 * disk would; 0 switches it off. Counts calls that may touch the medium: all but store_rollback,
 * store_end, store_disconnect and the end of a read transaction. */
void store_fail_at(struct store *store, uint64_t nth);
