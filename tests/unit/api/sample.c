/* tests/unit/api/sample.c - writes requests from the tables, bending one member. */
#include "sample.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct walk {
    struct test *t;
    struct sample *sample;
    char path[400];
    char rule_path[400];
};

static void write_shape(struct walk *walk, const struct shape *shape, const struct limits *limits);

static void put(struct walk *walk, const char *text)
{
    buffer_append_span(&walk->sample->json, span_from(text));
}

/* --- texts --- */

static struct span repeat(struct walk *walk, char c, int64_t count)
{
    char *text = arena_alloc(walk->t->arena, (size_t)count + 1, 1);

    memset(text, c, (size_t)count);
    return (struct span){ text, (size_t)count };
}

/* Legal under the limits: of the few characters that any pattern takes. */
static struct span legal_text(struct walk *walk, const struct limits *limits)
{
    int64_t least = limits && limits->min > 1 ? limits->min : 1;
    static const char candidates[] = "a1,";

    if (!limits || !limits->matches)
        return repeat(walk, 'a', least);
    for (int64_t size = least; size < least + 32; size++)
        for (const char *c = candidates; *c; c++)
            if (limits->matches(repeat(walk, *c, size)))
                return repeat(walk, *c, size);
    EXPECT(false, "no legal text for %s", limits->pattern);
}

static struct span illegal_text(struct walk *walk, const struct limits *limits)
{
    static const char candidates[] = "$\"\x01";
    int64_t least = limits->min > 1 ? limits->min : 1;

    for (const char *c = candidates; *c; c++)
        if (!limits->matches(repeat(walk, *c, least)))
            return repeat(walk, *c, least);
    EXPECT(false, "no illegal text for %s", limits->pattern);
}

static void write_text(struct walk *walk, struct span text)
{
    buffer_append_json_string(&walk->sample->json, text);
}

/* --- legal values --- */

static void write_structure(struct walk *walk, const struct fields *fields);

static void write_members(struct walk *walk, const struct shape *member, int64_t count)
{
    put(walk, "[");
    for (int64_t i = 0; i < count; i++) {
        size_t path = strlen(walk->path);
        size_t rule_path = strlen(walk->rule_path);

        snprintf(walk->path + path, sizeof(walk->path) - path, ".%lld.member", (long long)i + 1);
        snprintf(walk->rule_path + rule_path, sizeof(walk->rule_path) - rule_path, ".*");
        if (i > 0)
            put(walk, ",");
        write_shape(walk, member, member->limits);
        walk->path[path] = '\0';
        walk->rule_path[rule_path] = '\0';
    }
    put(walk, "]");
}

static void write_entries(struct walk *walk, const struct shape *shape, int64_t count)
{
    put(walk, "{");
    for (int64_t i = 0; i < count; i++) {
        size_t path = strlen(walk->path);
        size_t rule_path = strlen(walk->rule_path);
        struct span key = arena_print(walk->t->arena, "Tab%lld", (long long)i);

        snprintf(walk->path + path, sizeof(walk->path) - path, ".%s.member", key.data);
        snprintf(walk->rule_path + rule_path, sizeof(walk->rule_path) - rule_path, ".*");
        if (i > 0)
            put(walk, ",");
        write_text(walk, key);
        put(walk, ":");
        write_shape(walk, shape->member, shape->member->limits);
        walk->path[path] = '\0';
        walk->rule_path[rule_path] = '\0';
    }
    put(walk, "}");
}

static void write_shape(struct walk *walk, const struct shape *shape, const struct limits *limits)
{
    switch (shape->kind) {
    case SHAPE_STRING: write_text(walk, legal_text(walk, limits)); break;
    case SHAPE_ENUM: write_text(walk, shape->texts[1]); break;
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        buffer_append_integer(&walk->sample->json, limits && limits->min > 1 ? limits->min : 1);
        break;
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP: put(walk, "1.5"); break;
    case SHAPE_BOOLEAN: put(walk, "true"); break;
    case SHAPE_STRUCTURE: write_structure(walk, shape->fields); break;
    case SHAPE_LIST: write_members(walk, shape->member, 1); break;
    case SHAPE_MAP: write_entries(walk, shape, 1); break;
    case SHAPE_ITEM: put(walk, "{\"a\":{\"S\":\"b\"}}"); break;
    case SHAPE_VALUE: put(walk, "{\"S\":\"b\"}"); break;
    }
}

/* --- bent ones --- */

static bool write_text_of(struct walk *walk, struct span text)
{
    walk->sample->bent_text = text;
    write_text(walk, text);
    return true;
}

/* Of so many characters, members or worth; false where a shape has no such thing. */
static bool write_of_size(struct walk *walk, const struct shape *shape, int64_t size)
{
    switch (shape->kind) {
    case SHAPE_STRING: return write_text_of(walk, repeat(walk, 'a', size));
    case SHAPE_INTEGER:
    case SHAPE_LONG: buffer_append_integer(&walk->sample->json, size); return true;
    case SHAPE_LIST: write_members(walk, shape->member, size); return true;
    case SHAPE_MAP: write_entries(walk, shape, size); return true;
    case SHAPE_ENUM:
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP:
    case SHAPE_BOOLEAN:
    case SHAPE_STRUCTURE:
    case SHAPE_ITEM:
    case SHAPE_VALUE: break;
    }
    return false;
}

static bool write_below(struct walk *walk, const struct field *field)
{
    const struct limits *limits = field->limits;
    bool counts = field->shape->kind != SHAPE_INTEGER && field->shape->kind != SHAPE_LONG;

    if (!limits || limits->min == INT64_MIN || (counts && limits->min < 1))
        return false;
    return write_of_size(walk, field->shape, limits->min - 1);
}

static bool write_above(struct walk *walk, const struct field *field)
{
    if (!field->limits || field->limits->max == INT64_MAX)
        return false;
    return write_of_size(walk, field->shape, field->limits->max + 1);
}

static bool write_bent(struct walk *walk, const struct field *field)
{
    static const char *const kinds[BEND_COUNT] = {
        [BEND_TO_STRING] = "\"x\"", [BEND_TO_INTEGER] = "12",  [BEND_TO_DECIMAL] = "1.25",
        [BEND_TO_TRUE] = "true",    [BEND_TO_FALSE] = "false", [BEND_TO_LIST] = "[]",
        [BEND_TO_STRUCTURE] = "{}",
    };
    enum bend bend = walk->sample->bend;

    if (kinds[bend]) {
        put(walk, kinds[bend]);
        return true;
    }
    if (bend == BEND_BELOW)
        return write_below(walk, field);
    if (bend == BEND_ABOVE)
        return write_above(walk, field);
    if (bend == BEND_PATTERN && field->limits && field->limits->matches)
        return write_text_of(walk, illegal_text(walk, field->limits));
    if (bend == BEND_ENUM && field->shape->kind == SHAPE_ENUM)
        return write_text_of(walk, SPAN("?"));
    return false;
}

static void write_place(struct walk *walk, const struct field *field)
{
    struct sample *sample = walk->sample;
    size_t json_size = sample->json.size;

    sample->field = field;
    memcpy(sample->path, walk->path, sizeof(sample->path));
    memcpy(sample->rule_path, walk->rule_path, sizeof(sample->rule_path));
    if (sample->bend == BEND_MISSING) {
        put(walk, "null");
        sample->is_bent = field->is_required;
        return;
    }
    sample->is_bent = write_bent(walk, field);
    if (!sample->is_bent) {
        sample->json.size = json_size;
        put(walk, "null");
    }
}

static void write_structure(struct walk *walk, const struct fields *fields)
{
    put(walk, "{");
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->fields[i];
        const char *name = field->name.data;
        size_t path = strlen(walk->path);
        size_t rule_path = strlen(walk->rule_path);
        const char *dot = path > 0 ? "." : "";

        snprintf(walk->path + path, sizeof(walk->path) - path, "%s%c%s", dot,
                 tolower((unsigned char)name[0]), name + 1);
        snprintf(walk->rule_path + rule_path, sizeof(walk->rule_path) - rule_path, "%s%s", dot,
                 name);
        if (i > 0)
            put(walk, ",");
        buffer_append_span(&walk->sample->json, field->json_name);
        if (walk->sample->met++ == walk->sample->place && walk->sample->bend != BEND_NOT)
            write_place(walk, field);
        else
            write_shape(walk, field->shape, field->limits);
        walk->path[path] = '\0';
        walk->rule_path[rule_path] = '\0';
    }
    put(walk, "}");
}

void sample_write(struct test *t, struct sample *sample, const struct shape *input)
{
    struct walk walk = { .t = t, .sample = sample };

    sample->met = 0;
    sample->is_bent = false;
    sample->field = NULL;
    sample->bent_text = (struct span){ 0 };
    buffer_empty(&sample->json);
    write_structure(&walk, input->fields);
}
