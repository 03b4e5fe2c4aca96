/* ops/table_description.c - what the engine knows of a table, in the shapes of the API. */
#include "ops/table_description.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "ops/table_throughput.h"

/* One description on its way. */
struct describing {
    struct request *req;
    struct arena *arena;
    const struct table *table;
    const struct table_view *view;
    int64_t now_ms;
};

static double seconds(int64_t ms)
{
    return (double)ms / 1000.0;
}

const struct api_key_schema *table_description_keys(struct arena *arena,
                                                    const struct key_schema *keys)
{
    struct api_key_schema *schema = NEW(arena, struct api_key_schema, 1);

    schema->count = keys->hash_count + keys->range_count;
    schema->items = NEW(arena, struct key_schema_element, schema->count);
    for (size_t i = 0; i < schema->count; i++)
        schema->items[i] =
            (struct key_schema_element){ keys->parts[i].name,
                                         i < keys->hash_count ? KEY_TYPE_HASH : KEY_TYPE_RANGE };
    return schema;
}

static enum scalar_attribute_type scalar_type(enum value_type type)
{
    if (type == VALUE_N)
        return SCALAR_ATTRIBUTE_TYPE_N;
    return type == VALUE_B ? SCALAR_ATTRIBUTE_TYPE_B : SCALAR_ATTRIBUTE_TYPE_S;
}

static const struct attribute_definitions *definitions(struct arena *arena,
                                                       const struct table *table)
{
    struct attribute_definitions *list = NEW(arena, struct attribute_definitions, 1);

    list->count = table->definition_count;
    list->items = NEW(arena, struct attribute_definition, list->count);
    for (size_t i = 0; i < list->count; i++)
        list->items[i] = (struct attribute_definition){ table->definitions[i].name,
                                                        scalar_type(table->definitions[i].type) };
    return list;
}

const struct api_projection *table_description_projection(struct arena *arena,
                                                          const struct index *index)
{
    struct api_projection *made = NEW(arena, struct api_projection, 1);

    made->projection_type = index->projection;
    if (index->non_key_attributes.count > 0)
        made->non_key_attributes = &index->non_key_attributes;
    return made;
}

static const struct provisioned_throughput_description *
provisioned(const struct describing *d, const struct throughput *throughput)
{
    struct provisioned_throughput_description *made =
        NEW(d->arena, struct provisioned_throughput_description, 1);

    made->has_last_increase_date_time = throughput->last_increase_ms != 0;
    made->last_increase_date_time = seconds(throughput->last_increase_ms);
    made->has_last_decrease_date_time = throughput->last_decrease_ms != 0;
    made->last_decrease_date_time = seconds(throughput->last_decrease_ms);
    made->has_number_of_decreases_today = true;
    made->number_of_decreases_today = throughput_decreases_today(throughput, d->now_ms);
    made->has_read_capacity_units = true;
    made->read_capacity_units = throughput->read_units;
    made->has_write_capacity_units = true;
    made->write_capacity_units = throughput->write_units;
    return made;
}

const struct on_demand_throughput *table_description_maxima(struct arena *arena,
                                                            const struct throughput *throughput)
{
    struct on_demand_throughput *made;

    if (throughput->max_read_units == 0 && throughput->max_write_units == 0)
        return NULL;
    made = NEW(arena, struct on_demand_throughput, 1);
    made->has_max_read_request_units = throughput->max_read_units != 0;
    made->max_read_request_units = throughput->max_read_units;
    made->has_max_write_request_units = throughput->max_write_units != 0;
    made->max_write_request_units = throughput->max_write_units;
    return made;
}

static const struct table_warm_throughput_description *warm_of_table(const struct describing *d)
{
    struct table_warm_throughput_description *made;

    if (d->view->hides_warm)
        return NULL;
    made = NEW(d->arena, struct table_warm_throughput_description, 1);
    made->has_read_units_per_second = true;
    made->read_units_per_second = d->table->throughput.warm_read_units;
    made->has_write_units_per_second = true;
    made->write_units_per_second = d->table->throughput.warm_write_units;
    made->status = d->view->is_warm_updating ? TABLE_STATUS_UPDATING : TABLE_STATUS_ACTIVE;
    return made;
}

static const struct global_secondary_index_warm_throughput_description *
warm_of_index(const struct describing *d, const struct index *index)
{
    struct global_secondary_index_warm_throughput_description *made;

    if (index->status == INDEX_STATUS_CREATING)
        return NULL;
    made = NEW(d->arena, struct global_secondary_index_warm_throughput_description, 1);
    made->has_read_units_per_second = true;
    made->read_units_per_second = index->throughput.warm_read_units;
    made->has_write_units_per_second = true;
    made->write_units_per_second = index->throughput.warm_write_units;
    made->status = INDEX_STATUS_ACTIVE;
    return made;
}

static struct error *measure(const struct describing *d, const struct index *index, int64_t *items,
                             int64_t *bytes)
{
    uint64_t item_count = 0;
    uint64_t byte_count = 0;

    if ((index ? index->space : d->table->space) != 0)
        TRY(exec_measure(d->req, d->table, index, &item_count, &byte_count));
    *items = (int64_t)item_count;
    *bytes = (int64_t)byte_count;
    return NULL;
}

static struct error *describe_local(const struct describing *d, const struct index *index,
                                    struct local_secondary_index_description *made)
{
    made->index_name = index->name;
    made->index_arn = index->arn;
    made->key_schema = table_description_keys(d->arena, &index->keys);
    made->projection = table_description_projection(d->arena, index);
    made->has_item_count = true;
    made->has_index_size_bytes = true;
    return measure(d, index, &made->item_count, &made->index_size_bytes);
}

static struct error *describe_global(const struct describing *d, const struct index *index,
                                     struct global_secondary_index_description *made)
{
    made->index_name = index->name;
    made->index_arn = index->arn;
    made->index_status = index->status;
    made->key_schema = table_description_keys(d->arena, &index->keys);
    made->projection = table_description_projection(d->arena, index);
    made->provisioned_throughput = provisioned(d, &index->throughput);
    made->on_demand_throughput = table_description_maxima(d->arena, &index->throughput);
    made->warm_throughput = warm_of_index(d, index);
    /* spec: only of an index added to a table, and only until it is ACTIVE */
    made->has_backfilling =
        d->table->status != TABLE_STATUS_CREATING && index->status == INDEX_STATUS_CREATING;
    made->backfilling = index->is_backfilling;
    made->has_item_count = true;
    made->has_index_size_bytes = true;
    return measure(d, index, &made->item_count, &made->index_size_bytes);
}

static struct error *describe_indexes(const struct describing *d, struct table_description *made)
{
    const struct table *table = d->table;
    struct local_secondary_index_description_list *local =
        NEW(d->arena, struct local_secondary_index_description_list, 1);
    struct global_secondary_index_description_list *global =
        NEW(d->arena, struct global_secondary_index_description_list, 1);

    local->items = NEW(d->arena, struct local_secondary_index_description, table->index_count);
    global->items = NEW(d->arena, struct global_secondary_index_description, table->index_count);
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];

        if (index->is_global)
            TRY(describe_global(d, index, &global->items[global->count++]));
        else
            TRY(describe_local(d, index, &local->items[local->count++]));
    }
    made->local_secondary_indexes = local->count ? local : NULL;
    made->global_secondary_indexes = global->count ? global : NULL;
    return NULL;
}

static const struct billing_mode_summary *billing(const struct describing *d)
{
    struct billing_mode_summary *made;

    if (!d->table->has_billing_summary)
        return NULL;
    made = NEW(d->arena, struct billing_mode_summary, 1);
    made->billing_mode = d->table->billing_mode;
    made->has_last_update_to_pay_per_request_date_time = !d->view->hides_billing_date;
    made->last_update_to_pay_per_request_date_time = seconds(d->table->on_demand_since_ms);
    return made;
}

const struct stream_specification *table_description_stream(struct arena *arena,
                                                            const struct table *table)
{
    struct stream_specification *made;

    if (table->stream_view == STREAM_VIEW_TYPE_ABSENT)
        return NULL;
    made = NEW(arena, struct stream_specification, 1);
    made->has_stream_enabled = true;
    made->stream_enabled = true;
    made->stream_view_type = table->stream_view;
    return made;
}

const struct sse_description *
table_description_encryption(struct arena *arena, const struct table *table, bool is_updating)
{
    struct sse_description *made;

    if (!table->is_sse_given && !is_updating)
        return NULL;
    made = NEW(arena, struct sse_description, 1);
    made->status = is_updating ? SSE_STATUS_UPDATING : SSE_STATUS_ENABLED;
    if (table->is_sse_given) {
        made->sse_type = SSE_TYPE_KMS;
        made->kms_master_key_arn = table->kms_key_arn;
    }
    return made;
}

static const struct restore_summary *restored(struct arena *arena, const struct table *table)
{
    struct restore_summary *made;

    if (table->restored_ms == 0)
        return NULL;
    made = NEW(arena, struct restore_summary, 1);
    made->source_backup_arn = table->restored_backup_arn;
    made->source_table_arn = table->restored_table_arn;
    made->has_restore_date_time = true;
    made->restore_date_time = seconds(table->restored_ms);
    made->has_restore_in_progress = true;
    made->restore_in_progress = table->status == TABLE_STATUS_CREATING;
    return made;
}

static const struct table_class_summary *class_summary(struct arena *arena,
                                                       const struct table *table)
{
    struct table_class_summary *made;

    if (table->table_class == TABLE_CLASS_ABSENT)
        return NULL;
    made = NEW(arena, struct table_class_summary, 1);
    made->table_class = table->table_class;
    made->has_last_update_date_time = table->table_class_changed_ms != 0;
    made->last_update_date_time = seconds(table->table_class_changed_ms);
    return made;
}

static struct error *describe_rest(const struct describing *d, struct table_description *made)
{
    const struct table *table = d->table;

    made->attribute_definitions = definitions(d->arena, table);
    made->key_schema = table_description_keys(d->arena, &table->keys);
    made->has_creation_date_time = true;
    made->creation_date_time = seconds(table->created_ms);
    made->on_demand_throughput = table_description_maxima(d->arena, &table->throughput);
    made->warm_throughput = warm_of_table(d);
    made->stream_specification = table_description_stream(d->arena, table);
    made->latest_stream_arn = table->stream_arn;
    made->latest_stream_label = table->stream_label;
    made->sse_description = table_description_encryption(d->arena, table, d->view->is_sse_updating);
    made->table_class_summary = class_summary(d->arena, table);
    made->restore_summary = restored(d->arena, table);
    return describe_indexes(d, made);
}

struct error *table_description_make(struct request *req, const struct table *table,
                                     const struct table_view *view,
                                     const struct table_description **description)
{
    const struct describing d = {
        .req = req, .arena = req->arena, .table = table, .view = view, .now_ms = exec_now_ms(req)
    };
    struct table_description *made = NEW(req->arena, struct table_description, 1);

    made->table_name = table->name;
    made->table_arn = table->arn;
    made->table_id = table->id;
    made->table_status = table->status;
    made->billing_mode_summary = billing(&d);
    made->provisioned_throughput = provisioned(&d, &table->throughput);
    made->has_deletion_protection_enabled = true;
    made->deletion_protection_enabled = table->is_protected;
    made->has_item_count = true;
    made->has_table_size_bytes = true;
    TRY(measure(&d, NULL, &made->item_count, &made->table_size_bytes));
    if (!view->is_being_deleted)
        TRY(describe_rest(&d, made));
    *description = made;
    return NULL;
}

struct error *table_description_make_creating(struct request *req, const struct table *created,
                                              const struct table_view *view,
                                              const struct table_description **description)
{
    struct table shown = *created;

    shown.status = TABLE_STATUS_CREATING;
    shown.indexes = NEW(req->arena, struct index, created->index_count);
    for (size_t i = 0; i < created->index_count; i++) {
        shown.indexes[i] = created->indexes[i];
        shown.indexes[i].status = INDEX_STATUS_CREATING;
    }
    return table_description_make(req, &shown, view, description);
}
