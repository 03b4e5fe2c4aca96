/* tests/unit/cloud/policy_cases_test.c - runs tests/cases/policy.case.
 *
 * A setting is a word, a colon and the rest of the line, and holds until it is set again:
 *   page: guide/...                     of AWS's documentation; there has to be one
 *   caller: user NAME | role ROLE/SESSION | federated NAME | root
 *   identity: {...}  +identity: {...}   a policy, or one more; also boundary, session, scp, rcp,
 *                                       endpoint, resource; "none" takes it away
 *   statement: {...}                    an identity policy of one statement, of version 2012-10-17
 *   with: KEY=VALUE & KEY=VALUE         condition keys; "none" takes them away
 * A case is a request and what comes of it:
 *   ACTION RESOURCE & KEY=A|B & KEY=? => allowed
 * where ? means that the key isn't known yet. Besides "allowed" there is "depends", "no X" for
 * "because no X allows the action", and "explicit deny in X".
 *   bad: {...}                          a policy that is refused, and why:
 *   ! 1:2: ...
 *   bad-resource: {...}                 the same for one of a table */
#include "../test.h"

#include "base/json.h"
#include "cloud/policy/evaluate.h"

#include <stdio.h>
#include <string.h>

enum { CASE_FILE_BYTES_MAX = 1 << 20, POLICIES_MAX = 8, CASES_MIN = 300 };

struct run {
    struct arena *arena;
    int line;
    struct span page;
    struct policy_caller caller;
    struct policy policies[POLICY_KINDS + 1][POLICIES_MAX];
    bool has_resource_policy;
    struct span with;
    struct span refusal; /* of the last bad policy */
    size_t decisions;
    size_t refusals;
    size_t failures;
};

/* Goes on with the next case: one run shows all that is wrong. */
static void differ(struct run *run, struct span expected, struct span is)
{
    printf("policy.case:%d: expected %.*s, is %.*s\n", run->line, SPAN_PRINT(expected),
           SPAN_PRINT(is));
    run->failures++;
}

static const struct {
    const char *word;
    enum policy_kind kind;
} kinds[] = {
    { "identity", POLICY_IDENTITY },    { "boundary", POLICY_BOUNDARY },
    { "session", POLICY_SESSION },      { "scp", POLICY_SERVICE_CONTROL },
    { "rcp", POLICY_RESOURCE_CONTROL }, { "endpoint", POLICY_ENDPOINT },
    { "resource", POLICY_RESOURCE },
};

static struct span cut(struct span *text, const char *separator)
{
    size_t size = strlen(separator);
    struct span part = { text->data, 0 };

    while (part.size < text->size &&
           (part.size + size > text->size || memcmp(text->data + part.size, separator, size) != 0))
        part.size++;
    size = part.size + size < text->size ? part.size + size : text->size;
    *text = (struct span){ text->data + size, text->size - size };
    return part;
}

static bool parse(struct run *run, struct span text, enum policy_kind kind, struct policy *policy,
                  struct span *problem)
{
    struct json_source *source = NEW(run->arena, struct json_source, 1);
    yyjson_val *json;

    source->text = text;
    json = json_source_parse(run->arena, source, problem);
    return json && policy_parse(run->arena, source, json, kind, policy, problem);
}

static void set_policy(struct run *run, enum policy_kind kind, struct span text, bool is_more)
{
    struct policy_list *list =
        kind == POLICY_RESOURCE ? &(struct policy_list){ 0 } : &run->caller.policies[kind];
    struct span problem = { 0 };

    if (!is_more)
        *list = (struct policy_list){ 0 };
    run->has_resource_policy = run->has_resource_policy && kind != POLICY_RESOURCE;
    if (span_is(text, "none"))
        return;
    EXPECT(list->count < POLICIES_MAX, "line %d: too many policies", run->line);
    EXPECT(parse(run, text, kind, &run->policies[kind][list->count], &problem), "line %d: %.*s",
           run->line, SPAN_PRINT(problem));
    list->items = run->policies[kind];
    list->is_given = true;
    list->count++;
    run->has_resource_policy = run->has_resource_policy || kind == POLICY_RESOURCE;
}

static void set_caller(struct run *run, struct span text)
{
    struct span word = cut(&text, " ");
    struct policy_caller *caller = &run->caller;

    caller->account = SPAN("123456789012");
    caller->role_arn = (struct span){ 0 };
    caller->kind = CALLER_ROOT;
    caller->arn = SPAN("arn:aws:iam::123456789012:root");
    if (span_is(word, "user")) {
        caller->kind = CALLER_USER;
        caller->arn =
            arena_print(run->arena, "arn:aws:iam::123456789012:user/%.*s", SPAN_PRINT(text));
    } else if (span_is(word, "federated")) {
        caller->kind = CALLER_FEDERATED;
        caller->arn = arena_print(run->arena, "arn:aws:sts::123456789012:federated-user/%.*s",
                                  SPAN_PRINT(text));
    } else if (span_is(word, "role")) {
        caller->kind = CALLER_ROLE;
        caller->arn = arena_print(run->arena, "arn:aws:sts::123456789012:assumed-role/%.*s",
                                  SPAN_PRINT(text));
        word = cut(&text, "/");
        caller->role_arn =
            arena_print(run->arena, "arn:aws:iam::123456789012:role/%.*s", SPAN_PRINT(word));
    } else {
        EXPECT(span_is(word, "root"), "line %d: no such caller", run->line);
    }
}

static void add_facts(struct run *run, struct span text, struct policy_context *context)
{
    while (text.size > 0) {
        struct span value = cut(&text, " & ");
        struct span key = cut(&value, "=");
        struct string_list list = { 0, NEW(run->arena, struct span, value.size + 1) };

        if (span_is(value, "?")) {
            context_add_unknown(context, key);
            continue;
        }
        while (value.size > 0)
            list.items[list.count++] = cut(&value, "|");
        context_add_list(context, key, &list);
    }
}

static struct span whole_resource(struct run *run, struct span text)
{
    if (span_starts_with(text, SPAN("table/")))
        return arena_print(run->arena, "arn:aws:dynamodb:eu-west-1:123456789012:%.*s",
                           SPAN_PRINT(text));
    return text;
}

static struct span account_of(struct run *run, struct span arn)
{
    for (int i = 0; i < 4; i++)
        cut(&arn, ":");
    arn = cut(&arn, ":");
    return arn.size > 0 ? arn : run->caller.account;
}

/* What the case file calls the decision. */
static struct span word_of(struct run *run, const struct policy_question *question,
                           const struct policy_decision *decision)
{
    struct span start = arena_print(
        run->arena, "User: %.*s is not authorized to perform: dynamodb:%.*s on resource: %.*s ",
        SPAN_PRINT(run->caller.arn), SPAN_PRINT(question->action), SPAN_PRINT(question->resource));
    struct span end =
        arena_print(run->arena, " allows the dynamodb:%.*s action", SPAN_PRINT(question->action));
    struct span text;

    if (decision->outcome != POLICY_DENIED)
        return decision->outcome == POLICY_ALLOWED ? SPAN("allowed") : SPAN("depends");
    text = policy_denial(run->arena, &run->caller, question, decision);
    EXPECT(span_starts_with(text, start), "line %d: %.*s", run->line, SPAN_PRINT(text));
    text.data += start.size;
    text.size -= start.size;
    if (span_starts_with(text, SPAN("with an ")))
        return (struct span){ text.data + 8, text.size - 8 };
    EXPECT(span_starts_with(text, SPAN("because ")) && text.size > end.size + 8 &&
               memcmp(text.data + text.size - end.size, end.data, end.size) == 0,
           "line %d: %.*s", run->line, SPAN_PRINT(text));
    return (struct span){ text.data + 8, text.size - 8 - end.size };
}

static void decide(struct run *run, struct span line)
{
    struct span request = cut(&line, " => ");
    struct span head = cut(&request, " & ");
    struct policy_context context;
    struct policy_question question = { .context = &context };
    struct policy_decision decision;
    struct span word;

    question.action = cut(&head, " ");
    question.resource = whole_resource(run, head);
    question.resource_account = account_of(run, question.resource);
    question.resource_policy = run->has_resource_policy ? run->policies[POLICY_RESOURCE] : NULL;
    context_init(&context, run->arena);
    add_facts(run, run->with, &context);
    add_facts(run, request, &context);
    decision = policy_decide(&run->caller, &question);
    word = word_of(run, &question, &decision);
    EXPECT(run->page.size > 0, "line %d: no page is cited", run->line);
    if (!span_equal(word, line))
        differ(run, line, word);
    run->decisions++;
}

static void refuse(struct run *run, struct span text, enum policy_kind kind)
{
    struct policy policy;

    EXPECT(!parse(run, text, kind, &policy, &run->refusal), "policy.case:%d: accepted", run->line);
}

static void set(struct run *run, struct span word, struct span text)
{
    bool is_more = word.size > 0 && word.data[0] == '+';

    if (is_more)
        word = (struct span){ word.data + 1, word.size - 1 };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (span_is(word, kinds[i].word)) {
            set_policy(run, kinds[i].kind, text, is_more);
            return;
        }
    }
    if (span_is(word, "statement"))
        set_policy(run, POLICY_IDENTITY,
                   arena_print(run->arena, "{\"Version\":\"2012-10-17\",\"Statement\":%.*s}",
                               SPAN_PRINT(text)),
                   false);
    else if (span_is(word, "page"))
        run->page = text;
    else if (span_is(word, "caller"))
        set_caller(run, text);
    else if (span_is(word, "with"))
        run->with = span_is(text, "none") ? (struct span){ 0 } : text;
    else if (span_is(word, "bad"))
        refuse(run, text, POLICY_IDENTITY);
    else if (span_is(word, "bad-resource"))
        refuse(run, text, POLICY_RESOURCE);
    else
        EXPECT(false, "policy.case:%d: unknown word %.*s", run->line, SPAN_PRINT(word));
}

static bool has(struct span line, const char *part)
{
    struct span rest = line;

    return cut(&rest, part).size < line.size;
}

static void run_line(struct run *run, struct span line)
{
    if (line.size == 0 || line.data[0] == '#')
        return;
    if (line.data[0] == '!') {
        EXPECT(line.size > 2 && run->refusal.data, "policy.case:%d: nothing was refused",
               run->line);
        line = (struct span){ line.data + 2, line.size - 2 };
        if (!span_equal(line, run->refusal))
            differ(run, line, run->refusal);
        run->refusal = (struct span){ 0 };
        run->refusals++;
    } else if (has(line, " => ")) {
        decide(run, line);
    } else {
        struct span word = cut(&line, ": ");

        set(run, word, line);
    }
}

TEST(policies_allow_and_deny_as_the_documentation_says)
{
    struct run *run = NEW(t->arena, struct run, 1);
    struct span path = arena_print(t->arena, "%s/policy.case", CASES_FOLDER);
    char *text = arena_alloc_raw(t->arena, CASE_FILE_BYTES_MAX);
    FILE *file = fopen(path.data, "rb");
    struct span rest = { text, 0 };

    EXPECT(file != NULL, "%s: cannot be read", path.data);
    rest.size = fread(text, 1, CASE_FILE_BYTES_MAX, file);
    fclose(file);
    EXPECT(rest.size < CASE_FILE_BYTES_MAX, "%s: too large", path.data);
    run->arena = t->arena;
    set_caller(run, SPAN("user alice"));
    while (rest.size > 0) {
        run->line++;
        run_line(run, cut(&rest, "\n"));
    }
    EXPECT(run->decisions >= CASES_MIN && run->refusals > 0, "only %zu decisions", run->decisions);
    EXPECT(run->failures == 0, "%zu cases differ", run->failures);
}
