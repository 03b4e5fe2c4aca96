/* tests/unit/api/validate_test.c - the texts of broken constraints, as recorded from the service.
 */
#include "api_test.h"

TEST(good_requests_raise_no_doubt)
{
    EXPECT_FINE(get_item, "{\"TableName\":\"T\",\"Key\":{\"pk\":{\"S\":\"a\"}}}");
    EXPECT_FINE(put_item, "{\"TableName\":\"my.table-1_x\",\"Item\":{\"pk\":{\"S\":\"a\"}}}");
    EXPECT_FINE(describe_table, "{\"TableName\":\"abc\"}");
    EXPECT_FINE(list_tables, "{}");
    EXPECT_FINE(scan, "{\"TableName\":\"T\",\"Segment\":0,\"TotalSegments\":1000000}");
    EXPECT_FINE(describe_limits, "{\"Anything\":1}");
}

TEST(a_missing_member_must_not_be_null)
{
    EXPECT_BOTH(put_item, "{\"Item\":{}}",
                "1 validation error detected: Value null at 'tableName' failed to satisfy "
                "constraint: Member must not be null");
    EXPECT_BOTH(put_item, "{\"Item\":{},\"TableName\":null}",
                "1 validation error detected: Value null at 'tableName' failed to satisfy "
                "constraint: Member must not be null");
    EXPECT_BOTH(get_item, "{}",
                "2 validation errors detected: Value null at 'key' failed to satisfy constraint: "
                "Member must not be null; Value null at 'tableName' failed to satisfy constraint: "
                "Member must not be null");
    EXPECT_BOTH(batch_get_item, "{}",
                "1 validation error detected: Value null at 'requestItems' failed to satisfy "
                "constraint: Member must not be null");
    EXPECT_BOTH(tag_resource, "{\"ResourceArn\":\"arn:x\"}",
                "1 validation error detected: Value null at 'tags' failed to satisfy constraint: "
                "Member must not be null");
}

TEST(operations_on_tables_word_a_missing_table_name_themselves)
{
    static const char text[] =
        "The parameter 'TableName' is required but was not present in the request";

    EXPECT_BOTH(create_table, "{\"BillingMode\":\"x\"}", text);
    EXPECT_BOTH(update_table, "{}", text);
    EXPECT_BOTH(delete_table, "{}", text);
    EXPECT_BOTH(describe_table, "{}", text);
    EXPECT_BOTH(describe_time_to_live, "{}", text);
    EXPECT_BOTH(update_continuous_backups,
                "{\"PointInTimeRecoverySpecification\":{\"PointInTimeRecoveryEnabled\":true}}",
                "1 validation error detected: Value null at 'tableName' failed to satisfy "
                "constraint: Member must not be null");
}

TEST(a_table_name_is_limited_by_kind_of_operation)
{
    EXPECT_BOTH(describe_table, "{\"TableName\":\"ab\"}",
                "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy "
                "constraint: Member must have length greater than or equal to 3");
    EXPECT_BOTH(describe_table, "{\"TableName\":\"\"}",
                "2 validation errors detected: Value '' at 'tableName' failed to satisfy "
                "constraint: Member must have length greater than or equal to 3; Value '' at "
                "'tableName' failed to satisfy constraint: Member must satisfy regular expression "
                "pattern: [a-zA-Z0-9_.-]+");
    EXPECT_FINE(put_item, "{\"TableName\":\"a\",\"Item\":{}}");
    EXPECT_BOTH(put_item, "{\"TableName\":\"bad table!@#\",\"Item\":{}}",
                "1 validation error detected: Value 'bad table!@#' at 'tableName' failed to "
                "satisfy constraint: Member must satisfy regular expression pattern: "
                "[a-zA-Z0-9_.-]+");
}

TEST(an_empty_table_name_stops_the_newer_validator_of_put_item)
{
    EXPECT_CURRENT(put_item, "{\"TableName\":\"\",\"ReturnValues\":\"x\"}",
                   "1 validation error detected: Value at 'TableName' failed to satisfy "
                   "constraint: Member must have length greater than or equal to 1");
    EXPECT_CLASSIC(put_item, "{\"TableName\":\"\",\"Item\":{}}",
                   "1 validation error detected: Value '' at 'tableName' failed to satisfy "
                   "constraint: Member must have length greater than or equal to 1");
    EXPECT_BOTH(get_item, "{\"TableName\":\"\",\"Key\":{}}",
                "1 validation error detected: Value '' at 'tableName' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1");
}

TEST(an_arn_may_be_longer_than_a_name)
{
    char name[257];
    char arn[1026];

    memset(name, 'a', 256);
    name[256] = '\0';
    memset(arn, 'a', sizeof(arn));
    memcpy(arn, "arn:", 4);
    arn[1025] = '\0';
    EXPECT_BOTH(get_item, arena_print(t->arena, "{\"TableName\":\"%s\",\"Key\":{}}", name).data,
                arena_print(t->arena,
                            "1 validation error detected: Value '%s' at 'tableName' failed to "
                            "satisfy constraint: Member must have length less than or equal to 255",
                            name)
                    .data);
    EXPECT_BOTH(get_item, arena_print(t->arena, "{\"TableName\":\"%s\",\"Key\":{}}", arn).data,
                arena_print(t->arena,
                            "1 validation error detected: Value '%s' at 'tableName' failed to "
                            "satisfy constraint: Member must have length less than or equal to "
                            "1024",
                            arn)
                    .data);
    arn[1024] = '\0';
    EXPECT_FINE(get_item, arena_print(t->arena, "{\"TableName\":\"%s\",\"Key\":{}}", arn).data);
}

TEST(choices_are_listed_in_the_order_of_the_service)
{
    EXPECT_BOTH(get_item, "{\"TableName\":\"T\",\"Key\":{},\"ReturnConsumedCapacity\":\"x\"}",
                "1 validation error detected: Value 'x' at 'returnConsumedCapacity' failed to "
                "satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]");
    EXPECT_BOTH(put_item, "{\"TableName\":\"T\",\"Item\":{},\"ReturnItemCollectionMetrics\":\"x\"}",
                "1 validation error detected: Value 'x' at 'returnItemCollectionMetrics' failed to "
                "satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]");
    EXPECT_BOTH(put_item, "{\"TableName\":\"T\",\"Item\":{},\"ReturnValues\":\"x\"}",
                "1 validation error detected: Value 'x' at 'returnValues' failed to satisfy "
                "constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, "
                "NONE, UPDATED_NEW]");
    EXPECT_BOTH(put_item, "{\"TableName\":\"T\",\"Item\":{},\"ConditionalOperator\":\"x\"}",
                "1 validation error detected: Value 'x' at 'conditionalOperator' failed to satisfy "
                "constraint: Member must satisfy enum value set: [OR, AND]");
    EXPECT_BOTH(scan, "{\"TableName\":\"T\",\"Select\":\"count\"}",
                "1 validation error detected: Value 'count' at 'select' failed to satisfy "
                "constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, "
                "ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]");
    EXPECT_BOTH(scan, "{\"TableName\":\"T\",\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"x\"}}}",
                "1 validation error detected: Value 'x' at 'scanFilter.a.member.comparisonOperator'"
                " failed to satisfy constraint: Member must satisfy enum value set: [IN, NULL, "
                "BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]");
    EXPECT_BOTH(update_item,
                "{\"TableName\":\"T\",\"Key\":{},\"AttributeUpdates\":{\"a\":{\"Action\":\"X\"}}}",
                "1 validation error detected: Value 'X' at 'attributeUpdates.a.member.action' "
                "failed to satisfy constraint: Member must satisfy enum value set: [ADD, PUT, "
                "DELETE]");
    EXPECT_BOTH(update_contributor_insights,
                "{\"TableName\":\"Tab\",\"ContributorInsightsAction\":\"\"}",
                "1 validation error detected: Value '' at 'contributorInsightsAction' failed to "
                "satisfy constraint: Member must satisfy enum value set: [ENABLE, DISABLE]");
    EXPECT_BOTH(update_kinesis_streaming_destination,
                "{\"TableName\":\"Tab\",\"StreamArn\":\"arn:aws:kinesis:us-east-1:000000000000:"
                "stream/s\",\"UpdateKinesisStreamingConfiguration\":"
                "{\"ApproximateCreationDateTimePrecision\":\"SECOND\"}}",
                "1 validation error detected: Value 'SECOND' at "
                "'updateKinesisStreamingConfiguration.approximateCreationDateTimePrecision' failed "
                "to satisfy constraint: Member must satisfy enum value set: [MILLISECOND, "
                "MICROSECOND]");
}

TEST(update_item_words_bad_return_values_in_two_ways)
{
    static const char json[] =
        "{\"TableName\":\"T\",\"Key\":{},\"ReturnValues\":\"x\",\"ReturnConsumedCapacity\":\"y\"}";

    EXPECT_CURRENT(update_item, json,
                   "1 validation error detected: Failed to satisfy constraint: Member must satisfy "
                   "enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]");
    EXPECT_CLASSIC(
        update_item, json,
        "2 validation errors detected: Value 'y' at 'returnConsumedCapacity' failed to "
        "satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; "
        "Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy "
        "enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]");
}

TEST(numbers_have_bounds)
{
    EXPECT_BOTH(scan, "{\"TableName\":\"T\",\"Limit\":0}",
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1");
    EXPECT_BOTH(query, "{\"TableName\":\"T\",\"Limit\":0}",
                "1 validation error detected: Value at 'Limit' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1");
    EXPECT_BOTH(list_tables, "{\"Limit\":101}",
                "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: "
                "Member must have value less than or equal to 100");
    EXPECT_BOTH(scan, "{\"TableName\":\"T\",\"Segment\":-1}",
                "1 validation error detected: Value '-1' at 'segment' failed to satisfy "
                "constraint: Member must have value greater than or equal to 0");
    EXPECT_BOTH(scan, "{\"TableName\":\"T\",\"Limit\":-99999999999}",
                "1 validation error detected: Value '-2147483648' at 'limit' failed to satisfy "
                "constraint: Member must have value greater than or equal to 1");
}

TEST(a_start_name_breaks_its_pattern_before_its_length)
{
    EXPECT_BOTH(list_tables, "{\"ExclusiveStartTableName\":\"\"}",
                "2 validation errors detected: Value '' at 'exclusiveStartTableName' failed to "
                "satisfy constraint: Member must satisfy regular expression pattern: "
                "[a-zA-Z0-9_.-]+; Value '' at 'exclusiveStartTableName' failed to satisfy "
                "constraint: Member must have length greater than or equal to 3");
}

TEST(empty_and_long_lists_are_shown)
{
    EXPECT_BOTH(get_item, "{\"TableName\":\"T\",\"Key\":{},\"AttributesToGet\":[]}",
                "1 validation error detected: Value '[]' at 'attributesToGet' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1");
    EXPECT_BOTH(transact_write_items, "{\"TransactItems\":[]}",
                "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1");
    EXPECT_BOTH(execute_statement, "{\"Statement\":\"s\",\"Parameters\":[]}",
                "1 validation error detected: Value '[]' at 'parameters' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1");
}

TEST(nulls_inside_lists_and_maps_must_not_be)
{
    EXPECT_BOTH(get_item, "{\"TableName\":\"T\",\"Key\":{},\"AttributesToGet\":[\"a\",null]}",
                "1 validation error detected: Value null at 'attributesToGet.2.member' failed to "
                "satisfy constraint: Member must not be null");
    EXPECT_BOTH(batch_write_item, "{\"RequestItems\":{\"Tab\":null}}",
                "1 validation error detected: Value null at 'requestItems.Tab.member' failed to "
                "satisfy constraint: Member must not be null");
}

TEST(at_most_ten_clauses_are_told)
{
    struct span json = arena_print(t->arena, "{\"TableName\":\"Tab\",\"KeySchema\":[%s%s%s]}",
                                   "{},{},{},{},", "{},{},{},{},", "{},{},{},{}");
    struct error *error = api_try(t, &create_table_signature, VALIDATOR_CURRENT, json.data);

    EXPECT(error && span_starts_with(error->message, SPAN("10 validation errors detected: ")),
           "%.*s", SPAN_PRINT(error->message));
}
