/* engine/engine.h - one database with its catalog, and the sessions of its worker threads.
 *
 * An engine is opened once a process (or once a stator_open); a session belongs to one thread.
 * Work is done in turns: the first door used begins a store transaction, all requests of a turn
 * share it, and session_commit ends it. No answer may leave before the session_commit that follows
 * it, and when that fails every answer of the turn is InternalServerError instead. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/span.h"
#include "cloud/lag.h"
#include "store/store.h"

struct arena;
struct engine;
struct held;
struct session;
struct stale_report;

enum validator { VALIDATOR_CURRENT, VALIDATOR_CLASSIC };
enum namespace_by { NAMESPACE_NONE, NAMESPACE_ACCESS_KEY, NAMESPACE_REGION };

struct engine_options {
    struct store_options store;
    uint64_t seed;
    enum validator validator;
    enum namespace_by namespace_by;
    int64_t collection_bytes_max; /* 0: the service's 10 GB */
    uint32_t stream_shards;       /* open at a time in a new stream; 0: as the service would */
    int64_t stream_roll_ms;       /* how long a shard stays open; 0: the service's four hours */
    int64_t ttl_delay_ms;         /* how long TTL is ENABLING or DISABLING */
    struct lag_config lag;        /* copied */
};

/* false: *problem says why in words for the person who started it; lives in the arena. */
MUST_USE bool engine_open(struct arena *arena, const struct engine_options *options,
                          struct engine **engine, struct span *problem);
/* Over a store that is open already and is the engine's from now on. */
struct engine *engine_open_over(struct store *store, const struct engine_options *options);
void engine_close(struct engine *engine);
struct clock *engine_clock(struct engine *engine);
struct store *engine_store(struct engine *engine); /* for tests */
const struct engine_options *engine_options(const struct engine *engine);

/* From now on a transaction whose conditions hold waits for ms before it is carried out, and its
 * items are locked meanwhile, so that a test can make conflicts happen; 0, as at first: none waits.
 * Any thread. */
void engine_hold_transactions(struct engine *engine, int64_t ms);
int64_t engine_transaction_hold_ms(const struct engine *engine);

/* How far eventually consistent reads lag; can be set at any time, from any thread. */
struct lag *engine_lag(struct engine *engine);
struct stale_report *engine_stale_report(struct engine *engine);

MUST_USE bool session_open(struct engine *engine, struct session **session);
void session_close(struct session *session);

/* Ends the turn: commits what was written. NULL when there was nothing to do. The error lives in
 * the session until its next turn. */
MUST_USE struct error *session_commit(struct session *session);

/* Ends the turn without keeping any of it. */
void session_rollback(struct session *session);

/* A held transaction is over, or will not be carried out: its items are free. */
void session_drop_held(struct session *session, struct held *held);

/* Empties every table, or those of the namespaces ("eu-west-1" or "access-key/eu-west-1", see
 * engine_options) when there is a list. Tables, indexes and settings stay. Part of the turn. */
MUST_USE struct error *session_reset(struct session *session, const struct string_list *namespaces,
                                     uint64_t *count);

/* The work that no request waits for, a little at a time; call when idle: cleans up what dropped
 * tables left, rolls shards and trims streams, removes expired items. true: there is more. */
bool session_sweep(struct session *session);

/* What happened of late is still remembered for reads that lag behind: sweep again in a while. */
bool session_remembers(struct session *session);
