/* ops/transact_get_items.c - TransactGetItems: up to 100 items by their keys, all at one moment. */
#include "operations.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "item/check.h"
#include "ops/projection_input.h"
#include "ops/transaction.h"
#include "ops/voice.h"

static struct error *make_member(struct request *req, const struct get *in,
                                 struct transact_read *member)
{
    struct voice voice = voice_of_batch(req);
    const struct projection_input projection_input = {
        .projection_expression = in->projection_expression,
        .names = in->expression_attribute_names,
    };
    struct item *key = NEW(req->arena, struct item, 1);

    *key = *in->key;
    member->table_name = in->table_name;
    member->plan =
        (struct read_plan){ .kind = READ_GET, .key_attributes = key, .is_consistent = true };
    TRY(voice_say(req->arena, voice, item_check(req->arena, voice.wording, key)));
    return voice_say(
        req->arena, voice,
        projection_input_compile(req, voice, &projection_input, &member->plan.projection));
}

static const struct item_response_list *
responses_of(struct arena *arena, const struct read_result *results, size_t count)
{
    struct item_response_list *responses = NEW(arena, struct item_response_list, 1);

    responses->items = NEW(arena, struct item_response, count);
    responses->count = count;
    for (size_t i = 0; i < count; i++)
        if (results[i].items.count > 0)
            responses->items[i].item = &results[i].items.items[0];
    return responses;
}

struct error *transact_get_items(struct request *req, const struct transact_get_items_input *in,
                                 struct transact_get_items_output *out)
{
    size_t count = in->transact_items->count;
    struct transact_read_plan plan = { count, NEW(req->arena, struct transact_read, count) };
    struct read_result *results = NEW(req->arena, struct read_result, count);
    struct usage *usages = NEW(req->arena, struct usage, count);

    for (size_t i = 0; i < count; i++)
        TRY(make_member(req, in->transact_items->items[i].get, &plan.members[i]));
    TRY(transaction_bind_reads(req, &plan));

    TRY(exec_transact_read(req, &plan, results));

    out->responses = responses_of(req->arena, results, count);
    count = transaction_count_reads(req->arena, &plan, results, usages);
    out->consumed_capacity =
        usage_report_all(req->arena, in->return_consumed_capacity, usages, count);
    return NULL;
}
