/* api/validate.c - walks a request in the service's order and collects what is wrong with it. */
#include "api/validate.h"

#include "api/clause.h"
#include "api/pattern.h"
#include "api/scalar.h"
#include "base/arena.h"
#include "base/buffer.h"

struct walk {
    struct arena *arena;
    enum validator validator;
    const struct signature *signature;
    struct buffer clauses;
    size_t count;
    struct error *own; /* what the operation words itself: ends the walk */
};

static void walk_shape(struct walk *walk, const struct step *step, const struct shape *shape,
                       yyjson_val *json);

static const struct rule *find_rule(const struct walk *walk, const struct violation *violation)
{
    for (size_t i = 0; i < walk->signature->rule_count; i++) {
        const struct rule *rule = &walk->signature->rules[i];
        bool applies = walk->validator == VALIDATOR_CLASSIC ? rule->in_classic : rule->in_current;

        if (applies && clause_is_at(violation, rule))
            return rule;
    }
    return NULL;
}

static struct span buffer_to_arena(struct arena *arena, struct buffer *buffer)
{
    struct span text = arena_copy(arena, buffer_span(buffer));

    buffer_fini(buffer);
    return text;
}

static void report_own(struct walk *walk, const struct rule *rule,
                       const struct violation *violation)
{
    struct buffer text;

    buffer_init(&text);
    if (rule->message) {
        buffer_append_span(&text, span_from(rule->message));
    } else {
        buffer_append_span(&text, SPAN("1 validation error detected: "));
        if (rule->is_newer)
            clause_write_newer(violation, &text);
        else
            clause_write_json(walk->arena, violation, &text);
    }
    walk->own = fail_with(walk->arena, ERR_VALIDATION, buffer_to_arena(walk->arena, &text));
}

static void report(struct walk *walk, struct violation violation)
{
    const struct rule *rule;

    if (walk->own)
        return;
    rule = find_rule(walk, &violation);
    if (rule) {
        report_own(walk, rule, &violation);
        return;
    }
    if (walk->count == CLAUSES_MAX)
        return;
    if (walk->count++ > 0)
        buffer_append_span(&walk->clauses, SPAN("; "));
    clause_write(walk->arena, &violation, &walk->clauses);
}

/* --- one value against its limits --- */

struct fit {
    bool is_too_small;
    bool is_too_large;
    bool breaks_pattern;
};

static struct fit fit_number(const struct limits *limits, int64_t number)
{
    struct fit fit = { 0 };

    fit.is_too_small = number < limits->min;
    fit.is_too_large = number > limits->max;
    return fit;
}

static struct fit fit_text(const struct limits *limits, struct span text)
{
    int64_t units = pattern_units(text);
    struct fit fit = fit_number(limits, units);

    if (limits->takes_arn && span_starts_with(text, SPAN("arn:")))
        return (struct fit){ .is_too_large = units > ARN_UNITS_MAX };
    fit.breaks_pattern = limits->matches && !limits->matches(text);
    return fit;
}

static struct fit fit_value(const struct limits *limits, const struct shape *shape,
                            yyjson_val *json)
{
    switch (shape->kind) {
    case SHAPE_STRING: return fit_text(limits, json_text(json));
    case SHAPE_INTEGER:
    case SHAPE_LONG: return fit_number(limits, scalar_integer(json, shape->kind == SHAPE_LONG));
    case SHAPE_LIST: return fit_number(limits, (int64_t)yyjson_arr_size(json));
    case SHAPE_MAP:
    case SHAPE_ITEM: return fit_number(limits, (int64_t)yyjson_obj_size(json));
    case SHAPE_ENUM:
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP:
    case SHAPE_BOOLEAN:
    case SHAPE_STRUCTURE:
    case SHAPE_VALUE: break;
    }
    return (struct fit){ 0 };
}

static bool is_fit(struct fit fit)
{
    return !fit.is_too_small && !fit.is_too_large && !fit.breaks_pattern;
}

/* An ARN in a name's place has a limit of its own. */
static const struct limits *limits_of_arn(const struct limits *limits, const struct shape *shape,
                                          yyjson_val *json)
{
    static const struct limits arn = { .min = INT64_MIN, .max = ARN_UNITS_MAX };

    if (limits->takes_arn && shape->kind == SHAPE_STRING &&
        span_starts_with(json_text(json), SPAN("arn:")))
        return &arn;
    return limits;
}

static void check_limits(struct walk *walk, const struct step *step, const struct shape *shape,
                         const struct limits *limits, yyjson_val *json)
{
    struct fit fit = fit_value(limits, shape, json);
    const struct {
        bool is_broken;
        enum constraint constraint;
    } checks[] = { { fit.breaks_pattern && !limits->is_length_first, CONSTRAINT_PATTERN },
                   { fit.is_too_small, CONSTRAINT_MIN },
                   { fit.is_too_large, CONSTRAINT_MAX },
                   { fit.breaks_pattern && limits->is_length_first, CONSTRAINT_PATTERN } };

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        if (!checks[i].is_broken)
            continue;
        report(walk, (struct violation){ step, checks[i].constraint, shape,
                                         limits_of_arn(limits, shape, json), json });
        if (limits->is_first_only)
            return;
    }
}

static void check_choice(struct walk *walk, const struct step *step, const struct shape *shape,
                         yyjson_val *json)
{
    for (size_t i = 1; i < shape->text_count; i++)
        if (span_equal(shape->texts[i], json_text(json)))
            return;
    report(walk, (struct violation){ step, CONSTRAINT_ENUM, shape, NULL, json });
}

/* --- containers --- */

/* The last member of that name; NULL when absent or null. */
static yyjson_val *find_member(yyjson_val *json, struct span name)
{
    yyjson_val *found = NULL;
    size_t i;
    size_t count;
    yyjson_val *key;
    yyjson_val *value;

    if (!yyjson_is_obj(json))
        return NULL;
    yyjson_obj_foreach(json, i, count, key, value)
    {
        if (span_equal(json_text(key), name))
            found = value;
    }
    return yyjson_is_null(found) ? NULL : found;
}

static void walk_fields(struct walk *walk, const struct step *parent, const struct fields *fields,
                        yyjson_val *json)
{
    for (size_t i = 0; i < fields->count && !walk->own; i++) {
        const struct field *field = &fields->fields[fields->order[i]];
        struct step step = { parent, STEP_FIELD, field->name, 0 };
        yyjson_val *value = find_member(json, field->name);

        if (!value) {
            if (field->is_required)
                report(walk,
                       (struct violation){ &step, CONSTRAINT_REQUIRED, field->shape, NULL, NULL });
            continue;
        }
        if (field->limits)
            check_limits(walk, &step, field->shape, field->limits, value);
        walk_shape(walk, &step, field->shape, value);
    }
}

/* Members of a list, or values of a map, that are themselves plain texts, numbers or lists: what is
 * wrong with one of them is said of the whole. Says whether that is so. */
static bool breaks_limits(const struct shape *member, yyjson_val *value)
{
    return member->limits && value && !yyjson_is_null(value) &&
           !is_fit(fit_value(member->limits, member, value));
}

static void walk_part(struct walk *walk, const struct step *step, const struct shape *member,
                      yyjson_val *json)
{
    if (yyjson_is_null(json))
        report(walk, (struct violation){ step, CONSTRAINT_REQUIRED, member, NULL, NULL });
    else
        walk_shape(walk, step, member, json);
}

static void walk_list(struct walk *walk, const struct step *parent, const struct shape *shape,
                      yyjson_val *json)
{
    bool is_reported = false;
    size_t i;
    size_t count;
    yyjson_val *value;

    yyjson_arr_foreach(json, i, count, value)
    {
        struct step step = { parent, STEP_INDEX, { 0 }, i + 1 };

        if (walk->own || walk->count == CLAUSES_MAX)
            return;
        if (!is_reported && breaks_limits(shape->member, value)) {
            is_reported = true;
            report(walk, (struct violation){ parent, CONSTRAINT_MEMBERS, shape,
                                             shape->member->limits, json });
        }
        walk_part(walk, &step, shape->member, value);
    }
}

static void check_parts(struct walk *walk, const struct step *step, const struct shape *shape,
                        yyjson_val *json)
{
    bool are_keys_reported = !shape->key_limits;
    bool are_values_reported = false;
    size_t i;
    size_t count;
    yyjson_val *key;
    yyjson_val *value;

    yyjson_obj_foreach(json, i, count, key, value)
    {
        if (!are_keys_reported && !is_fit(fit_text(shape->key_limits, json_text(key)))) {
            are_keys_reported = true;
            report(walk,
                   (struct violation){ step, CONSTRAINT_KEYS, shape, shape->key_limits, json });
        }
        if (!are_values_reported && shape->kind == SHAPE_MAP &&
            breaks_limits(shape->member, value)) {
            are_values_reported = true;
            report(walk, (struct violation){ step, CONSTRAINT_MEMBERS, shape, shape->member->limits,
                                             json });
        }
    }
}

static void walk_map(struct walk *walk, const struct step *parent, const struct shape *shape,
                     yyjson_val *json)
{
    size_t count;
    struct scalar_pair *pairs = scalar_last_pairs(walk->arena, json, &count);

    for (size_t i = 0; i < count && !walk->own && walk->count < CLAUSES_MAX; i++) {
        struct step step = { parent, STEP_KEY, pairs[i].key, 0 };

        walk_part(walk, &step, shape->member, pairs[i].value);
    }
}

static void walk_shape(struct walk *walk, const struct step *step, const struct shape *shape,
                       yyjson_val *json)
{
    if (walk->own)
        return;
    switch (shape->kind) {
    case SHAPE_ENUM: check_choice(walk, step, shape, json); break;
    case SHAPE_STRUCTURE: walk_fields(walk, step, shape->fields, json); break;
    case SHAPE_LIST: walk_list(walk, step, shape, json); break;
    case SHAPE_MAP:
        check_parts(walk, step, shape, json);
        walk_map(walk, step, shape, json);
        break;
    case SHAPE_ITEM: check_parts(walk, step, shape, json); break;
    case SHAPE_STRING:
    case SHAPE_INTEGER:
    case SHAPE_LONG:
    case SHAPE_DOUBLE:
    case SHAPE_TIMESTAMP:
    case SHAPE_BOOLEAN:
    case SHAPE_VALUE: break;
    }
}

struct error *validate_input(struct arena *arena, enum validator validator,
                             const struct signature *signature, yyjson_val *json)
{
    struct walk walk = { .arena = arena, .validator = validator, .signature = signature };
    struct span clauses;

    buffer_init(&walk.clauses);
    walk_fields(&walk, NULL, signature->input->fields, json);
    clauses = buffer_to_arena(arena, &walk.clauses);
    if (walk.own)
        return walk.own;
    if (walk.count == 0)
        return NULL;
    return fail(arena, ERR_VALIDATION, "%zu validation error%s detected: %.*s", walk.count,
                walk.count == 1 ? "" : "s", SPAN_PRINT(clauses));
}
