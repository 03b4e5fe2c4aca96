/* tests/unit/api/decode_test.c - what requests become, and what is said to JSON of the wrong kind.
 */
#include "api_test.h"

static const struct put_item_input *put_item_from(struct test *t, const char *text)
{
    struct put_item_input *in = NEW(t->arena, struct put_item_input, 1);

    EXPECT_OK(api_take(t, &put_item_signature, VALIDATOR_CURRENT, api_parse(t, text), in));
    return in;
}

TEST(put_item_is_decoded_member_by_member)
{
    const struct put_item_input *in =
        put_item_from(t, "{\"TableName\":\"T\",\"Item\":{\"pk\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}},"
                         "\"ReturnValues\":\"ALL_OLD\",\"ExpressionAttributeNames\":{\"#a\":\"b\"},"
                         "\"Expected\":{\"x\":{\"Exists\":false}},\"Unknown\":[1,2]}");

    EXPECT(span_is(in->table_name, "T"), "table %.*s", SPAN_PRINT(in->table_name));
    EXPECT(in->item && in->item->count == 2, "the item has two attributes");
    EXPECT(in->return_values == RETURN_VALUE_ALL_OLD, "ReturnValues %d", in->return_values);
    EXPECT(in->return_consumed_capacity == RETURN_CONSUMED_CAPACITY_ABSENT, "absent");
    EXPECT(in->expression_attribute_names->count == 1, "one name");
    EXPECT(span_is(in->expression_attribute_names->entries[0].key, "#a"), "its key");
    EXPECT(span_is(in->expression_attribute_names->entries[0].value, "b"), "its value");
    EXPECT(in->expected->entries[0].value.has_exists, "Exists is given");
    EXPECT(!in->expected->entries[0].value.exists, "and false");
    EXPECT(!in->condition_expression.data && !in->expression_attribute_values,
           "the rest is absent");
}

TEST(a_member_named_twice_counts_last_and_null_is_absence)
{
    const struct put_item_input *in = put_item_from(
        t, "{\"TableName\":\"A\",\"Item\":{},\"ConditionExpression\":\"x\",\"Expected\":null,"
           "\"TableName\":\"B\",\"ConditionExpression\":null,"
           "\"ExpressionAttributeNames\":{\"#a\":\"1\",\"#b\":\"2\",\"#a\":\"3\"}}");

    EXPECT(span_is(in->table_name, "B"), "table %.*s", SPAN_PRINT(in->table_name));
    EXPECT(!in->condition_expression.data && !in->expected, "null takes away");
    EXPECT(in->expression_attribute_names->count == 2, "two names");
    EXPECT(span_is(in->expression_attribute_names->entries[1].value, "3"), "the last one counts");
}

TEST(lists_of_structures_lie_inline)
{
    struct create_table_input *in = NEW(t->arena, struct create_table_input, 1);

    EXPECT_OK(api_take(
        t, &create_table_signature, VALIDATOR_CURRENT,
        api_parse(t,
                  "{\"TableName\":\"Tab\",\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":"
                  "\"HASH\"},{\"KeyType\":\"RANGE\",\"AttributeName\":\"b\"}],"
                  "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6}}"),
        in));
    EXPECT(in->key_schema->count == 2, "two elements");
    EXPECT(in->key_schema->items[1].key_type == KEY_TYPE_RANGE, "the second is RANGE");
    EXPECT(in->provisioned_throughput->write_capacity_units == 6, "six units");
    EXPECT(in->provisioned_throughput->has_write_capacity_units, "given");
    EXPECT(!in->attribute_definitions, "absent");
}

TEST(strings_may_spell_booleans)
{
    static const char *const spelled[] = { "true", "\"TRUE\"", "\"yes\"", "\"1\"" };

    for (size_t i = 0; i < sizeof(spelled) / sizeof(spelled[0]); i++) {
        struct get_item_input *in = NEW(t->arena, struct get_item_input, 1);
        struct span text = arena_print(t->arena,
                                       "{\"TableName\":\"T\",\"Key\":{},"
                                       "\"ConsistentRead\":%s}",
                                       spelled[i]);

        EXPECT_OK(api_take(t, &get_item_signature, VALIDATOR_CURRENT, api_parse(t, text.data), in));
        EXPECT(in->consistent_read && in->has_consistent_read, "%s is true", spelled[i]);
    }
    EXPECT_BOTH(get_item, "{\"ConsistentRead\":\"maybe\"}",
                "Unexpected token received from parser");
}

TEST(json_of_the_wrong_kind_is_refused_in_the_parsers_words)
{
    EXPECT_BOTH(get_item, "{\"TableName\":3}", "NUMBER_VALUE cannot be converted to String");
    EXPECT_BOTH(get_item, "{\"TableName\":3.5}", "DECIMAL_VALUE cannot be converted to String");
    EXPECT_BOTH(get_item, "{\"TableName\":true}", "TRUE_VALUE cannot be converted to String");
    EXPECT_BOTH(get_item, "{\"TableName\":false}", "FALSE_VALUE cannot be converted to String");
    EXPECT_BOTH(get_item, "{\"TableName\":{}}",
                "Start of structure or map found where not expected");
    EXPECT_BOTH(get_item, "{\"TableName\":[]}",
                "Unrecognized collection type class java.lang.String");
    EXPECT_BOTH(get_item, "{\"ReturnConsumedCapacity\":[]}",
                "Unrecognized collection type class java.lang.String");
    EXPECT_BOTH(get_item, "{\"ConsistentRead\":1}", "NUMBER_VALUE cannot be converted to Boolean");
    EXPECT_BOTH(get_item, "{\"ConsistentRead\":1.5}",
                "DECIMAL_VALUE cannot be converted to Boolean");
    EXPECT_BOTH(query, "{\"Limit\":\"1\"}", "STRING_VALUE cannot be converted to Integer");
    EXPECT_BOTH(query, "{\"Limit\":true}", "TRUE_VALUE cannot be converted to Integer");
    EXPECT_BOTH(query, "{\"Limit\":[]}", "Unrecognized collection type class java.lang.Integer");
    EXPECT_BOTH(get_item, "{\"Key\":\"a\"}", "Unexpected field type");
    EXPECT_BOTH(get_item, "{\"Key\":[]}",
                "Unrecognized collection type java.util.Map<java.lang.String, "
                "com.amazonaws.dynamodb.v20120810.AttributeValue>");
    EXPECT_BOTH(get_item, "{\"AttributesToGet\":\"a\"}", "Unexpected field type");
    EXPECT_BOTH(get_item, "{\"AttributesToGet\":{}}",
                "Start of structure or map found where not expected");
    EXPECT_BOTH(get_item, "[]",
                "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.GetItemInput");
}

TEST(wrong_kinds_deeper_down_have_words_of_their_own)
{
    EXPECT_BOTH(create_table, "{\"KeySchema\":[3]}", "Unexpected value type in payload");
    EXPECT_BOTH(create_table, "{\"KeySchema\":[[]]}",
                "Unrecognized collection type class "
                "com.amazonaws.dynamodb.v20120810.KeySchemaElement");
    EXPECT_BOTH(create_table, "{\"ProvisionedThroughput\":{\"ReadCapacityUnits\":\"1\"}}",
                "STRING_VALUE cannot be converted to Long");
    EXPECT_BOTH(create_table, "{\"ProvisionedThroughput\":1}", "Unexpected field type");
    EXPECT_BOTH(batch_get_item, "{\"RequestItems\":{\"T\":3}}", "Unexpected value type in payload");
    EXPECT_BOTH(batch_get_item, "{\"RequestItems\":{\"T\":{\"Keys\":[\"a\"]}}}",
                "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast "
                "to class java.lang.Class (sun.reflect.generics.reflectiveObjects."
                "ParameterizedTypeImpl and java.lang.Class are in module java.base of loader "
                "'bootstrap')");
    EXPECT_BOTH(batch_write_item, "{\"RequestItems\":{\"T\":\"a\"}}",
                "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast "
                "to class java.lang.Class (sun.reflect.generics.reflectiveObjects."
                "ParameterizedTypeImpl and java.lang.Class are in module java.base of loader "
                "'bootstrap')");
    EXPECT_BOTH(batch_write_item, "{\"RequestItems\":[]}",
                "Unrecognized collection type java.util.Map<java.lang.String, java.util.List<"
                "com.amazonaws.dynamodb.v20120810.WriteRequest>>");
}
