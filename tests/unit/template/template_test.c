/* tests/unit/template/template_test.c - templates: what their values are and where they come from.
 */
#include "../test.h"

#include "base/json.h"
#include "template/compare.h"
#include "template/definition.h"

#include <string.h>

#define TEMPLATES CASES_FOLDER "/../template/"
#define KEYS                                                  \
    "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n" \
    "      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n"

static struct error *parse(struct test *t, const char *text, struct definition_list *list)
{
    return definition_parse(t->arena, SPAN("t.yaml"), span_from(text), list);
}

/* A template of one table whose TableName is this expression. */
static struct error *name_of(struct test *t, const char *head, const char *expression,
                             struct given *given, struct span *name)
{
    struct given *all[] = { given };
    struct definition_settings settings = { .region = SPAN("eu-west-1"),
                                            .given_count = given ? 1 : 0,
                                            .given = all };
    struct definition_list list = { .settings = &settings };
    struct span text = arena_print(t->arena,
                                   "%s\nResources:\n  T:\n    Type: AWS::DynamoDB::Table\n"
                                   "    Properties:\n      TableName: %s\n" KEYS
                                   "  Bucket: {Type: 'AWS::S3::Bucket'}\n"
                                   "  Named:\n    Type: AWS::DynamoDB::Table\n    Condition: Off\n"
                                   "    Properties: {TableName: other}\n",
                                   head, expression);

    TRY(definition_parse(t->arena, SPAN("t.yaml"), text, &list));
    *name = list.items[0].name;
    return NULL;
}

#define HEAD                                                                     \
    "Parameters: {Stage: {Type: String, Default: test}, None: {Type: String},\n" \
    "  Many: {Type: CommaDelimitedList, Default: 'a, b,c'}}\n"                   \
    "Mappings: {M: {test: {Name: mapped, List: [x, y]}}}\n"                      \
    "Conditions: {Off: !Equals [a, b], On: !Not [!Condition Off],\n"             \
    "  Both: !And [!Condition On, !Condition Off], Any: !Or [!Condition Off, !Condition On]}"

TEST(intrinsic_functions_have_the_values_that_the_service_gives_them)
{
    static const char *const cases[][2] = {
        { "plain", "plain" },
        { "123", "123" },
        { "!Ref Stage", "test" },
        { "{Ref: Stage}", "test" },
        { "!Ref AWS::Region", "eu-west-1" },
        { "!Ref AWS::Partition", "aws" },
        { "!Ref Named", "other" },
        { "!GetAtt Named.Arn", "arn:aws:dynamodb:eu-west-1:000000000000:table/other" },
        { "!GetAtt [Named, Arn]", "arn:aws:dynamodb:eu-west-1:000000000000:table/other" },
        { "!Sub 'a-${Stage}-${AWS::Region}'", "a-test-eu-west-1" },
        { "!Sub '${!Stage}-${ Stage }'", "${Stage}-test" },
        { "!Sub ['${X}.${Stage}', {X: !Ref Named}]", "other.test" },
        { "!Sub '${Named.Arn}'", "arn:aws:dynamodb:eu-west-1:000000000000:table/other" },
        { "!Join ['-', [a, !Ref Stage, !Ref AWS::NoValue, !Join ['', [b, c]]]]", "a-test-bc" },
        { "!Join ['+', !Ref Many]", "a+b+c" },
        { "!Select [1, !Ref Many]", "b" },
        { "!Select ['2', !Split ['/', 'k/l/m']]", "m" },
        { "!FindInMap [M, !Ref Stage, Name]", "mapped" },
        { "!Select [1, !FindInMap [M, test, List]]", "y" },
        { "!If [On, yes-it-is, no]", "yes-it-is" },
        { "!If [Both, a, !If [Any, b, c]]", "b" },
        { "{'Fn::Base64': Man}", "TWFu" },
        { "!Join ['', [n, !Length [1, 2, 3]]]", "n3" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span name;

        EXPECT_OK(name_of(t, HEAD, cases[i][0], NULL, &name));
        EXPECT(span_is(name, cases[i][1]), "%s is %.*s", cases[i][0], SPAN_PRINT(name));
    }
}

#define GIVE(key) ": give it with --parameter '" key "=VALUE' or under parameters in stator.yaml"

TEST(what_cannot_be_resolved_says_what_is_missing_and_how_to_give_it)
{
    static const char *const cases[][3] = {
        { "!Ref None", "None", "t.yaml:1:58: parameter None has no value" GIVE("None") },
        { "!Ref Bucket", "Bucket",
          "t.yaml:10:18: not known before the deployment: the id of resource Bucket" GIVE(
              "Bucket") },
        { "!GetAtt Bucket.Arn", "Bucket.Arn",
          "t.yaml:10:18: not known before the deployment: Bucket.Arn" GIVE("Bucket.Arn") },
        { "!GetAtt Named.StreamArn", "Named.StreamArn",
          "t.yaml:10:18: not known before the deployment: Named.StreamArn" GIVE(
              "Named.StreamArn") },
        { "!ImportValue shared", "shared",
          "t.yaml:10:18: no stack that was read exports shared" GIVE("shared") },
        { "'{{resolve:ssm:/a:1}}'", "resolve:ssm:/a:1",
          "t.yaml:10:18: a value that is kept elsewhere" GIVE("resolve:ssm:/a:1") },
        { "!Ref AWS::StackName", "AWS::StackName",
          "t.yaml:10:18: not known before the deployment: AWS::StackName" GIVE("AWS::StackName") },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct given given = { span_from(cases[i][1]), SPAN("given"), SPAN("--parameter"), false };
        struct span name;

        EXPECT_ERROR(name_of(t, HEAD, cases[i][0], NULL, &name), cases[i][2]);
        EXPECT_OK(name_of(t, HEAD, cases[i][0], &given, &name));
        EXPECT(span_is(name, "given") && given.is_used, "%s is %.*s", cases[i][0],
               SPAN_PRINT(name));
    }
}

TEST(what_is_wrong_in_a_function_is_placed)
{
    static const char *const cases[][2] = {
        { "!Ref Nobody",
          "t.yaml:10:18: Ref: there is no parameter or resource 'Nobody': mend the name" },
        { "!Join [a]", "t.yaml:10:18: Fn::Join: needs a list of 2: write so many" },
        { "!Select [3, [a]]",
          "t.yaml:10:18: Fn::Select: index 3 of a list of 1: write a smaller one" },
        { "!Select [x, [a]]", "t.yaml:10:18: Fn::Select: 'x' is no index: write a number from 0" },
        { "!Split ['', a]", "t.yaml:10:18: Fn::Split: the delimiter is empty: write one" },
        { "!FindInMap [M, live, Name]",
          "t.yaml:10:18: Fn::FindInMap: Mappings have no M, live, Name: add it" },
        { "!If [Maybe, a, b]",
          "t.yaml:10:23: there is no condition 'Maybe': define it under Conditions" },
        { "!Cidr [a, b]",
          "t.yaml:10:18: Fn::Cidr: not evaluated here: give the property that needs it with "
          "--parameter 'RESOURCE.PROPERTY=VALUE'" },
        { "{a: b}", "t.yaml:10:18: TableName is no text: write one" },
        { "!Ref T",
          "t.yaml:10:18: a cycle: this value needs itself: break it, or give one of the values "
          "with --parameter" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span name;

        EXPECT_ERROR(name_of(t, HEAD, cases[i][0], NULL, &name),
                     arena_print(t->arena, "%s", cases[i][1]).data);
    }
}

TEST(a_cycle_over_several_values_names_the_way)
{
    struct definition_list list = { 0 };

    EXPECT_ERROR(parse(t,
                       "Resources:\n  A:\n    Type: AWS::DynamoDB::Table\n"
                       "    Properties: {TableName: !Sub 'a-${B}'}\n"
                       "  B:\n    Type: AWS::DynamoDB::Table\n"
                       "    Properties: {TableName: !Join ['', [b, !Ref A]]}\n",
                       &list),
                 "t.yaml:4:29: a cycle: this value needs itself by way of t.yaml:7, t.yaml:7: "
                 "break it, or give one of the values with --parameter");
}

TEST(a_given_property_wins_over_the_template)
{
    struct given given = { SPAN("T.TableName"), SPAN("mine"), SPAN("--parameter"), false };
    struct span name;

    EXPECT_OK(name_of(t, HEAD, "!Cidr [a, b]", &given, &name));
    EXPECT(span_is(name, "mine"), "%.*s", SPAN_PRINT(name));
}

static struct span body_of(struct test *t, const struct definition *definition)
{
    return definition_create_body(t->arena, definition, definition->name);
}

TEST(a_table_is_what_create_table_takes_and_texts_become_numbers)
{
    struct definition_list list = { 0 };

    EXPECT_OK(parse(t,
                    "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n" KEYS
                    "      ProvisionedThroughput: {ReadCapacityUnits: '5', WriteCapacityUnits: 1}\n"
                    "      StreamSpecification: {StreamViewType: NEW_IMAGE}\n"
                    "      Tags: [{Key: cost, Value: 12}]\n",
                    &list));
    EXPECT(span_is(body_of(t, &list.items[0]),
                   "{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],"
                   "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
                   "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":1},"
                   "\"StreamSpecification\":{\"StreamViewType\":\"NEW_IMAGE\",\"StreamEnabled\":"
                   "true},\"Tags\":[{\"Key\":\"cost\",\"Value\":\"12\"}],\"TableName\":\"T\"}"),
           "%.*s", SPAN_PRINT(body_of(t, &list.items[0])));
    EXPECT(!list.items[0].has_name, "the logical id is no name");
}

TEST(what_a_test_table_should_not_have_is_left_out_and_said_so)
{
    struct definition_list list = { 0 };
    const struct definition *made;

    EXPECT_OK(parse(t,
                    "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n" KEYS
                    "      BillingMode: PAY_PER_REQUEST\n"
                    "      DeletionProtectionEnabled: true\n"
                    "      SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !GetAtt K.Arn}\n"
                    "      ContributorInsightsSpecification: {Enabled: false}\n"
                    "      Later: {Thing: 1}\n",
                    &list));
    made = &list.items[0];
    EXPECT(made->left_out.count == 3, "%zu left out", made->left_out.count);
    EXPECT(span_is(made->left_out.items[0].path, "DeletionProtectionEnabled"), "protection");
    EXPECT(made->left_out.items[0].place.line == 8, "line %zu", made->left_out.items[0].place.line);
    EXPECT(span_is(made->left_out.items[1].path, "SSESpecification"), "keys");
    EXPECT(span_is(made->left_out.items[2].path, "Later"), "the unknown");
    EXPECT(!compare_knows(made, SPAN("SSESpecification.Enabled")), "not compared");
}

/* The one table of that name among those of a file or folder of tests/template. */
static const struct definition *read_table(struct test *t, const char *path, const char *name,
                                           const struct definition_settings *settings)
{
    struct definition_list list = { .settings = settings };

    EXPECT_OK(definition_read(t->arena, arena_print(t->arena, TEMPLATES "%s", path), &list));
    for (size_t i = 0; i < list.count; i++)
        if (span_is(list.items[i].name, name))
            return &list.items[i];
    EXPECT(false, "%s has no table %s", path, name);
}

static void expect_fact(struct test *t, const struct definition *definition, const char *path,
                        const char *value)
{
    struct fact_list facts;

    compare_facts(t->arena, definition, &facts);
    for (size_t i = 0; i < facts.count; i++)
        if (span_is(facts.items[i].path, path)) {
            EXPECT(value && span_is(facts.items[i].value, value), "%s is %.*s", path,
                   SPAN_PRINT(facts.items[i].value));
            return;
        }
    EXPECT(!value, "no %s", path);
}

TEST(the_tables_of_a_cdk_assembly)
{
    const struct definition *orders = read_table(t, "cdk/orders", "orders", NULL);

    expect_fact(t, orders, "KeySchema", "tenant HASH, id RANGE");
    expect_fact(t, orders, "GlobalSecondaryIndexes.by_day.Projection", "INCLUDE currency, total");
    expect_fact(t, orders, "LocalSecondaryIndexes.by_total.Projection", "KEYS_ONLY");
    expect_fact(t, orders, "StreamSpecification", "NEW_AND_OLD_IMAGES");
    expect_fact(t, orders, "TimeToLiveSpecification", "expires");
    expect_fact(t, orders, "PointInTimeRecoverySpecification", "on");
    expect_fact(t, orders, "DeletionProtectionEnabled", NULL);
    EXPECT(orders->left_out.count == 3, "%zu left out", orders->left_out.count);
    read_table(t, "cdk/orders", "Customers6955EA0A", NULL);
    /* made of a name that the other stack exports */
    EXPECT(read_table(t, "cdk/orders", "reports-Customers6955EA0A", NULL)->has_name, "name");
}

TEST(a_global_table_is_what_its_own_region_has)
{
    const struct definition *ledger = read_table(t, "cdk/ledger", "ledger", NULL);
    const struct definition *quotas = read_table(t, "cdk/ledger", "quotas", NULL);
    const struct definition *worldwide = read_table(t, "cdk/ledger", "worldwide", NULL);

    expect_fact(t, ledger, "BillingMode", "PAY_PER_REQUEST");
    expect_fact(t, ledger, "LocalSecondaryIndexes.by_amount.KeySchema",
                "account HASH, amount RANGE");
    EXPECT(ledger->recovery_days == 7, "%lld days", (long long)ledger->recovery_days);
    expect_fact(t, quotas, "ProvisionedThroughput", "4 read, 3 write");
    expect_fact(t, quotas, "GlobalSecondaryIndexes.by_owner.ProvisionedThroughput",
                "6 read, 3 write");
    expect_fact(t, worldwide, "TableClass", "STANDARD_INFREQUENT_ACCESS");
    EXPECT(worldwide->left_out.count == 2, "%zu left out", worldwide->left_out.count);
    EXPECT(worldwide->left_out.items[0].place.line == 194, "line %zu",
           worldwide->left_out.items[0].place.line);
}

TEST(nested_stacks_are_found_by_metadata_and_by_the_manifest_of_assets)
{
    static const char *const folders[] = { "cdk/shipping", "cdk/shipping-library" };

    for (size_t i = 0; i < COUNT(folders); i++) {
        read_table(t, folders[i], "test-carriers", NULL);
        read_table(t, folders[i], "audit-test-carriers", NULL);
        read_table(t, folders[i], "ShippingStack-parcels-test", NULL);
    }
}

TEST(a_condition_that_does_not_hold_leaves_a_table_out)
{
    struct given stage = { SPAN("Stage"), SPAN("live"), SPAN("--parameter"), false };
    struct given *all[] = { &stage };
    const struct definition_settings live = { .given_count = 1, .given = all };

    read_table(t, "cdk/shipping", "ArchiveDA4CB258", &live);
    expect_fact(t, read_table(t, "cdk/shipping", "ShippingStack-parcels-live", &live), "TableClass",
                "STANDARD_INFREQUENT_ACCESS");
}

TEST(a_stage_is_an_assembly_inside_the_assembly)
{
    struct definition_list list = { 0 };

    read_table(t, "cdk/stages", "orders-test", NULL);
    read_table(t, "cdk/stages", "orders-live", NULL);
    EXPECT_OK(definition_read(t->arena, SPAN(TEMPLATES "cdk/stages/assembly-Test"), &list));
    EXPECT(list.count == 3, "%zu tables", list.count);
}

TEST(sam_tables_are_keyed_by_id_and_paid_per_request_unless_they_say_otherwise)
{
    const struct definition *sessions = read_table(t, "sam.yaml", "Sessions", NULL);
    const struct definition *counters = read_table(t, "sam.yaml", "us-east-1-counters", NULL);

    expect_fact(t, sessions, "KeySchema", "id HASH");
    expect_fact(t, sessions, "BillingMode", "PAY_PER_REQUEST");
    expect_fact(t, counters, "AttributeDefinitions.counter", "N");
    expect_fact(t, counters, "ProvisionedThroughput", "2 read, 3 write");
}

TEST(serverless_variables_are_resolved)
{
    struct given stage = { SPAN("opt:stage"), SPAN("live"), SPAN("--parameter"), false };
    struct given suffix = { SPAN("param:suffix"), SPAN("s"), SPAN("--parameter"), false };
    struct given *all[] = { &stage, &suffix };
    const struct definition_settings live = { .given_count = 2, .given = all };
    const char *file = "serverless/serverless.yml";
    const struct definition *carts = read_table(t, file, "shop-live-carts-s", &live);

    expect_fact(t, carts, "ProvisionedThroughput", "30 read, 30 write");
    read_table(t, file, "shop-dev-carts-local", NULL);
    expect_fact(t, read_table(t, file, "shop-dev-orders-none", NULL), "TimeToLiveSpecification",
                "gone");
}

TEST(a_serverless_variable_without_a_value_says_how_to_give_it)
{
    struct definition_list list = { 0 };

    EXPECT_ERROR(parse(t,
                       "service: s\nprovider: {name: aws}\nresources:\n  Resources:\n    T:\n"
                       "      Type: AWS::DynamoDB::Table\n"
                       "      Properties: {TableName: '${cf:stack.out}'}\n",
                       &list),
                 "t.yaml:7:31: ${cf:stack.out} has no value" GIVE("cf:stack.out"));
    EXPECT_ERROR(parse(t,
                       "service: s\nprovider: {name: '${self:custom.a}'}\n"
                       "custom: {a: '${self:provider.name}-x'}\nresources:\n  Resources:\n    T:\n"
                       "      Type: AWS::DynamoDB::Table\n"
                       "      Properties: {TableName: '${self:custom.a}'}\n",
                       &list),
                 "t.yaml:3:13: a cycle: this value needs itself by way of t.yaml:2: break it, or "
                 "give one of the values with --parameter");
}

TEST(terraform_tables_of_all_modules_are_read)
{
    struct given name = { SPAN("module.audit.aws_dynamodb_table.this[0].name"), SPAN("audit"),
                          SPAN("--parameter"), false };
    struct given *all[] = { &name };
    const struct definition_settings settings = { .given_count = 1, .given = all };
    const struct definition *orders = read_table(t, "plan.tfplan.json", "orders", &settings);

    expect_fact(t, orders, "KeySchema", "id HASH, day RANGE");
    expect_fact(t, orders, "GlobalSecondaryIndexes.by_day.KeySchema", "day HASH");
    expect_fact(t, orders, "GlobalSecondaryIndexes.by_day.ProvisionedThroughput", NULL);
    expect_fact(t, orders, "LocalSecondaryIndexes.by_total.KeySchema", "id HASH, total RANGE");
    expect_fact(t, orders, "StreamSpecification", "KEYS_ONLY");
    expect_fact(t, orders, "TimeToLiveSpecification", "expires");
    expect_fact(t, read_table(t, "plan.tfplan.json", "audit", &settings), "ProvisionedThroughput",
                "2 read, 1 write");
}

TEST(a_terraform_name_that_only_the_apply_makes_is_asked_for)
{
    struct definition_list list = { 0 };

    EXPECT_ERROR(definition_read(t->arena, SPAN(TEMPLATES "plan.tfplan.json"), &list),
                 TEMPLATES "plan.tfplan.json:19:45: the name of "
                           "module.audit.aws_dynamodb_table.this[0] is known only after apply" GIVE(
                               "module.audit.aws_dynamodb_table.this[0].name"));
}

TEST(a_workbench_model_is_read)
{
    const struct definition *threads = read_table(t, "workbench.json", "threads", NULL);

    expect_fact(t, threads, "KeySchema", "forum HASH, subject RANGE");
    expect_fact(t, threads, "AttributeDefinitions.views", "N");
    expect_fact(t, threads, "GlobalSecondaryIndexes.by_views.Projection", "INCLUDE title");
    expect_fact(t, threads, "GlobalSecondaryIndexes.by_views.ProvisionedThroughput",
                "5 read, 4 write");
}

TEST(for_each_writes_one_table_for_each_value)
{
    struct definition_list list = { 0 };

    EXPECT_OK(parse(t,
                    "Transform: AWS::LanguageExtensions\nResources:\n"
                    "  Fn::ForEach::Tables:\n    - Name\n    - [Red, Blue]\n"
                    "    - ${Name}Table:\n        Type: AWS::DynamoDB::Table\n"
                    "        Properties:\n          TableName: !Join ['-', [t, !Ref Name]]\n"
                    "          KeySchema: [{AttributeName: '${Name}', KeyType: HASH}]\n",
                    &list));
    EXPECT(list.count == 2 && span_is(list.items[0].name, "t-Red") &&
               span_is(list.items[1].name, "t-Blue"),
           "%zu tables", list.count);
    expect_fact(t, &list.items[1], "KeySchema", "Blue HASH");
}

TEST(values_that_multiply_are_refused)
{
    struct definition_list list = { 0 };
    struct span text = SPAN("service: s\nprovider: {name: aws}\ncustom:\n  a0: xxxxxxxxxxxxxxxx\n");

    for (int i = 1; i < 60; i++)
        text = arena_print(t->arena, "%.*s  a%d: '${self:custom.a%d}${self:custom.a%d}'\n",
                           SPAN_PRINT(text), i, i - 1, i - 1);
    text = arena_print(t->arena,
                       "%.*sresources:\n  Resources:\n    T:\n      Type: AWS::DynamoDB::Table\n"
                       "      Properties: {TableName: '${self:custom.a59}'}\n",
                       SPAN_PRINT(text));
    EXPECT(definition_parse(t->arena, SPAN("t.yaml"), text, &list) != NULL, "read");
}

TEST(properties_that_are_no_map_are_refused)
{
    static const char *const types[] = { "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable",
                                         "AWS::Serverless::SimpleTable" };

    for (size_t i = 0; i < COUNT(types); i++) {
        struct definition_list list = { 0 };
        struct span text = arena_print(
            t->arena, "Resources:\n  T:\n    Type: %s\n    Properties: [a]\n", types[i]);

        EXPECT_ERROR(definition_parse(t->arena, SPAN("t.yaml"), text, &list),
                     "t.yaml:3:5: table T has no Properties: add them");
    }
}

TEST(every_value_has_the_place_where_it_was_written)
{
    static const struct {
        const char *path;
        size_t line;
        const char *via;
    } cases[] = {
        { "TableName", 22, "Team from --parameter, parameter Stage at " },
        { "KeySchema", 28, "" },
        { "AttributeDefinitions.id", 25, "" },
        { "BillingMode", 30, "condition IsLive is false" },
        { "GlobalSecondaryIndexes.by_day.Projection", 39, "parameter Extra at " },
        { "StreamSpecification", 42, "" },
        { "TimeToLiveSpecification", 43, "" },
    };
    struct given team = { SPAN("Team"), SPAN("sales"), SPAN("--parameter"), false };
    struct given *all[] = { &team };
    const struct definition_settings settings = { .given_count = 1, .given = all };
    const struct definition *orders = read_table(t, "orders.yaml", "sales-orders-test", &settings);

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct origin *origin = definition_origin(orders, span_from(cases[i].path));

        EXPECT(origin && origin->place.line == cases[i].line, "%s: line %zu", cases[i].path,
               origin ? origin->place.line : 0);
        EXPECT(span_starts_with(origin->via, span_from(cases[i].via)), "%s: via %.*s",
               cases[i].path, SPAN_PRINT(origin->via));
    }
}
