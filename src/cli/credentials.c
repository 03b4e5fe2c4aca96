/* cli/credentials.c - reads the file once, for both who keep a part of it. */
#include "cli/credentials.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/file.h"
#include "template/yaml.h"

#include <string.h>

struct layout {
    struct buffer *out;
    size_t line; /* where the next character goes; from 1 */
    size_t column;
};

static void put(struct layout *layout, char c)
{
    buffer_append_char(layout->out, c);
    layout->column++;
}

/* There, or as near behind it as what is written already allows. */
static void move_to(struct layout *layout, size_t line, size_t column)
{
    while (layout->line < line) {
        buffer_append_char(layout->out, '\n');
        layout->line++;
        layout->column = 1;
    }
    while (layout->line == line && layout->column < column)
        put(layout, ' ');
}

static void put_text(struct layout *layout, struct span text)
{
    size_t before = layout->out->size;

    buffer_append_json_string(layout->out, text);
    layout->column += layout->out->size - before;
}

/* Brackets and commas go to the end of what is there. The tree is no deeper than NODE_DEPTH_MAX. */
static void lay_out(struct layout *layout, const struct node *node)
{
    switch (node->kind) {
    case NODE_TEXT:
        move_to(layout, node->place.line, node->place.column);
        if (node->is_null)
            buffer_append_literal(layout->out, "null");
        else
            put_text(layout, node->text);
        return;
    case NODE_LIST:
        put(layout, '[');
        for (size_t i = 0; i < node->count; i++) {
            if (i > 0)
                put(layout, ',');
            lay_out(layout, &node->values[i]);
        }
        put(layout, ']');
        return;
    case NODE_MAP:
        put(layout, '{');
        for (size_t i = 0; i < node->count; i++) {
            if (i > 0)
                put(layout, ',');
            move_to(layout, node->keys[i].place.line, node->keys[i].place.column - 1);
            put_text(layout, node->keys[i].text);
            put(layout, ':');
            lay_out(layout, &node->values[i]);
        }
        put(layout, '}');
        return;
    }
}

static struct error *check_keys(struct arena *arena, const struct node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == NODE_MAP && node->keys[i].kind != NODE_TEXT)
            return fail(arena, ERR_VALIDATION, "%.*s: a key is a text, not a list or a map",
                        SPAN_PRINT(place_print(arena, node->keys[i].place)));
        TRY(check_keys(arena, &node->values[i]));
    }
    return NULL;
}

struct error *credentials_json_of_yaml(struct arena *arena, struct span path, struct span yaml,
                                       struct span *json)
{
    struct buffer out;
    struct layout layout = { &out, 1, 1 };
    struct node root;

    TRY(yaml_parse(arena, path, yaml, &root));
    TRY(check_keys(arena, &root));
    buffer_init(&out);
    lay_out(&layout, &root);
    *json = arena_copy(arena, buffer_span(&out));
    buffer_fini(&out);
    return NULL;
}

static bool ends_with(struct span text, struct span end)
{
    struct span last = { text.data + text.size - end.size, end.size };

    return text.size >= end.size && span_equal(last, end);
}

/* By its name, otherwise by how it begins. */
static bool is_yaml(struct span path, struct span text)
{
    size_t at = 0;

    if (ends_with(path, SPAN(".yaml")) || ends_with(path, SPAN(".yml")))
        return true;
    while (at < text.size && strchr(" \t\r\n", text.data[at]))
        at++;
    return !ends_with(path, SPAN(".json")) && at < text.size && !strchr("[{", text.data[at]);
}

static struct error *read_text(struct arena *arena, struct span path, struct span *text)
{
    TRY(file_read(arena, path, text));
    return is_yaml(path, *text) ? credentials_json_of_yaml(arena, path, *text, text) : NULL;
}

bool credentials_open(struct arena *arena, struct span path, struct keyring **keyring,
                      struct principals **principals, struct span *problem)
{
    struct span text = { NULL, 0 };
    struct error *error = read_text(arena, path, &text);

    if (error) {
        *problem = error->message;
        return false;
    }
    if (!principals_open(arena, path, text, principals, problem))
        return false;
    if (keyring_open(arena, path, text, keyring, problem))
        return true;
    principals_close(*principals);
    *principals = NULL;
    return false;
}
