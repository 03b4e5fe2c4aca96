/* ops/parameters.c - mixed parameters, paths into keys, item collection metrics. */
#include "ops/parameters.h"

#include "base/arena.h"

static struct span names_of_present(struct arena *arena, const struct parameter *parameters)
{
    struct span names = SPAN("");

    for (; parameters->name; parameters++)
        if (parameters->is_present)
            names = arena_print(arena, "%.*s%s%s", SPAN_PRINT(names), names.size ? ", " : "",
                                parameters->name);
    return names;
}

static bool has_present(const struct parameter *parameters)
{
    for (; parameters->name; parameters++)
        if (parameters->is_present)
            return true;
    return false;
}

struct error *parameters_check_mixing(struct arena *arena, const struct parameter *legacy,
                                      const struct parameter *expressions)
{
    if (!has_present(legacy) || !has_present(expressions))
        return NULL;
    return fail(arena, ERR_VALIDATION,
                "Can not use both expression and non-expression parameters in the same request: "
                "Non-expression parameters: {%.*s} Expression parameters: {%.*s}",
                SPAN_PRINT(names_of_present(arena, legacy)),
                SPAN_PRINT(names_of_present(arena, expressions)));
}

static struct error *not_scalar(struct arena *arena, const char *kind, struct span name)
{
    return fail(arena, ERR_VALIDATION,
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                "not allowed: %s: %.*s",
                kind, SPAN_PRINT(name));
}

/* The first key attribute of the schema that is looked into. */
static struct span find_nested(const struct key_schema *schema, const struct condition *condition,
                               const struct projection *projection)
{
    struct span name = condition_find_key(condition, schema, true);
    const struct path *paths;
    size_t count = name.data == NULL && projection ? projection_paths(projection, &paths) : 0;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; paths[i].count > 1 && k < schema->hash_count + schema->range_count; k++)
            if (span_equal(paths[i].steps[0].name, schema->parts[k].name))
                return schema->parts[k].name;
    return name;
}

struct error *parameters_check_scalar_keys(struct arena *arena, const struct table *table,
                                           const struct condition *condition,
                                           const struct projection *projection)
{
    struct span name = find_nested(&table->keys, condition, projection);

    if (name.data)
        return not_scalar(arena, "Key", name);
    for (size_t i = 0; i < table->index_count; i++) {
        name = find_nested(&table->indexes[i].keys, condition, projection);
        if (name.data)
            return not_scalar(arena, "IndexKey", name);
    }
    return NULL;
}

/* spec: an estimate in whole gigabytes, the size lying between the two bounds */
static const struct item_collection_size_estimate_range *estimate_of(struct arena *arena,
                                                                     int64_t bytes)
{
    struct item_collection_size_estimate_range *range =
        NEW(arena, struct item_collection_size_estimate_range, 1);

    range->items = NEW(arena, double, 2);
    range->count = 2;
    range->items[0] = (double)(bytes >> 30);
    range->items[1] = range->items[0] + 1;
    return range;
}

const struct item_collection_metrics *
parameters_collection_metrics(struct arena *arena, enum return_item_collection_metrics wanted,
                              const struct write_plan *plan, const struct write_result *result)
{
    const struct item *item = plan->kind == WRITE_PUT ? plan->new_item : plan->key_attributes;
    struct span name = plan->table->keys.parts[0].name;
    struct item_collection_metrics *metrics;
    struct item *key;

    if (wanted != RETURN_ITEM_COLLECTION_METRICS_SIZE || plan->table->collection_space == 0)
        return NULL;
    key = NEW(arena, struct item, 1);
    key->attributes = NEW(arena, struct attribute, 1);
    key->attributes[key->count++] = (struct attribute){ name, *item_find(item, name) };
    metrics = NEW(arena, struct item_collection_metrics, 1);
    metrics->item_collection_key = key;
    metrics->size_estimate_range_gb = estimate_of(arena, result->collection_bytes);
    return metrics;
}
