/* engine/replay.c - records of transactions by token, in periods of ten minutes: a look-up reads
 * two periods, a sweep cuts off the oldest. */
#include "engine/replay.h"

#include "base/arena.h"
#include "base/json.h"
#include "engine/catalog_edit.h"
#include "engine/exec.h"
#include "engine/session.h"

#include <string.h>

enum {
    PERIOD_MS = 10 * 60 * 1000, /* spec: a token counts for ten minutes after its request */
    PERIOD_BYTES = 8,
    SWEEP_RECORDS_MAX = 200
};

static struct span join(struct arena *arena, struct span namespace, struct span text)
{
    char *bytes = arena_alloc_raw(arena, namespace.size + 1 + text.size);

    memcpy(bytes, namespace.data, namespace.size);
    bytes[namespace.size] = '\0'; /* no namespace has one */
    memcpy(bytes + namespace.size + 1, text.data, text.size);
    return (struct span){ bytes, namespace.size + 1 + text.size };
}

struct token replay_token(struct request *req, const struct transact_write_plan *plan)
{
    struct token token = { 0 };

    if (plan->token.data == NULL)
        return token;
    token.key = join(req->arena, catalog_namespace(req), plan->token);
    digest_sha256(session_digest(req->session), plan->content, token.digest);
    return token;
}

static int64_t period_of(int64_t now_ms)
{
    return now_ms / PERIOD_MS;
}

/* Big-endian, so that older periods stand first. */
static void write_period(int64_t period, char bytes[PERIOD_BYTES])
{
    for (int i = PERIOD_BYTES - 1; i >= 0; i--) {
        bytes[i] = (char)(period & 0xff);
        period >>= 8;
    }
}

static struct span record_key(struct arena *arena, int64_t period, const struct token *token)
{
    char *bytes = arena_alloc_raw(arena, PERIOD_BYTES + token->key.size);

    write_period(period, bytes);
    memcpy(bytes + PERIOD_BYTES, token->key.data, token->key.size);
    return (struct span){ bytes, PERIOD_BYTES + token->key.size };
}

struct error *replay_mismatch(struct arena *arena)
{
    return fail(arena, ERR_IDEMPOTENT_PARAMETER_MISMATCH,
                "DynamoDB rejected the request because you retried a request with a different "
                "payload but with an idempotent token that was already used.");
}

/* NULL when the record is of another request. */
static const uint64_t *read_record(struct arena *arena, const struct store_entry *stored,
                                   const struct token *token, size_t count)
{
    char digest[DIGEST_HEX_BYTES];
    yyjson_val *record = json_parse(arena, arena_copy(arena, stored->value), NULL);
    yyjson_val *list = yyjson_obj_get(record, "bytes");
    uint64_t *bytes;

    digest_hex(token->digest, digest);
    if (!span_equal(json_text(yyjson_obj_get(record, "digest")),
                    (struct span){ digest, DIGEST_HEX_BYTES }) ||
        yyjson_arr_size(list) != count)
        return NULL;
    bytes = NEW(arena, uint64_t, count);
    for (size_t i = 0; i < count; i++)
        bytes[i] = yyjson_get_uint(yyjson_arr_get(list, i));
    return bytes;
}

struct error *replay_find(struct request *req, const struct token *token, size_t count,
                          const uint64_t **bytes)
{
    int64_t now_ms = exec_now_ms(req);
    struct store_entry stored = { 0 };

    *bytes = NULL;
    for (int64_t age = 0; age < 2; age++) {
        struct span key = record_key(req->arena, period_of(now_ms) - age, token);

        TRY(store_get(req->session->connection, SPACE_TOKENS, key, &stored));
        if (stored.value.data && now_ms - stored.size < PERIOD_MS)
            break;
        stored.value.data = NULL;
    }
    if (stored.value.data == NULL)
        return NULL;
    *bytes = read_record(req->arena, &stored, token, count);
    return *bytes ? NULL : replay_mismatch(req->arena);
}

struct error *replay_record(struct request *req, const struct token *token, size_t count,
                            const uint64_t *bytes)
{
    int64_t now_ms = exec_now_ms(req);
    struct buffer *out = &req->session->encoding;
    char digest[DIGEST_HEX_BYTES];
    struct store_entry record;

    digest_hex(token->digest, digest);
    buffer_empty(out);
    buffer_append_literal(out, "{\"digest\":\"");
    buffer_append(out, digest, DIGEST_HEX_BYTES);
    buffer_append_literal(out, "\",\"bytes\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_append_span(out, i > 0 ? SPAN(",") : SPAN(""));
        buffer_append_integer(out, (int64_t)bytes[i]);
    }
    buffer_append_literal(out, "]}");
    record = (struct store_entry){ .key = record_key(req->arena, period_of(now_ms), token),
                                   .value = buffer_span(out),
                                   .size = now_ms };
    return store_put(req->session->connection, SPACE_TOKENS, &record);
}

/* The keys of the oldest records that no longer count. */
static struct error *collect_old(struct session *session, struct span *keys, size_t *count)
{
    char bytes[PERIOD_BYTES];
    int64_t now_ms = clock_now_ms(&session->engine->clock);
    const struct span_range old = { .high = { bytes, PERIOD_BYTES } };
    struct store_entry stored = { 0 };
    struct store_cursor *cursor;
    struct error *error;

    *count = 0;
    write_period(period_of(now_ms) - 1, bytes);
    TRY(store_seek(session->connection, SPACE_TOKENS, &old, false, &cursor));
    while ((error = store_next(cursor, &stored)) == NULL && stored.key.data) {
        keys[(*count)++] = arena_copy(session->scratch, stored.key);
        if (*count == SWEEP_RECORDS_MAX)
            break;
    }
    store_end(cursor);
    return error;
}

struct error *replay_sweep(struct session *session, bool *is_more)
{
    struct span keys[SWEEP_RECORDS_MAX];
    size_t count;

    *is_more = false;
    TRY(session_read(session));
    TRY(collect_old(session, keys, &count));
    if (count == 0)
        return NULL;
    TRY(session_write(session));
    for (size_t i = 0; i < count; i++)
        TRY(store_delete(session->connection, SPACE_TOKENS, keys[i]));
    *is_more = count == SWEEP_RECORDS_MAX;
    return NULL;
}
