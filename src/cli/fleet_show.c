/* cli/fleet_show.c - the tables of a command for people. */
#include "cli/fleet_show.h"

#include "cli/fleet.h"
#include "cli/say.h"
#include "template/definition.h"

#include <stdio.h>

static struct span or_nothing(struct span value)
{
    return value.data ? value : SPAN("nothing");
}

void say_differences(const struct fleet_table *table)
{
    for (size_t i = 0; i < table->differences.count; i++) {
        const struct difference *difference = &table->differences.items[i];

        say("%.*s: %.*s: %.*s has %.*s, the table has %.*s", SPAN_PRINT(table->name),
            SPAN_PRINT(difference->path), SPAN_PRINT(table->definition->file),
            SPAN_PRINT(or_nothing(difference->wanted)), SPAN_PRINT(or_nothing(difference->found)));
    }
}

void show_differences(const struct fleet_table *table)
{
    for (size_t i = 0; i < table->differences.count; i++) {
        const struct difference *difference = &table->differences.items[i];

        printf("    %.*s: %.*s has %.*s, the table has %.*s\n", SPAN_PRINT(difference->path),
               SPAN_PRINT(table->definition->file), SPAN_PRINT(or_nothing(difference->wanted)),
               SPAN_PRINT(or_nothing(difference->found)));
    }
}

static void show_key(yyjson_mut_val *schema)
{
    size_t i;
    size_t count;
    yyjson_mut_val *key;

    yyjson_mut_arr_foreach(schema, i, count, key)
    {
        const char *name = yyjson_mut_get_str(yyjson_mut_obj_get(key, "AttributeName"));
        const char *type = yyjson_mut_get_str(yyjson_mut_obj_get(key, "KeyType"));

        printf("%s%s %s", i > 0 ? ", " : "", name ? name : "?", type ? type : "?");
    }
}

static void show_indexes(yyjson_mut_val *create, const char *kind, const char *title)
{
    size_t i;
    size_t count;
    yyjson_mut_val *index;

    yyjson_mut_arr_foreach(yyjson_mut_obj_get(create, kind), i, count, index)
    {
        const char *name = yyjson_mut_get_str(yyjson_mut_obj_get(index, "IndexName"));

        printf("%s%s (", i > 0 ? ", " : title, name ? name : "?");
        show_key(yyjson_mut_obj_get(index, "KeySchema"));
        printf(")");
    }
}

void show_definition(const struct fleet_table *table)
{
    yyjson_mut_val *create = table->definition->create;

    printf("key ");
    show_key(yyjson_mut_obj_get(create, "KeySchema"));
    show_indexes(create, "LocalSecondaryIndexes", "; local indexes ");
    show_indexes(create, "GlobalSecondaryIndexes", "; global indexes ");
}
