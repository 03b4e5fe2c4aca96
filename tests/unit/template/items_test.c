/* tests/unit/template/items_test.c - the forms in which seed items are kept. */
#include "../test.h"

#include "template/items.h"

static struct error *parse(struct test *t, const char *text, struct string_list *items)
{
    return items_parse(t->arena, SPAN("seeds.json"), span_from(text), items);
}

TEST(items_come_in_every_form_that_tools_write)
{
#define A "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1.50\"}}"
#define B "{\"id\":{\"S\":\"b\"},\"Item\":{\"S\":\"an attribute\"}}"
    static const char *const texts[] = {
        A "\n" B "\n",
        A "\r\n\r\n" B,
        "[" A "," B "]",
        "{\"Items\":[" A "," B "],\"Count\":2}",
        "{\"Item\":" A "}\n{\"Item\":" B "}\n",
        "{\"orders\":[{\"PutRequest\":{\"Item\":" A "}},{\"PutRequest\":{\"Item\":" B "}}]}",
        "{\"RequestItems\":{\"o\":[{\"PutRequest\":{\"Item\":" A "}},"
        "{\"PutRequest\":{\"Item\":" B "}}]}}",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct string_list items;

        EXPECT_OK(parse(t, texts[i], &items));
        EXPECT(items.count == 2 && span_is(items.items[0], A) && span_is(items.items[1], B),
               "text %zu: %zu items", i, items.count);
    }
#undef A
#undef B
}

TEST(what_is_no_item_is_placed_by_line_and_column)
{
    struct string_list items;
    struct error *error;

    EXPECT_ERROR(parse(t, "{\"id\":{\"S\":\"a\"}}\n  {\"id\":\"a\"}", &items),
                 "seeds.json:2:3: no item in DynamoDB JSON: one looks like "
                 "{\"id\":{\"S\":\"a\"}}");
    error = parse(t, "{\"id\":{\"S\":\"a\"}}\n{\"id\"", &items);
    EXPECT(error != NULL, "read");
    EXPECT(span_starts_with(error->message, SPAN("seeds.json:2:6: not JSON: ")), "%.*s",
           SPAN_PRINT(error->message));
}

TEST(an_empty_seed_file_has_no_items)
{
    struct string_list items;

    EXPECT_OK(parse(t, "\n", &items));
    EXPECT(items.count == 0, "%zu items", items.count);
}
