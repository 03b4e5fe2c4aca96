/* partiql/bind_read.c - SELECT as one read plan, or as several. */
#include "partiql/bind.h"

#include "base/arena.h"
#include "expr/condition.h"
#include "expr/projection.h"
#include "partiql/where.h"

#include <assert.h>

enum { READS_MAX = 100 };

/* What the WHERE clause says of the key attributes, in the order of the schema. */
struct keys {
    struct choice choices[KEY_PARTS_MAX];
    size_t chosen_count; /* leading parts with choices */
    size_t read_count;   /* ways to choose */
    bool has_test;
    struct key_test test; /* of the part behind the chosen ones */
};

struct binding {
    struct arena *arena;
    const struct statement *statement;
    const struct key_schema *schema; /* of the index, or of the table */
    struct where where;
    struct keys keys;
    struct read_plan base; /* what all the reads have in common */
};

static size_t part_count(const struct key_schema *schema)
{
    return schema->hash_count + schema->range_count;
}

/* --- keys --- */

/* False: a sort key's values would make too many reads, and stay a filter. */
static bool can_choose(const struct keys *keys, const struct choice *choice)
{
    return choice->count > 0 && keys->read_count * choice->count <= READS_MAX;
}

static struct error *check_partitions(const struct binding *binding, const struct choice *choice)
{
    if (choice->count <= PARTITIONS_MAX)
        return NULL;
    return fail(binding->arena, ERR_VALIDATION,
                "The IN operator is provided with too many operands; number of operands: %zu",
                choice->count);
}

/* The choices of all partition key parts, then those of as many sort key parts as have some, then
 * a range. */
static struct error *take_keys(struct binding *binding)
{
    const struct key_schema *schema = binding->schema;
    struct keys *keys = &binding->keys;

    keys->read_count = 1;
    for (size_t i = 0; i < part_count(schema); i++) {
        struct where before = binding->where;
        struct choice choice;

        before.is_taken = NEW(binding->arena, bool, before.count);
        for (size_t k = 0; k < before.count; k++)
            before.is_taken[k] = binding->where.is_taken[k];
        choice = where_take_choice(&binding->where, schema->parts[i].name);
        if (i < schema->hash_count)
            TRY(check_partitions(binding, &choice));
        if (!can_choose(keys, &choice)) {
            binding->where = before;
            break;
        }
        keys->choices[i] = choice;
        keys->read_count *= choice.count;
        keys->chosen_count++;
    }
    if (keys->chosen_count >= schema->hash_count && keys->chosen_count < part_count(schema))
        keys->has_test =
            where_take_test(&binding->where, schema->parts[keys->chosen_count].name, &keys->test);
    return NULL;
}

/* Nothing to look a partition up with: all conditions are filters. */
static bool is_scan(const struct binding *binding)
{
    return binding->keys.chosen_count < binding->schema->hash_count;
}

static void untake(struct binding *binding)
{
    for (size_t i = 0; i < binding->where.count; i++)
        binding->where.is_taken[i] = false;
}

/* --- order --- */

static bool is_before(const struct value *a, const struct value *b, bool is_descending)
{
    bool is_ordered;
    int order = value_compare(a, b, &is_ordered);

    return is_ordered && (is_descending ? order > 0 : order < 0);
}

/* Few, and mostly in order already. */
static void sort_choice(struct choice *choice, bool is_descending)
{
    for (size_t i = 1; i < choice->count; i++) {
        const struct value *value = choice->values[i];
        size_t at = i;

        for (; at > 0 && is_before(value, choice->values[at - 1], is_descending); at--)
            choice->values[at] = choice->values[at - 1];
        choice->values[at] = value;
    }
}

static struct error *find_part(const struct binding *binding, struct span name, size_t *part)
{
    for (*part = 0; *part < part_count(binding->schema); (*part)++) {
        if (span_equal(binding->schema->parts[*part].name, name))
            return NULL;
    }
    return fail(binding->arena, ERR_VALIDATION,
                "Variable reference %.*s in ORDER BY clause must be part of the primary key",
                SPAN_PRINT(name));
}

static size_t partition_count(const struct binding *binding)
{
    size_t count = 1;

    for (size_t i = 0; i < binding->schema->hash_count; i++)
        count *= binding->keys.choices[i].count;
    return count;
}

/* Partitions come one after another: a sort key orders them all only where there is but one, or
 * where their keys come first in ORDER BY. */
static struct error *bind_order(struct binding *binding)
{
    const struct statement_order *order = binding->statement->order;
    bool is_partition_ordered = false;
    size_t part;

    for (size_t i = binding->schema->hash_count; i < binding->keys.chosen_count; i++)
        sort_choice(&binding->keys.choices[i], false);
    if (order == NULL)
        return NULL;
    if (binding->statement->where == NULL)
        return fail(binding->arena, ERR_VALIDATION,
                    "Must have WHERE clause in the statement when using ORDER BY clause.");
    for (const struct statement_order *key = order; key; key = key->next)
        TRY(find_part(binding, key->name, &part));
    if (is_scan(binding))
        return fail(binding->arena, ERR_VALIDATION,
                    "Must have at least one non-optional hash key condition in WHERE clause when "
                    "using ORDER BY clause.");
    for (; order; order = order->next) {
        TRY(find_part(binding, order->name, &part));
        if (part < binding->schema->hash_count) {
            sort_choice(&binding->keys.choices[part], order->is_descending);
            is_partition_ordered = true;
            continue;
        }
        if (partition_count(binding) > 1 && !is_partition_ordered)
            return fail(binding->arena, ERR_VALIDATION,
                        "ORDER BY on a sort key is supported within one partition key value, or "
                        "behind the partition key");
        binding->base.is_backward = order->is_descending;
        sort_choice(&binding->keys.choices[part], order->is_descending);
    }
    return NULL;
}

/* --- plans --- */

static void bind_whole(struct binding *binding)
{
    const struct statement *statement = binding->statement;
    const struct node *filter;

    if (is_scan(binding))
        untake(binding);
    filter = where_rest(&binding->where);
    if (filter)
        binding->base.filter = condition_new(binding->arena, filter);
    if (statement->paths)
        binding->base.projection = projection_of_columns(binding->arena, statement->paths,
                                                         statement->columns, statement->path_count);
}

/* The key that the choice number `read` gives: the last part changes fastest. */
static void choose_key(const struct binding *binding, size_t read, struct key_condition *condition)
{
    const struct keys *keys = &binding->keys;

    condition->tests = NEW(binding->arena, struct key_test, keys->chosen_count + 1);
    condition->count = keys->chosen_count;
    for (size_t i = keys->chosen_count; i-- > 0;) {
        const struct choice *choice = &keys->choices[i];

        condition->tests[i] = (struct key_test){
            .name = binding->schema->parts[i].name,
            .operation = KEY_EQ,
            .value = choice->values[read % choice->count],
        };
        read /= choice->count;
    }
    if (keys->has_test)
        condition->tests[condition->count++] = keys->test;
}

static const struct item *item_of(struct arena *arena, const struct key_condition *condition)
{
    struct item *item = NEW(arena, struct item, 1);

    item->attributes = NEW(arena, struct attribute, condition->count);
    for (size_t i = 0; i < condition->count; i++)
        item->attributes[item->count++] =
            (struct attribute){ condition->tests[i].name, *condition->tests[i].value };
    return item;
}

static struct error *bind_keyed(const struct binding *binding, size_t read, struct read_plan *plan)
{
    struct key_condition condition;
    struct key_selection selection;

    *plan = binding->base;
    choose_key(binding, read, &condition);
    TRY(key_condition_check_types(binding->arena, &condition));
    TRY(key_condition_bind(binding->arena, &condition, binding->schema, &selection));
    plan->kind = READ_QUERY;
    plan->range = selection.range;
    if (!selection.is_single || plan->index)
        return NULL;
    plan->kind = READ_GET;
    plan->key_attributes = item_of(binding->arena, &condition);
    return key_from_key(binding->arena, &plan->table->keys, plan->key_attributes, &plan->key);
}

struct error *statement_bind_read(struct arena *arena, const struct statement *statement,
                                  const struct table *table, const struct index *index,
                                  struct statement_reads *reads)
{
    struct binding binding = {
        .arena = arena,
        .statement = statement,
        .schema = index ? &index->keys : &table->keys,
        .base = { .kind = READ_SCAN, .table = table, .index = index },
    };

    assert(statement->kind == STATEMENT_SELECT);
    where_split(arena, statement->where, &binding.where);
    TRY(take_keys(&binding));
    TRY(bind_order(&binding));
    bind_whole(&binding);
    reads->count = is_scan(&binding) ? 1 : binding.keys.read_count;
    reads->is_whole_key = index == NULL && reads->count == 1 &&
                          binding.keys.chosen_count == part_count(binding.schema);
    reads->plans = NEW(arena, struct read_plan, reads->count);
    reads->plans[0] = binding.base;
    for (size_t i = 0; i < reads->count && !is_scan(&binding); i++)
        TRY(bind_keyed(&binding, i, &reads->plans[i]));
    return NULL;
}
