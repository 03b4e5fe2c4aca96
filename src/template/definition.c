/* template/definition.c - table definitions out of files, and into CreateTable's input. */
#include "template/definition.h"

#include "base/arena.h"
#include "template/assembly.h"
#include "template/file.h"
#include "template/script.h"
#include "template/serverless.h"
#include "template/stack.h"
#include "template/terraform.h"
#include "template/workbench.h"
#include "template/yaml.h"

#include <ctype.h>
#include <string.h>

struct source {
    struct reading *reading;
    struct span file;
    struct span where;
};

/* Only an answer of the service says what state a table is in. */
static bool is_description(const struct node *table)
{
    return node_get(table, "TableStatus") || node_get(table, "TableArn") ||
           node_get(table, "CreationDateTime") || node_get(table, "BillingModeSummary");
}

static void fill_from_description(struct arena *arena, struct definition *definition)
{
    yyjson_alc allocator = json_allocator(arena);
    yyjson_doc *doc = yyjson_mut_val_imut_copy(definition->create, &allocator);

    definition_from_description(arena, yyjson_doc_get_root(doc), definition);
}

/* jest-dynamodb has items beside the definition. */
static const struct node *without_data(struct arena *arena, struct definition *definition,
                                       const struct node *table)
{
    const struct node *data = node_get(table, "data");
    struct node *kept = NEW(arena, struct node, 1);

    if (!data)
        return table;
    *kept = node_new(NODE_MAP, table->place);
    for (size_t i = 0; i < table->count; i++) {
        if (span_is(table->keys[i].text, "data"))
            continue;
        node_put(arena, kept, "", &table->values[i]);
        kept->keys[kept->count - 1] = table->keys[i];
    }
    definition_leave_out(arena, definition, SPAN("data"), data->place,
                         "items come from files: name one with data in stator.yaml");
    return kept;
}

static struct error *read_table(const struct source *source, const struct node *table)
{
    struct arena *arena = source->reading->arena;
    struct span name = node_text_at(table, "TableName");
    struct definition *definition;

    if (name.size == 0)
        return fail(arena, ERR_VALIDATION, "%.*s: a table without a TableName: give it one",
                    SPAN_PRINT(source->where));
    if (!node_is(node_get(table, "KeySchema"), NODE_LIST))
        return fail(arena, ERR_VALIDATION,
                    "%.*s: table %.*s has no KeySchema: a definition is CreateTable's input or "
                    "what DescribeTable answers",
                    SPAN_PRINT(source->where), SPAN_PRINT(name));
    definition = definition_add(arena, source->reading->list);
    definition_fill(arena, definition, without_data(arena, definition, table));
    if (is_description(table))
        fill_from_description(arena, definition);
    definition->kind = DEFINITION_CREATE;
    definition->has_name = true;
    definition->name = name;
    definition->file = source->file;
    definition->where = source->where;
    return NULL;
}

static struct error *read_list(const struct source *source, const struct node *list);

/* The document is no table definition: say what one is. */
static struct error *refuse(const struct source *source)
{
    return fail(source->reading->arena, ERR_VALIDATION,
                "%.*s: no table definition: one is CreateTable's input or what DescribeTable "
                "answers, an object with TableName and KeySchema, or a template that has tables",
                SPAN_PRINT(source->where));
}

/* What is not one table but tells of several. */
static struct error *read_template(const struct source *source, const struct node *root,
                                   bool *is_known)
{
    struct reading *reading = source->reading;
    struct stack *stack;

    *is_known = true;
    if (assembly_is(root))
        return assembly_open(reading, source->file, root);
    if (node_is(node_get(root, "Resources"), NODE_MAP) || serverless_is(root))
        return stack_open(reading, source->file, root, &stack);
    if (terraform_is(root))
        return terraform_tables(reading, source->file, root);
    if (workbench_is(root))
        return workbench_tables(reading, source->file, root);
    *is_known = false;
    return NULL;
}

static struct error *read_document(const struct source *source, const struct node *root)
{
    const struct node *table = node_get(root, "Table");
    const struct node *tables = node_get(root, "Tables");
    bool is_known;

    if (!node_is(table, NODE_MAP))
        table = node_get(root, "TableDescription");
    if (node_is(table, NODE_MAP))
        return read_table(source, table);
    if (root->kind == NODE_LIST)
        return read_list(source, root);
    if (!node_is(tables, NODE_LIST))
        tables = node_get(root, "tables"); /* jest-dynamodb-config */
    if (node_is(tables, NODE_LIST))
        return read_list(source, tables);
    TRY(read_template(source, root, &is_known));
    if (is_known)
        return NULL;
    if (node_get(root, "KeySchema") || node_get(root, "TableName"))
        return read_table(source, root);
    return refuse(source);
}

static struct error *read_list(const struct source *source, const struct node *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct source place = *source;

        place.where = arena_print(source->reading->arena, "%.*s: entry %zu",
                                  SPAN_PRINT(source->where), i + 1);
        if (list->values[i].kind != NODE_MAP)
            return refuse(&place);
        TRY(read_document(&place, &list->values[i]));
    }
    return NULL;
}

static size_t skip_space(struct span text, size_t offset)
{
    while (offset < text.size && isspace((unsigned char)text.data[offset]))
        offset++;
    return offset;
}

static bool ends_in(struct span path, const char *tail)
{
    size_t size = strlen(tail);

    return path.size > size && memcmp(path.data + path.size - size, tail, size) == 0;
}

/* What is called JSON is to be JSON; otherwise the first character tells. */
static bool is_json(struct span path, struct span text, size_t at)
{
    return text.data[at] == '{' || text.data[at] == '[' || ends_in(path, ".json");
}

static struct error *parse_json(struct source *source, struct span text)
{
    struct arena *arena = source->reading->arena;
    struct json_text json;
    size_t documents = 0;

    json_text_init(arena, source->file, text, &json);
    for (size_t at = skip_space(text, 0); at < text.size; at = skip_space(text, at)) {
        struct node *root = NEW(arena, struct node, 1);

        TRY(node_parse_json(arena, &json, &at, root));
        if (documents++ > 0)
            source->where =
                arena_print(arena, "%.*s: document %zu", SPAN_PRINT(source->file), documents);
        TRY(read_document(source, root));
    }
    return NULL;
}

static struct error *parse(struct reading *reading, struct span path, struct span text)
{
    struct source source = { reading, path, path };
    size_t at = skip_space(text, 0);
    struct node *root;

    if (at == text.size)
        return fail(reading->arena, ERR_VALIDATION,
                    "%.*s: the file is empty: put a table definition in it", SPAN_PRINT(path));
    if (is_json(path, text, at))
        return parse_json(&source, text);
    root = NEW(reading->arena, struct node, 1);
    TRY(yaml_parse(reading->arena, path, text, root));
    return read_document(&source, root);
}

static void open_reading(struct arena *arena, struct definition_list *list, struct reading *reading)
{
    static const struct definition_settings none;

    *reading = (struct reading){ .arena = arena,
                                 .settings = list->settings ? list->settings : &none,
                                 .list = list };
}

/* path has been read: its tables, of which there must be one. */
static struct error *finish(struct reading *reading, struct span path, size_t before)
{
    TRY(stack_tables(reading));
    if (reading->list->count > before)
        return NULL;
    if (reading->stacks)
        return fail(reading->arena, ERR_VALIDATION,
                    "%.*s: no table in this template: name one that has AWS::DynamoDB::Table, "
                    "AWS::DynamoDB::GlobalTable or AWS::Serverless::SimpleTable",
                    SPAN_PRINT(path));
    return fail(reading->arena, ERR_VALIDATION, "%.*s: the list of tables is empty: put one in it",
                SPAN_PRINT(path));
}

struct error *definition_parse(struct arena *arena, struct span path, struct span text,
                               struct definition_list *list)
{
    struct reading reading;
    size_t before = list->count;

    open_reading(arena, list, &reading);
    TRY(parse(&reading, path, text));
    return finish(&reading, path, before);
}

/* A directory may hold other files too: only those that speak of tables are meant. */
static bool speaks_of_tables(struct span text)
{
    static const char *const marks[] = { "KeySchema",
                                         "AWS::DynamoDB::", "AWS::Serverless::SimpleTable",
                                         "aws_dynamodb_table", "\"DataModel\"" };

    for (size_t i = 0; i < COUNT(marks); i++)
        if (memmem(text.data, text.size, marks[i], strlen(marks[i])))
            return true;
    return memmem(text.data, text.size, "AWS::CloudFormation::Stack", 26) != NULL;
}

static struct error *read_files(struct reading *reading, struct span path, const char *tail)
{
    struct string_list files;

    TRY(file_list(reading->arena, path, tail, &files));
    for (size_t i = 0; i < files.count; i++) {
        struct span text;

        TRY(file_read(reading->arena, files.items[i], &text));
        if (speaks_of_tables(text))
            TRY(parse(reading, files.items[i], text));
    }
    return NULL;
}

/* The CDK's folder is what its manifest says; of any other, each file counts. */
static struct error *read_directory(struct reading *reading, struct span path)
{
    static const char *const tails[] = { ".json", ".yaml", ".yml", ".template" };
    struct arena *arena = reading->arena;
    const struct node *root = NULL;
    size_t before = reading->list->count;
    struct span manifest;

    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    manifest = arena_print(arena, "%.*s/manifest.json", SPAN_PRINT(path));
    if (file_exists(arena, manifest))
        TRY(reading_document(reading, manifest, &root));
    if (root && assembly_is(root)) {
        TRY(assembly_open(reading, manifest, root));
        return finish(reading, path, before);
    }
    for (size_t i = 0; i < COUNT(tails); i++)
        TRY(read_files(reading, path, tails[i]));
    TRY(stack_tables(reading));
    if (reading->list->count == before)
        return fail(arena, ERR_VALIDATION,
                    "%.*s: no table definition in this directory: it needs a .json file that has "
                    "one",
                    SPAN_PRINT(path));
    return NULL;
}

/* The tables of a script are where it says, not at lines of the JSON that it gave. */
static struct error *read_script(struct arena *arena, struct span path,
                                 struct definition_list *list)
{
    size_t before = list->count;
    struct span text;

    TRY(script_run(arena, path, &text));
    TRY(definition_parse(arena, path, text, list));
    for (size_t i = before; i < list->count; i++)
        for (size_t j = 0; j < list->items[i].origins.count; j++)
            list->items[i].origins.items[j].place.line = 0;
    for (size_t i = before; i < list->count; i++)
        for (size_t j = 0; j < list->items[i].left_out.count; j++)
            list->items[i].left_out.items[j].place.line = 0;
    return NULL;
}

struct error *definition_read(struct arena *arena, struct span path, struct definition_list *list)
{
    struct reading reading;
    struct span text;

    open_reading(arena, list, &reading);
    if (file_is_directory(arena, path))
        return read_directory(&reading, path);
    if (script_is(path))
        return read_script(arena, path, list);
    TRY(file_read(arena, path, &text));
    return definition_parse(arena, path, text, list);
}

static const char *mend_twice(const struct definition *a, const struct definition *b)
{
    if (a->kind == DEFINITION_TEMPLATE && b->kind == DEFINITION_TEMPLATE &&
        !span_equal(a->file, b->file))
        return "read one of the two templates alone, or rename one";
    return "remove or rename one";
}

struct error *definition_check_names(struct arena *arena, const struct definition_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct definition *a = &list->items[j];
            const struct definition *b = &list->items[i];

            if (span_equal(a->name, b->name))
                return fail(arena, ERR_VALIDATION,
                            "table %.*s is defined twice, in %.*s and in %.*s: %s",
                            SPAN_PRINT(a->name), SPAN_PRINT(a->where), SPAN_PRINT(b->where),
                            mend_twice(a, b));
        }
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
