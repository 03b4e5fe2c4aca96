/* auth/keyring.c - the file of access keys, kept in memory for as long as the server runs. */
#include "auth/keyring.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/moment.h"

enum { KEYRING_BYTES_MAX = 256 << 20, KEYS_MAX = 100000 };

struct keyring {
    struct arena *arena;
    struct keyring_key *keys;
    size_t count;
};

struct reading {
    struct keyring *into;
    struct json_source source;
    struct span why;
};

/* Always false. */
static bool wrong(struct reading *reading, const yyjson_val *at, const char *what)
{
    struct span place = json_source_place(reading->into->arena, &reading->source, at);

    reading->why = arena_print(reading->into->arena, "%.*s: %s", SPAN_PRINT(place), what);
    return false;
}

static bool read_member(struct reading *reading, yyjson_val *name, struct keyring_key *key)
{
    struct span text = json_text(yyjson_obj_iter_get_val(name));
    double seconds;

    if (text.size == 0)
        return wrong(reading, name, "this member of an access key is not a text, or an empty one");
    if (yyjson_equals_str(name, "AccessKeyId"))
        key->credentials.access_key = text;
    else if (yyjson_equals_str(name, "SecretAccessKey"))
        key->credentials.secret = text;
    else if (yyjson_equals_str(name, "SessionToken"))
        key->credentials.session_token = text;
    else if (!yyjson_equals_str(name, "Expiration"))
        return wrong(reading, name,
                     "an access key has AccessKeyId, SecretAccessKey, SessionToken "
                     "and Expiration: take this member out");
    else if (moment_read(text, &seconds))
        key->expires_ms = (int64_t)(seconds * 1000);
    else
        return wrong(reading, name, "Expiration is no time: write 2026-11-23T10:00:00Z");
    return true;
}

static bool read_key(struct reading *reading, yyjson_val *entry)
{
    struct keyring *into = reading->into;
    struct keyring_key key = { 0 };
    yyjson_obj_iter iterator;

    if (!yyjson_is_obj(entry))
        return wrong(reading, entry, "an access key is an object");
    iterator = yyjson_obj_iter_with(entry);
    for (yyjson_val *name; (name = yyjson_obj_iter_next(&iterator)) != NULL;) {
        if (!read_member(reading, name, &key))
            return false;
    }
    if (key.credentials.access_key.data == NULL || key.credentials.secret.data == NULL)
        return wrong(reading, entry, "an access key needs AccessKeyId and SecretAccessKey");
    if (keyring_find(into, key.credentials.access_key))
        return wrong(reading, entry, "this AccessKeyId is there twice");
    into->keys = arena_grow(into->arena, into->keys, into->count * sizeof(*into->keys),
                            (into->count + 1) * sizeof(*into->keys));
    into->keys[into->count++] = key;
    return true;
}

static bool read_keys(struct reading *reading, yyjson_val *parent, yyjson_val *list)
{
    size_t count = yyjson_arr_size(list);

    if (count == 0 || count > KEYS_MAX)
        return wrong(reading, parent,
                     "this is not a list of access keys: write "
                     "[{\"AccessKeyId\": \"...\", \"SecretAccessKey\": \"...\"}]");
    for (size_t i = 0; i < count; i++) {
        if (!read_key(reading, yyjson_arr_get(list, i)))
            return false;
    }
    return true;
}

static bool read_file(struct reading *reading, yyjson_val *json)
{
    yyjson_val *principals = yyjson_obj_get(json, "Principals");

    if (!yyjson_is_arr(principals) || yyjson_arr_size(principals) == 0)
        return read_keys(reading, json, json);
    for (size_t i = 0; i < yyjson_arr_size(principals); i++) {
        yyjson_val *principal = yyjson_arr_get(principals, i);

        if (!read_keys(reading, principal, yyjson_obj_get(principal, "AccessKeys")))
            return false;
    }
    return true;
}

bool keyring_open(struct arena *arena, struct span file, struct span text, struct keyring **keyring,
                  struct span *problem)
{
    struct keyring *opened = memory_new(sizeof(*opened));
    struct reading reading = { .into = opened };
    yyjson_val *json;

    opened->arena = arena_open(KEYRING_BYTES_MAX);
    reading.source = (struct json_source){ .file = arena_copy(opened->arena, file),
                                           .text = arena_copy(opened->arena, text) };
    json = json_source_parse(opened->arena, &reading.source, &reading.why);
    if (json && read_file(&reading, json)) {
        *keyring = opened;
        return true;
    }
    *problem = arena_copy(arena, reading.why);
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

const struct keyring_key *keyring_find(const struct keyring *keyring, struct span access_key)
{
    for (size_t i = 0; i < keyring->count; i++)
        if (span_equal(keyring->keys[i].credentials.access_key, access_key))
            return &keyring->keys[i];
    return NULL;
}
