/* tests/unit/cli/names_test.c - suffixes, and the variables that tell a table's name. */
#include "../test.h"

#include "cli/names.h"

TEST(a_variable_is_the_base_name_in_upper_snake)
{
    static const char *const cases[][2] = {
        { "orders", "ORDERS" },
        { "my_table", "MY_TABLE" },
        { "order-items.v2", "ORDER_ITEMS_V2" },
        { "OrdersTable", "ORDERS_TABLE" },
        { "ordersByDay", "ORDERS_BY_DAY" },
        { "APITokens", "API_TOKENS" },
        { "tokensAPI", "TOKENS_API" },
        { "Table2Rows", "TABLE2_ROWS" },
        { "A", "A" },
        { "_private", "_PRIVATE" },
        { "a--b", "A__B" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span variable = names_variable(t->arena, span_from(cases[i][0]));

        EXPECT(span_is(variable, cases[i][1]), "%s: %.*s", cases[i][0], SPAN_PRINT(variable));
    }
}

TEST(a_suffix_is_taken_as_it_is_unless_it_has_a_meaning)
{
    struct span suffix;

    EXPECT_OK(names_suffix(t->arena, SPAN("none"), "abcdefgh", &suffix));
    EXPECT(suffix.size == 0, "none");
    EXPECT_OK(names_suffix(t->arena, SPAN("run"), "abcdefgh", &suffix));
    EXPECT(span_is(suffix, "_run_abcdefgh"), "run");
    EXPECT_OK(names_suffix(t->arena, SPAN("-dev.1"), "abcdefgh", &suffix));
    EXPECT(span_is(suffix, "-dev.1"), "text");
    EXPECT_ERROR(names_suffix(t->arena, SPAN("a/b"), "abcdefgh", &suffix),
                 "--suffix a/b: not part of a table's name: use letters, digits, '_', '-' and "
                 "'.'");
}

TEST(run_ids_differ)
{
    char a[RUN_ID_CHARACTERS + 1];
    char b[RUN_ID_CHARACTERS + 1];

    names_run_id(a);
    names_run_id(b);
    EXPECT(!span_is(span_from(a), b), "%s twice", a);
}
