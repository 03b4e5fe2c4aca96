/* tests/unit/api/validate_table_test.c - constraint texts of tables, indexes and batches. */
#include "api_test.h"

TEST(write_capacity_is_told_before_read_capacity)
{
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":0,"
                "\"WriteCapacityUnits\":0}}",
                "2 validation errors detected: Value '0' at "
                "'provisionedThroughput.writeCapacityUnits' failed to satisfy constraint: Member "
                "must have value greater than or equal to 1; Value '0' at "
                "'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member "
                "must have value greater than or equal to 1");
    EXPECT_BOTH(update_table,
                "{\"TableName\":\"Tab\",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":1}}",
                "1 validation error detected: Value null at "
                "'provisionedThroughput.writeCapacityUnits' failed to satisfy constraint: Member "
                "must not be null");
}

TEST(attribute_types_are_told_before_names_and_key_names_before_types)
{
    EXPECT_BOTH(create_table, "{\"TableName\":\"Tab\",\"AttributeDefinitions\":[{}]}",
                "2 validation errors detected: Value null at "
                "'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: "
                "Member must not be null; Value null at "
                "'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: "
                "Member must not be null");
    EXPECT_BOTH(create_table, "{\"TableName\":\"Tab\",\"KeySchema\":[{}]}",
                "2 validation errors detected: Value null at 'keySchema.1.member.attributeName' "
                "failed to satisfy constraint: Member must not be null; Value null at "
                "'keySchema.1.member.keyType' failed to satisfy constraint: Member must not be "
                "null");
}

TEST(short_index_names_are_told_global_ones_first)
{
    EXPECT_BOTH(
        create_table,
        "{\"TableName\":\"Tab\",\"LocalSecondaryIndexes\":[{\"IndexName\":\"l1\","
        "\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],\"Projection\":{}}],"
        "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"g1\",\"KeySchema\":"
        "[{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],\"Projection\":{}}]}",
        "2 validation errors detected: Value 'g1' at "
        "'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member "
        "must have length greater than or equal to 3; Value 'l1' at "
        "'localSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member "
        "must have length greater than or equal to 3");
}

TEST(a_table_has_at_most_two_keys_and_shows_the_others)
{
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":"
                "\"HASH\"},{\"AttributeName\":\"b\",\"KeyType\":\"RANGE\"},"
                "{\"AttributeName\":\"c\",\"KeyType\":\"RANGE\"}]}",
                "1 validation error detected: Value '[KeySchemaElement(attributeName=a, "
                "keyType=HASH), KeySchemaElement(attributeName=b, keyType=RANGE), "
                "KeySchemaElement(attributeName=c, keyType=RANGE)]' at 'keySchema' failed to "
                "satisfy constraint: Member must have length less than or equal to 2");
    EXPECT_BOTH(create_table, "{\"TableName\":\"Tab\",\"KeySchema\":[]}",
                "1 validation error detected: Value '[]' at 'keySchema' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1");
}

TEST(choices_inside_a_table_definition_are_checked)
{
    EXPECT_BOTH(create_table, "{\"TableName\":\"Tab\",\"BillingMode\":\"A\"}",
                "1 validation error detected: Value 'A' at 'billingMode' failed to satisfy "
                "constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]");
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":"
                "\"X\"}]}",
                "1 validation error detected: Value 'X' at 'keySchema.1.member.keyType' failed to "
                "satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]");
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"AttributeDefinitions\":[{\"AttributeName\":\"a\","
                "\"AttributeType\":\"X\"}]}",
                "1 validation error detected: Value 'X' at "
                "'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: "
                "Member must satisfy enum value set: [B, N, S]");
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"StreamSpecification\":"
                "{\"StreamEnabled\":true,\"StreamViewType\":\"\"}}",
                "1 validation error detected: Value '' at 'streamSpecification.streamViewType' "
                "failed to satisfy constraint: Member must satisfy enum value set: [OLD_IMAGE, "
                "KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE]");
    EXPECT_BOTH(update_table, "{\"TableName\":\"Tab\",\"TableClass\":\"x\"}",
                "Invalid table-class parameter provided. Please try again with a valid table-class "
                "value: [STANDARD, STANDARD_INFREQUENT_ACCESS].");
}

TEST(members_without_a_limit_in_the_model_are_left_to_the_operation)
{
    EXPECT_FINE(tag_resource, "{\"ResourceArn\":\"\",\"Tags\":[{}]}");
    EXPECT_FINE(untag_resource, "{\"ResourceArn\":\"x\",\"TagKeys\":[\"\"]}");
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"SSESpecification\":{\"KMSMasterKeyId\":\"\"}}",
                "1 validation error detected: Value '' at 'sSESpecification.kMSMasterKeyId' failed "
                "to satisfy constraint: Member must have length greater than or equal to 1");
}

TEST(parts_of_a_list_are_told_of_the_whole)
{
    EXPECT_BOTH(create_table,
                "{\"TableName\":\"Tab\",\"GlobalSecondaryIndexes\":[{\"IndexName\":\"idx\","
                "\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],\"Projection\":"
                "{\"NonKeyAttributes\":[\"a\",\"\"]}}]}",
                "1 validation error detected: Value '[a, ]' at "
                "'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to satisfy "
                "constraint: Member must satisfy constraint: [Member must have length less than or "
                "equal to 255, Member must have length greater than or equal to 1]");
}

TEST(an_empty_batch_is_told_by_operation_and_validator)
{
    EXPECT_CURRENT(batch_get_item, "{\"RequestItems\":{}}",
                   "1 validation error detected: Value at 'RequestItems' failed to satisfy "
                   "constraint: Member must have length greater than or equal to 1");
    EXPECT_CLASSIC(batch_get_item, "{\"RequestItems\":{}}",
                   "The requestItems parameter is required for BatchGetItem");
    EXPECT_BOTH(batch_write_item, "{\"RequestItems\":{}}",
                "The requestItems parameter is required for BatchWriteItem");
}

TEST(keys_of_a_batch_are_counted)
{
    static const char empty[] = "{\"RequestItems\":{\"Tab\":{\"Keys\":[]}}}";
    char keys[101 * 3 + 1] = "";
    const char *json;

    for (size_t i = 0; i < 101; i++)
        memcpy(keys + i * 3, i < 100 ? "{}," : "{}", i < 100 ? 4 : 3);
    json = arena_print(t->arena, "{\"RequestItems\":{\"Tab\":{\"Keys\":[%s]}}}", keys).data;
    EXPECT_BOTH(batch_get_item, json,
                "1 validation error detected: Value at 'RequestItems.Tab.member.Keys' failed to "
                "satisfy constraint: Member must have length less than or equal to 100");
    EXPECT_CURRENT(batch_get_item, empty,
                   "1 validation error detected: Value at 'RequestItems.Tab.member.Keys' failed to "
                   "satisfy constraint: Member must have length greater than or equal to 1");
    EXPECT_CLASSIC(batch_get_item, empty,
                   "1 validation error detected: Value '[]' at 'requestItems.Tab.member.keys' "
                   "failed to satisfy constraint: Member must have length greater than or equal to "
                   "1");
}

TEST(a_bad_table_name_in_a_batch_shows_the_batch)
{
    EXPECT_CURRENT(
        batch_get_item, "{\"RequestItems\":{\"bad!name\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}}",
        "1 validation error detected: Value '{\"bad!name\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}' "
        "at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member "
        "must have length less than or equal to 255, Member must have length greater than or equal "
        "to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]");
    EXPECT_BOTH(
        batch_write_item,
        "{\"RequestItems\":{\"b!\":[{\"DeleteRequest\":{\"Key\":{\"pk\":"
        "{\"S\":\"a\"}}}}]}}",
        "1 validation error detected: Value '{b!=[WriteRequest(deleteRequest=DeleteRequest(key="
        "{pk=AttributeValue: {S:a}}), putRequest=null)]}' at 'requestItems' failed to satisfy "
        "constraint: Map keys must satisfy constraint: [Member must have length less than or equal "
        "to 255, Member must have length greater than or equal to 3, Member must satisfy regular "
        "expression pattern: [a-zA-Z0-9_.-]+]");
    EXPECT_FINE(batch_get_item, "{\"RequestItems\":{\"arn:aws:dynamodb:us-east-1:000000000000:"
                                "table/Tab\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}}");
}

TEST(writes_of_a_batch_are_counted_by_table)
{
    EXPECT_BOTH(batch_write_item, "{\"RequestItems\":{\"Tab\":[]}}",
                "1 validation error detected: Value '{Tab=[]}' at 'requestItems' failed to satisfy "
                "constraint: Map value must satisfy constraint: [Member must have length less than "
                "or equal to 25, Member must have length greater than or equal to 1]");
    EXPECT_BOTH(batch_write_item, "{\"RequestItems\":{\"Tab\":[{\"PutRequest\":{}}]}}",
                "1 validation error detected: Value null at "
                "'requestItems.Tab.member.1.member.putRequest.item' failed to satisfy constraint: "
                "Member must not be null");
}

TEST(operations_that_check_by_hand_keep_their_texts)
{
    EXPECT_BOTH(describe_backup, "{\"BackupArn\":\"\"}", "Invalid Backup ARN");
    EXPECT_BOTH(describe_global_table, "{\"GlobalTableName\":\"\"}",
                "TableName must be at least 3 characters long and at most 255 characters long");
    EXPECT_BOTH(update_time_to_live,
                "{\"TableName\":\"Tab\",\"TimeToLiveSpecification\":{\"AttributeName\":\"\","
                "\"Enabled\":true}}",
                "1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' "
                "failed to satisfy constraint: Member must have length greater than or equal to 1");
}

TEST(a_huge_list_is_not_shown_to_its_end)
{
    enum { COUNT = 200000 };
    static const char start[] = "{\"RequestItems\":{\"Tab\":[{}";
    size_t size = sizeof(start) + COUNT * 3 + 3;
    char *json = arena_alloc(t->arena, size, 1);
    struct error *error;

    memcpy(json, start, sizeof(start) - 1);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(json + sizeof(start) - 1 + i * 3, ",{}", 3);
    memcpy(json + sizeof(start) - 1 + COUNT * 3, "]}}", 3);
    error = api_try(t, &batch_write_item_signature, VALIDATOR_CURRENT, json);
    EXPECT(error && error->message.size < (2 << 20), "%zu bytes", error ? error->message.size : 0);
}
