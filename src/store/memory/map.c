/* store/memory/map.c - the oracle: a sorted array of entries, small and obvious, for tests.
 *
 * A version is an array that no longer changes once committed; entries are shared between versions
 * and counted. A reader holds the version that was current when it began; a writer changes a copy
 * of it, which its commit makes current. */
#include "store/driver.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

struct map_entry {
    _Atomic unsigned references;
    uint32_t space;
    int64_t size;
    struct span key;   /* both stand */
    struct span value; /* behind the struct */
};

struct map_version {
    unsigned references; /* under the store's lock */
    size_t count;
    size_t capacity;
    struct map_entry **entries;
};

struct map_store {
    struct store base;
    pthread_mutex_t lock;
    struct map_version *current;
};

struct map_connection {
    struct store_connection base;
    struct map_version *version; /* of the open transaction */
};

struct map_cursor {
    struct store_cursor base;
    uint32_t space;
    bool is_backward;
    struct map_entry *low;  /* as keys with an empty value; NULL: no bound */
    struct map_entry *high; /* moves down as a backward cursor goes */
    bool is_low_passed;     /* low itself was handed out: go on behind it */
};

static struct map_entry *entry_new(uint32_t space, struct span key, struct span value, int64_t size)
{
    struct map_entry *entry = memory_new(sizeof(*entry) + key.size + value.size);
    char *bytes = (char *)(entry + 1);

    entry->references = 1;
    entry->space = space;
    entry->size = size;
    if (key.size > 0)
        memcpy(bytes, key.data, key.size);
    if (value.size > 0)
        memcpy(bytes + key.size, value.data, value.size);
    entry->key = (struct span){ bytes, key.size };
    entry->value = (struct span){ bytes + key.size, value.size };
    return entry;
}

static void entry_release(struct map_entry *entry)
{
    if (entry && --entry->references == 0)
        memory_free(entry);
}

static void version_free(struct map_version *version)
{
    for (size_t i = 0; i < version->count; i++)
        entry_release(version->entries[i]);
    memory_free(version->entries);
    memory_free(version);
}

static struct map_version *version_copy(const struct map_version *version)
{
    struct map_version *copy = memory_new(sizeof(*copy));

    copy->references = 1;
    copy->count = copy->capacity = version->count;
    copy->entries = memory_new(copy->capacity * sizeof(*copy->entries));
    for (size_t i = 0; i < copy->count; i++) {
        copy->entries[i] = version->entries[i];
        copy->entries[i]->references++;
    }
    return copy;
}

/* The first position whose entry is not below (space, key); *is_found when it is that very key. */
static size_t version_find(const struct map_version *version, uint32_t space, struct span key,
                           bool *is_found)
{
    size_t low = 0;
    size_t high = version->count;

    *is_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct map_entry *entry = version->entries[middle];
        int order =
            entry->space != space ? (entry->space < space ? -1 : 1) : span_compare(entry->key, key);

        if (order == 0)
            *is_found = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void version_insert(struct map_version *version, size_t at, struct map_entry *entry)
{
    if (version->count == version->capacity) {
        version->capacity = version->capacity * 2 + 16;
        version->entries =
            memory_grow(version->entries, version->capacity * sizeof(*version->entries));
    }
    memmove(version->entries + at + 1, version->entries + at,
            (version->count - at) * sizeof(*version->entries));
    version->entries[at] = entry;
    version->count++;
}

static void version_remove(struct map_version *version, size_t at)
{
    entry_release(version->entries[at]);
    version->count--;
    memmove(version->entries + at, version->entries + at + 1,
            (version->count - at) * sizeof(*version->entries));
}

static bool map_connect(struct store *store, struct store_connection **connection,
                        struct store_reason *reason)
{
    struct map_connection *opened = memory_new(sizeof(*opened));

    (void)store;
    (void)reason;
    *connection = &opened->base;
    return true;
}

static void map_disconnect(struct store_connection *base)
{
    memory_free(base);
}

static void release_version(struct map_store *store, struct map_version *version)
{
    bool is_last;

    pthread_mutex_lock(&store->lock);
    is_last = --version->references == 0;
    pthread_mutex_unlock(&store->lock);
    if (is_last)
        version_free(version);
}

static bool map_begin(struct store_connection *base, bool is_write)
{
    struct map_connection *connection = (struct map_connection *)base;
    struct map_store *store = (struct map_store *)base->store;

    pthread_mutex_lock(&store->lock);
    connection->version = store->current;
    connection->version->references++;
    pthread_mutex_unlock(&store->lock);
    if (is_write) {
        struct map_version *copy = version_copy(connection->version);

        release_version(store, connection->version);
        connection->version = copy;
    }
    return true;
}

static bool map_commit(struct store_connection *base)
{
    struct map_connection *connection = (struct map_connection *)base;
    struct map_store *store = (struct map_store *)base->store;
    struct map_version *old;

    pthread_mutex_lock(&store->lock);
    old = store->current;
    store->current = connection->version;
    pthread_mutex_unlock(&store->lock);
    connection->version = NULL;
    release_version(store, old);
    return true;
}

static void map_rollback(struct store_connection *base)
{
    struct map_connection *connection = (struct map_connection *)base;

    release_version((struct map_store *)base->store, connection->version);
    connection->version = NULL;
}

static bool map_get(struct store_connection *base, uint32_t space, struct span key,
                    struct store_entry *entry)
{
    const struct map_version *version = ((struct map_connection *)base)->version;
    bool is_found;
    size_t at = version_find(version, space, key, &is_found);

    *entry = (struct store_entry){ .key = key };
    if (is_found) {
        entry->value = version->entries[at]->value;
        entry->size = version->entries[at]->size;
    }
    return true;
}

static bool map_put(struct store_connection *base, uint32_t space, const struct store_entry *entry)
{
    struct map_version *version = ((struct map_connection *)base)->version;
    struct map_entry *put = entry_new(space, entry->key, entry->value, entry->size);
    bool is_found;
    size_t at = version_find(version, space, entry->key, &is_found);

    if (is_found) {
        entry_release(version->entries[at]);
        version->entries[at] = put;
    } else {
        version_insert(version, at, put);
    }
    return true;
}

static bool map_remove(struct store_connection *base, uint32_t space, struct span key)
{
    struct map_version *version = ((struct map_connection *)base)->version;
    bool is_found;
    size_t at = version_find(version, space, key, &is_found);

    if (is_found)
        version_remove(version, at);
    return true;
}

static struct map_entry *bound_new(uint32_t space, struct span key)
{
    return key.data ? entry_new(space, key, SPAN(""), 0) : NULL;
}

static bool map_seek(struct store_connection *base, uint32_t space, const struct span_range *range,
                     bool is_backward, struct store_cursor **cursor)
{
    struct map_cursor *opened = memory_new(sizeof(*opened));

    (void)base;
    opened->space = space;
    opened->is_backward = is_backward;
    opened->low = bound_new(space, range->low);
    opened->high = bound_new(space, range->high);
    *cursor = &opened->base;
    return true;
}

/* The position of a bound, or where the space begins (or ends) when there is none. */
static size_t bound_position(const struct map_version *version, uint32_t space,
                             const struct map_entry *bound, bool is_high)
{
    bool is_found;

    if (bound)
        return version_find(version, space, bound->key, &is_found);
    if (!is_high)
        return version_find(version, space, SPAN(""), &is_found);
    return space == UINT32_MAX ? version->count
                               : version_find(version, space + 1, SPAN(""), &is_found);
}

/* Positions are looked up anew, for a write to another space moves them. */
static bool map_next(struct store_cursor *base, struct store_entry *entry)
{
    struct map_cursor *cursor = (struct map_cursor *)base;
    const struct map_version *version = ((struct map_connection *)base->connection)->version;
    size_t low = bound_position(version, cursor->space, cursor->low, false) + cursor->is_low_passed;
    size_t high = bound_position(version, cursor->space, cursor->high, true);
    struct map_entry **moved = cursor->is_backward ? &cursor->high : &cursor->low;
    struct map_entry *found;

    if (low >= high)
        return true;
    found = version->entries[cursor->is_backward ? high - 1 : low];
    found->references++;
    entry_release(*moved);
    *moved = found;
    cursor->is_low_passed = !cursor->is_backward;
    *entry = (struct store_entry){ .key = found->key, .value = found->value, .size = found->size };
    return true;
}

static void map_end(struct store_cursor *base)
{
    struct map_cursor *cursor = (struct map_cursor *)base;

    entry_release(cursor->low);
    entry_release(cursor->high);
    memory_free(cursor);
}

static bool map_measure(struct store_connection *base, uint32_t space,
                        const struct span_range *range, uint64_t *count, uint64_t *sizes)
{
    const struct map_version *version = ((struct map_connection *)base)->version;
    struct map_entry *low = bound_new(space, range->low);
    struct map_entry *high = bound_new(space, range->high);
    size_t end = bound_position(version, space, high, true);

    *count = *sizes = 0;
    for (size_t at = bound_position(version, space, low, false); at < end; at++) {
        *count += 1;
        *sizes += (uint64_t)version->entries[at]->size;
    }
    entry_release(low);
    entry_release(high);
    return true;
}

static bool map_clear(struct store_connection *base, uint32_t space, uint32_t max_entries,
                      bool *is_empty)
{
    struct map_version *version = ((struct map_connection *)base)->version;
    size_t at = bound_position(version, space, NULL, false);

    for (uint32_t i = 0; i < max_entries; i++)
        if (at < bound_position(version, space, NULL, true))
            version_remove(version, at);
    *is_empty = at == bound_position(version, space, NULL, true);
    return true;
}

static void map_close(struct store *base)
{
    struct map_store *store = (struct map_store *)base;

    assert(store->current->references == 1);
    version_free(store->current);
    pthread_mutex_destroy(&store->lock);
    store_fini(base);
    memory_free(store);
}

static const struct store_driver map_driver = {
    .close = map_close,
    .connect = map_connect,
    .disconnect = map_disconnect,
    .begin = map_begin,
    .commit = map_commit,
    .rollback = map_rollback,
    .get = map_get,
    .put = map_put,
    .remove = map_remove,
    .seek = map_seek,
    .next = map_next,
    .end = map_end,
    .measure = map_measure,
    .clear = map_clear,
};

bool store_open_memory_map(struct store **opened)
{
    struct map_store *store = memory_new(sizeof(*store));

    store_init(&store->base, &map_driver, "map");
    pthread_mutex_init(&store->lock, NULL);
    store->current = memory_new(sizeof(*store->current));
    store->current->references = 1;
    *opened = &store->base;
    return true;
}
