/* ops/untag_resource.c - UntagResource: tags taken off a table; those it hasn't are passed over. */
#include "operations.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "ops/tag_input.h"

static bool has(const struct string_list *keys, struct span key)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (span_equal(keys->items[i], key))
            return true;
    }
    return false;
}

static void remove_tags(struct arena *arena, const struct string_list *keys, struct table *table)
{
    const struct tag_pair *tags = table->tags;
    size_t count = table->tag_count;

    table->tags = NEW(arena, struct tag_pair, count);
    table->tag_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!has(keys, tags[i].key))
            table->tags[table->tag_count++] = tags[i];
    }
}

struct error *untag_resource(struct request *req, const struct untag_resource_input *in, void *out)
{
    struct control_plan plan = { .kind = CONTROL_REPLACE_TABLE };
    const struct table *changed;
    struct table table;

    (void)out;
    if (in->tag_keys->count == 0)
        return fail(req->arena, ERR_VALIDATION,
                    "Atleast one Tag Key needs to be provided as Input.");
    TRY(tag_input_check_keys(req->arena, in->tag_keys));
    TRY(exec_begin_write(req));
    TRY(tag_input_find(req, in->resource_arn, &plan.old_table));
    table = *plan.old_table;
    remove_tags(req->arena, in->tag_keys, &table);
    plan.table = &table;
    return exec_control(req, &plan, &changed);
}
