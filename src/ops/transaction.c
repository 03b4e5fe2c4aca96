/* ops/transaction.c - keys of members, and what they consumed table by table. */
#include "ops/transaction.h"

#include "base/arena.h"
#include "engine/catalog.h"
#include "ops/key_set.h"
#include "ops/write_keys.h"

static bool key_fits(const struct key_schema *schema, const struct item *item)
{
    for (size_t i = 0; i < schema->hash_count + schema->range_count; i++) {
        const struct value *value = item_find(item, schema->parts[i].name);

        if (value == NULL || value->type != schema->parts[i].type)
            return false;
    }
    return true;
}

/* Index key attributes that the item has are of the right types. */
static bool index_keys_fit(const struct table *table, const struct item *item)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct key_schema *schema = &table->indexes[i].keys;

        for (size_t k = 0; k < schema->hash_count + schema->range_count; k++) {
            const struct value *value = item_find(item, schema->parts[k].name);

            if (value && value->type != schema->parts[k].type)
                return false;
        }
    }
    return true;
}

/* Either the error of the whole request, or *refusal: which of the two depends on whether the types
 * are right. */
static struct error *sort_out(struct error *error, bool fits, struct error **refusal)
{
    if (error && error->code == ERR_VALIDATION && !fits) {
        *refusal = error;
        return NULL;
    }
    return error;
}

static struct error *bind_write(struct request *req, struct transact_write *member)
{
    struct write_plan *plan = &member->plan;
    const struct key_schema *keys = &plan->table->keys;
    bool fits;

    if (plan->kind == WRITE_PUT) {
        fits = key_fits(keys, plan->new_item) && index_keys_fit(plan->table, plan->new_item);
        return sort_out(write_keys_from_item(req, plan), fits, &member->refusal);
    }
    fits = plan->key_attributes->count == keys->hash_count + keys->range_count &&
           key_fits(keys, plan->key_attributes);
    TRY(sort_out(write_keys_from_key(req, plan), fits, &member->refusal));
    if (member->refusal == NULL)
        member->refusal = write_keys_check_update(req, plan);
    return NULL;
}

static struct error *twice(struct request *req)
{
    return fail(req->arena, ERR_VALIDATION,
                "Transaction request cannot include multiple operations on one item");
}

struct error *transaction_bind_writes(struct request *req, const struct transact_write_plan *plan)
{
    struct key_set *seen = key_set_open(req->arena, plan->count);

    for (size_t i = 0; i < plan->count; i++)
        TRY(catalog_find(req, plan->members[i].table_name, &plan->members[i].plan.table));
    for (size_t i = 0; i < plan->count; i++) {
        struct transact_write *member = &plan->members[i];

        TRY(bind_write(req, member));
        if (member->plan.key.data &&
            !key_set_add(seen, member->plan.table->space, member->plan.key))
            return twice(req);
    }
    return NULL;
}

struct error *transaction_bind_reads(struct request *req, const struct transact_read_plan *plan)
{
    struct key_set *seen = key_set_open(req->arena, plan->count);

    for (size_t i = 0; i < plan->count; i++)
        TRY(catalog_find(req, plan->members[i].table_name, &plan->members[i].plan.table));
    for (size_t i = 0; i < plan->count; i++) {
        struct transact_read *member = &plan->members[i];
        const struct key_schema *keys = &member->plan.table->keys;
        const struct item *key = member->plan.key_attributes;
        bool fits = key->count == keys->hash_count + keys->range_count && key_fits(keys, key);

        TRY(sort_out(key_from_key(req->arena, keys, key, &member->plan.key), fits,
                     &member->refusal));
        if (member->plan.key.data &&
            !key_set_add(seen, member->plan.table->space, member->plan.key))
            return twice(req);
    }
    return NULL;
}

static struct usage *usage_of(struct usage *usages, size_t *count, const struct table *table,
                              struct span table_name, enum usage_split split)
{
    for (size_t i = 0; i < *count; i++)
        if (usages[i].table == table)
            return &usages[i];
    usages[*count] = (struct usage){ .table = table, .table_name = table_name, .split = split };
    return &usages[(*count)++];
}

/* spec: twice the units of a single write or read; entries of indexes count once */
size_t transaction_count_writes(struct arena *arena, const struct transact_write_plan *plan,
                                const struct transact_write_result *result, struct usage *usages)
{
    enum usage_split split = result->half_rcus ? USAGE_OF_READS : USAGE_OF_WRITES;
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        const struct write_plan *member = &plan->members[i].plan;
        struct usage *usage =
            usage_of(usages, &count, member->table, plan->members[i].table_name, split);

        if (result->half_rcus) {
            usage->table_half_units += 2 * result->half_rcus[i];
            continue;
        }
        usage->table_half_units += 2 * result->members[i].wcus;
        usage_add_write(arena, usage, member, &result->members[i]);
    }
    return count;
}

size_t transaction_count_reads(struct arena *arena, const struct transact_read_plan *plan,
                               const struct read_result *results, struct usage *usages)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        const struct read_plan *member = &plan->members[i].plan;
        struct usage *usage =
            usage_of(usages, &count, member->table, plan->members[i].table_name, USAGE_OF_READS);

        usage->table_half_units += results[i].half_rcus;
        usage_add_read(arena, usage, member, &results[i]);
    }
    return count;
}
