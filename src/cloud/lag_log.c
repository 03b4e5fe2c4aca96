/* cloud/lag_log.c - the records of recent changes. */
#include "cloud/lag_log.h"

#include "base/memory.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static int compare(const struct lag_key *key, uint32_t space, struct span bytes)
{
    if (key->space != space)
        return key->space < space ? -1 : 1;
    return span_compare(key->bytes, bytes);
}

/* Where a new key of that place goes: links[i] is what points to the first key of level i that is
 * not below it. */
static void find_links(struct lag_log *log, uint32_t space, struct span bytes,
                       struct lag_key **links[LAG_LEVELS], struct lag_key **before)
{
    struct lag_key **heads = log->first;

    *before = NULL;
    for (int level = LAG_LEVELS - 1; level >= 0; level--) {
        while (heads[level] && compare(heads[level], space, bytes) < 0) {
            *before = heads[level];
            heads = heads[level]->next;
        }
        links[level] = &heads[level];
    }
}

struct lag_key *lag_log_find(const struct lag_log *log, uint32_t space, struct span bytes,
                             struct lag_key **before)
{
    struct lag_key *const *heads = log->first;

    *before = NULL;
    for (int level = LAG_LEVELS - 1; level >= 0; level--) {
        while (heads[level] && compare(heads[level], space, bytes) < 0) {
            *before = heads[level];
            heads = heads[level]->next;
        }
    }
    return heads[0];
}

/* Half of the keys have one level, a quarter two, ...: by their bytes, which is as good as luck. */
static int levels_of(uint32_t space, struct span bytes)
{
    uint64_t hash = (span_hash(bytes) ^ space) * UINT64_C(0x9E3779B97F4A7C15);
    int levels = 1;

    while (levels < LAG_LEVELS && (hash >> (63 - levels) & 1))
        levels++;
    return levels;
}

static struct lag_key *get_key(struct lag_log *log, const struct lag_change *change)
{
    struct lag_key **links[LAG_LEVELS];
    struct lag_key *before, *key;
    int levels = levels_of(change->space, change->key);
    size_t link_bytes = (size_t)levels * sizeof(key->next[0]);

    find_links(log, change->space, change->key, links, &before);
    key = *links[0];
    if (key && compare(key, change->space, change->key) == 0)
        return key;
    key = memory_new(sizeof(*key) + link_bytes + change->key.size);
    memcpy((char *)&key->next[levels], change->key.data, change->key.size);
    key->space = change->space;
    key->bytes = (struct span){ (char *)&key->next[levels], change->key.size };
    key->item_hash = span_hash(change->item_key);
    key->levels = levels;
    key->own_bytes = sizeof(*key) + link_bytes + change->key.size;
    key->back = before;
    for (int i = 0; i < levels; i++) {
        key->next[i] = *links[i];
        *links[i] = key;
    }
    if (key->next[0])
        key->next[0]->back = key;
    log->bytes += key->own_bytes;
    return key;
}

static void remove_key(struct lag_log *log, struct lag_key *key)
{
    struct lag_key **links[LAG_LEVELS];
    struct lag_key *before;

    find_links(log, key->space, key->bytes, links, &before);
    assert(*links[0] == key);
    for (int i = 0; i < key->levels; i++)
        *links[i] = key->next[i];
    if (key->next[0])
        key->next[0]->back = before;
    log->bytes -= key->own_bytes;
    memory_free(key);
}

static void copy_operation(struct lag_record *record, struct span operation)
{
    size_t size = operation.size;

    if (size >= sizeof(record->operation))
        size = sizeof(record->operation) - 1;
    if (size > 0)
        memcpy(record->operation, operation.data, size);
    record->operation[size] = '\0';
}

struct lag_entry *lag_log_add(struct lag_log *log, const struct lag_change *change)
{
    size_t bytes = sizeof(struct lag_entry) + change->before.size;
    struct lag_entry *entry = memory_new(bytes);
    struct lag_key *key = get_key(log, change);

    if (change->before.data) {
        memcpy(entry->before, change->before.data, change->before.size);
        entry->record.before = (struct span){ entry->before, change->before.size };
    }
    entry->record.size_before = change->size_before;
    entry->record.at_ms = change->now_ms;
    entry->record.is_removal = change->is_removal;
    copy_operation(&entry->record, change->operation);
    entry->number = ++log->last_number;
    entry->bytes = bytes;
    entry->key = key;
    entry->older = log->newest;
    *(log->newest ? &log->newest->newer : &log->oldest) = entry;
    log->newest = entry;
    entry->older_of_key = key->newest;
    *(key->newest ? &key->newest->newer_of_key : &key->oldest) = entry;
    key->newest = entry;
    log->bytes += bytes;
    return entry;
}

static void drop(struct lag_log *log, struct lag_entry *entry)
{
    struct lag_key *key = entry->key;

    *(entry->older ? &entry->older->newer : &log->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &log->newest) = entry->older;
    *(entry->older_of_key ? &entry->older_of_key->newer_of_key : &key->oldest) =
        entry->newer_of_key;
    *(entry->newer_of_key ? &entry->newer_of_key->older_of_key : &key->newest) =
        entry->older_of_key;
    log->bytes -= entry->bytes;
    memory_free(entry);
    if (key->oldest == NULL)
        remove_key(log, key);
}

void lag_log_drop_oldest(struct lag_log *log)
{
    drop(log, log->oldest);
}

void lag_log_drop_newest(struct lag_log *log)
{
    drop(log, log->newest);
}
