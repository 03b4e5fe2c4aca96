/* ops/create_table.c - CreateTable: a new table with its keys, indexes and settings. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "ops/invalid.h"
#include "ops/table_description.h"
#include "ops/table_indexes.h"
#include "ops/table_keys.h"
#include "ops/table_settings.h"
#include "ops/table_throughput.h"
#include "ops/tag_input.h"

/* What this server would have to act on and can't is refused rather than passed over. */
static struct error *check_supported(struct arena *arena, const struct create_table_input *in)
{
    const char *member = NULL;

    if (in->vector_indexes)
        member = "VectorIndexes";
    else if (in->resource_policy.data)
        member = "ResourcePolicy";
    else if (in->global_table_source_arn.data)
        member = "GlobalTableSourceArn";
    else if (in->global_table_settings_replication_mode !=
             GLOBAL_TABLE_SETTINGS_REPLICATION_MODE_ABSENT)
        member = "GlobalTableSettingsReplicationMode";
    return member ? invalid(arena, "%s is not supported by this server", member) : NULL;
}

/* The model requires neither, the service both. */
static struct error *check_present(struct arena *arena, const struct create_table_input *in)
{
    bool is_defined = in->attribute_definitions != NULL;
    bool has_keys = in->key_schema != NULL;
    const char *first = is_defined ? "keySchema" : "attributeDefinitions";

    if (is_defined && has_keys)
        return NULL;
    return fail(arena, ERR_VALIDATION,
                "%s detected: Value null at '%s' failed to satisfy constraint: Member must not be "
                "null%s",
                is_defined || has_keys ? "1 validation error" : "2 validation errors", first,
                is_defined || has_keys ? ""
                                       : "; Value null at 'keySchema' failed to satisfy "
                                         "constraint: Member must not be null");
}

static struct error *set_billing(struct arena *arena, const struct create_table_input *in,
                                 struct table *table)
{
    table->billing_mode =
        in->billing_mode == BILLING_MODE_ABSENT ? BILLING_MODE_PROVISIONED : in->billing_mode;
    if (table->billing_mode == BILLING_MODE_PROVISIONED && in->provisioned_throughput == NULL)
        return invalid(arena, "ReadCapacityUnits and WriteCapacityUnits must both be specified "
                              "when BillingMode is PROVISIONED");
    if (table->billing_mode == BILLING_MODE_PAY_PER_REQUEST && in->provisioned_throughput)
        return invalid(arena, "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
                              "when BillingMode is PAY_PER_REQUEST");
    return throughput_check_bounds(arena, (struct span){ 0 }, in->provisioned_throughput);
}

static struct error *set_keys(struct arena *arena, const struct create_table_input *in,
                              struct table *table)
{
    TRY(table_keys_define(arena, in->attribute_definitions, table));
    TRY(table_keys_of_table(arena, in->key_schema, table));
    TRY(table_indexes_add(arena, in->local_secondary_indexes, in->global_secondary_indexes, table));
    TRY(table_keys_check_used(arena, table));
    table_keys_sort_definitions(table);
    return NULL;
}

static struct error *set_settings(struct request *req, const struct create_table_input *in,
                                  struct table *table)
{
    const struct throughput_input wanted = { in->provisioned_throughput, in->on_demand_throughput,
                                             in->warm_throughput };

    TRY(throughput_create(req->arena, (struct span){ 0 }, table->billing_mode, &wanted,
                          &table->throughput));
    TRY(table_settings_stream(req->arena, in->stream_specification, table));
    TRY(table_settings_check_sse(req->arena, in->sse_specification));
    table_settings_encrypt(req->arena, in->sse_specification, table);
    table->table_class = in->table_class;
    table->is_protected = in->deletion_protection_enabled;
    if (in->tags == NULL)
        return NULL;
    TRY(tag_input_check(req->arena, in->tags));
    return tag_input_merge(req->arena, in->tags, table);
}

static struct error *create(struct request *req, struct table *table, const struct table **created)
{
    const struct control_plan plan = { .kind = CONTROL_CREATE_TABLE, .table = table };

    TRY(exec_begin_write(req));
    if (catalog_peek(req, table->name))
        return fail(req->arena, ERR_RESOURCE_IN_USE, "Table already exists: %.*s",
                    SPAN_PRINT(table->name));
    if (table->billing_mode == BILLING_MODE_PAY_PER_REQUEST) {
        table->has_billing_summary = true;
        table->on_demand_since_ms = exec_now_ms(req);
    }
    return exec_control(req, &plan, created);
}

/* The answer says CREATING, as the service's does; the table is there already. */
static struct error *describe(struct request *req, const struct create_table_input *in,
                              const struct table *created,
                              const struct table_description **description)
{
    const struct table_view view = { .hides_billing_date = true,
                                     .hides_warm = in->warm_throughput == NULL,
                                     .is_warm_updating = true };

    return table_description_make_creating(req, created, &view, description);
}

struct error *create_table(struct request *req, const struct create_table_input *in,
                           struct create_table_output *out)
{
    struct table table = { .status = TABLE_STATUS_ACTIVE,
                           .region = req->region,
                           .account = req->account };
    const struct table *created;

    TRY(check_present(req->arena, in));
    TRY(check_supported(req->arena, in));
    TRY(catalog_table_name(req, in->table_name, &table.name));
    TRY(set_billing(req->arena, in, &table));
    TRY(set_keys(req->arena, in, &table));
    TRY(table_indexes_complete(req->arena, in->local_secondary_indexes,
                               in->global_secondary_indexes, &table));
    TRY(set_settings(req, in, &table));
    TRY(create(req, &table, &created));
    return describe(req, in, created, &out->table_description);
}
