/* api/clause.c - the words of the constraint validators. */
#include "api/clause.h"

#include "api/dump.h"
#include "base/buffer.h"

#include <string.h>

enum { STEPS_MAX = 24 }; /* the deepest input has 13 */

/* The chain in the order of the path; its length. */
static size_t unwind(const struct step *step, const struct step *steps[STEPS_MAX])
{
    size_t count = 0;

    for (const struct step *at = step; at && count < STEPS_MAX; at = at->parent)
        count++;
    for (size_t i = count; i > 0; i--, step = step->parent)
        steps[i - 1] = step;
    return count;
}

static void write_path(const struct step *step, bool is_newer, struct buffer *out)
{
    const struct step *steps[STEPS_MAX];
    size_t count = unwind(step, steps);

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_char(out, '.');
        if (steps[i]->kind == STEP_INDEX)
            buffer_append_integer(out, (int64_t)steps[i]->index);
        else if (steps[i]->kind == STEP_KEY || is_newer)
            buffer_append_span(out, steps[i]->name);
        else
            dump_member_name(steps[i]->name, out);
        if (steps[i]->kind != STEP_FIELD)
            buffer_append_span(out, SPAN(".member"));
    }
}

bool clause_is_at(const struct violation *violation, const struct rule *rule)
{
    const struct step *steps[STEPS_MAX];
    size_t count = unwind(violation->step, steps);
    const char *path = rule->path;

    if (violation->constraint != rule->constraint)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct span name = steps[i]->kind == STEP_FIELD ? steps[i]->name : SPAN("*");

        if (strncmp(path, name.data, name.size) != 0)
            return false;
        path += name.size;
        if (i + 1 < count && *path++ != '.')
            return false;
    }
    return *path == '\0';
}

static bool is_number(const struct shape *shape)
{
    return shape->kind == SHAPE_INTEGER || shape->kind == SHAPE_LONG;
}

static void write_bound(const struct shape *shape, const char *bound, int64_t limit,
                        struct buffer *out)
{
    buffer_append_span(out, SPAN("Member must have "));
    buffer_append_span(out, is_number(shape) ? SPAN("value ") : SPAN("length "));
    buffer_append_span(out, span_from(bound));
    buffer_append_span(out, SPAN(" than or equal to "));
    buffer_append_integer(out, limit);
}

static void write_pattern(const char *pattern, struct buffer *out)
{
    buffer_append_span(out, SPAN("Member must satisfy regular expression pattern: "));
    buffer_append_span(out, span_from(pattern));
}

/* [Member must have length less than or equal to 255, ...] for the parts of a container. */
static void write_all_limits(const struct shape *shape, const struct limits *limits,
                             struct buffer *out)
{
    const char *separator = "[";

    if (limits->max != INT64_MAX) {
        buffer_append_span(out, span_from(separator));
        write_bound(shape, "less", limits->max, out);
        separator = ", ";
    }
    if (limits->min != INT64_MIN) {
        buffer_append_span(out, span_from(separator));
        write_bound(shape, "greater", limits->min, out);
        separator = ", ";
    }
    if (limits->pattern) {
        buffer_append_span(out, span_from(separator));
        write_pattern(limits->pattern, out);
    }
    buffer_append_char(out, ']');
}

static void write_parts(const struct violation *violation, struct buffer *out)
{
    bool is_keys = violation->constraint == CONSTRAINT_KEYS;

    if (is_keys)
        buffer_append_span(out, SPAN("Map keys must satisfy constraint: "));
    else if (violation->shape->kind == SHAPE_MAP)
        buffer_append_span(out, SPAN("Map value must satisfy constraint: "));
    else
        buffer_append_span(out, SPAN("Member must satisfy constraint: "));
    /* A key's limits are those of a text: of lengths, as a map's own are. */
    write_all_limits(is_keys ? violation->shape : violation->shape->member, violation->limits, out);
}

static void write_constraint(const struct violation *violation, struct buffer *out)
{
    switch (violation->constraint) {
    case CONSTRAINT_REQUIRED: buffer_append_span(out, SPAN("Member must not be null")); break;
    case CONSTRAINT_MIN:
        write_bound(violation->shape, "greater", violation->limits->min, out);
        break;
    case CONSTRAINT_MAX: write_bound(violation->shape, "less", violation->limits->max, out); break;
    case CONSTRAINT_PATTERN: write_pattern(violation->limits->pattern, out); break;
    case CONSTRAINT_ENUM:
        buffer_append_span(out, SPAN("Member must satisfy enum value set: ["));
        buffer_append_span(out, span_from(violation->shape->choices));
        buffer_append_char(out, ']');
        break;
    case CONSTRAINT_KEYS:
    case CONSTRAINT_MEMBERS: write_parts(violation, out); break;
    }
}

static void write_end(const struct violation *violation, bool is_newer, struct buffer *out)
{
    buffer_append_span(out, SPAN(" at '"));
    write_path(violation->step, is_newer, out);
    buffer_append_span(out, SPAN("' failed to satisfy constraint: "));
    write_constraint(violation, out);
}

void clause_write(struct arena *arena, const struct violation *violation, struct buffer *out)
{
    if (!violation->value) {
        buffer_append_span(out, SPAN("Value null"));
    } else {
        buffer_append_span(out, SPAN("Value '"));
        dump_value(arena, violation->shape, violation->value, out);
        buffer_append_char(out, '\'');
    }
    write_end(violation, false, out);
}

void clause_write_newer(const struct violation *violation, struct buffer *out)
{
    buffer_append_span(out, SPAN("Value"));
    write_end(violation, true, out);
}

void clause_write_json(struct arena *arena, const struct violation *violation, struct buffer *out)
{
    buffer_append_span(out, SPAN("Value '"));
    dump_json(arena, violation->value, out);
    buffer_append_char(out, '\'');
    write_end(violation, false, out);
}
