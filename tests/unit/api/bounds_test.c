/* tests/unit/api/bounds_test.c - every member of every operation's input, bent in every way. */
#include "api_test.h"
#include "operations.h"
#include "sample.h"

#include "base/buffer.h"

#include <ctype.h>
#include <stdio.h>

struct check {
    const struct operation *operation;
    enum validator validator;
    struct sample sample;
};

static struct error *take_sample(struct test *t, const struct check *check)
{
    const struct signature *signature = check->operation->signature;
    struct span text = arena_copy(t->arena, buffer_span(&check->sample.json));
    void *input = arena_alloc(t->arena, 1, signature->input->size);

    return api_take(t, signature, check->validator, api_parse(t, text.data), input);
}

/* --- what must be said --- */

static const char *mismatch_text(struct test *t, const struct shape *shape, enum bend bend)
{
    static const char *const tokens[BEND_COUNT] = {
        [BEND_TO_STRING] = "STRING", [BEND_TO_INTEGER] = "NUMBER", [BEND_TO_DECIMAL] = "DECIMAL",
        [BEND_TO_TRUE] = "TRUE",     [BEND_TO_FALSE] = "FALSE",
    };
    bool is_text = shape->kind == SHAPE_STRING || shape->kind == SHAPE_ENUM;
    bool is_token = bend != BEND_TO_LIST && bend != BEND_TO_STRUCTURE;

    if (shape->kind >= SHAPE_STRUCTURE && is_token)
        return "Unexpected field type";
    if (bend == BEND_TO_LIST)
        return shape->kind == SHAPE_LIST
                   ? NULL
                   : arena_print(t->arena, "Unrecognized collection type %s", shape->java).data;
    if (bend == BEND_TO_STRUCTURE)
        return shape->kind >= SHAPE_STRUCTURE && shape->kind != SHAPE_LIST
                   ? NULL
                   : "Start of structure or map found where not expected";
    if (shape->kind == SHAPE_BOOLEAN) {
        if (bend == BEND_TO_STRING)
            return "Unexpected token received from parser";
        if (bend == BEND_TO_TRUE || bend == BEND_TO_FALSE)
            return NULL;
    } else if (is_text ? bend == BEND_TO_STRING
                       : bend == BEND_TO_INTEGER || bend == BEND_TO_DECIMAL) {
        return NULL;
    }
    return arena_print(t->arena, "%s_VALUE cannot be converted to %s", tokens[bend],
                       strrchr(shape->java, '.') + 1)
        .data;
}

static const struct rule *find_rule(const struct check *check, enum constraint constraint)
{
    const struct signature *signature = check->operation->signature;

    for (size_t i = 0; i < signature->rule_count; i++) {
        const struct rule *rule = &signature->rules[i];

        if ((check->validator == VALIDATOR_CLASSIC ? rule->in_classic : rule->in_current) &&
            rule->constraint == constraint && strcmp(rule->path, check->sample.rule_path) == 0)
            return rule;
    }
    return NULL;
}

static struct span constraint_text(struct test *t, const struct check *check,
                                   enum constraint constraint)
{
    const struct shape *shape = check->sample.field->shape;
    const struct limits *limits = check->sample.field->limits;
    bool is_number = shape->kind == SHAPE_INTEGER || shape->kind == SHAPE_LONG;

    switch (constraint) {
    case CONSTRAINT_REQUIRED: return SPAN("Member must not be null");
    case CONSTRAINT_MIN:
    case CONSTRAINT_MAX:
        return arena_print(t->arena, "Member must have %s %s than or equal to %lld",
                           is_number ? "value" : "length",
                           constraint == CONSTRAINT_MIN ? "greater" : "less",
                           (long long)(constraint == CONSTRAINT_MIN ? limits->min : limits->max));
    case CONSTRAINT_PATTERN:
        return arena_print(t->arena, "Member must satisfy regular expression pattern: %s",
                           limits->pattern);
    case CONSTRAINT_ENUM:
        return arena_print(t->arena, "Member must satisfy enum value set: [%s]", shape->choices);
    case CONSTRAINT_KEYS:
    case CONSTRAINT_MEMBERS: break;
    }
    return (struct span){ 0 };
}

/* What follows the value in a clause: lists are shown at length, so texts are compared from here.
 */
static struct span clause_end(struct test *t, const struct check *check, enum constraint constraint)
{
    return arena_print(t->arena, " at '%s' failed to satisfy constraint: %.*s", check->sample.path,
                       SPAN_PRINT(constraint_text(t, check, constraint)));
}

static bool ends_with(struct span text, struct span end)
{
    return text.size >= end.size &&
           memcmp(text.data + text.size - end.size, end.data, end.size) == 0;
}

static void expect_constraint(struct test *t, const struct check *check, struct error *error,
                              enum constraint constraint)
{
    const struct rule *rule = find_rule(check, constraint);
    struct span name = check->operation->signature->name;
    struct span text;

    EXPECT(error, "%.*s: %s is taken", SPAN_PRINT(name), check->sample.path);
    EXPECT(error->code == ERR_VALIDATION, "%.*s: %s", SPAN_PRINT(name), check->sample.path);
    text = error->message;
    if (rule && rule->message) {
        EXPECT(span_is(text, rule->message), "%.*s: %.*s", SPAN_PRINT(name), SPAN_PRINT(text));
    } else if (rule) {
        struct span end = arena_print(t->arena, "' failed to satisfy constraint: %.*s",
                                      SPAN_PRINT(constraint_text(t, check, constraint)));

        EXPECT(span_starts_with(text, SPAN("1 validation error detected: Value at '")) &&
                   ends_with(text, end),
               "%.*s: %.*s", SPAN_PRINT(name), SPAN_PRINT(text));
    } else {
        EXPECT(span_starts_with(text, SPAN("1 validation error detected: Value ")) &&
                   ends_with(text, clause_end(t, check, constraint)),
               "%.*s, %s: %.*s", SPAN_PRINT(name), check->sample.path, SPAN_PRINT(text));
    }
}

/* --- how it is bent --- */

static void expect_mismatch(struct test *t, const struct check *check, struct error *error)
{
    const char *text = mismatch_text(t, check->sample.field->shape, check->sample.bend);

    if (!text) {
        EXPECT(!error || error->code == ERR_VALIDATION, "%s is of the right kind",
               check->sample.path);
        return;
    }
    EXPECT(error && error->code == ERR_SERIALIZATION, "%s is of the wrong kind",
           check->sample.path);
    EXPECT(span_is(error->message, text), "%s: %.*s instead of %s", check->sample.path,
           SPAN_PRINT(error->message), text);
}

/* A text that is too short or too long may break its pattern as well. */
static bool breaks_pattern_too(const struct check *check)
{
    const struct limits *limits = check->sample.field->limits;

    return check->sample.bent_text.data && limits->matches && !limits->is_first_only &&
           !limits->matches(check->sample.bent_text);
}

static void expect_size(struct test *t, const struct check *check, struct error *error)
{
    enum constraint constraint = check->sample.bend == BEND_BELOW ? CONSTRAINT_MIN : CONSTRAINT_MAX;
    const struct limits *limits = check->sample.field->limits;
    bool is_first = limits->is_length_first;

    if (!breaks_pattern_too(check) || find_rule(check, constraint)) {
        expect_constraint(t, check, error, constraint);
        return;
    }
    EXPECT(error && span_starts_with(error->message, SPAN("2 validation errors detected: Value '")),
           "%s breaks two constraints: %.*s", check->sample.path, SPAN_PRINT(error->message));
    EXPECT(
        ends_with(error->message, clause_end(t, check, is_first ? CONSTRAINT_PATTERN : constraint)),
        "%s in the wrong order: %.*s", check->sample.path, SPAN_PRINT(error->message));
}

static void check_bend(struct test *t, struct check *check, enum bend bend)
{
    struct error *error;

    check->sample.bend = bend;
    sample_write(t, &check->sample, check->operation->signature->input);
    if (!check->sample.is_bent)
        return;
    error = take_sample(t, check);
    if (bend >= BEND_TO_STRING)
        expect_mismatch(t, check, error);
    else if (bend == BEND_BELOW || bend == BEND_ABOVE)
        expect_size(t, check, error);
    else
        expect_constraint(t, check, error,
                          bend == BEND_MISSING   ? CONSTRAINT_REQUIRED
                          : bend == BEND_PATTERN ? CONSTRAINT_PATTERN
                                                 : CONSTRAINT_ENUM);
}

static void check_operation(struct test *t, const struct operation *operation,
                            enum validator validator)
{
    struct check check = { .operation = operation, .validator = validator };
    size_t members;
    struct error *error;

    buffer_init(&check.sample.json);
    sample_write(t, &check.sample, operation->signature->input);
    error = take_sample(t, &check);
    EXPECT(!error, "%.*s refuses a legal request: %.*s", SPAN_PRINT(operation->signature->name),
           SPAN_PRINT(error->message));
    members = check.sample.met;
    for (size_t i = 0; i < members; i++)
        for (enum bend bend = BEND_MISSING; bend < BEND_COUNT; bend++) {
            check.sample.place = i;
            check_bend(t, &check, bend);
        }
    buffer_fini(&check.sample.json);
}

TEST(every_member_bent_in_every_way_is_refused_in_the_right_words)
{
    for (size_t i = 0; i < OPERATIONS_COUNT; i++) {
        struct test scratch = { arena_open((size_t)1 << 30) };

        check_operation(&scratch, &operations[i], VALIDATOR_CURRENT);
        check_operation(&scratch, &operations[i], VALIDATOR_CLASSIC);
        arena_close(scratch.arena);
    }
}

TEST(operations_are_sorted_by_name)
{
    for (size_t i = 1; i < OPERATIONS_COUNT; i++)
        EXPECT(span_compare(operations[i - 1].signature->name, operations[i].signature->name) < 0,
               "%.*s", SPAN_PRINT(operations[i].signature->name));
}
