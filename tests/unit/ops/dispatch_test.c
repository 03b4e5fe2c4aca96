/* tests/unit/ops/dispatch_test.c - how a target and a body become a call. */
#include "../test.h"

#include "base/buffer.h"
#include "ops/dispatch.h"

static struct span answer_to(struct test *t, const char *target, const char *body)
{
    struct request req = { .arena = t->arena };
    struct call call = { 0 };
    struct error *error = dispatch_parse(&req, span_from(target), span_from(body), &call);
    struct buffer out;
    struct span text;

    EXPECT(error != NULL, "%s is refused", target);
    buffer_init(&out);
    error_write(error, &out);
    text = arena_copy(t->arena, buffer_span(&out));
    buffer_fini(&out);
    return text;
}

TEST(unknown_targets_get_an_error_without_a_message)
{
    static const char *const targets[] = { "",
                                           "PutItem",
                                           "DynamoDB_20120810.",
                                           "DynamoDB_20120810.Nothing",
                                           "DynamoDB_20120810.putItem",
                                           "DynamoDB_20111205.PutItem",
                                           "DynamoDB_20120810.GetRecords",
                                           "DynamoDBStreams_20120810.PutItem",
                                           "DynamoDBStreams_20120810.GetItem",
                                           "DynamoDB_20120810.DescribeGlobalTable",
                                           "DynamoDB_20120810.PutItem " };

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct span text = answer_to(t, targets[i], "{}");

        EXPECT(span_is(text, "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}"),
               "%s: %.*s", targets[i], SPAN_PRINT(text));
    }
}

TEST(a_body_that_is_no_json_wins_over_an_unknown_target)
{
    static const char *const bodies[] = { "", "{", "{\"a\":}", "nul", "{}{}", "\xff" };

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct span text = answer_to(t, "DynamoDB_20120810.Nothing", bodies[i]);

        EXPECT(span_is(text, "{\"__type\":\"com.amazon.coral.service#SerializationException\"}"),
               "%s: %.*s", bodies[i], SPAN_PRINT(text));
    }
}
