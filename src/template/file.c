/* template/file.c - whole files into an arena, and where in one a byte stands. */
#include "template/file.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 64 << 10 };

static const char *path_text(struct arena *arena, struct span path)
{
    return arena_copy(arena, path).data;
}

static struct error *cannot_read(struct arena *arena, struct span path, int code)
{
    if (code == ENOENT)
        return fail(arena, ERR_VALIDATION, "%.*s: no such file: check the path, seen from here",
                    SPAN_PRINT(path));
    return fail(arena, ERR_VALIDATION, "%.*s: cannot be read: %s", SPAN_PRINT(path),
                strerror(code));
}

/* Reads until the end: what is no regular file (a pipe, /dev/stdin) has no size to ask for. */
static int read_all(int file, struct buffer *buffer)
{
    for (;;) {
        ssize_t count;

        buffer_reserve(buffer, READ_BYTES);
        count = read(file, buffer->data + buffer->size, READ_BYTES);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno;
        if (count == 0)
            return 0;
        buffer->size += (size_t)count;
        if (buffer->size > FILE_BYTES_MAX)
            return EFBIG;
    }
}

struct error *file_read(struct arena *arena, struct span path, struct span *text)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    struct buffer buffer;
    int file = open(path_text(arena, path), O_RDONLY | O_CLOEXEC);
    int code;

    if (file < 0)
        return cannot_read(arena, path, errno);
    buffer_init(&buffer);
    code = read_all(file, &buffer);
    close(file);
    *text = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    if (code != 0)
        return cannot_read(arena, path, code);
    if (span_starts_with(*text, span_from(byte_order_mark)))
        *text = (struct span){ text->data + 3, text->size - 3 };
    return NULL;
}

bool file_exists(struct arena *arena, struct span path)
{
    return access(path_text(arena, path), F_OK) == 0;
}

bool file_is_directory(struct arena *arena, struct span path)
{
    struct stat status;

    return stat(path_text(arena, path), &status) == 0 && S_ISDIR(status.st_mode);
}

bool file_is_same(struct arena *arena, struct span a, struct span b)
{
    struct stat first;
    struct stat second;

    return stat(path_text(arena, a), &first) == 0 && stat(path_text(arena, b), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t size = strlen(name);
    size_t tail = strlen(suffix);

    return name[0] != '.' && size > tail && strcmp(name + size - tail, suffix) == 0;
}

static int by_name(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

struct error *file_list(struct arena *arena, struct span directory, const char *suffix,
                        struct string_list *paths)
{
    DIR *opened = opendir(path_text(arena, directory));
    size_t capacity = 0;

    *paths = (struct string_list){ 0 };
    if (!opened)
        return cannot_read(arena, directory, errno);
    while (directory.size > 1 && directory.data[directory.size - 1] == '/')
        directory.size--;
    for (struct dirent *entry = readdir(opened); entry; entry = readdir(opened)) {
        if (!ends_in(entry->d_name, suffix))
            continue;
        if (paths->count == capacity) {
            size_t bytes = capacity * sizeof(struct span);

            paths->items = arena_grow(arena, paths->items, bytes, 2 * bytes + 1024);
            capacity = (2 * bytes + 1024) / sizeof(struct span);
        }
        paths->items[paths->count++] =
            arena_print(arena, "%.*s/%s", SPAN_PRINT(directory), entry->d_name);
    }
    closedir(opened);
    if (paths->count > 0)
        qsort(paths->items, paths->count, sizeof(struct span), by_name);
    return NULL;
}

struct span file_beside(struct arena *arena, struct span base, struct span path)
{
    size_t folder = base.size;

    while (folder > 0 && base.data[folder - 1] != '/')
        folder--;
    if (folder == 0 || (path.size > 0 && path.data[0] == '/'))
        return path;
    return arena_print(arena, "%.*s%.*s", (int)folder, base.data, SPAN_PRINT(path));
}

struct span file_position(struct arena *arena, struct span path, struct span text, size_t offset)
{
    size_t line = 1;
    size_t column = 1;

    for (size_t i = 0; i < offset && i < text.size; i++) {
        if (text.data[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text.data[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    return arena_print(arena, "%.*s:%zu:%zu", SPAN_PRINT(path), line, column);
}
