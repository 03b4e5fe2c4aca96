/* tests/unit/template/yaml_test.c - YAML as a tree with places. */
#include "../test.h"

#include "template/yaml.h"

TEST(yaml_keeps_kinds_texts_and_places)
{
    struct node root;

    EXPECT_OK(yaml_parse(t->arena, SPAN("s.yaml"), SPAN("a: 1\nlist:\n  - x\n  - \"\"\nnone: ~\n"),
                         &root));
    EXPECT(root.kind == NODE_MAP && root.count == 3, "root");
    EXPECT(span_is(root.values[0].text, "1") && !root.values[0].is_null, "a");
    EXPECT(root.values[1].kind == NODE_LIST && root.values[1].count == 2, "list");
    EXPECT(!root.values[1].values[1].is_null, "a quoted empty text is a text");
    EXPECT(span_is(place_print(t->arena, root.values[1].values[0].place), "s.yaml:3:5"), "%.*s",
           SPAN_PRINT(place_print(t->arena, root.values[1].values[0].place)));
    EXPECT(root.values[2].is_null, "none");
}

TEST(yaml_errors_name_the_place)
{
    struct node root;
    struct error *error = yaml_parse(t->arena, SPAN("s.yaml"), SPAN("a: 1\n\tb: 2\n"), &root);

    EXPECT(error != NULL, "read");
    EXPECT(span_starts_with(error->message, SPAN("s.yaml:2:1: not YAML: ")), "%.*s",
           SPAN_PRINT(error->message));
}

TEST(aliases_that_multiply_are_refused)
{
    struct node root;
    struct error *error =
        yaml_parse(t->arena, SPAN("s.yaml"),
                   SPAN("a: &a [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x]\n"
                        "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                        "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                        "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"),
                   &root);

    EXPECT(error != NULL, "read");
}

TEST(an_empty_yaml_file_is_null)
{
    struct node root;

    EXPECT_OK(yaml_parse(t->arena, SPAN("s.yaml"), SPAN("# nothing\n"), &root));
    EXPECT(root.is_null, "kind %d", root.kind);
}
