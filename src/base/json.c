/* base/json.c - yyjson with the request's arena as its heap. */
#include "base/json.h"

#include "base/arena.h"

#include <string.h>

static void *allocate(void *arena, size_t bytes)
{
    return arena_alloc_raw(arena, bytes);
}

static void *reallocate(void *arena, void *old, size_t old_bytes, size_t bytes)
{
    return arena_grow(arena, old, old_bytes, bytes);
}

static void release(void *arena, void *memory)
{
    (void)arena;
    (void)memory; /* goes with the arena */
}

yyjson_alc json_allocator(struct arena *arena)
{
    return (yyjson_alc){ allocate, reallocate, release, arena };
}

yyjson_val *json_parse(struct arena *arena, struct span text, struct span *problem)
{
    yyjson_alc allocator = json_allocator(arena);
    yyjson_read_err error = { 0 };
    yyjson_doc *doc = yyjson_read_opts((char *)(size_t)text.data, text.size, YYJSON_READ_NOFLAG,
                                       &allocator, &error);

    if (doc)
        return yyjson_doc_get_root(doc);
    if (problem)
        *problem =
            arena_print(arena, "%s at byte %zu", error.msg ? error.msg : "empty text", error.pos);
    return NULL;
}

static struct span place_of(struct arena *arena, const struct json_source *source, size_t at)
{
    size_t line = 1;
    size_t column = 1;

    for (size_t i = 0; i < at && i < source->text.size; i++) {
        column++;
        if (source->text.data[i] == '\n') {
            line++;
            column = 1;
        }
    }
    return arena_print(arena, "%.*s%s%zu:%zu", SPAN_PRINT(source->file),
                       source->file.data ? ":" : "", line, column);
}

yyjson_val *json_source_parse(struct arena *arena, struct json_source *source, struct span *problem)
{
    const yyjson_read_flag flags = YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW;
    yyjson_alc allocator = json_allocator(arena);
    yyjson_read_err error = { 0 };
    char *copy = arena_alloc(arena, 1, source->text.size + YYJSON_PADDING_SIZE);
    struct span place;
    yyjson_doc *doc;

    if (source->text.size > 0)
        memcpy(copy, source->text.data, source->text.size);
    source->copy = copy;
    doc = yyjson_read_opts(copy, source->text.size, flags, &allocator, &error);
    if (doc)
        return yyjson_doc_get_root(doc);
    place = place_of(arena, source, error.pos);
    *problem = arena_print(arena, "%.*s: not JSON: %s", SPAN_PRINT(place),
                           error.msg ? error.msg : "empty text");
    return NULL;
}

struct span json_source_place(struct arena *arena, const struct json_source *source,
                              const yyjson_val *value)
{
    yyjson_val *at = (yyjson_val *)(size_t)value;

    while (yyjson_is_ctn(at) && unsafe_yyjson_get_len(at) > 0)
        at = unsafe_yyjson_get_first(at);
    if (!yyjson_is_str(at) && !yyjson_is_raw(at))
        return place_of(arena, source, 0);
    /* a string begins behind its quote */
    return place_of(arena, source,
                    (size_t)(at->uni.str - source->copy) - (yyjson_is_str(at) ? 1 : 0));
}

yyjson_mut_doc *json_build(struct arena *arena)
{
    yyjson_alc allocator = json_allocator(arena);

    return yyjson_mut_doc_new(&allocator);
}

struct span json_print(struct arena *arena, const yyjson_mut_doc *doc, bool is_pretty)
{
    yyjson_alc allocator = json_allocator(arena);
    size_t size = 0;
    char *text = yyjson_mut_write_opts(doc, is_pretty ? YYJSON_WRITE_PRETTY_TWO_SPACES : 0,
                                       &allocator, &size, NULL);

    return (struct span){ text, size };
}

struct span json_text(const yyjson_val *string)
{
    yyjson_val *value = (yyjson_val *)(size_t)string;

    if (!yyjson_is_str(value)) /* others have a length too */
        return (struct span){ 0 };
    return (struct span){ unsafe_yyjson_get_str(value), unsafe_yyjson_get_len(value) };
}

bool json_holds(struct arena *arena, struct span text)
{
    yyjson_alc allocator = json_allocator(arena);
    yyjson_mut_doc *doc = json_build(arena);
    size_t size;

    return yyjson_mut_val_write_opts(yyjson_mut_strn(doc, text.data ? text.data : "", text.size), 0,
                                     &allocator, &size, NULL) != NULL;
}
