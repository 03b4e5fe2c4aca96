/* tests/unit/ops/statement_cases_test.c - carries out the PartiQL statements in tests/cases/.
 *
 * A line is a word, a colon and the rest:
 *   create: {...}      a CreateTable request
 *   put: {...}         a PutItem request
 *   with: {...}        further parameters of the next statement: Parameters, Limit, ...
 *   do: SELECT ...     ExecuteStatement
 *   next: 2            the statement before again from its NextToken, with another Limit
 * A statement is followed by what comes of it:
 *   = {"Items":[...]}  the answer; "more" behind it when there is a NextToken
 *   ! Name: text       the error */
#include "caller.h"

#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

enum { CASE_FILE_BYTES_MAX = 1 << 20 };

struct script {
    struct caller caller;
    struct arena *arena;
    const char *file;
    int line;
    struct span with;      /* JSON of an object, or absent */
    struct span statement; /* the last one */
    struct span answer;    /* of it: as a line of the file */
    struct span token;
    size_t case_count;
    struct span failures;
};

static struct span load(struct arena *arena, const char *name)
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

/* The caller takes ' for ": those of statements have to be hidden from it. */
static const char *hide_quotes(struct arena *arena, struct span json)
{
    struct buffer out;
    struct span hidden;

    buffer_init(&out);
    for (size_t i = 0; i < json.size; i++) {
        if (json.data[i] == '\'')
            buffer_append_literal(&out, "\\u0027");
        else
            buffer_append_char(&out, json.data[i]);
    }
    hidden = arena_copy(arena, buffer_span(&out));
    buffer_fini(&out);
    return hidden.data;
}

static struct span quote(struct arena *arena, struct span text)
{
    struct buffer out;
    struct span quoted;

    buffer_init(&out);
    buffer_append_json_string(&out, text);
    quoted = arena_copy(arena, buffer_span(&out));
    buffer_fini(&out);
    return quoted;
}

static struct span print_json(struct arena *arena, yyjson_mut_val *json)
{
    yyjson_alc allocator = json_allocator(arena);
    size_t size = 0;
    char *text = yyjson_mut_val_write_opts(json, 0, &allocator, &size, NULL);

    return (struct span){ text, size };
}

/* "= {...}" without the NextToken, which is kept. */
static struct span describe_answer(struct script *script, struct span json)
{
    yyjson_val *parsed = json_parse(script->arena, json, NULL);
    yyjson_mut_doc *doc = json_build(script->arena);
    yyjson_mut_val *answer = yyjson_val_mut_copy(doc, parsed);

    script->token = json_text(yyjson_obj_get(parsed, "NextToken"));
    yyjson_mut_obj_remove_key(answer, "NextToken");
    return arena_print(script->arena, "= %.*s%s", SPAN_PRINT(print_json(script->arena, answer)),
                       script->token.data ? " more" : "");
}

static void execute(struct script *script, struct span further)
{
    struct span statement = quote(script->arena, script->statement);
    struct span request = arena_print(script->arena, "{\"Statement\":%.*s%.*s}",
                                      SPAN_PRINT(statement), SPAN_PRINT(further));
    const char *json = hide_quotes(script->arena, request);
    struct span text = caller_send(&script->caller, "ExecuteStatement", json);

    script->token = (struct span){ 0 };
    if (yyjson_obj_get(json_parse(script->arena, text, NULL), "__type"))
        script->answer =
            arena_print(script->arena, "! %.*s",
                        SPAN_PRINT(caller_refusal(&script->caller, "ExecuteStatement", json)));
    else
        script->answer = describe_answer(script, text);
}

/* The members of the object in `with`, behind a comma. */
static struct span further_of(struct script *script)
{
    struct span with = script->with;

    if (with.data == NULL)
        return SPAN("");
    return arena_print(script->arena, ",%.*s", (int)with.size - 2, with.data + 1);
}

static bool is_same_json(struct script *script, struct span a, struct span b)
{
    bool a_more = a.size > 5 && memcmp(a.data + a.size - 5, " more", 5) == 0;
    bool b_more = b.size > 5 && memcmp(b.data + b.size - 5, " more", 5) == 0;
    yyjson_val *one =
        json_parse(script->arena, (struct span){ a.data + 2, a.size - 2 - 5 * a_more }, NULL);
    yyjson_val *two =
        json_parse(script->arena, (struct span){ b.data + 2, b.size - 2 - 5 * b_more }, NULL);

    return a_more == b_more && one && two && yyjson_equals(one, two);
}

static void compare(struct script *script, struct span expected)
{
    struct span got = script->answer;

    script->case_count++;
    if (span_equal(got, expected) || (got.data && got.data[0] == '=' && expected.data[0] == '=' &&
                                      is_same_json(script, got, expected)))
        return;
    script->failures =
        arena_print(script->arena, "%.*s%s:%d: %.*s\n  is %.*s\n", SPAN_PRINT(script->failures),
                    script->file, script->line, SPAN_PRINT(expected), SPAN_PRINT(got));
}

static void run_command(struct script *script, struct span word, struct span rest)
{
    const char *json = hide_quotes(script->arena, rest);

    if (span_is(word, "create")) {
        caller_do(&script->caller, "CreateTable", json);
    } else if (span_is(word, "put")) {
        caller_do(&script->caller, "PutItem", json);
    } else if (span_is(word, "with")) {
        script->with = rest;
    } else if (span_is(word, "next")) {
        EXPECT(script->token.data, "%s:%d: no token", script->file, script->line);
        execute(script, arena_print(script->arena, "%.*s,\"NextToken\":\"%.*s\",\"Limit\":%.*s",
                                    SPAN_PRINT(further_of(script)), SPAN_PRINT(script->token),
                                    SPAN_PRINT(rest)));
    } else {
        EXPECT(span_is(word, "do"), "%s:%d: what is %.*s?", script->file, script->line,
               SPAN_PRINT(word));
        script->statement = rest;
        execute(script, further_of(script));
        script->with = (struct span){ 0 };
    }
}

static void run_line(struct script *script, struct span line)
{
    const char *colon = line.size ? memchr(line.data, ':', line.size) : NULL;

    if (line.size == 0 || line.data[0] == '#')
        return;
    if (line.data[0] == '=' || line.data[0] == '!') {
        compare(script, line);
        return;
    }
    EXPECT(colon && colon[1] == ' ', "%s:%d: no colon", script->file, script->line);
    run_command(script, (struct span){ line.data, (size_t)(colon - line.data) },
                (struct span){ colon + 2, (size_t)(line.data + line.size - colon) - 2 });
}

static void run_file(struct test *t, const char *file)
{
    struct script script = { .caller = caller_open(t, NULL), .arena = t->arena, .file = file };
    struct span text = load(t->arena, file);
    const char *at = text.data;
    const char *end = text.data + text.size;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;

        script.line++;
        run_line(&script, (struct span){ at, (size_t)(stop - at) });
        at = stop + 1;
    }
    caller_close(&script.caller);
    EXPECT(script.case_count > 0, "%s: no cases", file);
    EXPECT(script.failures.size == 0, "\n%.*s", SPAN_PRINT(script.failures));
}

TEST(statements_select_what_they_say)
{
    run_file(t, "statement_select.case");
}

TEST(statements_change_what_they_say)
{
    run_file(t, "statement_write.case");
}

TEST(wrong_statements_are_refused)
{
    run_file(t, "statement_errors.case");
}
