/* engine/authorize_touched.c - which attributes a plan mentions, and which partitions it is about.
 */
#include "engine/authorize_facts.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "expr/condition.h"
#include "expr/key_condition.h"
#include "expr/update.h"

static void add(struct arena *arena, struct string_list *list, struct span text)
{
    if ((list->count & (list->count - 1)) == 0) { /* full at each power of two */
        size_t capacity = list->count ? list->count * 2 : 1;

        list->items = arena_grow(arena, list->items, list->count * sizeof(*list->items),
                                 capacity * sizeof(*list->items));
    }
    list->items[list->count++] = text;
}

static void add_name(struct arena *arena, struct touched *touched, struct span name)
{
    for (size_t i = 0; i < touched->attributes.count; i++) {
        if (span_equal(touched->attributes.items[i], name))
            return;
    }
    add(arena, &touched->attributes, name);
}

static void add_path(struct arena *arena, struct touched *touched, const struct path *path)
{
    if (path->count > 0)
        add_name(arena, touched, path->steps[0].name);
}

static void add_item_names(struct arena *arena, struct touched *touched, const struct item *item)
{
    for (size_t i = 0; item && i < item->count; i++)
        add_name(arena, touched, item->attributes[i].name);
}

static void add_projection(struct arena *arena, struct touched *touched,
                           const struct projection *projection)
{
    const struct path *paths = NULL;
    size_t count = projection ? projection_paths(projection, &paths) : 0;

    for (size_t i = 0; i < count; i++)
        add_path(arena, touched, &paths[i]);
}

static void add_condition(struct arena *arena, struct touched *touched,
                          const struct condition *condition)
{
    for (size_t i = 0; condition && i < condition->count; i++) {
        const struct test *test = &condition->tests[i];

        for (size_t k = 0; k < test->operand_count; k++) {
            if (test->operands[k].value == NULL)
                add_path(arena, touched, &test->operands[k].path);
        }
    }
}

/* The operands of a SET nest no deeper than an expression may. */
static void add_operands(struct arena *arena, struct touched *touched, const struct node *node)
{
    if (node->kind == NODE_PATH)
        add_path(arena, touched, &node->path);
    for (const struct node *operand = node->operands; operand; operand = operand->next)
        add_operands(arena, touched, operand);
}

static void add_update(struct arena *arena, struct touched *touched, const struct update *update)
{
    for (size_t i = 0; update && i < update->count; i++) {
        add_path(arena, touched, &update->actions[i]->target);
        if (update->actions[i]->value)
            add_operands(arena, touched, update->actions[i]->value);
    }
}

/* --- partition keys --- */

static struct span value_text(struct arena *arena, const struct value *value)
{
    struct buffer base64;
    struct span text;

    if (value->type != VALUE_B)
        return value->text;
    buffer_init(&base64);
    buffer_append_base64(&base64, value->text);
    text = arena_copy(arena, buffer_span(&base64));
    buffer_fini(&base64);
    return text;
}

static void add_value(struct arena *arena, struct touched *touched, size_t part,
                      const struct value *value)
{
    if (part < PARTITION_KEYS_MAX && value &&
        (value->type == VALUE_S || value->type == VALUE_N || value->type == VALUE_B))
        add(arena, &touched->values[part], value_text(arena, value));
}

static void add_item_values(struct arena *arena, struct touched *touched,
                            const struct key_schema *keys, const struct item *item)
{
    for (size_t i = 0; item && i < keys->hash_count; i++)
        add_value(arena, touched, i, item_find(item, keys->parts[i].name));
}

static void add_key_condition(struct arena *arena, struct touched *touched,
                              const struct key_schema *keys, const struct key_condition *condition)
{
    for (size_t i = 0; condition && i < condition->count; i++) {
        const struct key_test *test = &condition->tests[i];

        add_name(arena, touched, test->name);
        for (size_t k = 0; k < keys->hash_count; k++) {
            if (test->operation == KEY_EQ && span_equal(test->name, keys->parts[k].name))
                add_value(arena, touched, k, test->value);
        }
    }
}

void touched_add_read(struct arena *arena, struct touched *touched, const struct read_plan *plan)
{
    const struct key_schema *keys = plan->index ? &plan->index->keys : &plan->table->keys;

    if (plan->kind == READ_GET) {
        add_item_names(arena, touched, plan->key_attributes);
        add_item_values(arena, touched, keys, plan->key_attributes);
    }
    add_key_condition(arena, touched, keys, plan->key_condition);
    add_condition(arena, touched, plan->filter);
    add_projection(arena, touched, plan->projection);
    touched->is_full_scan = plan->kind == READ_SCAN;
}

void touched_add_write(struct arena *arena, struct touched *touched, const struct write_plan *plan)
{
    const struct item *item = plan->kind == WRITE_PUT ? plan->new_item : plan->key_attributes;

    add_item_names(arena, touched, item);
    add_item_values(arena, touched, &plan->table->keys, item);
    add_condition(arena, touched, plan->condition);
    add_update(arena, touched, plan->update);
}
