/* store/sqlite/file.c - which files are opened, which are refused, and how a new one is made.
 *
 * A file is first judged by its header, read without a lock and without SQLite's recovery, so that
 * a file that isn't ours stays as it is, byte for byte, and so do the files beside it. */
#include "store/sqlite/sqlite.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER_BYTES = 108 }; /* the file's header and the first page's */

struct header {
    int64_t file_bytes;
    uint32_t page_bytes;
    uint32_t page_count; /* 0: not known */
    uint32_t application_id;
    uint32_t format_version;
    bool is_sqlite;
    bool has_tables;
};

bool refuse(struct arena *arena, struct span *problem, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    *problem = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return false;
}

static bool refuse_foreign(struct arena *arena, const char *path, struct span *problem)
{
    return refuse(arena, problem,
                  "%s is not a Stator database: choose another --db, or move it away", path);
}

bool refuse_damaged(struct arena *arena, const char *path, const char *how, struct span *problem)
{
    return refuse(arena, problem,
                  "%s is damaged (%s): restore a copy of it, save what is left with"
                  " 'sqlite3 %s .recover', or choose another --db",
                  path, how, path);
}

bool refuse_code(struct arena *arena, const char *path, sqlite3 *db, int code, struct span *problem)
{
    const char *text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);

    switch (code & 0xff) {
    case SQLITE_NOTADB: return refuse_foreign(arena, path, problem);
    case SQLITE_CORRUPT: return refuse_damaged(arena, path, text, problem);
    case SQLITE_BUSY:
        return refuse(arena, problem,
                      "%s is locked by another process: stop that one, or choose another --db",
                      path);
    case SQLITE_FULL:
        return refuse(arena, problem, "cannot write %s: the disk is full: free some space", path);
    default:
        return refuse(arena, problem, "cannot open %s: %s: mend that, or choose another --db", path,
                      text);
    }
}

static uint32_t big_endian(const unsigned char *bytes, size_t count)
{
    uint32_t number = 0;

    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* spec: https://www.sqlite.org/fileformat.html */
static void header_decode(const unsigned char *bytes, struct header *header)
{
    bool is_count_known = memcmp(bytes + 24, bytes + 92, 4) == 0;

    header->is_sqlite =
        header->file_bytes >= HEADER_BYTES && memcmp(bytes, "SQLite format 3", 16) == 0;
    header->page_bytes = big_endian(bytes + 16, 2);
    if (header->page_bytes == 1)
        header->page_bytes = 65536;
    header->page_count = is_count_known ? big_endian(bytes + 28, 4) : 0;
    header->format_version = big_endian(bytes + 60, 4);
    header->application_id = big_endian(bytes + 68, 4);
    header->has_tables = bytes[100] != 13 || big_endian(bytes + 103, 2) != 0;
}

/* Through SQLite's own file layer, for closing a descriptor of ours would drop the locks that
 * another connection of this process holds on the same file. */
static int header_read(const char *path, struct header *header)
{
    unsigned char bytes[HEADER_BYTES] = { 0 };
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    const char *name = sqlite3_create_filename(path, "", "", 0, NULL);
    sqlite3_file *file = sqlite3_malloc(vfs->szOsFile);
    sqlite3_int64 file_bytes = 0;
    int code = SQLITE_NOMEM;

    if (name && file) {
        memset(file, 0, (size_t)vfs->szOsFile);
        code = vfs->xOpen(vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, NULL);
    }
    if (code == SQLITE_OK)
        code = file->pMethods->xFileSize(file, &file_bytes);
    if (code == SQLITE_OK)
        code = file->pMethods->xRead(file, bytes, HEADER_BYTES, 0);
    if (code == SQLITE_IOERR_SHORT_READ)
        code = SQLITE_OK;
    if (file && file->pMethods)
        file->pMethods->xClose(file);
    sqlite3_free(file);
    sqlite3_free_filename((char *)(uintptr_t)name);
    header->file_bytes = file_bytes;
    header_decode(bytes, header);
    return code;
}

/* Whether there is a file of that name and ending, with anything in it. */
static bool has_companion(const char *path, const char *ending)
{
    char name[PATH_MAX];
    struct stat status;
    int size = snprintf(name, sizeof(name), "%s%s", path, ending);

    return size > 0 && (size_t)size < sizeof(name) && stat(name, &status) == 0 &&
           status.st_size > 0;
}

bool file_has_log(const char *path)
{
    return has_companion(path, "-wal");
}

static bool header_check(struct arena *arena, const char *path, const char *full_path,
                         struct span *problem)
{
    struct header header;
    bool has_changes = file_has_log(full_path) || has_companion(full_path, "-journal");
    int code = header_read(full_path, &header);

    if (code != SQLITE_OK)
        return refuse_code(arena, path, NULL, code, problem);
    if (header.file_bytes == 0)
        return true;
    if (!header.is_sqlite)
        return refuse_foreign(arena, path, problem);
    if (header.application_id == 0 && !header.has_tables && !has_changes)
        return true; /* SQLite's, but empty */
    if (header.application_id != APPLICATION_ID)
        return refuse(arena, problem,
                      "%s is a database of another application: choose another --db,"
                      " or move it away",
                      path);
    if (header.format_version > FORMAT_VERSION)
        return refuse(arena, problem,
                      "%s has storage format %u and was made by a newer Stator; this one reads"
                      " up to %d: use the newer one, or choose another --db",
                      path, header.format_version, FORMAT_VERSION);
    if (!has_changes && header.file_bytes < (int64_t)header.page_count * header.page_bytes)
        return refuse_damaged(arena, path, "its end is missing", problem);
    return true;
}

static bool directory_check(struct arena *arena, const char *path, const char *directory,
                            struct span *problem)
{
    struct stat status;

    if (stat(directory, &status) != 0)
        return errno == ENOENT
                   ? refuse(arena, problem,
                            "cannot open %s: there is no directory %s: make it, or choose another"
                            " --db",
                            path, directory)
                   : refuse(arena, problem, "cannot open %s: %s: mend that, or choose another --db",
                            path, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return refuse(arena, problem, "cannot open %s: %s is not a directory: choose another --db",
                      path, directory);
    if (access(directory, W_OK | X_OK) != 0)
        return refuse(arena, problem,
                      "cannot open %s: cannot write in %s: %s: change its permissions, or choose"
                      " another --db",
                      path, directory, strerror(errno));
    return true;
}

/* The path from the root, so that a later change of directory does not matter. */
static bool path_resolve(struct arena *arena, const char *path, char full_path[PATH_MAX],
                         struct span *problem)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *directory = "/";
    size_t used;

    if (slash == NULL)
        directory = ".";
    else if (slash > path)
        directory = arena_copy(arena, (struct span){ path, (size_t)(slash - path) }).data;
    if (!directory_check(arena, path, directory, problem))
        return false;
    if (realpath(directory, full_path) == NULL)
        return refuse(arena, problem, "cannot open %s: %s: choose another --db", path,
                      strerror(errno));
    used = strlen(full_path);
    if (used + 1 + strlen(name) + sizeof("-journal") > PATH_MAX)
        return refuse(arena, problem, "cannot open %s: its name is too long: choose another --db",
                      path);
    snprintf(full_path + used, PATH_MAX - used, "/%s", name);
    return true;
}

bool file_is_acceptable(struct arena *arena, const char *path, char full_path[PATH_MAX],
                        struct span *problem)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return refuse(arena, problem,
                      "%s is a directory: name a file in it with --db, such as %s/stator.db", path,
                      path);
    if (!path_resolve(arena, path, full_path, problem))
        return false;
    if (stat(full_path, &status) != 0) {
        if (errno == ENOENT)
            return true;
        return refuse(arena, problem, "cannot open %s: %s: mend that, or choose another --db", path,
                      strerror(errno));
    }
    if (!S_ISREG(status.st_mode))
        return refuse(arena, problem, "%s is not a file: choose another --db", path);
    if (access(full_path, R_OK | W_OK) != 0)
        return refuse(arena, problem,
                      "cannot read and write %s: %s: change its permissions, or choose another"
                      " --db",
                      path, strerror(errno));
    return header_check(arena, path, full_path, problem);
}
