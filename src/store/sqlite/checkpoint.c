/* store/sqlite/checkpoint.c - moves the write-ahead log into the file, off the commit path.
 *
 * A thread of its own, started when the log first grows past CHECKPOINT_FRAMES, runs passive
 * checkpoints, which hold up nobody. Under a load that never pauses a passive one can't finish, for
 * new frames keep coming; past LOG_FRAMES_MAX one is run while writers wait, so that the log starts
 * over and stays bounded. */
#include "store/sqlite/sqlite.h"

#include "base/memory.h"

#include <signal.h>
#include <stdatomic.h>

enum {
    CHECKPOINT_FRAMES = 1000, /* about 4 MB */
    LOG_FRAMES_MAX = 8000,    /* about 32 MB */
    READERS_LIMIT_MS = 50     /* how long writers are kept out when a reader does not end */
};

struct checkpointer {
    struct store *store;
    sqlite3 *handle;
    _Atomic int frames_moved; /* of the log as it stands */
    _Atomic int frames_seen;  /* in the log after the last commit */
    _Atomic bool is_wanted;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wanted;
    pthread_t thread;
    bool is_started;
    bool is_stopping;
};

/* A whole checkpoint with the writers shut out; readers are waited for. */
static int move_all(struct checkpointer *checkpointer, int *log_frames, int *moved_frames)
{
    struct gate *gate = &checkpointer->store->write_gate;
    int code;

    if (!gate_enter(gate, checkpointer->store->busy_limit_ms))
        return SQLITE_BUSY;
    code = sqlite3_wal_checkpoint_v2(checkpointer->handle, NULL, SQLITE_CHECKPOINT_RESTART,
                                     log_frames, moved_frames);
    gate_leave(gate);
    return code;
}

static void move_frames(struct checkpointer *checkpointer)
{
    int log_frames = 0;
    int moved_frames = 0;
    int code = sqlite3_wal_checkpoint_v2(checkpointer->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                         &log_frames, &moved_frames);

    if (code == SQLITE_OK && log_frames > LOG_FRAMES_MAX)
        code = move_all(checkpointer, &log_frames, &moved_frames);
    if (code == SQLITE_OK) {
        checkpointer->frames_moved = moved_frames;
        return;
    }
    checkpointer->frames_moved = checkpointer->frames_seen; /* again when as much has come */
    if (code != SQLITE_BUSY) {
        struct store_reason reason;

        handle_explain(checkpointer->handle, code, &reason);
        store_complain(checkpointer->store, "checkpoint", reason.text);
    }
}

static void *run(void *argument)
{
    struct checkpointer *checkpointer = argument;

    pthread_mutex_lock(&checkpointer->lock);
    while (!checkpointer->is_stopping) {
        if (!checkpointer->is_wanted) {
            pthread_cond_wait(&checkpointer->wanted, &checkpointer->lock);
            continue;
        }
        pthread_mutex_unlock(&checkpointer->lock);
        move_frames(checkpointer);
        checkpointer->is_wanted = false;
        pthread_mutex_lock(&checkpointer->lock);
    }
    pthread_mutex_unlock(&checkpointer->lock);
    return NULL;
}

/* The thread takes no signals: they are for the program's own threads. */
static bool start(struct checkpointer *checkpointer)
{
    sigset_t all;
    sigset_t before;
    bool is_started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    is_started = pthread_create(&checkpointer->thread, NULL, run, checkpointer) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started;
}

static void wake(struct checkpointer *checkpointer)
{
    pthread_mutex_lock(&checkpointer->lock);
    if (!checkpointer->is_started)
        checkpointer->is_started = start(checkpointer);
    if (!checkpointer->is_started)
        checkpointer->is_wanted = false; /* the next commit tries again */
    pthread_cond_signal(&checkpointer->wanted);
    pthread_mutex_unlock(&checkpointer->lock);
}

/* After each commit; log_frames counts from the log's start, which moves when it starts over. */
static int on_commit(void *argument, sqlite3 *handle, const char *name, int log_frames)
{
    struct checkpointer *checkpointer = argument;
    int moved = checkpointer->frames_moved;

    (void)handle;
    (void)name;
    checkpointer->frames_seen = log_frames;
    if (log_frames < moved)
        checkpointer->frames_moved = moved = 0;
    if (log_frames - moved >= CHECKPOINT_FRAMES && !atomic_exchange(&checkpointer->is_wanted, true))
        wake(checkpointer);
    return SQLITE_OK;
}

struct checkpointer *checkpointer_open(struct store *store, sqlite3 *handle)
{
    struct checkpointer *checkpointer = memory_new(sizeof(*checkpointer));

    checkpointer->store = store;
    checkpointer->handle = handle;
    sqlite3_busy_timeout(handle, READERS_LIMIT_MS);
    pthread_mutex_init(&checkpointer->lock, NULL);
    pthread_cond_init(&checkpointer->wanted, NULL);
    return checkpointer;
}

void checkpointer_close(struct checkpointer *checkpointer)
{
    if (checkpointer == NULL)
        return;
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->is_stopping = true;
    pthread_cond_signal(&checkpointer->wanted);
    pthread_mutex_unlock(&checkpointer->lock);
    if (checkpointer->is_started)
        pthread_join(checkpointer->thread, NULL);
    pthread_cond_destroy(&checkpointer->wanted);
    pthread_mutex_destroy(&checkpointer->lock);
    memory_free(checkpointer);
}

void checkpointer_watch(struct checkpointer *checkpointer, sqlite3 *handle)
{
    sqlite3_wal_hook(handle, on_commit, checkpointer);
}
