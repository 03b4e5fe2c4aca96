/* ops/table_keys.c - key schemas against attribute definitions. */
#include "ops/table_keys.h"

#include "base/arena.h"
#include "ops/invalid.h"
#include "ops/java_set.h"

#include <stdlib.h>

enum { HASH_PARTS_MAX = 4, RANGE_PARTS_MAX = 4 };

static enum value_type type_of(enum scalar_attribute_type type)
{
    switch (type) {
    case SCALAR_ATTRIBUTE_TYPE_B: return VALUE_B;
    case SCALAR_ATTRIBUTE_TYPE_N: return VALUE_N;
    case SCALAR_ATTRIBUTE_TYPE_S: return VALUE_S;
    case SCALAR_ATTRIBUTE_TYPE_ABSENT: break;
    }
    return VALUE_NONE; /* not past the model's validation */
}

struct error *table_keys_define(struct arena *arena, const struct attribute_definitions *in,
                                struct table *table)
{
    table->definitions = NEW(arena, struct key_part, in->count);
    table->definition_count = 0;
    for (size_t i = 0; i < in->count; i++) {
        struct span name = in->items[i].attribute_name;

        if (table_find_definition(table, name))
            return fail(arena, ERR_VALIDATION, "Attribute Name is duplicated: %.*s",
                        SPAN_PRINT(name));
        table->definitions[table->definition_count++] =
            (struct key_part){ name, type_of(in->items[i].attribute_type) };
    }
    return NULL;
}

static struct string_list definition_names(struct arena *arena, const struct table *table)
{
    struct string_list names = { table->definition_count,
                                 NEW(arena, struct span, table->definition_count) };

    for (size_t i = 0; i < names.count; i++)
        names.items[i] = table->definitions[i].name;
    return names;
}

static struct span print_definitions(struct arena *arena, const struct table *table)
{
    const struct string_list names = definition_names(arena, table);

    return java_set_print(arena, &names, 1);
}

static struct error *check_defined(struct arena *arena, const struct table *table,
                                   const struct api_key_schema *in)
{
    struct string_list keys = { in->count, NEW(arena, struct span, in->count) };
    bool is_defined = true;

    for (size_t i = 0; i < in->count; i++) {
        keys.items[i] = in->items[i].attribute_name;
        is_defined &= table_find_definition(table, keys.items[i]) != NULL;
    }
    if (is_defined)
        return NULL;
    return invalid(arena,
                   "Some index key attributes are not defined in AttributeDefinitions. Keys: "
                   "%.*s, AttributeDefinitions: %.*s",
                   SPAN_PRINT(java_set_print(arena, &keys, JAVA_SET_PLACES)),
                   SPAN_PRINT(print_definitions(arena, table)));
}

/* The elements are HASH parts, then RANGE parts, all of them defined. */
static void fill(const struct table *table, const struct api_key_schema *in,
                 struct key_schema *keys)
{
    *keys = (struct key_schema){ 0 };
    for (size_t i = 0; i < in->count; i++) {
        keys->parts[i] = *table_find_definition(table, in->items[i].attribute_name);
        if (in->items[i].key_type == KEY_TYPE_HASH)
            keys->hash_count++;
        else
            keys->range_count++;
    }
}

static struct error *check_beginning(struct arena *arena, const struct table *table,
                                     const struct api_key_schema *in)
{
    if (in->count > table->definition_count)
        return fail(arena, ERR_VALIDATION,
                    "Invalid KeySchema: Some index key attribute have no definition");
    if (in->items[0].key_type != KEY_TYPE_HASH)
        return fail(arena, ERR_VALIDATION,
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    return NULL;
}

static bool is_twice(const struct api_key_schema *in)
{
    for (size_t i = 0; i < in->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (span_equal(in->items[i].attribute_name, in->items[j].attribute_name))
                return true;
        }
    }
    return false;
}

/* Of a table or a local index: HASH, or HASH and RANGE. */
static struct error *check_pair(struct arena *arena, const struct table *table,
                                const struct api_key_schema *in)
{
    TRY(check_beginning(arena, table, in));
    if (in->count > 1 && in->items[1].key_type != KEY_TYPE_RANGE)
        return fail(arena, ERR_VALIDATION,
                    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    if (is_twice(in))
        return fail(arena, ERR_VALIDATION,
                    "Both the Hash Key and the Range Key element in the KeySchema have the same "
                    "name");
    return check_defined(arena, table, in);
}

struct error *table_keys_of_table(struct arena *arena, const struct api_key_schema *in,
                                  struct table *table)
{
    TRY(check_pair(arena, table, in));
    fill(table, in, &table->keys);
    return NULL;
}

struct error *table_keys_of_local(struct arena *arena, const struct table *table,
                                  const struct api_key_schema *in, struct index *index)
{
    struct span table_hash = table->keys.parts[0].name;

    TRY(check_pair(arena, table, in));
    if (in->count < 2)
        return invalid(arena, "Index KeySchema does not have a range key for index: %.*s",
                       SPAN_PRINT(index->name));
    if (!span_equal(in->items[0].attribute_name, table_hash))
        return invalid(arena,
                       "Index KeySchema does not have the same leading hash key as table "
                       "KeySchema for index: %.*s. index hash key: %.*s, table hash key: %.*s",
                       SPAN_PRINT(index->name), SPAN_PRINT(in->items[0].attribute_name),
                       SPAN_PRINT(table_hash));
    fill(table, in, &index->keys);
    return NULL;
}

static struct error *check_parts(struct arena *arena, const struct api_key_schema *in)
{
    size_t hash_count = 0;
    size_t range_count = 0;

    for (size_t i = 0; i < in->count; i++) {
        if (in->items[i].key_type == KEY_TYPE_RANGE)
            range_count++;
        else if (range_count > 0)
            return invalid(arena, "All HASH key attributes must precede RANGE key attributes in "
                                  "the KeySchema");
        else
            hash_count++;
    }
    if (hash_count > HASH_PARTS_MAX || range_count > RANGE_PARTS_MAX)
        return invalid(arena,
                       "The KeySchema exceeds the maximum allowed number of %s key attributes",
                       hash_count > HASH_PARTS_MAX ? "HASH" : "RANGE");
    return NULL;
}

struct error *table_keys_of_global(struct arena *arena, const struct table *table,
                                   const struct api_key_schema *in, struct index *index)
{
    TRY(check_beginning(arena, table, in));
    TRY(check_parts(arena, in));
    if (is_twice(in))
        return fail(arena, ERR_VALIDATION, "%s",
                    in->count == 2 && in->items[1].key_type == KEY_TYPE_RANGE
                        ? "Both the Hash Key and the Range Key element in the KeySchema have the "
                          "same name"
                        : "The KeySchema contains multiple key attributes with the same name");
    TRY(check_defined(arena, table, in));
    fill(table, in, &index->keys);
    return NULL;
}

static bool schema_uses(const struct key_schema *keys, struct span name)
{
    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++) {
        if (span_equal(keys->parts[i].name, name))
            return true;
    }
    return false;
}

bool table_keys_use(const struct table *table, struct span name)
{
    if (schema_uses(&table->keys, name))
        return true;
    for (size_t i = 0; i < table->index_count; i++) {
        if (schema_uses(&table->indexes[i].keys, name))
            return true;
    }
    return false;
}

static struct string_list names_used(struct arena *arena, const struct table *table)
{
    struct string_list names = { 0, NEW(arena, struct span,
                                        (table->index_count + 1) * KEY_PARTS_MAX) };

    for (size_t i = 0; i <= table->index_count; i++) {
        const struct key_schema *keys =
            i < table->index_count ? &table->indexes[i].keys : &table->keys;

        for (size_t j = 0; j < keys->hash_count + keys->range_count; j++)
            names.items[names.count++] = keys->parts[j].name;
    }
    return names;
}

struct error *table_keys_check_used(struct arena *arena, const struct table *table)
{
    bool is_used = true;
    struct string_list used;

    for (size_t i = 0; i < table->definition_count; i++)
        is_used &= table_keys_use(table, table->definitions[i].name);
    if (is_used)
        return NULL;
    if (table->index_count == 0)
        return invalid(arena, "Number of attributes in KeySchema does not exactly match number of "
                              "attributes defined in AttributeDefinitions");
    used = names_used(arena, table);
    return invalid(arena,
                   "Some AttributeDefinitions are not used. AttributeDefinitions: %.*s, keys "
                   "used: %.*s",
                   SPAN_PRINT(print_definitions(arena, table)),
                   SPAN_PRINT(java_set_print(arena, &used, JAVA_SET_PLACES)));
}

static int compare_definitions(const void *a, const void *b)
{
    return span_compare(((const struct key_part *)a)->name, ((const struct key_part *)b)->name);
}

void table_keys_sort_definitions(struct table *table)
{
    if (table->definition_count > 1)
        qsort(table->definitions, table->definition_count, sizeof(*table->definitions),
              compare_definitions);
}
