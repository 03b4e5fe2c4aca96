/* ops/write_keys.c - from an item or a Key to the bytes under which it is stored. */
#include "ops/write_keys.h"

#include "ops/parameters.h"

struct error *write_keys_from_item(struct request *req, struct write_plan *plan)
{
    const struct table *table = plan->table;

    TRY(parameters_check_scalar_keys(req->arena, table, plan->condition, NULL));
    TRY(key_from_item(req->arena, &table->keys, plan->new_item, &plan->key));
    for (size_t i = 0; i < table->index_count; i++)
        TRY(key_check_index(req->arena, &table->indexes[i].keys, table->indexes[i].name,
                            plan->new_item, false));
    return NULL;
}

struct error *write_keys_from_key(struct request *req, struct write_plan *plan)
{
    TRY(parameters_check_scalar_keys(req->arena, plan->table, plan->condition,
                                     plan->update ? update_targets(plan->update) : NULL));
    return key_from_key(req->arena, &plan->table->keys, plan->key_attributes, &plan->key);
}

struct error *write_keys_check_update(struct request *req, const struct write_plan *plan)
{
    const struct key_schema *keys = &plan->table->keys;
    const struct path *paths;
    size_t count = plan->update ? projection_paths(update_targets(plan->update), &paths) : 0;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < keys->hash_count + keys->range_count; k++)
            if (span_equal(paths[i].steps[0].name, keys->parts[k].name))
                return fail(req->arena, ERR_VALIDATION,
                            "One or more parameter values were invalid: Cannot update attribute "
                            "%.*s. This attribute is part of the key",
                            SPAN_PRINT(keys->parts[k].name));
    return NULL;
}
