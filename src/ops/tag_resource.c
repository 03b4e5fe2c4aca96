/* ops/tag_resource.c - TagResource: tags put on a table, over those of the same keys. */
#include "operations.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "ops/tag_input.h"

struct error *tag_resource(struct request *req, const struct tag_resource_input *in, void *out)
{
    struct control_plan plan = { .kind = CONTROL_REPLACE_TABLE };
    const struct table *changed;
    struct table table;

    (void)out;
    if (in->tags->count == 0)
        return fail(req->arena, ERR_VALIDATION, "Atleast one Tag needs to be provided as Input.");
    TRY(tag_input_check(req->arena, in->tags));
    TRY(exec_begin_write(req));
    TRY(tag_input_find(req, in->resource_arn, &plan.old_table));
    table = *plan.old_table;
    TRY(tag_input_merge(req->arena, in->tags, &table));
    plan.table = &table;
    return exec_control(req, &plan, &changed);
}
