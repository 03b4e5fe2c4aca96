/* ops/update_table.c - UpdateTable: one change of a table's settings, or of its global indexes. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "ops/invalid.h"
#include "ops/table_change.h"
#include "ops/table_settings.h"
#include "ops/table_throughput.h"

/* The changes a request may ask for. Empty structures and lists don't count. */
struct asked {
    bool is_provisioned;
    bool is_billing;
    bool is_stream;
    bool is_index;        /* anything in GlobalSecondaryIndexUpdates */
    bool is_index_online; /* the creation or deletion of an index */
    bool is_index_new;
    bool is_sse;
    bool is_class;
    bool is_protection;
    bool is_maxima;
    bool is_warm;
    int count; /* of all but is_index_online and is_index_new */
};

static struct asked what_is_asked(const struct update_table_input *in)
{
    const struct global_secondary_index_update_list *updates = in->global_secondary_index_updates;
    struct asked asked = {
        .is_provisioned = in->provisioned_throughput != NULL,
        .is_billing = in->billing_mode != BILLING_MODE_ABSENT,
        .is_stream = in->stream_specification != NULL,
        .is_index = updates && updates->count > 0,
        .is_sse = in->sse_specification != NULL,
        .is_class = in->table_class != TABLE_CLASS_ABSENT,
        .is_protection = in->has_deletion_protection_enabled,
        .is_maxima = table_change_has_maxima(in->on_demand_throughput),
        .is_warm = table_change_has_warm(in->warm_throughput),
    };

    for (size_t i = 0; updates && i < updates->count; i++) {
        asked.is_index_new |= updates->items[i].create != NULL;
        asked.is_index_online |= updates->items[i].create || updates->items[i].delete;
    }
    asked.count = asked.is_provisioned + asked.is_billing + asked.is_stream + asked.is_index +
                  asked.is_sse + asked.is_class + asked.is_protection + asked.is_maxima +
                  asked.is_warm;
    return asked;
}

/* What this server would have to act on and can't is refused rather than passed over. */
static struct error *check_supported(struct arena *arena, const struct update_table_input *in)
{
    const char *member = NULL;

    if (in->replica_updates)
        member = "ReplicaUpdates";
    else if (in->global_table_witness_updates)
        member = "GlobalTableWitnessUpdates";
    else if (in->global_table_settings_replication_mode !=
             GLOBAL_TABLE_SETTINGS_REPLICATION_MODE_ABSENT)
        member = "GlobalTableSettingsReplicationMode";
    else if (in->vector_index_updates)
        member = "VectorIndexUpdates";
    else if (in->multi_region_consistency != MULTI_REGION_CONSISTENCY_ABSENT)
        member = "MultiRegionConsistency";
    return member ? invalid(arena, "%s is not supported by this server", member) : NULL;
}

static bool is_nothing(const struct update_table_input *in, const struct asked *asked)
{
    return asked->count == 0 && in->replica_updates == NULL &&
           in->global_table_witness_updates == NULL && in->vector_index_updates == NULL &&
           in->global_table_settings_replication_mode ==
               GLOBAL_TABLE_SETTINGS_REPLICATION_MODE_ABSENT;
}

static struct error *check_something(struct arena *arena, const struct update_table_input *in,
                                     const struct asked *asked)
{
    bool has_consistency = in->multi_region_consistency != MULTI_REGION_CONSISTENCY_ABSENT;

    if (is_nothing(in, asked))
        return fail(arena, ERR_VALIDATION,
                    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
                    "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
                    "MultiAccountReplicaReady, ReplicaTransitRoleArn, %s"
                    "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass "
                    "is required",
                    has_consistency ? "" : "MultiRegionConsistency, ");
    if (in->global_secondary_index_updates && !asked->is_index)
        return invalid(arena, "List of GlobalSecondaryIndexUpdates is empty");
    return NULL;
}

/* spec: most changes stand alone; who is named when several do was measured */
static struct error *check_alone(struct arena *arena, const struct asked *asked)
{
    if (asked->count == 1)
        return NULL;
    if (asked->is_sse)
        return invalid(arena, "Server-Side Encryption modification must be the only operation in "
                              "the request");
    if (asked->is_class)
        return invalid(arena, "TableClass modification must be the only operation in the request");
    if (asked->is_protection)
        return invalid(arena, "DeletionProtection modification must be the only operation in the "
                              "request");
    if (asked->is_maxima && (asked->count > 2 || !asked->is_billing))
        return invalid(arena, "OnDemandThroughput can only be combined with BillingMode in an "
                              "UpdateTable request");
    if (asked->is_warm && asked->is_index_new)
        return invalid(arena, "Create global secondary index cannot be specified when updating "
                              "WarmThroughput");
    if (asked->is_warm)
        return invalid(arena, "WarmThroughput must be the only operation in the request");
    return NULL;
}

static struct error *check_together(struct arena *arena, const struct update_table_input *in,
                                    const struct asked *asked)
{
    bool is_iops = asked->is_provisioned || in->billing_mode == BILLING_MODE_PROVISIONED;

    TRY(check_alone(arena, asked));
    if (asked->is_stream && is_iops)
        return invalid(arena, "You cannot modify stream status while updating table IOPS");
    if (asked->is_index_online && is_iops)
        return invalid(arena, "You cannot create or delete index while updating table IOPS");
    if (asked->is_index_online && asked->is_stream)
        return invalid(arena, "You cannot create or delete index while changing stream status");
    return NULL;
}

static struct error *check_values(struct arena *arena, const struct update_table_input *in)
{
    if (in->billing_mode == BILLING_MODE_PAY_PER_REQUEST && in->provisioned_throughput)
        return invalid(arena, "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
                              "when BillingMode is PAY_PER_REQUEST");
    if (in->billing_mode == BILLING_MODE_PROVISIONED && in->provisioned_throughput == NULL)
        return invalid(arena,
                       "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
    TRY(throughput_check_bounds(arena, (struct span){ 0 }, in->provisioned_throughput));
    TRY(table_change_check_indexes(arena, in));
    TRY(table_settings_check_stream(arena, in->stream_specification));
    return table_settings_check_sse(arena, in->sse_specification);
}

static void change_class(struct table_change *change)
{
    enum table_class current = change->old->table_class;

    change->shown.status = TABLE_STATUS_UPDATING;
    if (current == TABLE_CLASS_ABSENT)
        current = TABLE_CLASS_STANDARD;
    if (change->in->table_class == current)
        return;
    change->next.table_class = change->in->table_class;
    change->next.table_class_changed_ms = change->now_ms;
}

static struct error *change_settings(struct table_change *change)
{
    const struct update_table_input *in = change->in;

    if (in->stream_specification) {
        TRY(table_settings_change_stream(change->arena, in->stream_specification, &change->next));
        change->shown.stream_view = change->next.stream_view;
        change->shown.status = TABLE_STATUS_UPDATING;
    }
    if (in->sse_specification) {
        TRY(table_settings_change_sse(change->arena, in->sse_specification, &change->next));
        change->view.is_sse_updating = true;
    }
    if (in->table_class != TABLE_CLASS_ABSENT)
        change_class(change);
    if (in->has_deletion_protection_enabled) {
        change->next.is_protected = in->deletion_protection_enabled;
        change->shown.is_protected = in->deletion_protection_enabled;
    }
    return NULL;
}

/* Names that only the engine could give. */
static void show_names(struct table_change *change, const struct table *changed)
{
    change->shown.stream_arn = changed->stream_arn;
    change->shown.stream_label = changed->stream_label;
    for (size_t i = 0; i < change->shown.index_count; i++) {
        struct index *index = &change->shown.indexes[i];

        if (index->status == INDEX_STATUS_CREATING)
            index->arn = table_find_index(changed, index->name)->arn;
    }
}

struct error *update_table(struct request *req, const struct update_table_input *in,
                           struct update_table_output *out)
{
    const struct asked asked = what_is_asked(in);
    struct control_plan plan = { .kind = CONTROL_REPLACE_TABLE };
    const struct table *changed;
    struct table_change change;

    TRY(check_something(req->arena, in, &asked));
    TRY(check_supported(req->arena, in));
    TRY(check_together(req->arena, in, &asked));
    TRY(check_values(req->arena, in));
    TRY(exec_begin_write(req));
    TRY(catalog_find_control(req, in->table_name, &plan.old_table));
    table_change_begin(&change, req, in, plan.old_table);
    TRY(table_change_throughput(&change));
    TRY(table_change_indexes(&change));
    TRY(change_settings(&change));
    plan.table = &change.next;
    TRY(exec_control(req, &plan, &changed));
    show_names(&change, changed);
    return table_description_make(req, &change.shown, &change.view, &out->table_description);
}
