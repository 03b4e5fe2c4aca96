/* ops/backup_description.c - what the engine knows of a backup, in the shapes of the API. */
#include "ops/backup_description.h"

#include "base/arena.h"
#include "ops/table_description.h"

static double seconds(int64_t ms)
{
    return (double)ms / 1000.0;
}

const struct backup_details *backup_description_details(struct arena *arena,
                                                        const struct backup *backup,
                                                        enum backup_status status)
{
    struct backup_details *made = NEW(arena, struct backup_details, 1);

    made->backup_arn = backup->arn;
    made->backup_name = backup->name;
    made->backup_status = status;
    made->backup_type = backup->type;
    made->has_backup_size_bytes = true;
    made->backup_size_bytes = backup->bytes;
    made->has_backup_creation_date_time = true;
    made->backup_creation_date_time = seconds(backup->created_ms);
    made->has_backup_expiry_date_time = backup->expires_ms != 0;
    made->backup_expiry_date_time = seconds(backup->expires_ms);
    return made;
}

struct backup_summary backup_description_summary(const struct backup *backup)
{
    return (struct backup_summary){ .backup_arn = backup->arn,
                                    .backup_name = backup->name,
                                    .backup_status = BACKUP_STATUS_AVAILABLE,
                                    .backup_type = backup->type,
                                    .has_backup_size_bytes = true,
                                    .backup_size_bytes = backup->bytes,
                                    .has_backup_creation_date_time = true,
                                    .backup_creation_date_time = seconds(backup->created_ms),
                                    .has_backup_expiry_date_time = backup->expires_ms != 0,
                                    .backup_expiry_date_time = seconds(backup->expires_ms),
                                    .table_arn = backup->table.arn,
                                    .table_id = backup->table.id,
                                    .table_name = backup->table.name };
}

static const struct provisioned_throughput *provisioned(struct arena *arena,
                                                        const struct throughput *throughput)
{
    struct provisioned_throughput *made = NEW(arena, struct provisioned_throughput, 1);

    made->has_read_capacity_units = true;
    made->read_capacity_units = throughput->read_units;
    made->has_write_capacity_units = true;
    made->write_capacity_units = throughput->write_units;
    return made;
}

static const struct source_table_details *source(struct arena *arena, const struct backup *backup)
{
    const struct table *table = &backup->table;
    struct source_table_details *made = NEW(arena, struct source_table_details, 1);

    made->table_name = table->name;
    made->table_id = table->id;
    made->table_arn = table->arn;
    made->billing_mode = table->billing_mode;
    made->key_schema = table_description_keys(arena, &table->keys);
    made->provisioned_throughput = provisioned(arena, &table->throughput);
    made->on_demand_throughput = table_description_maxima(arena, &table->throughput);
    made->has_table_creation_date_time = true;
    made->table_creation_date_time = seconds(table->created_ms);
    made->has_item_count = true;
    made->item_count = backup->item_count;
    made->has_table_size_bytes = true;
    made->table_size_bytes = backup->bytes;
    return made;
}

static void describe_indexes(struct arena *arena, const struct table *table,
                             struct source_table_feature_details *made)
{
    struct local_secondary_indexes *local = NEW(arena, struct local_secondary_indexes, 1);
    struct global_secondary_indexes *global = NEW(arena, struct global_secondary_indexes, 1);

    local->items = NEW(arena, struct local_secondary_index_info, table->index_count);
    global->items = NEW(arena, struct global_secondary_index_info, table->index_count);
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        const struct api_key_schema *keys = table_description_keys(arena, &index->keys);
        const struct api_projection *projection = table_description_projection(arena, index);

        if (index->is_global)
            global->items[global->count++] = (struct global_secondary_index_info){
                index->name, keys, table_description_maxima(arena, &index->throughput), projection,
                provisioned(arena, &index->throughput)
            };
        else
            local->items[local->count++] =
                (struct local_secondary_index_info){ index->name, keys, projection };
    }
    made->local_secondary_indexes = local->count ? local : NULL;
    made->global_secondary_indexes = global->count ? global : NULL;
}

static const struct time_to_live_description *expiry(struct arena *arena, const struct table *table)
{
    struct time_to_live_description *made = NEW(arena, struct time_to_live_description, 1);

    made->time_to_live_status = TIME_TO_LIVE_STATUS_DISABLED;
    if (table->is_ttl_on) {
        made->time_to_live_status = TIME_TO_LIVE_STATUS_ENABLED;
        made->attribute_name = table->ttl_attribute;
    }
    return made;
}

static const struct source_table_feature_details *features(struct arena *arena,
                                                           const struct table *table)
{
    struct source_table_feature_details *made = NEW(arena, struct source_table_feature_details, 1);

    describe_indexes(arena, table, made);
    made->sse_description = table_description_encryption(arena, table, false);
    made->time_to_live_description = expiry(arena, table);
    made->stream_description = table_description_stream(arena, table);
    return made;
}

const struct backup_description *
backup_description_make(struct arena *arena, const struct backup *backup, enum backup_status status)
{
    struct backup_description *made = NEW(arena, struct backup_description, 1);

    made->backup_details = backup_description_details(arena, backup, status);
    made->source_table_details = source(arena, backup);
    made->source_table_feature_details = features(arena, &backup->table);
    return made;
}
