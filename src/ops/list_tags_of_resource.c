/* ops/list_tags_of_resource.c - ListTagsOfResource: a table's tags, all at once: there are at most
 * 50. */
#include "operations.h"

#include "base/arena.h"
#include "ops/tag_input.h"

struct error *list_tags_of_resource(struct request *req,
                                    const struct list_tags_of_resource_input *in,
                                    struct list_tags_of_resource_output *out)
{
    struct tag_list *tags = NEW(req->arena, struct tag_list, 1);
    const struct table *table;

    TRY(tag_input_find(req, in->resource_arn, &table));
    tags->count = table->tag_count;
    tags->items = NEW(req->arena, struct tag, tags->count);
    for (size_t i = 0; i < tags->count; i++)
        tags->items[i] = (struct tag){ table->tags[i].key, table->tags[i].value };
    out->tags = tags;
    return NULL;
}
