/* store/sqlite/claim.c - a database file belongs to one store at a time.
 *
 * An engine keeps what it knows of tables and indexes in memory: a second one on the same file
 * would write into tables that the first has dropped. SQLite allows it, so a lock beside the file
 * does not. The lock is on a file of its own, for closing the database's would drop SQLite's locks
 * on it. */
#include "store/sqlite/sqlite.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The one before may remove its file between our opening and our locking it: then ours is nameless
 * and holds nobody off. */
enum { ATTEMPTS_MAX = 100 };

static const char *lock_path(struct arena *arena, const char *full_path)
{
    return arena_print(arena, "%s-lock", full_path).data;
}

/* A locked descriptor; -1 with errno set, ESTALE when it was removed just then. */
static int lock_once(const char *path)
{
    struct stat status;
    int handle = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    int code;

    if (handle < 0)
        return -1;
    if (flock(handle, LOCK_EX | LOCK_NB) == 0) {
        if (fstat(handle, &status) == 0 && status.st_nlink > 0)
            return handle;
        errno = ESTALE;
    }
    code = errno;
    close(handle);
    errno = code;
    return -1;
}

bool claim_take(struct arena *arena, const char *path, const char *full_path, int *claim,
                struct span *problem)
{
    const char *lock = lock_path(arena, full_path);

    *claim = lock_once(lock);
    for (int i = 1; *claim < 0 && errno == ESTALE && i < ATTEMPTS_MAX; i++)
        *claim = lock_once(lock);
    if (*claim >= 0)
        return true;
    if (errno == EWOULDBLOCK)
        return refuse(arena, problem,
                      "%s is in use by another Stator: stop that one, or choose another --db",
                      path);
    return refuse(arena, problem, "cannot lock %s-lock: %s: mend that, or choose another --db",
                  path, strerror(errno));
}

void claim_release(const char *full_path, int claim)
{
    struct arena *arena;

    if (claim < 0)
        return;
    arena = arena_open(CLAIM_BYTES_MAX);
    unlink(lock_path(arena, full_path)); /* before another can have it */
    arena_close(arena);
    close(claim);
}
