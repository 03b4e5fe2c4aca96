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

static struct place place_of(const struct reading *reading, yaml_mark_t mark)
{
    return (struct place){ reading->path, mark.line + 1, mark.column + 1 };
}

/* "!Ref" is kept as "Ref"; what libyaml calls untagged nodes is nothing to keep. */
static struct span tag_of(const struct reading *reading, const yaml_node_t *from)
{
    const char *tag = (const char *)from->tag;

    if (!tag || tag[0] != '!' || tag[1] == '\0')
        return (struct span){ 0 };
    return arena_copy(reading->arena, span_from(tag + 1));
}

static bool means_null(struct span text)
{
    return text.size == 0 || span_is(text, "~") || span_is(text, "null");
}

static struct error *convert(struct reading *reading, int index, size_t depth, struct node *node);

static struct error *convert_list(struct reading *reading, const yaml_node_t *from, size_t depth,
                                  struct node *node)
{
    const yaml_node_item_t *items = from->data.sequence.items.start;

    node->kind = NODE_LIST;
    node->count = (size_t)(from->data.sequence.items.top - items);
    node->values = NEW(reading->arena, struct node, node->count);
    for (size_t i = 0; i < node->count; i++)
        TRY(convert(reading, items[i], depth + 1, &node->values[i]));
    return NULL;
}

static void merge_from(struct arena *arena, struct node *node, const struct node *more)
{
    for (size_t i = 0; i < more->count; i++) {
        size_t at = 0;

        while (at < node->count && !span_equal(node->keys[at].text, more->keys[i].text))
            at++;
        if (at < node->count)
            continue;
        node->keys =
            arena_grow(arena, node->keys, at * sizeof(struct node), (at + 1) * sizeof(struct node));
        node->values = arena_grow(arena, node->values, at * sizeof(struct node),
                                  (at + 1) * sizeof(struct node));
        node->keys[at] = more->keys[i];
        node->values[at] = more->values[i];
        node->count++;
    }
}

/* "<<: *base" and "<<: [*base, *more]": what the map itself has wins. */
static void merge(struct arena *arena, struct node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct node from = node->values[i];

        if (!node->keys[i].is_plain || !span_is(node->keys[i].text, "<<") || from.kind == NODE_TEXT)
            continue;
        node->count--;
        memmove(node->keys + i, node->keys + i + 1, (node->count - i) * sizeof(struct node));
        memmove(node->values + i, node->values + i + 1, (node->count - i) * sizeof(struct node));
        i--;
        if (from.kind == NODE_MAP)
            merge_from(arena, node, &from);
        for (size_t j = 0; from.kind == NODE_LIST && j < from.count; j++)
            if (from.values[j].kind == NODE_MAP)
                merge_from(arena, node, &from.values[j]);
    }
}

static struct error *convert_map(struct reading *reading, const yaml_node_t *from, size_t depth,
                                 struct node *node)
{
    const yaml_node_pair_t *pairs = from->data.mapping.pairs.start;

    node->kind = NODE_MAP;
    node->count = (size_t)(from->data.mapping.pairs.top - pairs);
    node->keys = NEW(reading->arena, struct node, node->count);
    node->values = NEW(reading->arena, struct node, node->count);
    for (size_t i = 0; i < node->count; i++) {
        TRY(convert(reading, pairs[i].key, depth + 1, &node->keys[i]));
        TRY(convert(reading, pairs[i].value, depth + 1, &node->values[i]));
    }
    merge(reading->arena, node);
    return NULL;
}

static struct error *convert(struct reading *reading, int index, size_t depth, struct node *node)
{
    const yaml_node_t *from = yaml_document_get_node(&reading->document, index);

    *node = (struct node){ .place = place_of(reading, from->start_mark) };
    node->tag = tag_of(reading, from);
    if (depth > NODE_DEPTH_MAX || ++reading->nodes > NODES_MAX)
        return fail(reading->arena, ERR_VALIDATION, "%.*s: nested too deep or far too large",
                    SPAN_PRINT(place_print(reading->arena, node->place)));
    if (from->type == YAML_SEQUENCE_NODE)
        return convert_list(reading, from, depth, node);
    if (from->type == YAML_MAPPING_NODE)
        return convert_map(reading, from, depth, node);
    node->kind = NODE_TEXT;
    node->text = arena_copy(reading->arena, (struct span){ (const char *)from->data.scalar.value,
                                                           from->data.scalar.length });
    node->is_plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !node->tag.data;
    node->is_null = node->is_plain && means_null(node->text);
    return NULL;
}

static struct error *not_yaml(struct reading *reading, const yaml_parser_t *parser)
{
    /* What the reader refuses (no UTF-8, control characters) has an offset but no mark. */
    struct span place = parser->error == YAML_READER_ERROR
                            ? arena_print(reading->arena, "%.*s: byte %zu",
                                          SPAN_PRINT(reading->path), parser->problem_offset)
                            : place_print(reading->arena, place_of(reading, parser->problem_mark));

    return fail(reading->arena, ERR_VALIDATION, "%.*s: not YAML: %s: mend the file",
                SPAN_PRINT(place), parser->problem ? parser->problem : "cannot be read");
}

struct error *yaml_parse(struct arena *arena, struct span path, struct span text, struct node *root)
{
    struct reading reading = { .arena = arena, .path = path };
    struct error *error = NULL;
    yaml_parser_t parser;

    *root = (struct node){ .kind = NODE_TEXT, .is_null = true };
    root->place.file = path;
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
