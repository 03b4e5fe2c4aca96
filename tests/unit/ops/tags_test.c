/* tests/unit/ops/tags_test.c - TagResource, UntagResource, ListTagsOfResource. */
#include "caller.h"

#define ARN "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders"
#define TAGS(tags) "{'ResourceArn':'" ARN "','Tags':[" tags "]}"

static struct caller open_with_table(struct test *t)
{
    struct caller caller = caller_open(t, NULL);

    caller_do(&caller, "CreateTable",
              "{'TableName':'Orders','BillingMode':'PAY_PER_REQUEST',"
              "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
              "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}],"
              "'Tags':[{'Key':'owner','Value':'me'}]}");
    return caller;
}

static struct span tags_of(const struct caller *caller)
{
    return json_at(caller->arena,
                   caller_do(caller, "ListTagsOfResource", "{'ResourceArn':'" ARN "'}"), "/Tags");
}

TEST(tags_are_put_over_those_of_the_same_key_and_taken_off)
{
    struct caller caller = open_with_table(t);

    EXPECT(caller_send(&caller, "TagResource",
                       TAGS("{'Key':'owner','Value':'you'},{'Key':'a b','Value':'x@y'}"))
                   .size == 0,
           "TagResource answers with a body");
    EXPECT(span_is(tags_of(&caller), "[{\"Key\":\"owner\",\"Value\":\"you\"},"
                                     "{\"Key\":\"a b\",\"Value\":\"x@y\"}]"),
           "%.*s", SPAN_PRINT(tags_of(&caller)));
    caller_do(&caller, "UntagResource", "{'ResourceArn':'" ARN "','TagKeys':['owner','none']}");
    EXPECT(span_is(tags_of(&caller), "[{\"Key\":\"a b\",\"Value\":\"x@y\"}]"), "%.*s",
           SPAN_PRINT(tags_of(&caller)));
    caller_close(&caller);
}

TEST(a_bad_tag_spoils_the_whole_request)
{
    struct caller caller = open_with_table(t);
    struct span before = tags_of(&caller);
    static const char *const cases[][2] = {
        { "{'Key':'ok','Value':'1'},{'Key':'a#b','Value':'1'}",
          "The Tag Key provided is invalid, Key: a#b" },
        { "{'Key':'','Value':'1'}", "The Tag Key provided is invalid, Key: " },
        { "{'Key':'k','Value':'100%'}", "The Tag Value provided is invalid, Value: 100%" },
        { "{'Key':'k','Value':'\xf0\x9f\x94\x91'}",
          "The Tag Value provided is invalid, Value: \xf0\x9f\x94\x91" },
        { "{'Key':'k'}", "The Tag Value provided is invalid, Value: null" },
        { "{'Key':'aws:k','Value':'1'}", "Tag Key cannot be prefixed with aws:, Key: aws:k" },
        { "{'Key':'k','Value':'1'},{'Key':'k','Value':'2'}",
          "Duplicate Tag Keys provided as input: Duplicate Tag Key found k" },
        { "", "Atleast one Tag needs to be provided as Input." },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        EXPECT_REFUSED(&caller, "TagResource", arena_print(t->arena, TAGS("%s"), cases[i][0]).data,
                       arena_print(t->arena, "ValidationException: %s", cases[i][1]).data);
    EXPECT(span_equal(before, tags_of(&caller)), "something was tagged");
    caller_do(&caller, "TagResource",
              TAGS("{'Key':'\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87','Value':'caf\xc3\xa9'}"));
    caller_close(&caller);
}

TEST(fifty_tags_are_the_limit)
{
    struct caller caller = open_with_table(t);
    struct span tags = SPAN("");

    for (int i = 0; i < 50; i++)
        tags = arena_print(t->arena, "%.*s%s{'Key':'k%d','Value':'1'}", SPAN_PRINT(tags),
                           i ? "," : "", i);
    EXPECT_REFUSED(&caller, "TagResource",
                   arena_print(t->arena, TAGS("%.*s"), SPAN_PRINT(tags)).data,
                   "ValidationException: Number of Tags exceed the current limit for the provided "
                   "ResourceArn");
    caller_do(&caller, "UntagResource", "{'ResourceArn':'" ARN "','TagKeys':['owner']}");
    caller_do(&caller, "TagResource", arena_print(t->arena, TAGS("%.*s"), SPAN_PRINT(tags)).data);
    caller_close(&caller);
}

TEST(resource_arns_are_checked_from_left_to_right)
{
    struct caller caller = open_with_table(t);
    static const char *const cases[][2] = {
        { "Orders", "ValidationException: One or more parameter values were invalid: ARNs must "
                    "start with 'arn:': Orders" },
        { "arn:aws:s3:::bucket",
          "ValidationException: One or more parameter values were invalid: Provided Arn is not a "
          "DynamoDB resource arn: arn:aws:s3:::bucket" },
        { "arn:aws:dynamodb:us-east-1:000000000000:table/Orders",
          "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input "
          "arn:aws:dynamodb:us-east-1:000000000000:table/Orders" },
        { ARN "/index/i",
          "ValidationException: One or more parameter values were invalid: Invalid resource arn "
          "provided, only table or stream is accepted. Provided resource arn: " ARN "/index/i" },
        { "arn:aws:dynamodb:eu-west-1:000000000000:table/None",
          "ResourceNotFoundException: Requested resource not found: ResourcArn: "
          "arn:aws:dynamodb:eu-west-1:000000000000:table/None not found" },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        EXPECT_REFUSED(&caller, "ListTagsOfResource",
                       arena_print(t->arena, "{'ResourceArn':'%s'}", cases[i][0]).data,
                       cases[i][1]);
    EXPECT(
        span_starts_with(caller_refusal(&caller, "ListTagsOfResource",
                                        "{'ResourceArn':"
                                        "'arn:aws:dynamodb:eu-west-1:111111111111:table/Orders'}"),
                         SPAN("AccessDeniedException: ")),
        "another account's table");
    caller_close(&caller);
}
