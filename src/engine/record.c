/* engine/record.c - one change to a stream record and to an entry by expiry. */
#include "engine/record.h"

#include "base/arena.h"
#include "engine/expiry.h"
#include "engine/sequence.h"
#include "engine/session.h"
#include "engine/stream_document.h"
#include "item/json.h"
#include "item/key.h"
#include "item/size.h"

#include <assert.h>

/* With its attributes; an item that was only copied has none yet. */
static const struct item *parsed(struct arena *arena, const struct item *item)
{
    struct item *whole;

    if (item == NULL || item->count > 0)
        return item;
    whole = NEW(arena, struct item, 1);
    item_parse(arena, item->json, whole);
    return whole;
}

static struct item key_attributes(struct arena *arena, const struct key_schema *schema,
                                  const struct item *item)
{
    struct item keys = { .count = schema->hash_count + schema->range_count };

    keys.attributes = NEW(arena, struct attribute, keys.count);
    for (size_t i = 0; i < keys.count; i++)
        keys.attributes[i] =
            (struct attribute){ schema->parts[i].name, *item_find(item, schema->parts[i].name) };
    return keys;
}

static struct stream_record_entry make_record(struct session *session, const struct table *table,
                                              const struct item *old, const struct item *new)
{
    struct stream_record_entry record = { .view = table->stream_view,
                                          .at_ms = clock_now_ms(&session->engine->clock) };
    bool has_both = record.view == STREAM_VIEW_TYPE_NEW_AND_OLD_IMAGES;

    record.event = old == NULL   ? OPERATION_TYPE_INSERT
                   : new == NULL ? OPERATION_TYPE_REMOVE
                                 : OPERATION_TYPE_MODIFY;
    record.keys = key_attributes(session->scratch, &table->keys, new ? new : old);
    record.bytes = (int64_t)item_bytes(&record.keys);
    if (new && (has_both || record.view == STREAM_VIEW_TYPE_NEW_IMAGE)) {
        record.new_image = *new;
        record.bytes += (int64_t)item_bytes(new);
    }
    if (old && (has_both || record.view == STREAM_VIEW_TYPE_OLD_IMAGE)) {
        record.old_image = *old;
        record.bytes += (int64_t)item_bytes(old);
    }
    return record;
}

/* All items of a partition key go to one place, and from there to that place's children. */
static uint32_t shard_of(const struct table *table, struct span key)
{
    uint64_t place = ((key_digest(key) >> 32) * table->stream_shard_count) >> 32;

    return table->stream_first_shard + (uint32_t)place;
}

static struct error *append(struct session *session, const struct table *table, struct span key,
                            struct stream_record_entry *record)
{
    char bytes[RECORD_KEY_BYTES];
    struct store_entry entry = { .size = record->bytes };

    TRY(sequence_take(session, &record->sequence));
    entry.key = record_key(shard_of(table, key), record->sequence, bytes);
    record_document_write(record, &session->encoding);
    entry.value = buffer_span(&session->encoding);
    return store_put(session->connection, table->stream_space, &entry);
}

struct error *record_change(struct session *session, const struct table *table,
                            const struct item *old_item, const struct item *new_item,
                            bool by_service)
{
    struct arena *arena = session->scratch;
    struct stream_record_entry record;
    struct span key;

    if (table->stream_space == 0 && table->ttl_space == 0)
        return NULL;
    if (old_item == NULL && new_item == NULL)
        return NULL;
    arena_reset(arena);
    old_item = parsed(arena, old_item);
    new_item = parsed(arena, new_item);
    if (old_item && new_item && item_equal(old_item, new_item))
        return NULL;
    TRY(key_from_item(arena, &table->keys, new_item ? new_item : old_item, &key));
    TRY(expiry_change(session, table, key, old_item, new_item));
    if (table->stream_space == 0)
        return NULL;
    record = make_record(session, table, old_item, new_item);
    record.by_service = by_service;
    return append(session, table, key, &record);
}
