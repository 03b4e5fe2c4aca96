/* tests/unit/partiql/plan_test.c - which plans statements become, and what no text can do to the
 * parser. */
#include "../test.h"

#include "partiql/bind.h"

#include <stdio.h>
#include <string.h>

static struct index indexes[] = {
    { .name = { "loc", 3 },
      .keys = { 1, 1, { { { "pk", 2 }, VALUE_S }, { { "l", 1 }, VALUE_S } } } },
    { .name = { "wide", 4 },
      .is_global = true,
      .keys = { 2,
                2,
                { { { "g", 1 }, VALUE_S },
                  { { "h", 1 }, VALUE_N },
                  { { "x", 1 }, VALUE_S },
                  { { "y", 1 }, VALUE_N } } } },
};

static const struct table table = {
    .name = { "tab", 3 },
    .keys = { 1, 1, { { { "pk", 2 }, VALUE_S }, { { "sk", 2 }, VALUE_N } } },
    .index_count = 2,
    .indexes = indexes,
    .local_index_count = 1,
};

static const char *kind_name(const struct read_plan *plan)
{
    switch (plan->kind) {
    case READ_GET: return "GET";
    case READ_QUERY: return plan->is_backward ? "QUERY back" : "QUERY";
    case READ_SCAN: return "SCAN";
    }
    return "";
}

/* "GET GET", "QUERY filtered", ... or the error. */
static struct span describe_reads(struct arena *arena, const char *text)
{
    struct statement statement;
    struct statement_reads reads;
    struct span plans = SPAN("");
    const struct index *index;
    struct error *error;

    EXPECT_OK(statement_parse(arena, span_from(text), NULL, &statement));
    index = statement.index.data ? table_find_index(&table, statement.index) : NULL;
    error = statement_bind_read(arena, &statement, &table, index, &reads);
    if (error)
        return error->message;
    for (size_t i = 0; i < reads.count; i++)
        plans = arena_print(arena, "%.*s%s%s", SPAN_PRINT(plans), i ? " " : "",
                            kind_name(&reads.plans[i]));
    return arena_print(arena, "%.*s%s%s", SPAN_PRINT(plans),
                       reads.plans[0].filter ? " filtered" : "", reads.is_whole_key ? " one" : "");
}

static void expect_reads(struct arena *arena, const char *where, const char *plans)
{
    struct span text = arena_print(arena, "SELECT * FROM %s", where);
    struct span got = describe_reads(arena, text.data);

    EXPECT(span_is(got, plans), "%s: %.*s", where, SPAN_PRINT(got));
}

TEST(a_whole_key_is_a_lookup_a_partition_key_a_query_and_anything_else_a_scan)
{
    expect_reads(t->arena, "tab", "SCAN");
    expect_reads(t->arena, "tab WHERE pk = 'a'", "QUERY");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND sk = 1", "GET one");
    expect_reads(t->arena, "tab WHERE sk = 1 AND 'a' = pk", "GET one");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND sk = 1 AND x = 1", "GET filtered one");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND sk >= 1", "QUERY");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND sk >= 1 AND sk < 3", "QUERY filtered");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND sk BETWEEN 1 AND 2 AND x = 1", "QUERY filtered");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND NOT sk = 1", "QUERY filtered");
    expect_reads(t->arena, "tab WHERE pk > 'a'", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE sk = 1", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE pk = 'a' OR x = 1", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE NOT (pk = 'a')", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE pk = other", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE pk.in1 = 'a'", "SCAN filtered");
}

TEST(several_keys_are_several_reads)
{
    expect_reads(t->arena, "tab WHERE pk IN ['a', 'b', 'a']", "QUERY QUERY");
    expect_reads(t->arena, "tab WHERE pk = 'a' OR pk = 'b' OR pk IN ['c']", "QUERY QUERY QUERY");
    expect_reads(t->arena, "tab WHERE pk IN ['a', 'b'] AND sk IN (1, 2)", "GET GET GET GET");
    expect_reads(t->arena, "tab WHERE pk IN ['a', 'b'] AND sk = 1 AND x = 1", "GET GET filtered");
    expect_reads(t->arena, "tab WHERE pk IN ['a'] AND sk = 1", "GET one");
    expect_reads(t->arena, "tab WHERE pk IN ('a', x)", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE pk NOT IN ['a']", "SCAN filtered");
    expect_reads(t->arena, "tab WHERE pk IN ['a', 'b'] ORDER BY pk DESC, sk DESC",
                 "QUERY back QUERY back");
}

TEST(indexes_are_queried_by_their_own_keys)
{
    expect_reads(t->arena, "tab.loc WHERE pk = 'a' AND l = 'b'", "QUERY");
    expect_reads(t->arena, "tab.loc WHERE pk = 'a' AND sk = 1 ORDER BY l DESC",
                 "QUERY back filtered");
    expect_reads(t->arena, "tab.wide WHERE g = 'a'", "SCAN filtered");
    expect_reads(t->arena, "tab.wide WHERE g = 'a' AND h = 1", "QUERY");
    expect_reads(t->arena, "tab.wide WHERE g = 'a' AND h = 1 AND y = 1", "QUERY filtered");
    expect_reads(t->arena, "tab.wide WHERE g = 'a' AND h = 1 AND x = 'x' AND y < 1", "QUERY");
}

TEST(values_that_can_be_no_key_are_refused)
{
    expect_reads(t->arena, "tab WHERE pk = 5",
                 "One or more parameter values were invalid: Condition parameter type does not "
                 "match schema type");
    expect_reads(t->arena, "tab WHERE pk = 'a' AND sk > 'x'",
                 "One or more parameter values were invalid: Condition parameter type does not "
                 "match schema type");
    expect_reads(t->arena, "tab WHERE pk IN ['a', [1]]",
                 "One or more parameter values were invalid: Condition parameter type does not "
                 "match schema type");
}

TEST(fifty_partition_keys_are_read_and_no_more)
{
    struct span list = SPAN("'0'");
    struct span queries = SPAN("QUERY");

    for (int i = 1; i < PARTITIONS_MAX; i++) {
        list = arena_print(t->arena, "%.*s, '%d'", SPAN_PRINT(list), i);
        queries = arena_print(t->arena, "%.*s QUERY", SPAN_PRINT(queries));
    }
    expect_reads(t->arena,
                 arena_print(t->arena, "tab WHERE pk IN [%.*s, '1']", SPAN_PRINT(list)).data,
                 queries.data);
    expect_reads(t->arena,
                 arena_print(t->arena, "tab WHERE pk IN [%.*s, '50']", SPAN_PRINT(list)).data,
                 "The IN operator is provided with too many operands; number of operands: 51");
}

TEST(an_update_needs_its_item_and_a_delete_does_not)
{
    static const struct {
        const char *text;
        enum write_kind kind;
        bool holds_without_item;
    } rows[] = {
        { "INSERT INTO tab VALUE {'pk': 'a', 'sk': 1}", WRITE_PUT, true },
        { "UPDATE tab SET x = 1 WHERE pk = 'a' AND sk = 1", WRITE_UPDATE, false },
        { "UPDATE tab SET x = 1 WHERE pk = 'a' AND sk = 1 AND x IS MISSING", WRITE_UPDATE, false },
        { "DELETE FROM tab WHERE pk = 'a' AND sk = 1", WRITE_DELETE, true },
        { "DELETE FROM tab WHERE pk = 'a' AND sk = 1 AND x = 1", WRITE_DELETE, true },
        { "EXISTS(SELECT * FROM tab WHERE pk = 'a' AND sk = 1)", WRITE_CHECK, false },
        { "EXISTS(SELECT * FROM tab WHERE pk = 'a' AND sk = 1 AND x <> 1)", WRITE_CHECK, false },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct statement statement;
        struct write_plan plan = { 0 };

        EXPECT_OK(statement_parse(t->arena, span_from(rows[i].text), NULL, &statement));
        EXPECT_OK(statement_bind_write(t->arena, &statement, &table, &plan));
        EXPECT(plan.kind == rows[i].kind, "%s: kind %d", rows[i].text, plan.kind);
        EXPECT(condition_holds(t->arena, plan.condition, NULL) == rows[i].holds_without_item, "%s",
               rows[i].text);
        EXPECT(plan.kind == WRITE_PUT || plan.key_attributes->count == 2, "%s", rows[i].text);
    }
}

/* --- texts of any depth and length --- */

static struct span repeat(struct arena *arena, const char *before, const char *part, size_t count,
                          const char *after)
{
    size_t size = strlen(part);
    char *text = arena_alloc_raw(arena, count * size);

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, part, size);
    return arena_print(arena, "%s%.*s%s", before, (int)(count * size), text, after);
}

static void expect_refused(struct arena *arena, struct span text, const char *message)
{
    struct statement statement;

    EXPECT_ERROR(statement_parse(arena, text, NULL, &statement), message);
}

TEST(no_nesting_is_too_deep_to_be_refused)
{
    static const char *const openings[] = { "[", "(", "{'a':", "<<", "NOT ", "size(" };

    for (size_t i = 0; i < COUNT(openings); i++)
        expect_refused(
            t->arena,
            repeat(t->arena, "SELECT * FROM tab WHERE x = 1 AND ", openings[i], 200000, ""),
            "Statement wasn't well formed, can't be processed: Statement is nested too deeply");
}

TEST(values_nest_as_deep_as_in_items)
{
    struct statement statement;
    struct span inside = repeat(t->arena, "INSERT INTO tab VALUE {'x': ", "[", 30, "1");
    struct span outside = repeat(t->arena, inside.data, "]", 30, "}");

    EXPECT_OK(statement_parse(t->arena, outside, NULL, &statement));
    inside = repeat(t->arena, "INSERT INTO tab VALUE {'x': ", "[", 33, "1");
    outside = repeat(t->arena, inside.data, "]", 33, "}");
    expect_refused(t->arena, outside,
                   "Nesting Levels have exceeded supported limits: Attributes in the item have "
                   "nested levels beyond supported limit");
}

TEST(a_statement_has_at_most_three_hundred_operators)
{
    struct statement statement;

    EXPECT_OK(statement_parse(
        t->arena, repeat(t->arena, "SELECT * FROM tab WHERE x = 1", " OR x = 1", 149, ""), NULL,
        &statement));
    expect_refused(t->arena,
                   repeat(t->arena, "SELECT * FROM tab WHERE x = 1", " OR x = 1", 150, ""),
                   "The expression contains too many operators; operator count: 301");
    expect_refused(t->arena,
                   repeat(t->arena, "UPDATE tab SET x = 1", " + 1", 100000, " WHERE pk = 'a'"),
                   "The expression contains too many operators; operator count: 100001");
}
