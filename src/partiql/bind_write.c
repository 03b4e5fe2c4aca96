/* partiql/bind_write.c - INSERT, UPDATE, DELETE and EXISTS as write plans. */
#include "partiql/bind.h"

#include "base/arena.h"
#include "expr/condition.h"
#include "expr/update.h"
#include "partiql/where.h"

/* Takes the whole key out of the WHERE clause. */
static struct error *take_key(struct where *where, const struct table *table, struct item *key)
{
    size_t count = table->keys.hash_count + table->keys.range_count;

    *key = (struct item){ .attributes = NEW(where->arena, struct attribute, count) };
    for (size_t i = 0; i < count; i++) {
        struct span name = table->keys.parts[i].name;
        const struct value *value = where_take_equality(where, name);

        if (value == NULL)
            return fail(where->arena, ERR_VALIDATION,
                        "Where clause does not contain a mandatory equality on all key "
                        "attributes");
        key->attributes[key->count++] = (struct attribute){ name, *value };
    }
    return NULL;
}

static void bind_insert(struct arena *arena, const struct statement *statement,
                        struct write_plan *plan)
{
    struct item *item = NEW(arena, struct item, 1);

    *item = statement->item;
    plan->kind = WRITE_PUT;
    plan->new_item = item;
    plan->is_insert = true;
}

/* spec: UPDATE and EXISTS need the item to be there, DELETE of a missing one succeeds */
static const struct node *condition_of(struct arena *arena, enum write_kind kind,
                                       const struct table *table, const struct node *rest)
{
    struct span hash = table->keys.parts[0].name;

    if (kind != WRITE_DELETE)
        return where_join(arena, NODE_AND, where_existence(arena, hash, true), rest);
    return rest ? where_join(arena, NODE_OR, where_existence(arena, hash, false), rest) : NULL;
}

static enum write_kind write_kind_of(const struct statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_EXISTS: return WRITE_CHECK;
    case STATEMENT_UPDATE: return WRITE_UPDATE;
    case STATEMENT_DELETE: return WRITE_DELETE;
    case STATEMENT_INSERT:
    case STATEMENT_SELECT: break;
    }
    return WRITE_PUT;
}

struct error *statement_bind_write(struct arena *arena, const struct statement *statement,
                                   const struct table *table, struct write_plan *plan)
{
    struct item *key = NEW(arena, struct item, 1);
    const struct node *condition;
    struct where where;

    plan->table = table;
    if (statement->kind == STATEMENT_INSERT) {
        bind_insert(arena, statement, plan);
        return NULL;
    }
    plan->kind = write_kind_of(statement);
    plan->key_attributes = key;
    where_split(arena, statement->where, &where);
    TRY(take_key(&where, table, key));
    condition = condition_of(arena, plan->kind, table, where_rest(&where));
    if (condition)
        plan->condition = condition_new(arena, condition);
    if (statement->kind == STATEMENT_UPDATE)
        plan->update = update_new(arena, statement->actions, statement->action_count, false);
    return NULL;
}
