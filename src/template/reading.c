/* template/reading.c - the files that one reading goes through, and the values it was given. */
#include "template/stack.h"

#include "base/arena.h"
#include "template/file.h"
#include "template/yaml.h"

#include <ctype.h>

static bool is_json(struct span text)
{
    size_t at = 0;

    while (at < text.size && isspace((unsigned char)text.data[at]))
        at++;
    return at < text.size && (text.data[at] == '{' || text.data[at] == '[');
}

/* A file that looks like JSON may still be YAML's flow style, but then its error is JSON's. */
static struct error *parse(struct reading *reading, struct span path, struct span text,
                           struct node *root)
{
    struct json_text json;
    size_t at = 0;

    if (!is_json(text))
        return yaml_parse(reading->arena, path, text, root);
    json_text_init(reading->arena, path, text, &json);
    return node_parse_json(reading->arena, &json, &at, root);
}

struct error *reading_document(struct reading *reading, struct span path, const struct node **root)
{
    struct document *document;
    struct span text;

    if (reading->settings->is_alone)
        return fail(reading->arena, ERR_VALIDATION, "%.*s: another file, which is not opened here",
                    SPAN_PRINT(path));
    for (document = reading->documents; document; document = document->next)
        if (span_equal(document->path, path)) {
            *root = &document->root;
            return NULL;
        }
    TRY(file_read(reading->arena, path, &text));
    document = NEW(reading->arena, struct document, 1);
    document->path = path;
    TRY(parse(reading, path, text, &document->root));
    document->next = reading->documents;
    reading->documents = document;
    *root = &document->root;
    return NULL;
}

const struct given *reading_given(const struct reading *reading, struct span key)
{
    const struct given *first = NULL;

    for (size_t i = 0; i < reading->settings->given_count; i++) {
        struct given *given = reading->settings->given[i];

        if (!span_equal(given->key, key))
            continue;
        given->is_used = true; /* also one that another wins over */
        if (!first)
            first = given;
    }
    return first;
}

struct error *reading_ask(const struct reading *reading, struct place place, struct span why,
                          struct span key)
{
    return fail(reading->arena, ERR_VALIDATION,
                "%.*s: %.*s: give it with --parameter '%.*s=VALUE' or under parameters in "
                "stator.yaml",
                SPAN_PRINT(place_print(reading->arena, place)), SPAN_PRINT(why), SPAN_PRINT(key));
}

struct span stack_key(const struct stack *stack, struct span id, struct span property)
{
    return arena_print(stack->reading->arena, "%.*s.%.*s", SPAN_PRINT(id), SPAN_PRINT(property));
}
