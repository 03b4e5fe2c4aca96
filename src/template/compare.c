/* template/compare.c - definitions as sorted facts, so that two of them can be laid side by side.
 */
#include "template/compare.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/definition.h"

#include <stdlib.h>
#include <string.h>

static void add(struct arena *arena, struct fact_list *facts, struct span path, struct span value)
{
    if (facts->count == facts->capacity) {
        size_t bytes = facts->capacity * sizeof(*facts->items);

        facts->capacity = 2 * facts->capacity + 32;
        facts->items =
            arena_grow(arena, facts->items, bytes, facts->capacity * sizeof(*facts->items));
    }
    facts->items[facts->count++] = (struct fact){ path, value.data ? value : SPAN("") };
}

static struct span text_of(yyjson_mut_val *value)
{
    if (!yyjson_mut_is_str(value))
        return (struct span){ 0 };
    return (struct span){ yyjson_mut_get_str(value), yyjson_mut_get_len(value) };
}

static struct span member(yyjson_mut_val *object, const char *name)
{
    return text_of(yyjson_mut_obj_get(object, name));
}

static int by_text(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static int by_path(const void *a, const void *b)
{
    return span_compare(((const struct fact *)a)->path, ((const struct fact *)b)->path);
}

static struct span path_print(struct arena *arena, struct span prefix, const char *name)
{
    return arena_print(arena, "%.*s%s", SPAN_PRINT(prefix), name);
}

/* "day HASH, id RANGE" */
static struct span key_text(struct arena *arena, yyjson_mut_val *schema)
{
    struct buffer buffer;
    struct span text;
    size_t i;
    size_t count;
    yyjson_mut_val *key;

    buffer_init(&buffer);
    yyjson_mut_arr_foreach(schema, i, count, key)
    {
        if (i > 0)
            buffer_append_literal(&buffer, ", ");
        buffer_append_span(&buffer, member(key, "AttributeName"));
        buffer_append_char(&buffer, ' ');
        buffer_append_span(&buffer, member(key, "KeyType"));
    }
    text = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text;
}

/* "ALL", or "INCLUDE a, b" with the names in order. */
static struct span projection_text(struct arena *arena, yyjson_mut_val *projection)
{
    yyjson_mut_val *names = yyjson_mut_obj_get(projection, "NonKeyAttributes");
    struct span *sorted = NEW(arena, struct span, yyjson_mut_arr_size(names) + 1);
    struct buffer buffer;
    struct span text;
    size_t i;
    size_t count;
    yyjson_mut_val *name;

    yyjson_mut_arr_foreach(names, i, count, name)
    {
        sorted[i] = text_of(name);
    }
    count = yyjson_mut_arr_size(names);
    qsort(sorted, count, sizeof(*sorted), by_text);
    buffer_init(&buffer);
    buffer_append_span(&buffer, member(projection, "ProjectionType"));
    for (i = 0; i < count; i++) {
        buffer_append_span(&buffer, i > 0 ? SPAN(", ") : SPAN(" "));
        buffer_append_span(&buffer, sorted[i]);
    }
    text = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return text;
}

/* Capacity is written with or without a fraction of nothing: 5 and 5.0. */
static struct span units_text(struct arena *arena, yyjson_mut_val *object, const char *reads,
                              const char *writes)
{
    return arena_print(arena, "%.0f read, %.0f write",
                       yyjson_mut_get_num(yyjson_mut_obj_get(object, reads)),
                       yyjson_mut_get_num(yyjson_mut_obj_get(object, writes)));
}

/* Each billing mode has its own kind. */
static void add_throughput(struct arena *arena, struct fact_list *facts, struct span prefix,
                           yyjson_mut_val *table, bool is_on_demand)
{
    yyjson_mut_val *fixed =
        is_on_demand ? NULL : yyjson_mut_obj_get(table, "ProvisionedThroughput");
    yyjson_mut_val *most = yyjson_mut_obj_get(table, "OnDemandThroughput");

    if (yyjson_mut_get_num(yyjson_mut_obj_get(fixed, "ReadCapacityUnits")) > 0)
        add(arena, facts, path_print(arena, prefix, "ProvisionedThroughput"),
            units_text(arena, fixed, "ReadCapacityUnits", "WriteCapacityUnits"));
    if (yyjson_mut_get_num(yyjson_mut_obj_get(most, "MaxReadRequestUnits")) > 0 ||
        yyjson_mut_get_num(yyjson_mut_obj_get(most, "MaxWriteRequestUnits")) > 0)
        add(arena, facts, path_print(arena, prefix, "OnDemandThroughput"),
            units_text(arena, most, "MaxReadRequestUnits", "MaxWriteRequestUnits"));
}

static bool is_on_demand(yyjson_mut_val *create)
{
    return span_is(member(create, "BillingMode"), "PAY_PER_REQUEST");
}

static void add_indexes(struct arena *arena, struct fact_list *facts, yyjson_mut_val *create,
                        const char *kind)
{
    size_t i;
    size_t count;
    yyjson_mut_val *index;

    yyjson_mut_arr_foreach(yyjson_mut_obj_get(create, kind), i, count, index)
    {
        struct span prefix =
            arena_print(arena, "%s.%.*s.", kind, SPAN_PRINT(member(index, "IndexName")));

        add(arena, facts, path_print(arena, prefix, "KeySchema"),
            key_text(arena, yyjson_mut_obj_get(index, "KeySchema")));
        add(arena, facts, path_print(arena, prefix, "Projection"),
            projection_text(arena, yyjson_mut_obj_get(index, "Projection")));
        add_throughput(arena, facts, prefix, index, is_on_demand(create));
    }
}

static void add_attributes(struct arena *arena, struct fact_list *facts, yyjson_mut_val *create)
{
    size_t i;
    size_t count;
    yyjson_mut_val *attribute;

    yyjson_mut_arr_foreach(yyjson_mut_obj_get(create, "AttributeDefinitions"), i, count, attribute)
    {
        struct span name = member(attribute, "AttributeName");

        add(arena, facts, arena_print(arena, "AttributeDefinitions.%.*s", SPAN_PRINT(name)),
            member(attribute, "AttributeType"));
    }
}

static void add_settings(struct arena *arena, struct fact_list *facts, yyjson_mut_val *create)
{
    yyjson_mut_val *stream = yyjson_mut_obj_get(create, "StreamSpecification");
    yyjson_mut_val *encryption = yyjson_mut_obj_get(create, "SSESpecification");
    struct span billing = member(create, "BillingMode");
    struct span class = member(create, "TableClass");

    add(arena, facts, SPAN("BillingMode"), billing.data ? billing : SPAN("PROVISIONED"));
    add(arena, facts, SPAN("TableClass"), class.data ? class : SPAN("STANDARD"));
    if (yyjson_mut_is_true(yyjson_mut_obj_get(stream, "StreamEnabled")))
        add(arena, facts, SPAN("StreamSpecification"), member(stream, "StreamViewType"));
    if (yyjson_mut_is_true(yyjson_mut_obj_get(encryption, "Enabled")))
        add(arena, facts, SPAN("SSESpecification.Enabled"), SPAN("true"));
    if (yyjson_mut_is_true(yyjson_mut_obj_get(create, "DeletionProtectionEnabled")))
        add(arena, facts, SPAN("DeletionProtectionEnabled"), SPAN("true"));
}

void compare_facts(struct arena *arena, const struct definition *definition,
                   struct fact_list *facts)
{
    yyjson_mut_val *create = definition->create;

    *facts = (struct fact_list){ 0 };
    add(arena, facts, SPAN("KeySchema"), key_text(arena, yyjson_mut_obj_get(create, "KeySchema")));
    add_attributes(arena, facts, create);
    add_indexes(arena, facts, create, "LocalSecondaryIndexes");
    add_indexes(arena, facts, create, "GlobalSecondaryIndexes");
    add_throughput(arena, facts, SPAN(""), create, is_on_demand(create));
    add_settings(arena, facts, create);
    if (definition->time_to_live.data)
        add(arena, facts, SPAN("TimeToLiveSpecification"), definition->time_to_live);
    if (definition->has_recovery)
        add(arena, facts, SPAN("PointInTimeRecoverySpecification"), SPAN("on"));
    qsort(facts->items, facts->count, sizeof(*facts->items), by_path);
}

bool compare_knows(const struct definition *definition, struct span path)
{
    if (span_is(path, "TimeToLiveSpecification"))
        return definition->knows_time_to_live;
    if (span_is(path, "PointInTimeRecoverySpecification"))
        return definition->knows_recovery;
    for (size_t i = 0; i < definition->left_out.count; i++) {
        struct span start = definition->left_out.items[i].path;

        if (span_equal(path, start) ||
            (span_starts_with(path, start) && path.data[start.size] == '.'))
            return false;
    }
    return true;
}

void compare_definitions(struct arena *arena, const struct definition *wanted,
                         const struct definition *found, struct difference_list *differences)
{
    struct fact_list a;
    struct fact_list b;
    size_t i = 0;
    size_t j = 0;

    compare_facts(arena, wanted, &a);
    compare_facts(arena, found, &b);
    *differences = (struct difference_list){ 0, NEW(arena, struct difference, a.count + b.count) };
    while (i < a.count || j < b.count) {
        int order = i == a.count   ? 1
                    : j == b.count ? -1
                                   : span_compare(a.items[i].path, b.items[j].path);
        struct difference difference = { order <= 0 ? a.items[i].path : b.items[j].path,
                                         order <= 0 ? a.items[i].value : (struct span){ 0 },
                                         order >= 0 ? b.items[j].value : (struct span){ 0 } };

        i += order <= 0;
        j += order >= 0;
        if (compare_knows(wanted, difference.path) && compare_knows(found, difference.path) &&
            (!difference.wanted.data || !difference.found.data ||
             !span_equal(difference.wanted, difference.found)))
            differences->items[differences->count++] = difference;
    }
}
