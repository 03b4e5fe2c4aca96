/* ops/scan.c - Scan: a page of a whole table or index, or of one segment of it. */
#include "operations.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "engine/exec.h"
#include "ops/page_input.h"
#include "ops/parameters.h"
#include "ops/usage.h"

static struct error *check_mixing(struct request *req, const struct scan_input *in)
{
    const struct parameter legacy[] = { { "AttributesToGet", in->attributes_to_get },
                                        { "ScanFilter", in->scan_filter },
                                        { "ConditionalOperator", in->conditional_operator },
                                        { NULL, false } };
    const struct parameter expressions[] = {
        { "ProjectionExpression", in->projection_expression.data },
        { "FilterExpression", in->filter_expression.data },
        { NULL, false },
    };

    return parameters_check_mixing(req->arena, legacy, expressions);
}

static struct error *check_segment(struct request *req, const struct scan_input *in)
{
    if (in->has_segment && !in->has_total_segments)
        return fail(req->arena, ERR_VALIDATION,
                    "The TotalSegments parameter is required but was not present in the request "
                    "when Segment parameter is present");
    if (in->has_total_segments && !in->has_segment)
        return fail(req->arena, ERR_VALIDATION,
                    "The Segment parameter is required but was not present in the request when "
                    "parameter TotalSegments is present");
    if (in->has_segment && in->segment >= in->total_segments)
        return fail(req->arena, ERR_VALIDATION,
                    "The Segment parameter is zero-based and must be less than parameter "
                    "TotalSegments: Segment: %lld is not less than TotalSegments: %lld",
                    (long long)in->segment, (long long)in->total_segments);
    return NULL;
}

__extension__ typedef unsigned __int128 wide;

/* The first key of a segment: digests are divided evenly. Absent past the last segment. */
static struct span segment_start(struct arena *arena, uint64_t segment, uint64_t total)
{
    char *bytes = arena_alloc_raw(arena, KEY_DIGEST_BYTES);
    uint64_t digest;

    if (segment == total)
        return (struct span){ 0 };
    digest = (uint64_t)((((wide)segment << 64) + total - 1) / total);
    for (int i = KEY_DIGEST_BYTES - 1; i >= 0; i--, digest >>= 8)
        bytes[i] = (char)(digest & 0xff);
    return (struct span){ bytes, KEY_DIGEST_BYTES };
}

static void bind_segment(struct request *req, const struct scan_input *in, struct read_plan *plan)
{
    if (!in->has_segment)
        return;
    plan->range.low =
        segment_start(req->arena, (uint64_t)in->segment, (uint64_t)in->total_segments);
    plan->range.high =
        segment_start(req->arena, (uint64_t)in->segment + 1, (uint64_t)in->total_segments);
}

static struct error *bind_start(struct request *req, const struct scan_input *in,
                                const struct item *start, struct read_plan *plan)
{
    if (!page_start_has_all_names(plan, start) ||
        page_start_key(req, plan, start, &plan->start_after) != NULL)
        return fail(req->arena, ERR_VALIDATION,
                    "The provided starting key is invalid: The provided key element does not "
                    "match the schema");
    if ((plan->range.low.data && span_compare(plan->start_after, plan->range.low) < 0) ||
        (plan->range.high.data && span_compare(plan->start_after, plan->range.high) >= 0))
        return fail(req->arena, ERR_VALIDATION,
                    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                    "ExclusiveStartKey with correct Segment. TotalSegments: %lld Segment: %lld",
                    (long long)in->total_segments, (long long)in->segment);
    return NULL;
}

static void answer(struct request *req, const struct scan_input *in, const struct read_plan *plan,
                   struct read_result *found, struct scan_output *out)
{
    struct usage usage = { .table_name = in->table_name };

    if (!plan->is_count_only)
        out->items = &found->items;
    out->count = (int64_t)found->count;
    out->scanned_count = (int64_t)found->scanned_count;
    out->has_count = out->has_scanned_count = true;
    out->last_evaluated_key = found->last_key;
    usage_add_read(req->arena, &usage, plan, found);
    out->consumed_capacity = usage_report(req->arena, in->return_consumed_capacity, &usage);
}

struct error *scan(struct request *req, const struct scan_input *in, struct scan_output *out)
{
    const struct page_input page = {
        .filter_expression = in->filter_expression,
        .projection_expression = in->projection_expression,
        .names = in->expression_attribute_names,
        .values = in->expression_attribute_values,
        .filter = in->scan_filter,
        .joined_by = in->conditional_operator,
        .attributes_to_get = in->attributes_to_get,
        .select = in->select,
        .has_index = in->index_name.data,
    };
    struct item start = in->exclusive_start_key ? *in->exclusive_start_key : (struct item){ 0 };
    struct read_plan plan = { .kind = READ_SCAN,
                              .is_consistent = in->consistent_read,
                              .limit = in->has_limit ? (uint64_t)in->limit : 0 };
    struct read_result *found = NEW(req->arena, struct read_result, 1);
    struct key_condition *no_key_condition = NULL;

    TRY(check_mixing(req, in));
    TRY(page_input_check_first(req, voice_of_batch(req), &page, &plan));
    if (in->exclusive_start_key)
        TRY(page_start_check_values(req, voice_of_batch(req), &start));
    TRY(check_segment(req, in));
    TRY(page_input_compile(req, voice_of_batch(req), &page, &plan, &no_key_condition));
    TRY(page_input_check_select(req, &page));
    TRY(catalog_find(req, in->table_name, &plan.table));
    TRY(catalog_find_index(req, plan.table, in->index_name, &plan.index));
    TRY(page_input_bind(req, &page, &plan));
    bind_segment(req, in, &plan);
    if (in->exclusive_start_key)
        TRY(bind_start(req, in, &start, &plan));

    TRY(exec_read(req, &plan, found));

    answer(req, in, &plan, found, out);
    return NULL;
}
