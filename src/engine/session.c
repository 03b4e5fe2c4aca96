/* engine/session.c - one worker's turns: begin at the first door, commit once, or roll back. */
#include "engine/session.h"

#include "base/arena.h"
#include "base/memory.h"
#include "engine/exec_backup.h"
#include "engine/expiry.h"
#include "engine/replay.h"
#include "engine/sequence.h"
#include "engine/stream_sweep.h"

enum {
    SCRATCH_BYTES_MAX = 1 << 30, /* far more than what two items need */
    SWEEP_ENTRIES_MAX = 500
};

bool session_open(struct engine *engine, struct session **session)
{
    struct session *opened = memory_new(sizeof(*opened));

    opened->engine = engine;
    if (store_connect(engine->store, &opened->connection) != NULL) {
        memory_free(opened);
        return false;
    }
    opened->scratch = arena_open(SCRATCH_BYTES_MAX);
    buffer_init(&opened->encoding);
    buffer_init(&opened->upkeep.stream_at);
    opened->catalog = catalog_open(opened);
    engine->session_count++; /* before sessions_opened, see begin */
    random_init(&opened->random, engine->options.seed + engine->sessions_opened++);
    random_init(&opened->lag_random, ~engine->options.seed + engine->sessions_opened);
    *session = opened;
    return true;
}

void session_close(struct session *session)
{
    if (session->is_open)
        session_rollback(session);
    session->engine->session_count--;
    catalog_close(session->catalog);
    digest_close(session->digest);
    tally_fini(&session->tally);
    buffer_fini(&session->encoding);
    buffer_fini(&session->upkeep.stream_at);
    arena_close(session->scratch);
    store_disconnect(session->connection);
    memory_free(session);
}

bool session_is_alone(const struct session *session, uint64_t since)
{
    return since != 0 && session->engine->sessions_opened == since &&
           session->engine->session_count == 1;
}

struct digest *session_digest(struct session *session)
{
    if (session->digest == NULL)
        session->digest = digest_open();
    return session->digest;
}

static struct error *begin(struct session *session, bool is_write)
{
    struct engine *engine = session->engine;
    uint64_t opened = engine->sessions_opened; /* one opened after this is noticed either way */
    struct error *error;

    session->alone_since = engine->session_count == 1 ? opened : 0;
    error = store_begin(session->connection, is_write);
    if (error)
        return error; /* nothing is open: the next request tries again */
    session->is_open = true;
    session->is_writing = is_write;
    sequence_forget(session);
    error = catalog_refresh(session);
    return error ? session_spoil(session, error) : NULL;
}

struct error *session_read(struct session *session)
{
    if (session->is_failed)
        return &session->failed;
    return session->is_open ? NULL : begin(session, false);
}

struct error *session_write(struct session *session)
{
    if (session->is_failed)
        return &session->failed;
    if (session->is_open && session->is_writing)
        return NULL;
    if (session->is_open) {
        session->is_open = false;
        TRY(store_commit(session->connection));
    }
    return begin(session, true);
}

struct error *session_spoil(struct session *session, struct error *error)
{
    session->is_failed = true;
    session->failed = *error;
    return error;
}

struct error *session_settle(struct session *session, struct error *error)
{
    if (error && error->code == ERR_INTERNAL_SERVER_ERROR && session->is_writing)
        return session_spoil(session, error);
    return error;
}

void session_rollback(struct session *session)
{
    if (!session->is_open)
        return;
    if (session->is_recorded) /* before another session may write */
        lag_rollback(session->engine->lag, session);
    store_rollback(session->connection);
    if (session->is_writing) {
        tally_forget(&session->tally);
        catalog_forget(session);
    }
    session->is_open = false;
    session->is_writing = false;
    session->is_recorded = false;
    session->is_failed = false;
}

/* What a write left for reads that lag behind comes into force with the write itself. */
static struct error *commit_store(struct session *session)
{
    struct lag *lag = session->engine->lag;
    struct error *error;

    if (!session->is_recorded)
        return store_commit(session->connection);
    lag_begin_commit(lag);
    error = store_commit(session->connection);
    lag_end_commit(lag, session, error == NULL);
    session->is_recorded = false;
    lag_trim(lag, clock_now_ms(&session->engine->clock));
    return error;
}

struct error *session_commit(struct session *session)
{
    struct error *error;

    if (!session->is_open) {
        session->is_failed = false;
        return NULL;
    }
    error = session->is_failed ? &session->failed : sequence_store(session);
    if (error == NULL)
        error = commit_store(session);
    if (error) {
        session->failed = *error;
        session_rollback(session);
        return &session->failed;
    }
    session->is_open = false;
    session->is_writing = false;
    return NULL;
}

void session_drop_held(struct session *session, struct held *held)
{
    holds_drop(&session->engine->holds, held);
}

/* The space named by the first entry of SPACE_DROPPED, or 0. */
static struct error *next_dropped(struct session *session, struct span *key, uint32_t *space)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_cursor *cursor;
    struct store_entry entry = { 0 };
    struct error *error;

    *space = 0;
    TRY(store_seek(session->connection, SPACE_DROPPED, &all, false, &cursor));
    error = store_next(cursor, &entry);
    if (error == NULL && entry.key.data) {
        *space = (uint32_t)entry.size;
        *key = arena_copy(session->scratch, entry.key);
    }
    store_end(cursor);
    return error;
}

static struct error *sweep_dropped(struct session *session, bool *is_more)
{
    struct span key = { 0 };
    uint32_t space = 0;
    bool is_empty = false;

    TRY(next_dropped(session, &key, &space));
    if (space == 0)
        return NULL;
    *is_more = true;
    TRY(session_write(session));
    TRY(store_clear(session->connection, space, SWEEP_ENTRIES_MAX, &is_empty));
    if (is_empty)
        TRY(store_delete(session->connection, SPACE_DROPPED, key));
    return NULL;
}

/* One kind of work a slice: each is bounded, together they might delay a request. */
static struct error *sweep_slice(struct session *session, bool *is_more)
{
    TRY(session_read(session));
    TRY(sweep_dropped(session, is_more));
    if (!*is_more)
        TRY(replay_sweep(session, is_more));
    if (!*is_more)
        TRY(stream_sweep(session, is_more));
    if (!*is_more)
        TRY(exec_sweep_backups(session, is_more));
    return *is_more ? NULL : expiry_sweep(session, is_more);
}

bool session_remembers(struct session *session)
{
    struct engine *engine = session->engine;

    return lag_is_on(engine->lag) && lag_trim(engine->lag, clock_now_ms(&engine->clock));
}

bool session_sweep(struct session *session)
{
    bool is_more = false;
    struct error *error;

    arena_reset(session->scratch);
    error = sweep_slice(session, &is_more);
    if (error && session->is_open)
        session_spoil(session, error);
    return session_commit(session) == NULL && error == NULL && is_more;
}
