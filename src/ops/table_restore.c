/* ops/table_restore.c - the description of a restored table, and its making. */
#include "ops/table_restore.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "ops/invalid.h"
#include "ops/table_description.h"
#include "ops/table_indexes.h"
#include "ops/table_keys.h"
#include "ops/table_settings.h"
#include "ops/table_throughput.h"

struct error *table_restore_check(struct arena *arena, const struct table_restore *restore)
{
    if (restore->billing_mode == BILLING_MODE_PAY_PER_REQUEST && restore->provisioned)
        return invalid(arena, "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
                              "when BillingMode is PAY_PER_REQUEST");
    TRY(throughput_check_bounds(arena, (struct span){ 0 }, restore->provisioned));
    return table_settings_check_sse(arena, restore->sse);
}

/* The source's throughput, as if it had been asked for; NULL when it had none of that mode. */
static const struct provisioned_throughput *provisioned_before(struct arena *arena,
                                                               const struct throughput *throughput)
{
    struct provisioned_throughput *made;

    if (throughput->read_units == 0)
        return NULL;
    made = NEW(arena, struct provisioned_throughput, 1);
    made->has_read_capacity_units = true;
    made->read_capacity_units = throughput->read_units;
    made->has_write_capacity_units = true;
    made->write_capacity_units = throughput->write_units;
    return made;
}

static struct error *set_billing(struct request *req, const struct table_restore *restore,
                                 struct table *table)
{
    const struct table *source = restore->source;
    struct throughput_input wanted = { .provisioned = restore->provisioned,
                                       .maximum = restore->maximum };

    table->billing_mode =
        restore->billing_mode == BILLING_MODE_ABSENT ? source->billing_mode : restore->billing_mode;
    if (table->billing_mode == BILLING_MODE_PAY_PER_REQUEST) {
        if (wanted.provisioned)
            return invalid(req->arena, "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
                                       "specified when BillingMode is PAY_PER_REQUEST");
        if (wanted.maximum == NULL)
            wanted.maximum = table_description_maxima(req->arena, &source->throughput);
        table->has_billing_summary = true;
        table->on_demand_since_ms = exec_now_ms(req);
    } else if (wanted.provisioned == NULL) {
        wanted.provisioned = provisioned_before(req->arena, &source->throughput);
        if (wanted.provisioned == NULL)
            return invalid(req->arena, "ReadCapacityUnits and WriteCapacityUnits must both be "
                                       "specified when BillingMode is PROVISIONED");
    }
    return throughput_create(req->arena, (struct span){ 0 }, table->billing_mode, &wanted,
                             &table->throughput);
}

static struct error *index_throughput(struct arena *arena, enum billing_mode mode,
                                      const struct global_secondary_index *override,
                                      const struct index *before, struct index *index)
{
    struct throughput_input wanted = { 0 };

    if (override)
        wanted =
            (struct throughput_input){ override->provisioned_throughput,
                                       override->on_demand_throughput, override->warm_throughput };
    if (mode == BILLING_MODE_PAY_PER_REQUEST && wanted.provisioned)
        return invalid(arena,
                       "ProvisionedThroughput should not be specified for index: %.*s when "
                       "BillingMode is PAY_PER_REQUEST",
                       SPAN_PRINT(index->name));
    if (mode == BILLING_MODE_PAY_PER_REQUEST && wanted.maximum == NULL)
        wanted.maximum = table_description_maxima(arena, &before->throughput);
    if (mode == BILLING_MODE_PROVISIONED && wanted.provisioned == NULL)
        wanted.provisioned = provisioned_before(arena, &before->throughput);
    if (mode == BILLING_MODE_PROVISIONED && wanted.provisioned == NULL)
        return invalid(arena, "ProvisionedThroughput is not specified for index: %.*s",
                       SPAN_PRINT(index->name));
    TRY(throughput_check_bounds(arena, index->name, wanted.provisioned));
    return throughput_create(arena, index->name, mode, &wanted, &index->throughput);
}

static bool is_same_index(const struct index *a, const struct index *b)
{
    size_t parts = a->keys.hash_count + a->keys.range_count;

    if (a->keys.hash_count != b->keys.hash_count || a->keys.range_count != b->keys.range_count ||
        a->projection != b->projection ||
        a->non_key_attributes.count != b->non_key_attributes.count)
        return false;
    for (size_t i = 0; i < parts; i++) {
        if (!span_equal(a->keys.parts[i].name, b->keys.parts[i].name))
            return false;
    }
    for (size_t i = 0; i < a->non_key_attributes.count; i++) {
        if (!span_equal(a->non_key_attributes.items[i], b->non_key_attributes.items[i]))
            return false;
    }
    return true;
}

/* spec: the indexes of an override are some of the source's, as they are there. The sentence is
 * ours: the service's isn't known. */
static struct error *check_match(struct arena *arena, const struct table *source,
                                 const struct index *wanted)
{
    const struct index *index = table_find_index(source, wanted->name);

    if (index && index->is_global == wanted->is_global && is_same_index(index, wanted))
        return NULL;
    return invalid(arena, "Index does not match an index of the source table: %.*s",
                   SPAN_PRINT(wanted->name));
}

static struct error *check_local(struct arena *arena, const struct table_restore *restore)
{
    const struct local_secondary_index_list *local = restore->local;

    for (size_t i = 0; local && i < local->count; i++) {
        struct index wanted = { .name = local->items[i].index_name };

        for (size_t j = 0; j < i; j++) {
            if (span_equal(local->items[j].index_name, wanted.name))
                return invalid(arena, "Duplicate index name: %.*s", SPAN_PRINT(wanted.name));
        }
        TRY(table_keys_of_local(arena, restore->source, local->items[i].key_schema, &wanted));
        TRY(table_indexes_project(arena, local->items[i].projection, &wanted));
        TRY(check_match(arena, restore->source, &wanted));
    }
    return NULL;
}

static struct error *check_global(struct arena *arena, const struct table_restore *restore)
{
    const struct global_secondary_index_list *global = restore->global;

    for (size_t i = 0; global && i < global->count; i++) {
        struct index wanted = { .name = global->items[i].index_name, .is_global = true };

        for (size_t j = 0; j < i; j++) {
            if (span_equal(global->items[j].index_name, wanted.name))
                return invalid(arena, "Duplicate index name: %.*s", SPAN_PRINT(wanted.name));
        }
        TRY(table_keys_of_global(arena, restore->source, global->items[i].key_schema, &wanted));
        TRY(table_indexes_project(arena, global->items[i].projection, &wanted));
        TRY(check_match(arena, restore->source, &wanted));
    }
    return NULL;
}

static const struct global_secondary_index *
find_global(const struct global_secondary_index_list *global, struct span name)
{
    for (size_t i = 0; global && i < global->count; i++) {
        if (span_equal(global->items[i].index_name, name))
            return &global->items[i];
    }
    return NULL;
}

static bool keeps_local(const struct local_secondary_index_list *local, struct span name)
{
    for (size_t i = 0; local && i < local->count; i++) {
        if (span_equal(local->items[i].index_name, name))
            return true;
    }
    return local == NULL;
}

static struct error *set_indexes(struct arena *arena, const struct table_restore *restore,
                                 struct table *table)
{
    const struct table *source = restore->source;

    TRY(check_local(arena, restore));
    TRY(check_global(arena, restore));
    table->indexes = NEW(arena, struct index, source->index_count);
    for (size_t i = 0; i < source->index_count; i++) {
        const struct index *before = &source->indexes[i];
        struct index *index = &table->indexes[table->index_count];
        const struct global_secondary_index *override = find_global(restore->global, before->name);

        if (before->is_global ? restore->global && override == NULL
                              : !keeps_local(restore->local, before->name))
            continue;
        *index = (struct index){ .name = before->name,
                                 .is_global = before->is_global,
                                 .keys = before->keys,
                                 .projection = before->projection,
                                 .non_key_attributes = before->non_key_attributes,
                                 .status = INDEX_STATUS_ACTIVE };
        if (before->is_global)
            TRY(index_throughput(arena, table->billing_mode, override, before, index));
        else
            table->local_index_count++;
        table->index_count++;
    }
    return NULL;
}

/* Those that still are the key of something. */
static void set_definitions(struct arena *arena, const struct table *source, struct table *table)
{
    table->definitions = NEW(arena, struct key_part, source->definition_count);
    for (size_t i = 0; i < source->definition_count; i++) {
        if (table_keys_use(table, source->definitions[i].name))
            table->definitions[table->definition_count++] = source->definitions[i];
    }
}

static void set_encryption(struct arena *arena, const struct table_restore *restore,
                           struct table *table)
{
    if (restore->sse) {
        table_settings_encrypt(arena, restore->sse, table);
    } else {
        table->is_sse_given = restore->source->is_sse_given;
        table->kms_key_arn = restore->source->kms_key_arn;
    }
}

struct error *table_restore_run(struct request *req, const struct table_restore *restore,
                                const struct table_description **description)
{
    const struct table_view view = { .hides_billing_date = true, .hides_warm = true };
    struct table table = { .name = restore->target_name,
                           .status = TABLE_STATUS_ACTIVE,
                           .region = req->region,
                           .account = req->account,
                           .keys = restore->source->keys,
                           .restored_ms = exec_now_ms(req),
                           .restored_backup_arn = restore->backup_arn,
                           .restored_table_arn = restore->source->arn };
    const struct control_plan plan = { .kind = CONTROL_CREATE_TABLE,
                                       .table = &table,
                                       .source_space = restore->source->space };
    const struct table *created;

    if (catalog_peek(req, table.name))
        return fail(req->arena, ERR_TABLE_ALREADY_EXISTS, "Table already exists: %.*s",
                    SPAN_PRINT(table.name));
    TRY(set_billing(req, restore, &table));
    TRY(set_indexes(req->arena, restore, &table));
    set_definitions(req->arena, restore->source, &table);
    set_encryption(req->arena, restore, &table);
    TRY(exec_control(req, &plan, &created));
    return table_description_make_creating(req, created, &view, description);
}
