/* cloud/policy/element.c - members by name. */
#include "cloud/policy/element.h"

#include "base/arena.h"
#include "cloud/policy/text.h"

#include <stdarg.h>

bool element_wrong(const struct element_reader *reader, const yyjson_val *at, const char *format,
                   ...)
{
    struct span place = json_source_place(reader->arena, reader->source, at);
    struct span what;
    va_list arguments;

    va_start(arguments, format);
    what = arena_vprint(reader->arena, format, arguments);
    va_end(arguments);
    *reader->problem =
        arena_print(reader->arena, "%.*s: %.*s", SPAN_PRINT(place), SPAN_PRINT(what));
    return false;
}

bool element_read(const struct element_reader *reader, yyjson_val *object, struct element *elements,
                  size_t count)
{
    yyjson_obj_iter iterator = yyjson_obj_iter_with(object);

    for (yyjson_val *key; (key = yyjson_obj_iter_next(&iterator)) != NULL;) {
        struct span name = json_text(key);
        struct text_guess guess = { .name = name };
        struct element *found = NULL;

        for (size_t i = 0; i < count; i++) {
            if (span_equal(elements[i].name, name))
                found = &elements[i];
            text_guess(&guess, elements[i].name);
        }
        if (found == NULL)
            return element_wrong(reader, key, "unknown element %.*s%.*s", SPAN_PRINT(name),
                                 SPAN_PRINT(text_advice(reader->arena, &guess, "take it out")));
        if (found->key)
            return element_wrong(reader, key, "%.*s is given twice", SPAN_PRINT(name));
        found->key = key;
        found->value = yyjson_obj_iter_get_val(key);
    }
    return true;
}
