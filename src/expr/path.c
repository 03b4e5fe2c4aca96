/* expr/path.c - following, comparing and printing document paths. */
#include "expr/path.h"

#include "base/arena.h"
#include "base/buffer.h"

static bool step_equal(const struct path_step *a, const struct path_step *b)
{
    if (a->is_index != b->is_index)
        return false;
    return a->is_index ? a->index == b->index : span_equal(a->name, b->name);
}

const struct value *path_find(const struct path *path, const struct item *item)
{
    const struct value *value = item_find(item, path->steps[0].name);

    for (size_t i = 1; value && i < path->count; i++) {
        const struct path_step *step = &path->steps[i];

        if (step->is_index)
            value = value->type == VALUE_L && step->index < value->count ? &value->list[step->index]
                                                                         : NULL;
        else
            value = value->type == VALUE_M ? value_find(value, step->name) : NULL;
    }
    return value;
}

enum path_relation path_compare(const struct path *a, const struct path *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (a->steps[i].is_index != b->steps[i].is_index)
            return PATHS_CONFLICT;
        if (!step_equal(&a->steps[i], &b->steps[i]))
            return PATHS_APART;
    }
    return PATHS_OVERLAP;
}

bool path_equal(const struct path *a, const struct path *b)
{
    return a->count == b->count && path_compare(a, b) == PATHS_OVERLAP;
}

struct span path_print(struct arena *arena, const struct path *path)
{
    struct buffer text;
    struct span printed;

    buffer_init(&text);
    for (size_t i = 0; i < path->count; i++) {
        const struct path_step *step = &path->steps[i];

        buffer_append_span(&text, i > 0 ? SPAN(", ") : SPAN("["));
        if (step->is_index) {
            buffer_append_char(&text, '[');
            buffer_append_integer(&text, step->index);
            buffer_append_char(&text, ']');
        } else {
            buffer_append_span(&text, step->name);
        }
    }
    buffer_append_char(&text, ']');
    printed = arena_copy(arena, buffer_span(&text));
    buffer_fini(&text);
    return printed;
}
