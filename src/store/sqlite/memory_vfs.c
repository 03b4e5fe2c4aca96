/* store/sqlite/memory_vfs.c - lets SQLite keep its file in pages.h: readers and a writer side by
 * side, as a write-ahead log gives them to a file on disk, and pages read where they stand.
 *
 * Each store has a VFS of its own with one file in it. SQLite's own memdb VFS makes a commit wait
 * for all readers and stops at 1 GB. */
#include "store/sqlite/sqlite.h"

#include "base/memory.h"
#include "store/sqlite/pages.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct memory_file {
    sqlite3_file base;
    struct view view;
    int lock; /* SQLITE_LOCK_... */
};

struct memory_vfs {
    sqlite3_vfs vfs;
    char name[32];
    struct pages *pages;
};

static int file_close(sqlite3_file *base)
{
    struct memory_file *file = (struct memory_file *)base;

    return base->pMethods->xUnlock(&file->base, SQLITE_LOCK_NONE);
}

static int read_page(const struct view *view, void *to, int count, sqlite3_int64 offset)
{
    uint64_t number = (uint64_t)offset / PAGE_BYTES;
    size_t start = (size_t)offset % PAGE_BYTES;
    const unsigned char *page;

    if (start + (size_t)count > PAGE_BYTES)
        return SQLITE_IOERR_READ;
    page = number < view->page_count ? view_read(view, number) : NULL;
    if (page == NULL) {
        memset(to, 0, (size_t)count);
        return SQLITE_IOERR_SHORT_READ;
    }
    memcpy(to, page + start, (size_t)count);
    return SQLITE_OK;
}

/* A read may take a part of a page, never parts of two. SQLite reads the header once without a
 * lock. */
static int file_read(sqlite3_file *base, void *to, int count, sqlite3_int64 offset)
{
    struct view *view = &((struct memory_file *)base)->view;
    bool is_locked = view->is_open;
    int code;

    if (!is_locked)
        view_open(view);
    code = read_page(view, to, count, offset);
    if (!is_locked)
        view_close(view);
    return code;
}

static int file_write(sqlite3_file *base, const void *from, int count, sqlite3_int64 offset)
{
    struct memory_file *file = (struct memory_file *)base;

    if (count != PAGE_BYTES || offset % PAGE_BYTES != 0)
        return SQLITE_IOERR_WRITE;
    return view_write(&file->view, (uint64_t)offset / PAGE_BYTES, from) ? SQLITE_OK : SQLITE_FULL;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 bytes)
{
    struct memory_file *file = (struct memory_file *)base;

    assert(file->view.is_reserved);
    file->view.page_count = (uint64_t)bytes / PAGE_BYTES;
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)base;
    (void)flags;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *bytes)
{
    *bytes = (sqlite3_int64)view_page_count(&((struct memory_file *)base)->view) * PAGE_BYTES;
    return SQLITE_OK;
}

/* NONE -> SHARED: sees what is published. SHARED -> RESERVED: may write. Anything higher needs no
 * more than that, for a writer disturbs no reader. */
static int file_lock(sqlite3_file *base, int wanted)
{
    struct memory_file *file = (struct memory_file *)base;

    if (wanted <= file->lock)
        return SQLITE_OK;
    if (file->lock == SQLITE_LOCK_NONE)
        view_open(&file->view);
    if (wanted > SQLITE_LOCK_SHARED && !file->view.is_reserved && !view_reserve(&file->view)) {
        if (file->lock == SQLITE_LOCK_NONE)
            view_close(&file->view);
        return SQLITE_BUSY;
    }
    file->lock = wanted;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *base, int wanted)
{
    struct memory_file *file = (struct memory_file *)base;

    if (wanted >= file->lock)
        return SQLITE_OK;
    if (wanted <= SQLITE_LOCK_SHARED && file->view.is_reserved)
        view_release(&file->view);
    if (wanted == SQLITE_LOCK_NONE && file->view.is_open)
        view_close(&file->view);
    file->lock = wanted;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *is_reserved)
{
    *is_reserved = pages_are_reserved(((struct memory_file *)base)->view.pages);
    return SQLITE_OK;
}

/* COMMIT_PHASETWO is SQLite's last word of a transaction; what is not followed by it is undone. */
static int file_control(sqlite3_file *base, int operation, void *argument)
{
    struct memory_file *file = (struct memory_file *)base;

    (void)argument;
    if (operation != SQLITE_FCNTL_COMMIT_PHASETWO)
        return SQLITE_NOTFOUND;
    if (file->view.is_reserved)
        view_publish(&file->view);
    return SQLITE_OK;
}

static int file_sector_bytes(sqlite3_file *base)
{
    (void)base;
    return PAGE_BYTES;
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* A page where it stands: SQLite copies it before changing it. */
static int file_fetch(sqlite3_file *base, sqlite3_int64 offset, int count, void **page)
{
    const struct view *view = &((struct memory_file *)base)->view;
    uint64_t number = (uint64_t)offset / PAGE_BYTES;

    *page = NULL;
    if (view->is_open && count == PAGE_BYTES && offset % PAGE_BYTES == 0 &&
        number < view->page_count)
        *page = (void *)(uintptr_t)view_read(view, number);
    return SQLITE_OK;
}

static int file_unfetch(sqlite3_file *base, sqlite3_int64 offset, void *page)
{
    (void)base;
    (void)offset;
    (void)page;
    return SQLITE_OK;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 3,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_bytes,
    .xDeviceCharacteristics = file_characteristics,
    .xFetch = file_fetch,
    .xUnfetch = file_unfetch,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                    int *opened_flags)
{
    struct memory_file *file = (struct memory_file *)base;

    (void)name;
    memset(file, 0, sizeof(*file));
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return SQLITE_CANTOPEN; /* journals and temporary tables are in memory anyway */
    file->base.pMethods = &file_methods;
    file->view.pages = vfs->pAppData;
    if (opened_flags)
        *opened_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int is_durable)
{
    (void)vfs;
    (void)name;
    (void)is_durable;
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *is_there)
{
    (void)vfs;
    (void)name;
    (void)flags;
    *is_there = 0;
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int bytes_max, char *full)
{
    (void)vfs;
    sqlite3_snprintf(bytes_max, full, "%s", name);
    return SQLITE_OK;
}

struct memory_vfs *memory_vfs_open(void)
{
    static _Atomic unsigned last_number;
    struct memory_vfs *memory = memory_new(sizeof(*memory));

    memory->pages = pages_open();
    memory->vfs = *sqlite3_vfs_find(NULL); /* randomness, sleep and time are its */
    snprintf(memory->name, sizeof(memory->name), "stator-memory-%u", ++last_number);
    memory->vfs.zName = memory->name;
    memory->vfs.szOsFile = sizeof(struct memory_file);
    memory->vfs.pAppData = memory->pages;
    memory->vfs.pNext = NULL;
    memory->vfs.xOpen = vfs_open;
    memory->vfs.xDelete = vfs_delete;
    memory->vfs.xAccess = vfs_access;
    memory->vfs.xFullPathname = vfs_full_name;
    sqlite3_vfs_register(&memory->vfs, 0);
    return memory;
}

const char *memory_vfs_name(const struct memory_vfs *memory)
{
    return memory->name;
}

void memory_vfs_close(struct memory_vfs *memory)
{
    sqlite3_vfs_unregister(&memory->vfs);
    pages_close(memory->pages);
    memory_free(memory);
}
