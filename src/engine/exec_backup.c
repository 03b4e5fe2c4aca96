/* engine/exec_backup.c - backups: a copy of the items in a space of their own, and a description
 * beside the catalog. */
#include "engine/exec_backup.h"

#include "base/arena.h"
#include "base/log.h"
#include "engine/catalog.h"
#include "engine/catalog_edit.h"
#include "engine/exec.h"
#include "engine/session.h"

#include <inttypes.h>
#include <string.h>

/* An id is the time of creation in milliseconds and a random number: 01489173575360-b308cd7d */
enum {
    ID_TIME_DIGITS = 14,
    ID_RANDOM_DIGITS = 8,
    ID_BYTES = ID_TIME_DIGITS + 1 + ID_RANDOM_DIGITS
};

#define SYSTEM_BACKUP_MS (35 * 24 * 3600 * 1000LL) /* spec: what a dropped table leaves is kept */

static const struct span id_start = { "/backup/", 8 };

static bool is_id(struct span text)
{
    if (text.size != ID_BYTES || text.data[ID_TIME_DIGITS] != '-')
        return false;
    for (size_t i = 0; i < ID_BYTES; i++) {
        bool is_digit = text.data[i] >= '0' && text.data[i] <= '9';
        bool is_letter = text.data[i] >= 'a' && text.data[i] <= 'f';

        if (i != ID_TIME_DIGITS && !is_digit && !(is_letter && i > ID_TIME_DIGITS))
            return false;
    }
    return true;
}

static struct error *take_id(struct request *req, struct span text, struct span *id)
{
    struct table_arn arn;

    if (table_arn_split(text, &arn) && span_starts_with(arn.rest, id_start)) {
        *id = (struct span){ arn.rest.data + id_start.size, arn.rest.size - id_start.size };
        if (is_id(*id))
            return NULL;
    }
    return fail(req->arena, ERR_VALIDATION, "Invalid Backup ARN");
}

/* In a namespace, keys follow the time of creation. An empty id is the namespace's beginning. */
static struct span key_of(struct request *req, struct span id)
{
    return arena_print(req->arena, "%.*s%c%.*s", SPAN_PRINT(catalog_namespace(req)), '\0',
                       SPAN_PRINT(id));
}

static struct span id_in(struct span key)
{
    size_t bytes = key.size < ID_BYTES ? key.size : ID_BYTES;

    return (struct span){ key.data + key.size - bytes, bytes };
}

static struct error *damaged(struct request *req, struct span id)
{
    log_line(LOG_ERROR, "backup %.*s: its description is damaged or of a newer version",
             SPAN_PRINT(id));
    return fail(req->arena, ERR_INTERNAL_SERVER_ERROR, "Internal server error");
}

static struct error *copy_items(struct session *session, uint32_t source, struct backup *backup)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_entry stored = { 0 };
    struct store_cursor *cursor;
    struct error *error;

    TRY(store_seek(session->connection, source, &all, false, &cursor));
    for (;;) {
        error = store_next(cursor, &stored);
        if (error || stored.key.data == NULL)
            break;
        backup->item_count++;
        backup->bytes += stored.size;
        error = store_put(session->connection, backup->table.space, &stored);
        if (error)
            break;
    }
    store_end(cursor);
    return error;
}

static struct span make_id(struct request *req, int64_t now_ms)
{
    char digits[ID_RANDOM_DIGITS];

    random_text(&req->session->random, "0123456789abcdef", digits, sizeof(digits));
    return arena_print(req->arena, "%0*" PRId64 "-%.*s", ID_TIME_DIGITS, now_ms, ID_RANDOM_DIGITS,
                       digits);
}

/* The time, then the key of the backup, which has a NUL in it. */
static struct span expiry_key(struct arena *arena, int64_t expires_ms, struct span key)
{
    struct span time = arena_print(arena, "%0*" PRId64, ID_TIME_DIGITS, expires_ms);
    char *bytes = arena_alloc_raw(arena, time.size + key.size);

    memcpy(bytes, time.data, time.size);
    memcpy(bytes + time.size, key.data, key.size);
    return (struct span){ bytes, time.size + key.size };
}

/* Gives the backup, whose items are in their place, its ARN and keeps its description. */
static struct error *publish(struct request *req, struct backup *backup)
{
    struct span id = make_id(req, backup->created_ms);
    struct span key = key_of(req, id);

    backup->arn =
        arena_print(req->arena, "%.*s/backup/%.*s", SPAN_PRINT(backup->table.arn), SPAN_PRINT(id));
    if (backup->expires_ms != 0) {
        struct span expiry = expiry_key(req->arena, backup->expires_ms, key);

        TRY(store_put(req->session->connection, SPACE_BACKUP_ENDS,
                      &(struct store_entry){ expiry, SPAN("expiry"), backup->expires_ms }));
    }
    return store_put(req->session->connection, SPACE_BACKUPS,
                     &(struct store_entry){ key, backup_document_write(req->arena, backup),
                                            backup->table.space });
}

static struct error *create(struct request *req, const struct table *table, struct backup *backup)
{
    TRY(catalog_new_space(req->session, &backup->table.space));
    TRY(copy_items(req->session, table->space, backup));
    return publish(req, backup);
}

struct error *exec_keep_dropped(struct request *req, const struct table *table)
{
    struct backup backup = { .type = BACKUP_TYPE_SYSTEM,
                             .created_ms = exec_now_ms(req),
                             .table = *table };
    uint64_t items;
    uint64_t bytes;

    TRY(exec_measure(req, table, NULL, &items, &bytes));
    backup.name = arena_print(req->arena, "%.*s$DeletedTableBackup", SPAN_PRINT(table->name));
    backup.expires_ms = backup.created_ms + SYSTEM_BACKUP_MS;
    backup.item_count = (int64_t)items;
    backup.bytes = (int64_t)bytes;
    return publish(req, &backup);
}

/* The first entry of SPACE_BACKUP_ENDS, in the scratch arena; an absent key when it isn't due. */
static struct error *next_expired(struct session *session, struct span *expiry)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct store_cursor *cursor;
    struct store_entry entry = { 0 };
    struct error *error;

    *expiry = (struct span){ 0 };
    TRY(store_seek(session->connection, SPACE_BACKUP_ENDS, &all, false, &cursor));
    error = store_next(cursor, &entry);
    if (error == NULL && entry.key.data &&
        entry.size <= clock_now_ms(engine_clock(session->engine)))
        *expiry = arena_copy(session->scratch, entry.key);
    store_end(cursor);
    return error;
}

struct error *exec_sweep_backups(struct session *session, bool *is_more)
{
    struct store_entry stored = { 0 };
    struct span expiry;
    struct span key;

    *is_more = false;
    TRY(session_read(session));
    TRY(next_expired(session, &expiry));
    if (expiry.data == NULL)
        return NULL;
    *is_more = true;
    key = (struct span){ expiry.data + ID_TIME_DIGITS, expiry.size - ID_TIME_DIGITS };
    TRY(session_write(session));
    TRY(store_get(session->connection, SPACE_BACKUPS, key, &stored));
    if (stored.value.data) {
        uint32_t space = (uint32_t)stored.size;

        TRY(store_delete(session->connection, SPACE_BACKUPS, key));
        TRY(catalog_drop_space(session, space));
    }
    return store_delete(session->connection, SPACE_BACKUP_ENDS, expiry);
}

struct error *exec_create_backup(struct request *req, const struct table *table, struct span name,
                                 struct backup *backup)
{
    struct error *error;

    TRY(session_write(req->session));
    *backup = (struct backup){
        .name = name, .type = BACKUP_TYPE_USER, .created_ms = exec_now_ms(req), .table = *table
    };
    error = create(req, table, backup);
    return error ? session_spoil(req->session, error) : NULL;
}

struct error *exec_find_backup(struct request *req, struct span arn, struct backup *backup)
{
    struct session *session = req->session;
    struct store_entry stored = { 0 };
    struct span id = { 0 };

    TRY(take_id(req, arn, &id));
    TRY(session_read(session));
    TRY(session_settle(session,
                       store_get(session->connection, SPACE_BACKUPS, key_of(req, id), &stored)));
    if (stored.value.data == NULL)
        return fail(req->arena, ERR_BACKUP_NOT_FOUND, "Backup not found: %.*s", SPAN_PRINT(arn));
    if (!backup_document_read(req->arena, arena_copy(req->arena, stored.value), backup))
        return damaged(req, id);
    if (!span_equal(backup->arn, arn))
        return fail(req->arena, ERR_BACKUP_NOT_FOUND, "Backup not found: %.*s", SPAN_PRINT(arn));
    return NULL;
}

struct error *exec_delete_backup(struct request *req, const struct backup *backup)
{
    struct session *session = req->session;
    struct error *error;
    struct span id = { 0 };

    TRY(take_id(req, backup->arn, &id));
    TRY(session_write(session));
    error = store_delete(session->connection, SPACE_BACKUPS, key_of(req, id));
    if (error == NULL)
        error = catalog_drop_space(session, backup->table.space);
    return error ? session_spoil(session, error) : NULL;
}

static bool is_wanted(const struct backup_query *query, const struct backup *backup)
{
    double created = (double)backup->created_ms / 1000.0; /* as the client was told */

    return (query->table_name.data == NULL || span_equal(query->table_name, backup->table.name)) &&
           (query->type == BACKUP_TYPE_ABSENT || query->type == backup->type) &&
           (!query->has_from || created >= query->from) &&
           (!query->has_until || created < query->until);
}

/* Those behind the cursor that are wanted, until the room or the namespace ends. */
static struct error *collect(struct request *req, struct store_cursor *cursor,
                             const struct backup_query *query, struct backup *backups,
                             size_t *count, bool *is_more)
{
    for (;;) {
        struct store_entry stored = { 0 };
        struct backup backup;

        TRY(store_next(cursor, &stored));
        if (stored.key.data == NULL)
            return NULL;
        if (!backup_document_read(req->arena, arena_copy(req->arena, stored.value), &backup))
            return damaged(req, id_in(stored.key));
        if (!is_wanted(query, &backup))
            continue;
        if (*count == query->limit) {
            *is_more = true;
            return NULL;
        }
        backups[(*count)++] = backup;
    }
}

struct error *exec_list_backups(struct request *req, const struct backup_query *query,
                                struct backup *backups, size_t *count, bool *is_more)
{
    struct session *session = req->session;
    struct span_range range = { key_of(req, (struct span){ 0 }),
                                arena_print(req->arena, "%.*s\x01",
                                            SPAN_PRINT(catalog_namespace(req))) };
    struct store_cursor *cursor;
    struct error *error;
    struct span id = { 0 };

    *count = 0;
    *is_more = false;
    if (query->start_arn.data) {
        TRY(take_id(req, query->start_arn, &id));
        range.low = key_of(req, id);
        range.low.size++; /* with the NUL behind it: the next key there can be */
    }
    TRY(session_read(session));
    error = store_seek(session->connection, SPACE_BACKUPS, &range, false, &cursor);
    if (error == NULL) {
        error = collect(req, cursor, query, backups, count, is_more);
        store_end(cursor);
    }
    return session_settle(session, error);
}
