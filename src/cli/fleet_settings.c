/* cli/fleet_settings.c - what a table has beside CreateTable's input: TTL and point-in-time
 * recovery, set once it is there and asked for when tables are compared. */
#include "base/arena.h"
#include "cli/fleet_call.h"
#include "cli/say.h"
#include "template/definition.h"

struct setting {
    const char *operation;
    const char *name;
    struct span body;
};

static struct span body_of(struct arena *arena, struct span table, const char *name,
                           yyjson_mut_doc *doc, yyjson_mut_val *value)
{
    yyjson_mut_val *root = yyjson_mut_obj(doc);

    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_strn(doc, root, "TableName", table.data, table.size);
    yyjson_mut_obj_add_val(doc, root, name, value);
    return json_print(arena, doc, false);
}

static struct setting time_to_live(struct arena *arena, const struct fleet_table *table)
{
    static const char name[] = "TimeToLiveSpecification";
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *value = yyjson_mut_obj(doc);
    struct span attribute = table->definition->time_to_live;

    yyjson_mut_obj_add_bool(doc, value, "Enabled", true);
    yyjson_mut_obj_add_strn(doc, value, "AttributeName", attribute.data, attribute.size);
    return (struct setting){ "UpdateTimeToLive", "time to live",
                             body_of(arena, table->name, name, doc, value) };
}

static struct setting recovery(struct arena *arena, const struct fleet_table *table)
{
    static const char name[] = "PointInTimeRecoverySpecification";
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *value = yyjson_mut_obj(doc);

    yyjson_mut_obj_add_bool(doc, value, "PointInTimeRecoveryEnabled", true);
    if (table->definition->recovery_days > 0)
        yyjson_mut_obj_add_int(doc, value, "RecoveryPeriodInDays",
                               table->definition->recovery_days);
    return (struct setting){ "UpdateContinuousBackups", "point-in-time recovery",
                             body_of(arena, table->name, name, doc, value) };
}

/* An endpoint that hasn't the operation can still run tests that don't need it. */
static struct error *judge(struct fleet *fleet, struct fleet_table *const *owners,
                           const struct setting *settings, const struct client_call *calls,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (client_failed_with(&calls[i], "UnknownOperationException"))
            say("%.*s: no %s: not on this endpoint", SPAN_PRINT(owners[i]->name), settings[i].name);
        else if (calls[i].error.data)
            return fleet_refused(fleet, owners[i], &calls[i]);
    }
    return NULL;
}

struct error *fleet_set(struct fleet *fleet)
{
    struct setting *settings = NEW(fleet->arena, struct setting, 2 * fleet->count + 1);
    struct client_call *calls = NEW(fleet->arena, struct client_call, 2 * fleet->count + 1);
    struct fleet_table **owners = NEW(fleet->arena, struct fleet_table *, 2 * fleet->count + 1);
    size_t count = 0;

    for (size_t i = 0; i < fleet->count; i++) {
        struct fleet_table *table = &fleet->tables[i];

        if (table->state != FLEET_MADE || !table->definition)
            continue;
        owners[count] = owners[count + 1] = table;
        if (table->definition->time_to_live.data)
            settings[count++] = time_to_live(fleet->arena, table);
        if (table->definition->has_recovery)
            settings[count++] = recovery(fleet->arena, table);
    }
    for (size_t i = 0; i < count; i++)
        calls[i] =
            (struct client_call){ .operation = settings[i].operation, .body = settings[i].body };
    if (count > 0)
        client_call(fleet->client, fleet->arena, calls, count);
    return judge(fleet, owners, settings, calls, count);
}

static void take_time_to_live(const struct client_call *call, struct definition *live)
{
    yyjson_val *shown = yyjson_obj_get(call->answer, "TimeToLiveDescription");
    struct span status = json_text(yyjson_obj_get(shown, "TimeToLiveStatus"));

    if (call->error.data || !shown)
        return;
    live->knows_time_to_live = true;
    if (span_is(status, "ENABLED") || span_is(status, "ENABLING"))
        live->time_to_live = json_text(yyjson_obj_get(shown, "AttributeName"));
}

static void take_recovery(const struct client_call *call, struct definition *live)
{
    yyjson_val *shown = yyjson_obj_get(yyjson_obj_get(call->answer, "ContinuousBackupsDescription"),
                                       "PointInTimeRecoveryDescription");

    if (call->error.data || !shown)
        return;
    live->knows_recovery = true;
    live->has_recovery =
        yyjson_equals_str(yyjson_obj_get(shown, "PointInTimeRecoveryStatus"), "ENABLED");
}

void fleet_ask_settings(struct fleet *fleet, const struct fleet_table *table,
                        struct definition *live)
{
    struct span body = fleet_name_body(fleet->arena, table->name);
    struct client_call calls[2] = { { .operation = "DescribeTimeToLive", .body = body },
                                    { .operation = "DescribeContinuousBackups", .body = body } };

    client_call(fleet->client, fleet->arena, calls, 2);
    take_time_to_live(&calls[0], live);
    take_recovery(&calls[1], live);
}

void fleet_say_left_out(const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        const struct fleet_table *table = &fleet->tables[i];
        struct span names = { 0 };

        if (table->state != FLEET_MADE || !table->definition)
            continue;
        for (size_t j = 0; j < table->definition->left_out.count; j++)
            names = arena_print(fleet->arena, "%.*s%s%.*s", SPAN_PRINT(names), j > 0 ? ", " : "",
                                SPAN_PRINT(table->definition->left_out.items[j].path));
        if (names.size > 0)
            say("%.*s: left out for a test table: %.*s", SPAN_PRINT(table->name),
                SPAN_PRINT(names));
    }
}
