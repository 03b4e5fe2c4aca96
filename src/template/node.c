/* template/node.c - reads and builds trees. */
#include "template/node.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct span place_print(struct arena *arena, struct place place)
{
    if (place.line == 0)
        return place.file;
    return arena_print(arena, "%.*s:%zu:%zu", SPAN_PRINT(place.file), place.line, place.column);
}

struct span place_line(struct arena *arena, struct place place)
{
    if (place.line == 0)
        return place.file;
    return arena_print(arena, "%.*s:%zu", SPAN_PRINT(place.file), place.line);
}

bool node_is(const struct node *node, enum node_kind kind)
{
    return node && node->kind == kind && !node->is_null;
}

const struct node *node_find(const struct node *node, struct span name)
{
    if (!node_is(node, NODE_MAP))
        return NULL;
    for (size_t i = 0; i < node->count; i++)
        if (node->keys[i].kind == NODE_TEXT && span_equal(node->keys[i].text, name))
            return node->values[i].is_null ? NULL : &node->values[i];
    return NULL;
}

const struct node *node_get(const struct node *node, const char *name)
{
    return node_find(node, span_from(name));
}

struct span node_text(const struct node *node)
{
    return node_is(node, NODE_TEXT) ? node->text : (struct span){ 0 };
}

struct span node_text_at(const struct node *node, const char *name)
{
    return node_text(node_get(node, name));
}

bool node_says(const struct node *node, const char *text)
{
    return node_is(node, NODE_TEXT) && span_is(node->text, text);
}

struct node node_new(enum node_kind kind, struct place place)
{
    return (struct node){ .kind = kind, .place = place };
}

struct node *node_of_text(struct arena *arena, struct place place, struct span text)
{
    struct node *node = NEW(arena, struct node, 1);

    *node = (struct node){ .kind = NODE_TEXT, .place = place, .text = text };
    return node;
}

struct node *node_copy(struct arena *arena, const struct node *node)
{
    struct node *copy = NEW(arena, struct node, 1);

    *copy = *node;
    return copy;
}

/* Room for twice as many whenever the count is a power of two. */
static struct node *grow(struct arena *arena, struct node *nodes, size_t count)
{
    if ((count & (count - 1)) != 0)
        return nodes;
    return arena_grow(arena, nodes, count * sizeof(*nodes),
                      (count == 0 ? 1 : 2 * count) * sizeof(*nodes));
}

void node_add(struct arena *arena, struct node *list, const struct node *value)
{
    list->values = grow(arena, list->values, list->count);
    list->values[list->count++] = *value;
}

void node_put(struct arena *arena, struct node *map, const char *name, const struct node *value)
{
    map->keys = grow(arena, map->keys, map->count);
    map->keys[map->count] = node_new(NODE_TEXT, value->place);
    map->keys[map->count].text = span_from(name);
    node_add(arena, map, value);
}

bool node_is_number(struct span text)
{
    size_t at = text.size > 0 && text.data[0] == '-';
    size_t digits = at;

    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    if (at == digits)
        return false;
    if (at < text.size && text.data[at] == '.') {
        digits = ++at;
        while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
            at++;
        if (at == digits)
            return false;
    }
    return at == text.size;
}

static yyjson_mut_val *number_json(yyjson_mut_doc *doc, struct span text)
{
    char digits[32];

    if (text.size >= sizeof(digits))
        return yyjson_mut_strn(doc, text.data, text.size);
    memcpy(digits, text.data, text.size);
    digits[text.size] = '\0';
    if (text.size < 18 && !memchr(text.data, '.', text.size))
        return yyjson_mut_sint(doc, strtoll(digits, NULL, 10));
    return yyjson_mut_real(doc, strtod(digits, NULL));
}

static yyjson_mut_val *text_json(yyjson_mut_doc *doc, const struct node *node)
{
    if (node->is_null)
        return yyjson_mut_null(doc);
    if (node->is_plain && span_is(node->text, "true"))
        return yyjson_mut_true(doc);
    if (node->is_plain && span_is(node->text, "false"))
        return yyjson_mut_false(doc);
    if (node->is_plain && node_is_number(node->text))
        return number_json(doc, node->text);
    return yyjson_mut_strn(doc, node->text.data ? node->text.data : "", node->text.size);
}

yyjson_mut_val *node_json(yyjson_mut_doc *doc, const struct node *node)
{
    yyjson_mut_val *made;

    if (node->kind == NODE_TEXT)
        return text_json(doc, node);
    made = node->kind == NODE_LIST ? yyjson_mut_arr(doc) : yyjson_mut_obj(doc);
    for (size_t i = 0; i < node->count; i++) {
        yyjson_mut_val *value = node_json(doc, &node->values[i]);
        struct span key = node->kind == NODE_MAP ? node->keys[i].text : (struct span){ 0 };

        if (node->kind == NODE_LIST)
            yyjson_mut_arr_append(made, value);
        else
            yyjson_mut_obj_add(made, yyjson_mut_strn(doc, key.data ? key.data : "", key.size),
                               value);
    }
    return made;
}
