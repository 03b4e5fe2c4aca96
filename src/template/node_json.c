/* template/node_json.c - JSON as a tree: yyjson reads in place, so that each of its strings tells
 * where in the file it stood. */
#include "template/node.h"

#include "base/arena.h"

#include <string.h>

struct reading {
    struct arena *arena;
    const struct json_text *json;
    size_t at; /* what was last looked at; line and column are its */
    size_t line;
    size_t column;
    size_t nodes;
};

void json_text_init(struct arena *arena, struct span file, struct span text, struct json_text *json)
{
    char *copy = arena_alloc(arena, text.size + YYJSON_PADDING_SIZE, 1);

    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    *json = (struct json_text){ file, text, copy };
}

/* Values come in the order of the text, so that each byte of it is looked at once. */
static void advance(struct reading *reading, size_t to)
{
    struct span text = reading->json->text;

    for (; reading->at < to && reading->at < text.size; reading->at++) {
        if (text.data[reading->at] == '\n') {
            reading->line++;
            reading->column = 1;
        } else if (((unsigned char)text.data[reading->at] & 0xc0) != 0x80) {
            reading->column++;
        }
    }
}

static struct place place_here(const struct reading *reading)
{
    return (struct place){ reading->json->file, reading->line, reading->column };
}

/* Strings and numbers point into the text; a string starts behind its quote. */
static struct place place_of(struct reading *reading, yyjson_val *value)
{
    if (yyjson_is_str(value))
        advance(reading, (size_t)(yyjson_get_str(value) - reading->json->copy) - 1);
    else if (yyjson_is_raw(value))
        advance(reading, (size_t)(yyjson_get_raw(value) - reading->json->copy));
    return place_here(reading);
}

static void convert_scalar(yyjson_val *from, struct node *node)
{
    node->kind = NODE_TEXT;
    node->is_plain = !yyjson_is_str(from);
    node->is_null = yyjson_is_null(from);
    if (yyjson_is_str(from))
        node->text = json_text(from);
    else if (yyjson_is_raw(from))
        node->text = (struct span){ yyjson_get_raw(from), yyjson_get_len(from) };
    else if (yyjson_is_bool(from))
        node->text = yyjson_is_true(from) ? SPAN("true") : SPAN("false");
}

static struct error *convert(struct reading *reading, yyjson_val *from, size_t depth,
                             struct node *node);

static struct error *convert_list(struct reading *reading, yyjson_val *from, size_t depth,
                                  struct node *node)
{
    size_t i;
    size_t count;
    yyjson_val *value;

    node->kind = NODE_LIST;
    node->count = yyjson_arr_size(from);
    node->values = NEW(reading->arena, struct node, node->count);
    yyjson_arr_foreach(from, i, count, value)
    {
        TRY(convert(reading, value, depth + 1, &node->values[i]));
    }
    return NULL;
}

static struct error *convert_map(struct reading *reading, yyjson_val *from, size_t depth,
                                 struct node *node)
{
    size_t i;
    size_t count;
    yyjson_val *key;
    yyjson_val *value;

    node->kind = NODE_MAP;
    node->count = yyjson_obj_size(from);
    node->keys = NEW(reading->arena, struct node, node->count);
    node->values = NEW(reading->arena, struct node, node->count);
    yyjson_obj_foreach(from, i, count, key, value)
    {
        TRY(convert(reading, key, depth + 1, &node->keys[i]));
        TRY(convert(reading, value, depth + 1, &node->values[i]));
    }
    return NULL;
}

/* What has no text of its own stands at its key, or at what it holds first. */
static struct error *convert(struct reading *reading, yyjson_val *from, size_t depth,
                             struct node *node)
{
    node->place = place_of(reading, from);
    if (depth > NODE_DEPTH_MAX || ++reading->nodes > NODES_MAX)
        return fail(reading->arena, ERR_VALIDATION, "%.*s: nested too deep or far too large",
                    SPAN_PRINT(place_print(reading->arena, node->place)));
    if (yyjson_is_arr(from))
        return convert_list(reading, from, depth, node);
    if (yyjson_is_obj(from))
        return convert_map(reading, from, depth, node);
    convert_scalar(from, node);
    return NULL;
}

static size_t skip_space(struct span text, size_t at)
{
    while (at < text.size && strchr(" \t\r\n", text.data[at]) && text.data[at] != '\0')
        at++;
    return at;
}

struct error *node_parse_json(struct arena *arena, const struct json_text *json, size_t *at,
                              struct node *root)
{
    struct reading reading = { arena, json, 0, 1, 1, 0 };
    yyjson_alc allocator = json_allocator(arena);
    yyjson_read_err problem = { 0 };
    yyjson_doc *doc;

    doc = yyjson_read_opts(json->copy + *at, json->text.size - *at,
                           YYJSON_READ_INSITU | YYJSON_READ_STOP_WHEN_DONE |
                               YYJSON_READ_NUMBER_AS_RAW,
                           &allocator, &problem);
    if (!doc) {
        advance(&reading, *at + problem.pos);
        return fail(arena, ERR_VALIDATION, "%.*s: not JSON: %s: mend the file",
                    SPAN_PRINT(place_print(arena, place_here(&reading))), problem.msg);
    }
    advance(&reading, skip_space(json->text, *at));
    *at += yyjson_doc_get_read_size(doc);
    return convert(&reading, yyjson_doc_get_root(doc), 0, root);
}
