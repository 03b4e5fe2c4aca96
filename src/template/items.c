/* template/items.c - items in DynamoDB JSON out of a file, however it was made. */
#include "template/items.h"

#include "base/arena.h"
#include "base/json.h"
#include "item/value.h"
#include "template/file.h"

#include <ctype.h>

struct reading {
    struct span path;
    struct span text;
    size_t at; /* where the document starts that is being read */
    size_t capacity;
    struct string_list *items;
};

static struct error *refuse(struct arena *arena, const struct reading *reading, const char *what)
{
    struct span place = file_position(arena, reading->path, reading->text, reading->at);

    return fail(arena, ERR_VALIDATION, "%.*s: %s", SPAN_PRINT(place), what);
}

static void add(struct arena *arena, struct reading *reading, yyjson_val *item)
{
    yyjson_alc allocator = json_allocator(arena);
    struct string_list *items = reading->items;
    struct span *text;

    if (items->count == reading->capacity) {
        size_t bytes = reading->capacity * sizeof(*items->items);

        reading->capacity = 2 * reading->capacity + 64;
        items->items =
            arena_grow(arena, items->items, bytes, reading->capacity * sizeof(*items->items));
    }
    text = &items->items[items->count++];
    text->data = yyjson_val_write_opts(item, 0, &allocator, &text->size, NULL);
}

/* {"S":"..."} and its like: one member, named for a type. */
static bool is_value(yyjson_val *value)
{
    yyjson_val *type =
        yyjson_is_obj(value) && yyjson_obj_size(value) == 1 ? unsafe_yyjson_get_first(value) : NULL;

    return type && value_type_find(json_text(type)) != VALUE_NONE;
}

static bool is_item(yyjson_val *item)
{
    size_t i;
    size_t count;
    yyjson_val *name;
    yyjson_val *value;

    yyjson_obj_foreach(item, i, count, name, value)
    {
        if (!is_value(value))
            return false;
    }
    return yyjson_obj_size(item) > 0;
}

static struct error *read_entry(struct arena *arena, struct reading *reading, yyjson_val *entry)
{
    yyjson_val *put = yyjson_obj_get(entry, "PutRequest");
    yyjson_val *item = yyjson_obj_get(put ? put : entry, "Item");

    if (!item || is_value(item))
        item = entry;
    if (!is_item(item))
        return refuse(arena, reading,
                      "no item in DynamoDB JSON: one looks like {\"id\":{\"S\":\"a\"}}");
    add(arena, reading, item);
    return NULL;
}

static struct error *read_list(struct arena *arena, struct reading *reading, yyjson_val *list)
{
    size_t i;
    size_t count;
    yyjson_val *entry;

    yyjson_arr_foreach(list, i, count, entry)
    {
        TRY(read_entry(arena, reading, entry));
    }
    return NULL;
}

/* BatchWriteItem's input: {"Table":[{"PutRequest":...},...]}, with or without "RequestItems". */
static yyjson_val *batch_of(yyjson_val *root)
{
    yyjson_val *requests = yyjson_obj_get(root, "RequestItems");
    yyjson_val *table = requests ? requests : root;

    if (yyjson_obj_size(table) != 1)
        return NULL;
    table = yyjson_obj_iter_get_val(unsafe_yyjson_get_first(table));
    return yyjson_is_obj(yyjson_obj_get(yyjson_arr_get_first(table), "PutRequest")) ? table : NULL;
}

static struct error *read_document(struct arena *arena, struct reading *reading, yyjson_val *root)
{
    yyjson_val *batch = batch_of(root);

    if (yyjson_is_arr(root))
        return read_list(arena, reading, root);
    if (yyjson_is_arr(yyjson_obj_get(root, "Items")))
        return read_list(arena, reading, yyjson_obj_get(root, "Items"));
    if (batch)
        return read_list(arena, reading, batch);
    return read_entry(arena, reading, root);
}

struct error *items_parse(struct arena *arena, struct span path, struct span text,
                          struct string_list *items)
{
    yyjson_alc allocator = json_allocator(arena);
    struct reading reading = { path, text, 0, 0, items };

    *items = (struct string_list){ 0 };
    for (;;) {
        yyjson_read_err error = { 0 };
        yyjson_doc *doc;

        while (reading.at < text.size && isspace((unsigned char)text.data[reading.at]))
            reading.at++;
        if (reading.at == text.size)
            return NULL;
        doc = yyjson_read_opts((char *)(size_t)(text.data + reading.at), text.size - reading.at,
                               YYJSON_READ_STOP_WHEN_DONE | YYJSON_READ_NUMBER_AS_RAW, &allocator,
                               &error);
        if (!doc) {
            reading.at += error.pos;
            return refuse(arena, &reading,
                          arena_print(arena, "not JSON: %s: mend the file", error.msg).data);
        }
        TRY(read_document(arena, &reading, yyjson_doc_get_root(doc)));
        reading.at += yyjson_doc_get_read_size(doc);
    }
}

struct error *items_read(struct arena *arena, struct span path, struct string_list *items)
{
    struct span text;

    TRY(file_read(arena, path, &text));
    return items_parse(arena, path, text, items);
}
