/* auth/keyring.c - the file of access keys, kept in memory for as long as the server runs. */
#include "auth/keyring.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>

enum { FILE_BYTES_MAX = 1 << 20, KEYRING_BYTES_MAX = 16 << 20 };

struct keyring {
    struct arena *arena;
    struct sigv4_credentials *keys;
    size_t count;
};

static bool read_file(struct arena *arena, const char *path, struct span *text,
                      struct span *problem)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = arena_alloc_raw(arena, FILE_BYTES_MAX);
    size_t size;

    if (file == NULL) {
        *problem = arena_print(arena, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    size = fread(bytes, 1, FILE_BYTES_MAX, file);
    *text = (struct span){ bytes, size };
    if (ferror(file))
        *problem = arena_print(arena, "cannot read %s: %s", path, strerror(errno));
    else if (size == FILE_BYTES_MAX)
        *problem = arena_print(arena, "%s is larger than 1 MB", path);
    fclose(file);
    return problem->data == NULL;
}

/* NULL, or what is wrong with the entry. */
static const char *read_key(yyjson_val *entry, struct sigv4_credentials *key)
{
    yyjson_obj_iter iterator;

    if (!yyjson_is_obj(entry))
        return "is not an object";
    iterator = yyjson_obj_iter_with(entry);
    for (yyjson_val *name = NULL; (name = yyjson_obj_iter_next(&iterator)) != NULL;) {
        struct span text = json_text(yyjson_obj_iter_get_val(name));

        if (text.size == 0)
            return "has a member that is not a text, or an empty one";
        if (yyjson_equals_str(name, "AccessKeyId"))
            key->access_key = text;
        else if (yyjson_equals_str(name, "SecretAccessKey"))
            key->secret = text;
        else if (yyjson_equals_str(name, "SessionToken"))
            key->session_token = text;
        else
            return "has a member other than AccessKeyId, SecretAccessKey and SessionToken";
    }
    if (key->access_key.data == NULL || key->secret.data == NULL)
        return "needs AccessKeyId and SecretAccessKey";
    return NULL;
}

static bool read_keys(struct keyring *keyring, const char *path, yyjson_val *list,
                      struct span *problem)
{
    size_t count = yyjson_arr_size(list);

    if (count == 0) {
        *problem = arena_print(keyring->arena, "%s is not a list of access keys", path);
        return false;
    }
    keyring->keys = NEW(keyring->arena, struct sigv4_credentials, count);
    for (size_t i = 0; i < count; i++) {
        const char *wrong = read_key(yyjson_arr_get(list, i), &keyring->keys[i]);

        if (wrong) {
            *problem = arena_print(keyring->arena, "access key %zu of %s %s", i + 1, path, wrong);
            return false;
        }
        keyring->count++;
    }
    return true;
}

bool keyring_open(struct arena *arena, const char *path, struct keyring **keyring,
                  struct span *problem)
{
    struct keyring *opened = memory_new(sizeof(*opened));
    struct span text = { NULL, 0 };
    struct span why = { NULL, 0 };
    bool is_read;

    opened->arena = arena_open(KEYRING_BYTES_MAX);
    *problem = why;
    is_read = read_file(opened->arena, path, &text, &why);
    if (is_read) {
        struct span where = { NULL, 0 };
        yyjson_val *list = json_parse(opened->arena, text, &where);

        if (list == NULL) {
            why = arena_print(opened->arena, "%s is not JSON: %.*s", path, SPAN_PRINT(where));
            is_read = false;
        } else {
            is_read = read_keys(opened, path, list, &why);
        }
    }
    if (is_read) {
        *keyring = opened;
        return true;
    }
    *problem = arena_copy(arena, why);
    keyring_close(opened);
    return false;
}

void keyring_close(struct keyring *keyring)
{
    if (keyring == NULL)
        return;
    arena_close(keyring->arena);
    memory_free(keyring);
}

const struct sigv4_credentials *keyring_find(const struct keyring *keyring, struct span access_key)
{
    for (size_t i = 0; i < keyring->count; i++)
        if (span_equal(keyring->keys[i].access_key, access_key))
            return &keyring->keys[i];
    return NULL;
}
