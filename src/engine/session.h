/* engine/session.h - inside the engine: one worker's turn, and what hangs on it.
 *
 * Only engine/ includes this. A session owns its own catalog: with several sessions each reloads
 * its catalog at the start of a turn when the stored version has moved. */
#pragma once

#include "base/buffer.h"
#include "engine/engine.h"
#include "engine/hold.h"
#include "engine/tally.h"
#include "store/store.h"

#include <stdbool.h>

enum {
    SPACE_CATALOG = 1, /* one entry a table: namespace, name -> description as JSON */
    SPACE_META = 2,    /* counters and versions of the file */
    SPACE_DROPPED = 3, /* one entry a space that session_sweep has still to empty */
    SPACE_TOKENS = 4,  /* one entry a transaction with a token: see engine/replay.c */
    SPACE_STREAMS = 5, /* one entry a stream: namespace, ARN -> description as JSON */
    SPACE_SHARDS = 6,  /* one entry a shard: stream's id, shard's number -> description as JSON */
    SPACE_BACKUPS = 7, /* one entry a backup: namespace, its id -> description as JSON */
    SPACE_BACKUP_ENDS = 8, /* one entry a backup that expires: its end, its key in SPACE_BACKUPS */
    SPACE_FIRST_FREE = 16
};

struct catalog; /* engine/catalog.c */

struct engine {
    struct engine_options options;
    struct store *store;
    struct clock clock;
    struct holds holds;
    struct lag *lag;
    struct stale_report *stale_report;
    _Atomic int64_t hold_ms; /* 0: transactions are not held */
    _Atomic uint32_t session_count;
    _Atomic uint64_t sessions_opened; /* ever: a session that was alone all along needn't look */
};

/* The sequence numbers of stream records: one row for the whole file, so that they only grow. */
struct sequence {
    bool is_known;   /* read in this transaction */
    bool is_changed; /* and to be written before it is committed */
    int64_t next;
};

/* Where the background work of a session stands, see session_sweep. */
struct upkeep {
    struct buffer stream_at;   /* key of the stream looked at last; empty: before the first */
    int64_t streams_looked_ms; /* end of the last round over all streams, by the engine's clock */
    size_t table_at;           /* whose expired items are looked for next */
};

struct session {
    struct engine *engine;
    struct store_connection *connection;
    struct catalog *catalog;
    struct random random;
    struct random lag_random; /* its own, so that names are the same with lag and without */
    struct arena *scratch;    /* emptied by whoever uses it, item by item */
    struct buffer encoding;   /* likewise: JSON of the item at hand */
    struct tally tally;
    struct digest *digest; /* NULL until one is needed */
    struct sequence sequence;
    struct upkeep upkeep;
    uint64_t alone_since; /* sessions_opened before the turn began; 0: there were others */
    bool is_open;         /* a transaction is open */
    bool is_writing;      /* and it may write */
    bool is_recorded;     /* and what it changed is recorded for reads that lag behind */
    bool is_failed;       /* something in it failed half way: only a rollback is legal */
    struct error failed;
};

/* Nobody else can have written since a turn whose alone_since was that. */
bool session_is_alone(const struct session *session, uint64_t since);

/* A transaction to read in; an open one of either kind serves. */
MUST_USE struct error *session_read(struct session *session);

/* A transaction to write in; an open reading one is ended first. */
MUST_USE struct error *session_write(struct session *session);

/* A store call inside the turn failed: nothing of this turn will be committed. Returns error. */
struct error *session_spoil(struct session *session, struct error *error);

/* How a door ends that only reads, or may fail before it has changed anything: the store's error in
 * a writing transaction spoils it, a refusal does not. Returns error. */
struct error *session_settle(struct session *session, struct error *error);

/* Opened when first used: it is dear. */
struct digest *session_digest(struct session *session);

/* For engine/catalog.c. */
struct catalog *catalog_open(struct session *session);
void catalog_close(struct catalog *catalog);
MUST_USE struct error *catalog_refresh(struct session *session); /* when a transaction begins */
void catalog_forget(struct session *session);                    /* after a rollback: reload */
