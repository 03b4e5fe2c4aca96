/* ops/page_input.c - from the parameters of Query and Scan to a read plan. */
#include "ops/page_input.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "expr/legacy.h"
#include "item/check.h"
#include "ops/parameters.h"

static const char *expressions_are_null(const struct page_input *in)
{
    return in->is_query ? "FilterExpression and KeyConditionExpression are null"
                        : "FilterExpression is null";
}

struct error *page_input_check_first(struct request *req, struct voice voice,
                                     const struct page_input *in, struct read_plan *plan)
{
    struct projection *projection = NULL;

    TRY(legacy_check_filter_values(req->arena, voice.wording, in->filter));
    TRY(legacy_check_key_values(req->arena, voice.wording, in->key_conditions));
    if (in->attributes_to_get)
        TRY(legacy_attributes_to_get(req->arena, in->attributes_to_get, &projection));
    plan->projection = projection;
    return NULL;
}

struct error *page_input_compile(struct request *req, struct voice voice,
                                 const struct page_input *in, struct read_plan *plan,
                                 struct key_condition **key_condition)
{
    struct arena *arena = req->arena;
    struct item values = in->values ? *in->values : (struct item){ 0 };
    struct scope *scope = scope_open(arena, voice.wording, in->names, in->values ? &values : NULL);
    struct condition *filter = NULL;
    struct projection *projection = NULL;
    bool has_expression = in->filter_expression.data || in->projection_expression.data ||
                          in->key_condition_expression.data;

    if (in->key_conditions)
        TRY(legacy_key_conditions(arena, voice.wording, in->key_conditions, key_condition));
    TRY(legacy_filter(arena, voice.wording, in->filter, in->joined_by, &filter));
    TRY(scope_check(scope, has_expression, expressions_are_null(in)));
    if (in->filter_expression.data)
        TRY(condition_compile(scope, EXPRESSION_FILTER, in->filter_expression, &filter));
    if (in->projection_expression.data)
        TRY(projection_compile(scope, in->projection_expression, &projection));
    if (in->key_condition_expression.data)
        TRY(key_condition_compile(scope, in->key_condition_expression, key_condition));
    TRY(scope_check_all_used(scope));
    plan->filter = filter;
    if (projection)
        plan->projection = projection;
    return NULL;
}

struct error *page_input_check_select(struct request *req, const struct page_input *in)
{
    bool has_expression = in->projection_expression.data;
    bool has_projection = has_expression || in->attributes_to_get;
    const char *name = has_expression ? "ProjectionExpression" : "AttributesToGet";

    if (in->select == SELECT_SPECIFIC_ATTRIBUTES && !has_projection)
        return fail(req->arena, ERR_VALIDATION,
                    "%sMust specify the AttributesToGet or ProjectionExpression when choosing to "
                    "get SPECIFIC_ATTRIBUTES",
                    in->is_query && req->validator == VALIDATOR_CURRENT
                        ? "1 validation error detected: "
                        : "");
    if (in->select == SELECT_ALL_PROJECTED_ATTRIBUTES && !in->has_index)
        return fail(req->arena, ERR_VALIDATION,
                    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    if (has_projection && in->select != SELECT_ABSENT && in->select != SELECT_SPECIFIC_ATTRIBUTES)
        return fail(req->arena, ERR_VALIDATION, "Cannot specify the %s when choosing to get %s",
                    name,
                    in->select == SELECT_COUNT            ? "only the Count"
                    : in->select == SELECT_ALL_ATTRIBUTES ? "ALL_ATTRIBUTES"
                                                          : "ALL_PROJECTED_ATTRIBUTES");
    return NULL;
}

/* The names that a projection wants and the index doesn't hold: "a, b"; empty when it holds all. */
static struct span names_not_projected(struct arena *arena, const struct read_plan *plan)
{
    const struct path *paths;
    size_t count = plan->projection ? projection_paths(plan->projection, &paths) : 0;
    struct buffer text;
    struct span names;

    buffer_init(&text);
    for (size_t i = 0; i < count; i++) {
        struct span name = paths[i].steps[0].name;

        if (index_projects(plan->table, plan->index, name))
            continue;
        if (text.size > 0)
            buffer_append_literal(&text, ", ");
        buffer_append_span(&text, name);
    }
    names = arena_copy(arena, buffer_span(&text));
    buffer_fini(&text);
    return names;
}

static struct error *bind_global_index(struct request *req, const struct page_input *in,
                                       const struct read_plan *plan)
{
    const struct index *index = plan->index;
    struct span missing;

    if (plan->is_consistent)
        return fail(req->arena, ERR_VALIDATION,
                    "Consistent reads are not supported on global secondary indexes");
    if (in->select == SELECT_ALL_ATTRIBUTES && index->projection != PROJECTION_TYPE_ALL)
        return fail(req->arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not "
                    "supported for global secondary index %.*s because its projection type is not "
                    "ALL",
                    SPAN_PRINT(index->name));
    missing = names_not_projected(req->arena, plan);
    if (missing.size > 0)
        return fail(req->arena, ERR_VALIDATION,
                    "One or more parameter values were invalid: Global secondary index %.*s does "
                    "not project [%.*s]",
                    SPAN_PRINT(index->name), SPAN_PRINT(missing));
    return NULL;
}

const struct key_schema *page_keys(const struct read_plan *plan)
{
    return plan->index ? &plan->index->keys : &plan->table->keys;
}

struct error *page_input_bind(struct request *req, const struct page_input *in,
                              struct read_plan *plan)
{
    struct span key;

    plan->is_count_only = in->select == SELECT_COUNT;
    if (plan->index && plan->index->is_global)
        TRY(bind_global_index(req, in, plan));
    else if (plan->index)
        plan->fetches_items =
            plan->index->projection != PROJECTION_TYPE_ALL &&
            (in->select == SELECT_ALL_ATTRIBUTES || names_not_projected(req->arena, plan).size > 0);
    TRY(parameters_check_scalar_keys(req->arena, plan->table, plan->filter, plan->projection));
    if (!in->is_query || plan->filter == NULL)
        return NULL;
    key = condition_find_key(plan->filter, page_keys(plan), false);
    if (key.data == NULL)
        return NULL;
    return fail(req->arena, ERR_VALIDATION,
                "%s can only contain non-primary key attributes: Primary key attribute: %.*s",
                in->filter ? "QueryFilter" : "Filter Expression", SPAN_PRINT(key));
}

/* spec: texts about numbers and duplicates stand bare, the others get a prefix of their own */
struct error *page_start_check_values(struct request *req, struct voice voice, struct item *start)
{
    struct error *error = item_check(req->arena, voice.wording, start);

    if (error == NULL || span_starts_with(error->message, SPAN("The parameter cannot")) ||
        span_starts_with(error->message, SPAN("Number ")) ||
        span_starts_with(error->message, SPAN("Attempting to store")) ||
        span_starts_with(error->message, SPAN("Input collection")) ||
        span_starts_with(error->message,
                         SPAN("One or more parameter values were invalid: Input collection")))
        return error;
    return fail_prefixed(req->arena, "The provided starting key is invalid: ", error);
}

static size_t count_names(const struct key_schema *schema, const struct key_schema *other,
                          const struct item *start)
{
    size_t found = 0;

    for (size_t i = 0; i < schema->hash_count + schema->range_count; i++) {
        bool is_counted = false;

        for (size_t k = 0; other && k < other->hash_count + other->range_count; k++)
            is_counted |= span_equal(other->parts[k].name, schema->parts[i].name);
        if (is_counted)
            continue;
        if (item_find(start, schema->parts[i].name) == NULL)
            return SIZE_MAX / 2; /* never equal to a count of attributes */
        found++;
    }
    return found;
}

bool page_start_has_all_names(const struct read_plan *plan, const struct item *start)
{
    const struct key_schema *index = plan->index ? &plan->index->keys : NULL;
    size_t names = count_names(&plan->table->keys, index, start);

    if (index)
        names += count_names(index, NULL, start);
    return names == start->count;
}

/* The attributes of start that belong to schema, in its order. */
static struct item part_of(struct arena *arena, const struct key_schema *schema,
                           const struct item *start)
{
    size_t count = schema->hash_count + schema->range_count;
    struct item part = { .attributes = NEW(arena, struct attribute, count) };

    for (size_t i = 0; i < count; i++) {
        const struct value *value = item_find(start, schema->parts[i].name);

        if (value)
            part.attributes[part.count++] = (struct attribute){ schema->parts[i].name, *value };
    }
    return part;
}

struct error *page_start_key(struct request *req, const struct read_plan *plan,
                             const struct item *start, struct span *bytes)
{
    const struct table *table = plan->table;
    struct item key = part_of(req->arena, &table->keys, start);
    struct span table_key;

    TRY(key_from_key(req->arena, &table->keys, &key, &table_key));
    *bytes = table_key;
    if (plan->index) {
        struct item index_key = part_of(req->arena, &plan->index->keys, start);
        struct span unused;

        TRY(key_from_key(req->arena, &plan->index->keys, &index_key, &unused));
        key_from_index(req->arena, &plan->index->keys, start, table_key, bytes);
    }
    return NULL;
}
