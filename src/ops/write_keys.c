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
