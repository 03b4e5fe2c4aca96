/* tests/unit/engine/sound.c - walking through all spaces of a store. */
#include "sound.h"

#include "base/buffer.h"
#include "engine/backup.h"
#include "engine/catalog.h"
#include "engine/catalog_internal.h"
#include "engine/exec.h"
#include "engine/session.h"
#include "engine/stream.h"
#include "item/json.h"
#include "item/key.h"
#include "item/size.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES_MAX = 256 << 20, SPACES_MAX = 100000 };

static const struct span_range all = { { 0 }, { 0 } };

/* What was found while walking over one table. */
struct walk {
    struct test *t;
    struct session *session;
    struct arena *arena; /* of one item */
    const struct table *table;
    uint64_t items;
    uint64_t bytes;
    uint64_t expiring; /* items that have a time to live */
    uint64_t index_items[LOCAL_INDEXES_MAX + GLOBAL_INDEXES_MAX];
    uint64_t index_bytes[LOCAL_INDEXES_MAX + GLOBAL_INDEXES_MAX];
};

static struct store_entry get(struct walk *walk, uint32_t space, struct span key)
{
    struct store_entry entry = { 0 };

    EXPECT_OK(store_get(walk->session->connection, space, key, &entry));
    return entry;
}

static bool has_all(const struct key_schema *keys, const struct item *item)
{
    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++) {
        const struct value *value = item_find(item, keys->parts[i].name);

        if (value == NULL || value->type != keys->parts[i].type)
            return false;
    }
    return true;
}

static bool is_key(const struct key_schema *keys, struct span name)
{
    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++)
        if (span_equal(keys->parts[i].name, name))
            return true;
    return false;
}

static bool is_projected(const struct table *table, const struct index *index, struct span name)
{
    if (index->projection == PROJECTION_TYPE_ALL || is_key(&table->keys, name) ||
        is_key(&index->keys, name))
        return true;
    for (size_t i = 0; i < index->non_key_attributes.count; i++)
        if (span_equal(index->non_key_attributes.items[i], name))
            return true;
    return false;
}

static void expect_entry(struct walk *walk, size_t at, const struct item *item,
                         struct span table_key)
{
    const struct index *index = &walk->table->indexes[at];
    struct item wanted = { .attributes = NEW(walk->arena, struct attribute, item->count) };
    struct store_entry found;
    struct item held;
    struct span key;

    if (!has_all(&index->keys, item))
        return;
    for (size_t i = 0; i < item->count; i++)
        if (is_projected(walk->table, index, item->attributes[i].name))
            wanted.attributes[wanted.count++] = item->attributes[i];
    key_from_index(walk->arena, &index->keys, item, table_key, &key);
    found = get(walk, index->space, key);
    EXPECT(found.value.data, "%.*s: no entry for %.*s", SPAN_PRINT(index->name),
           SPAN_PRINT(item->json));
    item_parse(walk->arena, arena_copy(walk->arena, found.value), &held);
    EXPECT(item_equal(&held, &wanted), "%.*s: %.*s for %.*s", SPAN_PRINT(index->name),
           SPAN_PRINT(held.json), SPAN_PRINT(item->json));
    EXPECT(item_bytes(&wanted) == (size_t)found.size, "%.*s: size of %.*s", SPAN_PRINT(index->name),
           SPAN_PRINT(held.json));
    walk->index_items[at]++;
    walk->index_bytes[at] += (uint64_t)found.size;
}

/* An item with a time to live stands in the order by expiry. */
static void expect_expiry(struct walk *walk, const struct item *item, struct span key)
{
    const struct table *table = walk->table;
    const struct value *value = table->is_ttl_on ? item_find(item, table->ttl_attribute) : NULL;
    unsigned char *wanted = NEW(walk->arena, unsigned char, 8 + key.size);
    uint64_t seconds;

    if (value == NULL || value->type != VALUE_N || value->text.data[0] == '-')
        return;
    if (strcspn(arena_copy(walk->arena, value->text).data, ".") > 18)
        return; /* never */
    seconds = strtoull(arena_copy(walk->arena, value->text).data, NULL, 10);
    for (int i = 0; i < 8; i++)
        wanted[i] = (unsigned char)(seconds >> (56 - 8 * i));
    memcpy(wanted + 8, key.data, key.size);
    EXPECT(get(walk, table->ttl_space, (struct span){ (char *)wanted, 8 + key.size }).value.data,
           "no entry by expiry for %.*s", SPAN_PRINT(item->json));
    walk->expiring++;
}

static void expect_item(struct walk *walk, const struct store_entry *entry)
{
    struct span stored_key = arena_copy(walk->arena, entry->key);
    struct item item;
    struct span key;

    item_parse(walk->arena, arena_copy(walk->arena, entry->value), &item);
    EXPECT_OK(key_from_item(walk->arena, &walk->table->keys, &item, &key));
    EXPECT(span_equal(key, stored_key), "key of %.*s", SPAN_PRINT(item.json));
    EXPECT(item_bytes(&item) == (size_t)entry->size, "size of %.*s", SPAN_PRINT(item.json));
    walk->items++;
    walk->bytes += (uint64_t)entry->size;
    expect_expiry(walk, &item, key);
    for (size_t i = 0; i < walk->table->index_count; i++)
        expect_entry(walk, i, &item, key);
}

/* Sums up the entries whose keys begin with prefix. */
static uint64_t collection_bytes(struct walk *walk, uint32_t space, struct span prefix)
{
    const struct span_range range = { prefix, key_after(walk->arena, prefix) };
    uint64_t count, bytes;

    EXPECT_OK(store_measure(walk->session->connection, space, &range, &count, &bytes));
    return bytes;
}

static void expect_collections(struct walk *walk)
{
    const struct table *table = walk->table;
    struct store_cursor *cursor;
    struct store_entry entry;
    uint64_t total = walk->bytes;
    uint64_t sum = 0;

    for (size_t i = 0; i < table->local_index_count; i++)
        total += walk->index_bytes[i];
    EXPECT_OK(store_seek(walk->session->connection, table->collection_space, &all, false, &cursor));
    for (;;) {
        uint64_t bytes;

        arena_reset(walk->arena);
        EXPECT_OK(store_next(cursor, &entry));
        if (entry.key.data == NULL)
            break;
        entry.key = arena_copy(walk->arena, entry.key);
        bytes = collection_bytes(walk, table->space, entry.key);
        for (size_t i = 0; i < table->local_index_count; i++)
            bytes += collection_bytes(walk, table->indexes[i].space, entry.key);
        EXPECT(bytes > 0 && bytes == (uint64_t)entry.size, "a collection of %llu bytes says %lld",
               (unsigned long long)bytes, (long long)entry.size);
        sum += bytes;
    }
    store_end(cursor);
    EXPECT(sum == total, "collections of %llu bytes, items of %llu", (unsigned long long)sum,
           (unsigned long long)total);
}

static void expect_measured(struct walk *walk, const struct index *index, uint32_t space,
                            uint64_t items, uint64_t bytes)
{
    struct request req = { .arena = walk->arena, .session = walk->session };
    uint64_t count, sizes;

    EXPECT_OK(store_measure(walk->session->connection, space, &all, &count, &sizes));
    EXPECT(count == items && sizes == bytes, "space %u: %llu entries, %llu found by their items",
           space, (unsigned long long)count, (unsigned long long)items);
    EXPECT_OK(exec_measure(&req, walk->table, index, &count, &sizes));
    EXPECT(count == items && sizes == bytes, "space %u: %llu entries, the tally says %llu", space,
           (unsigned long long)items, (unsigned long long)count);
}

/* An enabled stream has as many open shards as places, and they are the last ones. */
static void expect_stream(struct walk *walk)
{
    const struct table *table = walk->table;
    struct table_stream stream;
    struct stream_shard shard;
    bool is_found;

    arena_reset(walk->arena);
    EXPECT((table->stream_space != 0) == (table->stream_view != STREAM_VIEW_TYPE_ABSENT),
           "a stream without a space, or a space without a stream");
    if (table->stream_space == 0)
        return;
    EXPECT_OK(stream_get(walk->session, walk->arena, table->namespace, table->stream_arn, &stream,
                         &is_found));
    EXPECT(is_found && stream.space == table->stream_space && stream.disabled_ms == 0 &&
               stream.next_shard == table->stream_first_shard + stream.shard_count,
           "table and stream differ");
    for (uint32_t number = 0; is_found; number = shard.number + 1) {
        EXPECT_OK(shard_next(walk->session, walk->arena, &stream, number, &shard, &is_found));
        EXPECT(!is_found ||
                   (shard.last_sequence == 0) == (shard.number >= table->stream_first_shard),
               "%.*s is open or closed, and should not be", SPAN_PRINT(shard.id));
    }
}

static void expect_table(struct walk *walk)
{
    const struct table *table = walk->table;
    struct store_cursor *cursor;
    struct store_entry entry;

    EXPECT_OK(store_seek(walk->session->connection, table->space, &all, false, &cursor));
    for (;;) {
        arena_reset(walk->arena);
        EXPECT_OK(store_next(cursor, &entry));
        if (entry.key.data == NULL)
            break;
        expect_item(walk, &entry);
    }
    store_end(cursor);
    expect_measured(walk, NULL, table->space, walk->items, walk->bytes);
    for (size_t i = 0; i < table->index_count; i++)
        expect_measured(walk, &table->indexes[i], table->indexes[i].space, walk->index_items[i],
                        walk->index_bytes[i]);
    if (table->collection_space != 0)
        expect_collections(walk);
    expect_stream(walk);
    if (table->ttl_space != 0) {
        uint64_t count, bytes;

        EXPECT_OK(store_measure(walk->session->connection, table->ttl_space, &all, &count, &bytes));
        EXPECT(count == walk->expiring, "%llu entries by expiry, %llu items",
               (unsigned long long)count, (unsigned long long)walk->expiring);
    }
}

static bool is_owned(const struct table *table, uint32_t space)
{
    if (table->space == space || table->collection_space == space || table->ttl_space == space)
        return true;
    for (size_t i = 0; i < table->index_count; i++)
        if (table->indexes[i].space == space)
            return true;
    return false;
}

static unsigned count_streams_with(struct session *session, struct arena *arena, uint32_t space)
{
    struct table_stream stream;
    struct span key = SPAN("");
    unsigned count = 0;
    bool is_found = true;

    for (; is_found; count += is_found && stream.space == space)
        EXPECT_OK(stream_next(session, arena, key, &stream, &key, &is_found));
    return count;
}

static uint32_t next_space(struct session *session)
{
    struct store_entry entry = { 0 };

    EXPECT_OK(store_get(session->connection, SPACE_META, SPAN("next-space"), &entry));
    EXPECT(entry.size < SPACES_MAX, "%lld spaces", (long long)entry.size);
    return entry.value.data ? (uint32_t)entry.size : SPACE_FIRST_FREE;
}

/* The space is a backup's; then it holds what the backup says. */
static bool is_backup(struct session *session, struct arena *arena, uint32_t space)
{
    struct store_cursor *cursor;
    struct store_entry entry;
    bool is_found = false;

    EXPECT_OK(store_seek(session->connection, SPACE_BACKUPS, &all, false, &cursor));
    for (;;) {
        EXPECT_OK(store_next(cursor, &entry));
        if (entry.key.data == NULL || entry.size == space)
            break;
    }
    if (entry.key.data) {
        struct backup backup;
        uint64_t count, bytes;

        is_found = true;
        EXPECT(backup_document_read(arena, arena_copy(arena, entry.value), &backup), "unreadable");
        EXPECT_OK(store_measure(session->connection, space, &all, &count, &bytes));
        EXPECT(backup.table.space == space && backup.item_count == (int64_t)count &&
                   backup.bytes == (int64_t)bytes,
               "space %u isn't as its backup says", space);
    }
    store_end(cursor);
    return is_found;
}

/* A space belongs to one table, stream or backup, or waits to be swept, or is empty. */
static void expect_no_orphans(struct session *session, struct arena *arena)
{
    const struct catalog_map *map = &session->catalog->map;
    uint32_t end = next_space(session);

    for (uint32_t space = SPACE_FIRST_FREE; space < end; space++) {
        char key[4] = { (char)(space >> 24), (char)(space >> 16), (char)(space >> 8), (char)space };
        struct store_entry dropped = { 0 };
        unsigned owners = 0;
        uint64_t count, bytes;

        for (size_t i = 0; i < map->count; i++)
            owners += is_owned(map->entries[i].table, space);
        EXPECT_OK(store_get(session->connection, SPACE_DROPPED, (struct span){ key, 4 }, &dropped));
        owners += dropped.value.data != NULL;
        owners += count_streams_with(session, arena, space);
        owners += is_backup(session, arena, space);
        EXPECT_OK(store_measure(session->connection, space, &all, &count, &bytes));
        EXPECT(owners <= 1, "space %u is owned %u times", space, owners);
        EXPECT(owners == 1 || count == 0, "space %u is left behind", space);
    }
}

void expect_sound(struct test *t, const struct caller *caller)
{
    struct session *session = caller->session;
    struct arena *arena = arena_open(ARENA_BYTES_MAX);

    EXPECT_OK(session_read(session));
    for (size_t i = 0; i < session->catalog->map.count; i++) {
        struct walk walk = { .t = t,
                             .session = session,
                             .arena = arena,
                             .table = session->catalog->map.entries[i].table };

        expect_table(&walk);
    }
    expect_no_orphans(session, arena);
    EXPECT_OK(session_commit(session));
    arena_close(arena);
}

static void dump_space(struct session *session, uint32_t space, struct buffer *text)
{
    struct store_cursor *cursor;
    struct store_entry entry;

    EXPECT_OK(store_seek(session->connection, space, &all, false, &cursor));
    for (;;) {
        EXPECT_OK(store_next(cursor, &entry));
        if (entry.key.data == NULL)
            break;
        buffer_append_integer(text, space);
        buffer_append_char(text, ' ');
        buffer_append_base64(text, entry.key);
        buffer_append_char(text, ' ');
        buffer_append_span(text, entry.value);
        buffer_append_char(text, ' ');
        buffer_append_integer(text, entry.size);
        buffer_append_char(text, '\n');
    }
    store_end(cursor);
}

struct span store_dump(struct test *t, const struct caller *caller, struct arena *arena)
{
    struct session *session = caller->session;
    struct buffer text;
    struct span dump;
    uint32_t end;

    (void)t;
    buffer_init(&text);
    EXPECT_OK(session_read(session));
    end = next_space(session);
    for (uint32_t space = SPACE_CATALOG; space < end; space++)
        dump_space(session, space, &text);
    EXPECT_OK(session_commit(session));
    dump = arena_copy(arena, buffer_span(&text));
    buffer_fini(&text);
    return dump;
}
