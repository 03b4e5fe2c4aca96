/* tests/unit/expr/cases_test.c - runs the expressions in tests/cases/.
 *
 * A line is a word, a colon and the rest. Settings hold until they are set again:
 *   item: {...}  names: {...}  values: {...}  wording: older|newer
 *   schema: pk S, qk N | sk B           partition keys | sort keys
 *   entries: [{...}, ...]               items with these keys
 * An expression is followed by what comes of it:
 *   condition: a = :v      = holds          or = fails
 *   filter: ...            as condition
 *   projection: a, b[0]    = {...}          the item selected
 *   update: SET a = :v     = {...}          the item updated
 *   key: pk = :v           = 0 2 single     which entries are selected, and if it names one item
 *   scope: #a :b           = fine           checks names and values, of which those given are used
 *   ... of any             ! the error's whole text */
#include "../test.h"

#include "base/buffer.h"
#include "base/json.h"
#include "expr/expression.h"
#include "item/check.h"
#include "item/json.h"

#include <stdio.h>
#include <string.h>

enum { CASE_FILE_BYTES_MAX = 1 << 20, ENTRIES_MAX = 32 };

struct run {
    struct arena *arena;
    const char *file;
    int line;
    struct item item;
    struct item *values;
    struct string_map *names;
    enum wording wording;
    struct key_schema schema;
    struct item entries[ENTRIES_MAX];
    size_t entry_count;

    struct span answer; /* of the last expression: "= ..." or "! ..." */
    struct item answer_item;
    bool is_item; /* the answer is answer_item */
    size_t case_count;
    struct span failures;
};

static struct span read_file(struct arena *arena, const char *name)
{
    struct span path = arena_print(arena, "%s/%s", CASES_FOLDER, name);
    FILE *file = fopen(path.data, "rb");
    char *text = arena_alloc_raw(arena, CASE_FILE_BYTES_MAX);
    size_t size;

    EXPECT(file != NULL, "%s: cannot be read", path.data);
    size = fread(text, 1, CASE_FILE_BYTES_MAX, file);
    fclose(file);
    EXPECT(size < CASE_FILE_BYTES_MAX, "%s: too large", path.data);
    return (struct span){ text, size };
}

static yyjson_val *parse(struct run *run, struct span text)
{
    yyjson_val *json = json_parse(run->arena, text, NULL);

    EXPECT(json != NULL, "%s:%d: no JSON: %.*s", run->file, run->line, SPAN_PRINT(text));
    return json;
}

static void decode_item(struct run *run, yyjson_val *json, struct item *item)
{
    *item = (struct item){ 0 };
    EXPECT_OK(item_decode(run->arena, json, item));
}

static void read_item(struct run *run, struct span text, struct item *item)
{
    decode_item(run, parse(run, text), item);
    EXPECT_OK(item_check(run->arena, WORDING_NEWER, item));
}

static void set_names(struct run *run, struct span text)
{
    yyjson_val *json = parse(run, text);
    yyjson_val *key;
    size_t i;
    size_t count;

    run->names = NEW(run->arena, struct string_map, 1);
    run->names->entries = NEW(run->arena, struct string_pair, yyjson_obj_size(json));
    yyjson_val *value;
    yyjson_obj_foreach(json, i, count, key, value)
    {
        run->names->entries[i] = (struct string_pair){ json_text(key), json_text(value) };
        run->names->count++;
    }
}

static void set_values(struct run *run, struct span text)
{
    run->values = NEW(run->arena, struct item, 1);
    decode_item(run, parse(run, text), run->values);
}

static void set_schema(struct run *run, struct span text)
{
    char copy[256];
    char *state = NULL;
    bool is_range = false;

    EXPECT(text.size < sizeof(copy), "long schema");
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    run->schema = (struct key_schema){ 0 };
    for (char *word = strtok_r(copy, " ,", &state); word; word = strtok_r(NULL, " ,", &state)) {
        struct key_part *part;

        if (strcmp(word, "|") == 0) {
            is_range = true;
            continue;
        }
        part = &run->schema.parts[run->schema.hash_count + run->schema.range_count];
        part->name = arena_print(run->arena, "%s", word);
        part->type = value_type_find(span_from(strtok_r(NULL, " ,", &state)));
        if (is_range)
            run->schema.range_count++;
        else
            run->schema.hash_count++;
    }
}

static void set_entries(struct run *run, struct span text)
{
    yyjson_val *json = parse(run, text);
    yyjson_val *element;
    size_t i;
    size_t count;

    run->entry_count = 0;
    yyjson_arr_foreach(json, i, count, element)
    {
        EXPECT(i < ENTRIES_MAX, "too many entries");
        decode_item(run, element, &run->entries[i]);
        EXPECT_OK(item_check(run->arena, WORDING_NEWER, &run->entries[i]));
        run->entry_count++;
    }
}

static bool set(struct run *run, struct span word, struct span rest)
{
    if (span_is(word, "item"))
        read_item(run, rest, &run->item);
    else if (span_is(word, "names"))
        set_names(run, rest);
    else if (span_is(word, "values"))
        set_values(run, rest);
    else if (span_is(word, "wording"))
        run->wording = span_is(rest, "older") ? WORDING_OLDER : WORDING_NEWER;
    else if (span_is(word, "schema"))
        set_schema(run, rest);
    else if (span_is(word, "entries"))
        set_entries(run, rest);
    else
        return false;
    return true;
}

/* --- the expressions --- */

static struct error *run_condition(struct run *run, struct scope *scope, enum expression_kind kind,
                                   struct span text)
{
    struct condition *condition;

    TRY(condition_compile(scope, kind, text, &condition));
    run->answer =
        condition_holds(run->arena, condition, &run->item) ? SPAN("holds") : SPAN("fails");
    return NULL;
}

static struct error *run_projection(struct run *run, struct scope *scope, struct span text)
{
    struct projection *projection;

    TRY(projection_compile(scope, text, &projection));
    projection_apply(run->arena, projection, &run->item, &run->answer_item);
    run->is_item = true;
    return NULL;
}

static struct error *run_update(struct run *run, struct scope *scope, struct span text)
{
    struct update *update;

    TRY(update_compile(scope, text, &update));
    TRY(update_apply(run->arena, update, &run->item, &run->answer_item));
    run->is_item = true;
    return NULL;
}

static bool is_in(struct span key, struct span_range range)
{
    return span_compare(key, range.low) >= 0 &&
           (range.high.data == NULL || span_compare(key, range.high) < 0);
}

static struct error *run_key(struct run *run, struct scope *scope, struct span text)
{
    struct key_condition *condition;
    struct key_selection selection;

    TRY(key_condition_compile(scope, text, &condition));
    TRY(key_condition_bind(run->arena, condition, &run->schema, &selection));
    run->answer = SPAN("");
    for (size_t i = 0; i < run->entry_count; i++) {
        struct span key;

        TRY(key_from_item(run->arena, &run->schema, &run->entries[i], &key));
        if (is_in(key, selection.range))
            run->answer = arena_print(run->arena, "%.*s%s%zu", SPAN_PRINT(run->answer),
                                      run->answer.size ? " " : "", i);
        EXPECT(!is_in(key, selection.range) || span_starts_with(key, selection.prefix),
               "entry %zu is selected outside its partition", i);
    }
    if (selection.is_single)
        run->answer = arena_print(run->arena, "%.*s single", SPAN_PRINT(run->answer));
    return NULL;
}

static struct error *run_scope(struct run *run, struct scope *scope, struct span text)
{
    const char *at = text.data;
    const char *end = text.data + text.size;

    while (at < end) {
        const char *space = memchr(at, ' ', (size_t)(end - at));
        struct span word = { at, (size_t)((space ? space : end) - at) };

        if (word.data[0] == '#')
            EXPECT(scope_use_name(scope, word).data, "%.*s is not defined", SPAN_PRINT(word));
        else
            EXPECT(scope_use_value(scope, word), "%.*s is not defined", SPAN_PRINT(word));
        at = space ? space + 1 : end;
    }
    TRY(scope_check_all_used(scope));
    run->answer = SPAN("fine");
    return NULL;
}

static struct error *evaluate(struct run *run, struct span word, struct span text)
{
    struct scope *scope = scope_open(run->arena, run->wording, run->names, run->values);
    bool is_none = span_is(word, "none");

    TRY(scope_check(scope, !is_none, "ConditionExpression is null"));
    if (span_is(word, "condition"))
        return run_condition(run, scope, EXPRESSION_CONDITION, text);
    if (span_is(word, "filter"))
        return run_condition(run, scope, EXPRESSION_FILTER, text);
    if (span_is(word, "projection"))
        return run_projection(run, scope, text);
    if (span_is(word, "update"))
        return run_update(run, scope, text);
    if (span_is(word, "key"))
        return run_key(run, scope, text);
    EXPECT(is_none || span_is(word, "scope"), "%s:%d: what is %.*s?", run->file, run->line,
           SPAN_PRINT(word));
    return run_scope(run, scope, text);
}

/* --- the answers --- */

static struct span print_item(struct run *run, const struct item *item)
{
    struct buffer buffer;
    struct span copy;

    buffer_init(&buffer);
    item_write(item, &buffer);
    copy = arena_copy(run->arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return copy;
}

static void compare(struct run *run, char sign, struct span expected)
{
    char got_sign = run->answer.data && run->answer.size && run->answer.data[0] == '!' ? '!' : '=';
    struct span got = run->answer;
    bool is_right;

    run->case_count++;
    if (got_sign == '!') {
        got = (struct span){ got.data + 1, got.size - 1 };
        is_right = sign == '!' && span_equal(got, expected);
    } else if (run->is_item && sign == '=') {
        struct item wanted;

        read_item(run, expected, &wanted);
        is_right = item_equal(&wanted, &run->answer_item);
        got = print_item(run, &run->answer_item);
    } else {
        if (run->is_item)
            got = print_item(run, &run->answer_item);
        is_right = sign == '=' && span_equal(got, expected);
    }
    if (!is_right)
        run->failures = arena_print(run->arena, "%.*s%s:%d: %c %.*s\n    not %c %.*s\n",
                                    SPAN_PRINT(run->failures), run->file, run->line, got_sign,
                                    SPAN_PRINT(got), sign, SPAN_PRINT(expected));
}

static void run_line(struct run *run, struct span line)
{
    const char *colon = memchr(line.data, ':', line.size);
    struct span word;
    struct span rest;
    struct error *error;

    if (line.size == 0 || line.data[0] == '#')
        return;
    if (line.data[0] == '=' || line.data[0] == '!') {
        size_t skip = line.size > 1 ? 2 : 1;

        compare(run, line.data[0], (struct span){ line.data + skip, line.size - skip });
        return;
    }
    EXPECT(colon != NULL, "%s:%d: no colon", run->file, run->line);
    word = (struct span){ line.data, (size_t)(colon - line.data) };
    rest = (struct span){ colon + 1, line.size - word.size - 1 };
    if (rest.size > 0) /* the space behind the colon */
        rest = (struct span){ rest.data + 1, rest.size - 1 };
    if (set(run, word, rest))
        return;
    run->is_item = false;
    run->answer = (struct span){ NULL, 0 };
    error = evaluate(run, word, rest);
    if (error)
        run->answer = arena_print(run->arena, "!%.*s", SPAN_PRINT(error->message));
}

static void run_file(struct arena *arena, const char *file)
{
    struct run run = { .arena = arena, .file = file, .wording = WORDING_NEWER };
    struct span text = read_file(arena, file);
    const char *at = text.data;
    const char *end = text.data + text.size;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;

        run.line++;
        run_line(&run, (struct span){ at, (size_t)(stop - at) });
        at = stop + 1;
    }
    EXPECT(run.case_count > 0, "%s: no cases", file);
    EXPECT(run.failures.size == 0, "\n%.*s", SPAN_PRINT(run.failures));
}

TEST(conditions_hold_as_on_the_service)
{
    run_file(t->arena, "condition.case");
}

TEST(wrong_conditions_are_refused_in_the_words_of_the_service)
{
    run_file(t->arena, "condition_errors.case");
}

TEST(projections_select_what_they_name)
{
    run_file(t->arena, "projection.case");
}

TEST(updates_change_what_they_name)
{
    run_file(t->arena, "update.case");
}

TEST(wrong_updates_are_refused_in_the_words_of_the_service)
{
    run_file(t->arena, "update_errors.case");
}

TEST(key_conditions_select_a_range_of_entries)
{
    run_file(t->arena, "key_condition.case");
}

TEST(names_and_values_are_checked_before_expressions)
{
    run_file(t->arena, "placeholders.case");
}
