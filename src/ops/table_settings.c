/* ops/table_settings.c - stream, encryption and class. */
#include "ops/table_settings.h"

#include "base/arena.h"
#include "ops/invalid.h"

#include <inttypes.h>

struct error *table_settings_stream(struct arena *arena, const struct stream_specification *in,
                                    struct table *table)
{
    if (in == NULL)
        return NULL;
    if (in->stream_enabled && in->stream_view_type == STREAM_VIEW_TYPE_ABSENT)
        return invalid(arena,
                       "Table is being created with a stream enabled, UpdateViewType is required");
    if (!in->stream_enabled && in->stream_view_type != STREAM_VIEW_TYPE_ABSENT)
        return invalid(arena, "Table is being created with a stream disabled, UpdateViewType "
                              "should not be specified");
    table->stream_view = in->stream_view_type;
    return NULL;
}

struct error *table_settings_check_stream(struct arena *arena,
                                          const struct stream_specification *in)
{
    if (in && in->stream_enabled && in->stream_view_type == STREAM_VIEW_TYPE_ABSENT)
        return invalid(arena, "If stream is being enabled then UpdateViewType is required");
    if (in && !in->stream_enabled && in->stream_view_type != STREAM_VIEW_TYPE_ABSENT)
        return invalid(arena,
                       "If stream is being disabled, then UpdateViewType must not be specified");
    return NULL;
}

struct error *table_settings_change_stream(struct arena *arena,
                                           const struct stream_specification *in,
                                           struct table *table)
{
    bool is_enabled = table->stream_view != STREAM_VIEW_TYPE_ABSENT;

    if (in->stream_enabled && is_enabled)
        return fail(arena, ERR_VALIDATION, "Table already has an enabled stream: TableName: %.*s",
                    SPAN_PRINT(table->name));
    if (!in->stream_enabled && !is_enabled)
        return fail(arena, ERR_VALIDATION, "Table has no stream to disable: TableName: %.*s",
                    SPAN_PRINT(table->name));
    table->stream_view = in->stream_view_type;
    return NULL;
}

struct error *table_settings_check_sse(struct arena *arena, const struct sse_specification *in)
{
    if (in == NULL)
        return NULL;
    if (in->has_enabled && !in->enabled && in->sse_type != SSE_TYPE_ABSENT)
        return invalid(arena, "SSEType can not be specified if Enabled is false");
    if (in->has_enabled && !in->enabled && in->kms_master_key_id.data)
        return invalid(arena, "KMSMasterKeyId can not be specified if Enabled is false");
    if (in->sse_type == SSE_TYPE_AES256)
        return invalid(arena, "SSEType AES256 is not supported");
    if (in->kms_master_key_id.data && in->sse_type == SSE_TYPE_ABSENT)
        return invalid(arena, "SSEType KMS is required if KMSMasterKeyId is specified");
    return NULL;
}

static bool wants_kms(const struct sse_specification *in)
{
    return in->has_enabled ? in->enabled : in->sse_type == SSE_TYPE_KMS;
}

/* There is no KMS to ask which key an alias stands for: the same alias always gives the same key.
 */
static struct span key_behind(struct arena *arena, const struct table *table, struct span alias)
{
    struct span text = arena_print(arena, "%.*s/%.*s/%.*s", SPAN_PRINT(table->account),
                                   SPAN_PRINT(table->region), SPAN_PRINT(alias));
    uint64_t high = span_hash(text);
    uint64_t low = span_hash((struct span){ text.data, text.size - 1 });

    return arena_print(
        arena, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-a%03" PRIx64 "-%012" PRIx64, high >> 32,
        high >> 16 & 0xffff, high & 0xfff, low >> 48 & 0xfff, low & 0xffffffffffff);
}

static struct span key_arn(struct arena *arena, const struct table *table, struct span key_id)
{
    const struct span default_alias = SPAN("alias/aws/dynamodb");

    if (key_id.data == NULL)
        key_id = default_alias;
    if (span_starts_with(key_id, SPAN("arn:")))
        return key_id;
    if (span_starts_with(key_id, SPAN("alias/")))
        key_id = key_behind(arena, table, key_id);
    return arena_print(arena, "arn:aws:kms:%.*s:%.*s:key/%.*s", SPAN_PRINT(table->region),
                       SPAN_PRINT(table->account), SPAN_PRINT(key_id));
}

void table_settings_encrypt(struct arena *arena, const struct sse_specification *in,
                            struct table *table)
{
    if (in == NULL || !wants_kms(in))
        return;
    table->is_sse_given = true;
    table->kms_key_arn = key_arn(arena, table, in->kms_master_key_id);
}

struct error *table_settings_change_sse(struct arena *arena, const struct sse_specification *in,
                                        struct table *table)
{
    if (!wants_kms(in)) {
        if (!table->is_sse_given)
            return invalid(arena, "Table is already encrypted by default");
        table->is_sse_given = false;
        table->kms_key_arn = (struct span){ 0 };
        return NULL;
    }
    if (table->is_sse_given && in->kms_master_key_id.data &&
        span_equal(in->kms_master_key_id, table->kms_key_arn))
        return invalid(arena, "Table is already encrypted with given KMSMasterKeyId. Use "
                              "KMSMasterKeyId parameter if you want to change Master Key");
    table_settings_encrypt(arena, in, table);
    return NULL;
}
