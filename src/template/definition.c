/* template/definition.c - table definitions out of files, and into CreateTable's input. */
#include "template/definition.h"

#include "base/arena.h"
#include "template/file.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

struct source {
    struct span file;
    struct span where;
    struct definition_list *list;
};

static struct definition *add(struct arena *arena, struct definition_list *list)
{
    if (list->count == list->capacity) {
        size_t bytes = list->capacity * sizeof(*list->items);

        list->capacity = 2 * list->capacity + 8;
        list->items = arena_grow(arena, list->items, bytes, list->capacity * sizeof(*list->items));
    }
    list->items[list->count] = (struct definition){ 0 };
    return &list->items[list->count++];
}

static bool has(yyjson_val *object, const char *name)
{
    return yyjson_obj_get(object, name) != NULL;
}

/* Only an answer of the service says what state a table is in. */
static bool is_description(yyjson_val *table)
{
    return has(table, "TableStatus") || has(table, "TableArn") || has(table, "CreationDateTime") ||
           has(table, "BillingModeSummary");
}

static struct error *read_table(struct arena *arena, const struct source *source, yyjson_val *table)
{
    struct span name = json_text(yyjson_obj_get(table, "TableName"));
    struct definition *definition;

    if (name.size == 0)
        return fail(arena, ERR_VALIDATION, "%.*s: a table without a TableName: give it one",
                    SPAN_PRINT(source->where));
    if (!yyjson_is_arr(yyjson_obj_get(table, "KeySchema")))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: table %.*s has no KeySchema: a definition is CreateTable's input or "
                    "what DescribeTable answers",
                    SPAN_PRINT(source->where), SPAN_PRINT(name));
    definition = add(arena, source->list);
    if (is_description(table)) {
        definition_from_description(arena, table, definition);
    } else {
        definition->create = yyjson_val_mut_copy(json_build(arena), table);
    }
    definition->name = name;
    definition->file = source->file;
    definition->where = source->where;
    return NULL;
}

static struct error *read_list(struct arena *arena, const struct source *source, yyjson_val *list);

/* The document is no table definition: say what it seems to be. */
static struct error *refuse(struct arena *arena, const struct source *source, yyjson_val *root)
{
    if (has(root, "Resources") || has(root, "AWSTemplateFormatVersion"))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: a CloudFormation template, which is not read yet: give its tables as "
                    "CreateTable JSON",
                    SPAN_PRINT(source->where));
    return fail(arena, ERR_VALIDATION,
                "%.*s: no table definition: one is CreateTable's input or what DescribeTable "
                "answers, an object with TableName and KeySchema",
                SPAN_PRINT(source->where));
}

static struct error *read_document(struct arena *arena, const struct source *source,
                                   yyjson_val *root)
{
    yyjson_val *table = yyjson_obj_get(root, "Table");

    if (!yyjson_is_obj(table))
        table = yyjson_obj_get(root, "TableDescription");
    if (yyjson_is_obj(table))
        return read_table(arena, source, table);
    if (yyjson_is_arr(root))
        return read_list(arena, source, root);
    if (yyjson_is_arr(yyjson_obj_get(root, "Tables")))
        return read_list(arena, source, yyjson_obj_get(root, "Tables"));
    if (has(root, "Resources"))
        return refuse(arena, source, root);
    if (has(root, "KeySchema") || has(root, "TableName"))
        return read_table(arena, source, root);
    return refuse(arena, source, root);
}

static struct error *read_list(struct arena *arena, const struct source *source, yyjson_val *list)
{
    size_t i;
    size_t count;
    yyjson_val *entry;

    yyjson_arr_foreach(list, i, count, entry)
    {
        struct source place = *source;

        place.where = arena_print(arena, "%.*s: entry %zu", SPAN_PRINT(source->where), i + 1);
        if (!yyjson_is_obj(entry))
            return refuse(arena, &place, entry);
        TRY(read_document(arena, &place, entry));
    }
    return NULL;
}

static size_t skip_space(struct span text, size_t offset)
{
    while (offset < text.size && isspace((unsigned char)text.data[offset]))
        offset++;
    return offset;
}

/* Whether brackets are nested further than any definition needs, which copying would go down into.
 */
static bool is_too_deep(struct span text)
{
    size_t depth = 0;
    bool is_string = false;

    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];

        if (is_string && c == '\\')
            i++;
        else if (c == '"')
            is_string = !is_string;
        else if (!is_string && (c == '{' || c == '['))
            depth++;
        else if (!is_string && (c == '}' || c == ']') && depth > 0)
            depth--;
        if (depth > DEPTH_MAX)
            return true;
    }
    return false;
}

static struct error *not_json(struct arena *arena, struct span path, struct span text,
                              size_t offset, const char *problem)
{
    struct span place = file_position(arena, path, text, offset);

    return fail(arena, ERR_VALIDATION, "%.*s: not JSON: %s: mend the file", SPAN_PRINT(place),
                problem);
}

struct error *definition_parse(struct arena *arena, struct span path, struct span text,
                               struct definition_list *list)
{
    yyjson_alc allocator = json_allocator(arena);
    size_t at = skip_space(text, 0);
    size_t before = list->count;
    size_t documents = 0;

    if (at == text.size)
        return fail(arena, ERR_VALIDATION, "%.*s: the file is empty: put a table definition in it",
                    SPAN_PRINT(path));
    if (is_too_deep(text))
        return fail(arena, ERR_VALIDATION, "%.*s: nested too deep: no table definition is",
                    SPAN_PRINT(path));
    for (; at < text.size; at = skip_space(text, at)) {
        yyjson_read_err error = { 0 };
        yyjson_doc *doc = yyjson_read_opts((char *)(size_t)(text.data + at), text.size - at,
                                           YYJSON_READ_STOP_WHEN_DONE, &allocator, &error);
        struct source source = { path, path, list };

        if (!doc)
            return not_json(arena, path, text, at + error.pos, error.msg);
        if (documents++ > 0)
            source.where = arena_print(arena, "%.*s: document %zu", SPAN_PRINT(path), documents);
        TRY(read_document(arena, &source, yyjson_doc_get_root(doc)));
        at += yyjson_doc_get_read_size(doc);
    }
    if (list->count == before)
        return fail(arena, ERR_VALIDATION, "%.*s: the list of tables is empty: put one in it",
                    SPAN_PRINT(path));
    return NULL;
}

/* A directory may hold other JSON too: only a file that speaks of a key schema is meant. */
static struct error *read_directory(struct arena *arena, struct span path,
                                    struct definition_list *list)
{
    static const char mark[] = "\"KeySchema\"";
    struct string_list files;
    size_t before = list->count;

    TRY(file_list(arena, path, ".json", &files));
    for (size_t i = 0; i < files.count; i++) {
        struct span text;

        TRY(file_read(arena, files.items[i], &text));
        if (memmem(text.data, text.size, mark, sizeof(mark) - 1))
            TRY(definition_parse(arena, files.items[i], text, list));
    }
    if (list->count == before)
        return fail(arena, ERR_VALIDATION,
                    "%.*s: no table definition in this directory: it needs a .json file that has "
                    "one",
                    SPAN_PRINT(path));
    return NULL;
}

struct error *definition_read(struct arena *arena, struct span path, struct definition_list *list)
{
    struct span text;

    if (file_is_directory(arena, path))
        return read_directory(arena, path, list);
    TRY(file_read(arena, path, &text));
    return definition_parse(arena, path, text, list);
}

struct error *definition_check_names(struct arena *arena, const struct definition_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (span_equal(list->items[i].name, list->items[j].name))
                return fail(arena, ERR_VALIDATION,
                            "table %.*s is defined twice, in %.*s and in %.*s: remove or rename "
                            "one",
                            SPAN_PRINT(list->items[i].name), SPAN_PRINT(list->items[j].where),
                            SPAN_PRINT(list->items[i].where));
    return NULL;
}

struct span definition_create_body(struct arena *arena, const struct definition *definition,
                                   struct span name)
{
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *body = yyjson_mut_val_mut_copy(doc, definition->create);

    yyjson_mut_obj_put(body, yyjson_mut_str(doc, "TableName"),
                       yyjson_mut_strn(doc, name.data, name.size));
    yyjson_mut_doc_set_root(doc, body);
    return json_print(arena, doc, false);
}
