/* tests/unit/store/disk_vfs.c - failing writes, growth and syncs by number. */
#include "disk_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stddef.h>

enum { KINDS_MAX = 4 }; /* SQLite's tables of methods: with locks, without */

struct kind {
    const sqlite3_io_methods *plain;
    sqlite3_io_methods failing;
};

static sqlite3_vfs *plain_vfs;
static sqlite3_vfs failing_vfs;
static struct kind kinds[KINDS_MAX];
static _Atomic uint64_t calls;
static _Atomic uint64_t failing_call;
static _Atomic bool is_lasting_failure;
static _Atomic bool is_full_disk;

void disk_fail_at(uint64_t nth, bool is_lasting, bool is_full)
{
    failing_call = 0;
    calls = 0;
    is_lasting_failure = is_lasting;
    is_full_disk = is_full;
    failing_call = nth;
}

uint64_t disk_calls(void)
{
    return calls;
}

static bool fails_now(void)
{
    uint64_t call = ++calls;

    return failing_call != 0 &&
           (call == failing_call || (is_lasting_failure && call > failing_call));
}

static const sqlite3_io_methods *plain_of(sqlite3_file *file)
{
    for (size_t i = 0; i < KINDS_MAX; i++)
        if (file->pMethods == &kinds[i].failing)
            return kinds[i].plain;
    assert(false);
    return NULL;
}

static int write_some(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset)
{
    if (fails_now())
        return is_full_disk ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return plain_of(file)->xWrite(file, from, count, offset);
}

static int truncate_some(sqlite3_file *file, sqlite3_int64 bytes)
{
    if (fails_now())
        return SQLITE_IOERR_TRUNCATE;
    return plain_of(file)->xTruncate(file, bytes);
}

static int sync_some(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return fails_now() ? SQLITE_IOERR_FSYNC : SQLITE_OK; /* nobody pulls the plug on a test */
}

static int open_failing(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *opened_flags)
{
    int code = plain_vfs->xOpen(plain_vfs, name, file, flags, opened_flags);

    (void)vfs;
    if (code != SQLITE_OK)
        return code;
    for (size_t i = 0; i < KINDS_MAX; i++) {
        struct kind *kind = &kinds[i];

        if (kind->plain == NULL) {
            kind->plain = file->pMethods;
            kind->failing = *file->pMethods;
            kind->failing.xWrite = write_some;
            kind->failing.xTruncate = truncate_some;
            kind->failing.xSync = sync_some;
        }
        if (kind->plain == file->pMethods) {
            file->pMethods = &kind->failing;
            return SQLITE_OK;
        }
    }
    assert(false);
    return SQLITE_OK;
}

void disk_vfs_install(void)
{
    plain_vfs = sqlite3_vfs_find(NULL);
    failing_vfs = *plain_vfs;
    failing_vfs.zName = "failing-disk";
    failing_vfs.pNext = NULL;
    failing_vfs.xOpen = open_failing;
    disk_fail_at(0, false, false);
    sqlite3_vfs_register(&failing_vfs, 1);
}

void disk_vfs_remove(void)
{
    sqlite3_vfs_unregister(&failing_vfs);
    sqlite3_vfs_register(plain_vfs, 1);
}
