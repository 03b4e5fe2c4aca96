/* template/yaml.c - libyaml's document as a tree in an arena. */
#include "template/yaml.h"

#include "base/arena.h"

#include <string.h>
#include <yaml.h>

struct reading {
    struct arena *arena;
    struct span path;
    yaml_document_t document;
    size_t nodes; /* made so far: aliases inside aliases grow without bound */
};

static struct span place_of(struct reading *reading, yaml_mark_t mark)
{
    return arena_print(reading->arena, "%.*s:%zu:%zu", SPAN_PRINT(reading->path), mark.line + 1,
                       mark.column + 1);
}

static bool means_null(struct span text)
{
    return text.size == 0 || span_is(text, "~") || span_is(text, "null");
}

static struct error *convert(struct reading *reading, int index, size_t depth,
                             struct yaml_node *node);

static struct error *convert_list(struct reading *reading, const yaml_node_t *from, size_t depth,
                                  struct yaml_node *node)
{
    const yaml_node_item_t *items = from->data.sequence.items.start;

    node->kind = YAML_LIST;
    node->count = (size_t)(from->data.sequence.items.top - items);
    node->values = NEW(reading->arena, struct yaml_node, node->count);
    for (size_t i = 0; i < node->count; i++)
        TRY(convert(reading, items[i], depth + 1, &node->values[i]));
    return NULL;
}

static struct error *convert_map(struct reading *reading, const yaml_node_t *from, size_t depth,
                                 struct yaml_node *node)
{
    const yaml_node_pair_t *pairs = from->data.mapping.pairs.start;

    node->kind = YAML_MAP;
    node->count = (size_t)(from->data.mapping.pairs.top - pairs);
    node->keys = NEW(reading->arena, struct yaml_node, node->count);
    node->values = NEW(reading->arena, struct yaml_node, node->count);
    for (size_t i = 0; i < node->count; i++) {
        TRY(convert(reading, pairs[i].key, depth + 1, &node->keys[i]));
        TRY(convert(reading, pairs[i].value, depth + 1, &node->values[i]));
    }
    return NULL;
}

static struct error *convert(struct reading *reading, int index, size_t depth,
                             struct yaml_node *node)
{
    const yaml_node_t *from = yaml_document_get_node(&reading->document, index);

    node->place = place_of(reading, from->start_mark);
    node->line = from->start_mark.line + 1;
    node->column = from->start_mark.column + 1;
    if (depth > YAML_DEPTH_MAX || ++reading->nodes > YAML_NODES_MAX)
        return fail(reading->arena, ERR_VALIDATION, "%.*s: nested too deep or far too large",
                    SPAN_PRINT(node->place));
    if (from->type == YAML_SEQUENCE_NODE)
        return convert_list(reading, from, depth, node);
    if (from->type == YAML_MAPPING_NODE)
        return convert_map(reading, from, depth, node);
    node->kind = YAML_TEXT;
    node->text = arena_copy(reading->arena, (struct span){ (const char *)from->data.scalar.value,
                                                           from->data.scalar.length });
    node->is_null = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && means_null(node->text);
    return NULL;
}

static struct error *not_yaml(struct reading *reading, const yaml_parser_t *parser)
{
    /* What the reader refuses (no UTF-8, control characters) has an offset but no mark. */
    struct span place = parser->error == YAML_READER_ERROR
                            ? arena_print(reading->arena, "%.*s: byte %zu",
                                          SPAN_PRINT(reading->path), parser->problem_offset)
                            : place_of(reading, parser->problem_mark);

    return fail(reading->arena, ERR_VALIDATION, "%.*s: not YAML: %s: mend the file",
                SPAN_PRINT(place), parser->problem ? parser->problem : "cannot be read");
}

struct error *yaml_parse(struct arena *arena, struct span path, struct span text,
                         struct yaml_node *root)
{
    struct reading reading = { .arena = arena, .path = path };
    struct error *error = NULL;
    yaml_parser_t parser;

    *root = (struct yaml_node){
        .kind = YAML_TEXT, .is_null = true, .place = path, .line = 1, .column = 1
    };
    if (!yaml_parser_initialize(&parser))
        return fail(arena, ERR_INTERNAL_FAILURE, "out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.size);
    if (!yaml_parser_load(&parser, &reading.document)) {
        error = not_yaml(&reading, &parser);
    } else {
        if (yaml_document_get_root_node(&reading.document))
            error = convert(&reading, 1, 0, root);
        yaml_document_delete(&reading.document);
    }
    yaml_parser_delete(&parser);
    return error;
}
