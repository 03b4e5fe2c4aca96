/* engine/expiry.c - the order by expiry kept up, and walked from its beginning. */
#include "engine/expiry.h"

#include "base/arena.h"
#include "engine/catalog_edit.h"
#include "engine/catalog_internal.h"
#include "engine/exec.h"
#include "engine/session.h"
#include "item/json.h"

#include <string.h>

enum {
    SECONDS_DIGITS_MAX = 18, /* a longer number never comes to pass */
    EXPIRY_BYTES = 8,
    REMOVED_PER_SLICE = 50,
    TABLES_PER_SLICE = 50,
    SLICE_BYTES_MAX = 16 << 20,
    ITEM_BYTES_IN_MEMORY_MAX = 1 << 30 /* far more than what one item needs */
};

/* spec: what expired more than five years ago is left alone */
static const int64_t too_old_seconds = (int64_t)5 * 365 * 24 * 3600;

enum time_to_live_status expiry_status(const struct session *session, const struct table *table)
{
    int64_t now_ms = clock_now_ms(&session->engine->clock);
    int64_t delay_ms = session->engine->options.ttl_delay_ms;
    bool is_settled = table->ttl_changed_ms == 0 || now_ms >= table->ttl_changed_ms + delay_ms ||
                      now_ms < table->ttl_changed_ms; /* the clock was put back */

    if (table->is_ttl_on)
        return is_settled ? TIME_TO_LIVE_STATUS_ENABLED : TIME_TO_LIVE_STATUS_ENABLING;
    return is_settled ? TIME_TO_LIVE_STATUS_DISABLED : TIME_TO_LIVE_STATUS_DISABLING;
}

/* spec: whole seconds since 1970 in a number; anything else never expires. A canonical number has
 * no exponent; its fraction doesn't count. */
static bool read_seconds(const struct value *value, uint64_t *seconds)
{
    size_t digits = 0;

    if (value == NULL || value->type != VALUE_N || value->text.data[0] == '-')
        return false;
    *seconds = 0;
    for (; digits < value->text.size && value->text.data[digits] != '.'; digits++) {
        if (digits == SECONDS_DIGITS_MAX)
            return false;
        *seconds = *seconds * 10 + (uint64_t)(value->text.data[digits] - '0');
    }
    return true;
}

static struct span seconds_key(struct arena *arena, uint64_t seconds, struct span key)
{
    char *bytes = arena_alloc_raw(arena, EXPIRY_BYTES + key.size);

    for (int i = EXPIRY_BYTES - 1; i >= 0; i--, seconds >>= 8)
        bytes[i] = (char)(seconds & 0xff);
    if (key.size > 0)
        memcpy(bytes + EXPIRY_BYTES, key.data, key.size);
    return (struct span){ bytes, EXPIRY_BYTES + key.size };
}

/* Absent: the item never expires. */
static struct span entry_key(struct arena *arena, const struct table *table, struct span key,
                             const struct item *item)
{
    uint64_t seconds;

    if (item == NULL || !read_seconds(item_find(item, table->ttl_attribute), &seconds))
        return (struct span){ 0 };
    return seconds_key(arena, seconds, key);
}

static struct error *put(struct session *session, const struct table *table, struct span key)
{
    return store_put(session->connection, table->ttl_space,
                     &(struct store_entry){ key, SPAN(""), 0 });
}

struct error *expiry_change(struct session *session, const struct table *table, struct span key,
                            const struct item *old_item, const struct item *new_item)
{
    struct span old;
    struct span new;

    if (table->ttl_space == 0)
        return NULL;
    old = entry_key(session->scratch, table, key, old_item);
    new = entry_key(session->scratch, table, key, new_item);
    if (old.data && new.data && span_equal(old, new))
        return NULL;
    if (old.data)
        TRY(store_delete(session->connection, table->ttl_space, old));
    return new.data ? put(session, table, new) : NULL;
}

static struct error *fill_item(struct session *session, const struct table *table,
                               const struct store_entry *stored)
{
    struct arena *arena = session->scratch;
    struct item item = { 0 };
    struct span key;

    arena_reset(arena);
    item_parse(arena, arena_copy(arena, stored->value), &item);
    key = entry_key(arena, table, stored->key, &item);
    return key.data ? put(session, table, key) : NULL;
}

static struct error *fill(struct session *session, const struct table *table)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_entry stored = { 0 };
    struct store_cursor *cursor;
    struct error *error;

    TRY(store_seek(session->connection, table->space, &all, false, &cursor));
    for (;;) {
        error = store_next(cursor, &stored);
        if (error || stored.key.data == NULL)
            break;
        error = fill_item(session, table, &stored);
        if (error)
            break;
    }
    store_end(cursor);
    return error;
}

struct error *expiry_follow(struct session *session, const struct table *old, struct table *table)
{
    if (table->is_ttl_on == old->is_ttl_on)
        return NULL;
    if (!table->is_ttl_on) {
        table->ttl_space = 0;
        return catalog_drop_space(session, old->ttl_space);
    }
    TRY(catalog_new_space(session, &table->ttl_space));
    return fill(session, table);
}

/* Up to REMOVED_PER_SLICE keys of items whose time has come. */
static struct error *collect(struct session *session, struct arena *arena,
                             const struct table *table, struct string_list *keys)
{
    int64_t now = clock_now_ms(&session->engine->clock) / 1000;
    int64_t oldest = now > too_old_seconds ? now - too_old_seconds : 0;
    const struct span none = { 0 };
    const struct span_range due = { seconds_key(arena, (uint64_t)oldest, none),
                                    seconds_key(arena, (uint64_t)(now > 0 ? now : 0), none) };
    struct store_entry entry = { 0 };
    struct store_cursor *cursor;
    struct error *error = NULL;

    keys->items = NEW(arena, struct span, REMOVED_PER_SLICE);
    TRY(store_seek(session->connection, table->ttl_space, &due, false, &cursor));
    while (keys->count < REMOVED_PER_SLICE) {
        error = store_next(cursor, &entry);
        if (error || entry.key.data == NULL)
            break;
        keys->items[keys->count++] = arena_copy(
            arena, (struct span){ entry.key.data + EXPIRY_BYTES, entry.key.size - EXPIRY_BYTES });
    }
    store_end(cursor);
    return error;
}

static bool is_enforced(struct session *session, const struct table *table)
{
    return table->ttl_space != 0 && table->status == TABLE_STATUS_ACTIVE &&
           expiry_status(session, table) == TIME_TO_LIVE_STATUS_ENABLED;
}

/* Removing goes through the writing door like any other write. An item that the door refuses to
 * touch for now is left to a later sweep. */
static struct error *remove_items(struct session *session, const struct table *table,
                                  const struct string_list *keys, size_t *removed)
{
    struct request req = { .arena = arena_open(ITEM_BYTES_IN_MEMORY_MAX),
                           .session = session,
                           .operation = SPAN("TimeToLive"),
                           .region = table->region,
                           .account = table->account };
    struct error *error = NULL;

    for (size_t i = 0; i < keys->count && error == NULL; i++) {
        const struct write_plan plan = {
            .kind = WRITE_DELETE, .table = table, .key = keys->items[i], .by_service = true
        };
        struct write_result result;

        arena_reset(req.arena);
        error = exec_write(&req, &plan, &result);
        *removed += error == NULL;
        if (error && error->code != ERR_INTERNAL_SERVER_ERROR)
            error = NULL;
    }
    arena_close(req.arena);
    return error;
}

/* Looks in a reading transaction first: mostly there is nothing to do. */
static struct error *sweep_table(struct session *session, struct arena *arena, size_t at,
                                 bool *is_more)
{
    const struct catalog_map *map = &session->catalog->map;
    struct string_list keys = { 0 };
    size_t removed = 0;

    if (!is_enforced(session, map->entries[at].table))
        return NULL;
    TRY(collect(session, arena, map->entries[at].table, &keys));
    if (keys.count == 0)
        return NULL;
    TRY(session_write(session));
    if (at >= map->count || !is_enforced(session, map->entries[at].table))
        return NULL; /* another session changed it in between */
    keys.count = 0;
    TRY(collect(session, arena, map->entries[at].table, &keys));
    TRY(remove_items(session, map->entries[at].table, &keys, &removed));
    *is_more = keys.count == REMOVED_PER_SLICE && removed > 0;
    return NULL;
}

struct error *expiry_sweep(struct session *session, bool *is_more)
{
    const struct catalog_map *map = &session->catalog->map;
    struct upkeep *upkeep = &session->upkeep;
    struct arena *arena = arena_open(SLICE_BYTES_MAX);
    struct error *error = NULL;

    for (int i = 0; i < TABLES_PER_SLICE && upkeep->table_at < map->count; i++) {
        error = sweep_table(session, arena, upkeep->table_at, is_more);
        upkeep->table_at++;
        if (error || session->is_writing)
            break;
    }
    *is_more |= upkeep->table_at < map->count;
    if (upkeep->table_at >= map->count)
        upkeep->table_at = 0;
    if (error)
        error = session_settle(session, error);
    arena_close(arena);
    return error;
}
