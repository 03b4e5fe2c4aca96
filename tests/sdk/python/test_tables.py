"""Tables through boto3: create, describe, list, change, drop, tags, waiters."""
import datetime
import re

import pytest
from botocore.exceptions import ClientError
from conftest import index, knows


def describe(client, name):
    return client.describe_table(TableName=name)["Table"]


def test_a_table_with_indexes_describes_itself(client, tables):
    name = tables.make(
        {"pk": "S", "sk": "N"}, {"owner": "S", "made": "B"},
        GlobalSecondaryIndexes=[index("by-owner", "owner", "made", {
            "ProjectionType": "INCLUDE", "NonKeyAttributes": ["length"]})],
        LocalSecondaryIndexes=[index("by-made", "pk", "made", {"ProjectionType": "KEYS_ONLY"})])
    table = describe(client, name)
    assert table["TableStatus"] == "ACTIVE"
    assert re.fullmatch(rf"arn:aws:dynamodb:[a-z0-9-]+:\d{{12}}:table/{name}", table["TableArn"])
    assert isinstance(table["CreationDateTime"], datetime.datetime)
    assert table["ItemCount"] == 0
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"},
                                  {"AttributeName": "sk", "KeyType": "RANGE"}]
    by_owner, = table["GlobalSecondaryIndexes"]
    assert by_owner["IndexStatus"] == "ACTIVE"
    assert by_owner["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["length"]}
    by_made, = table["LocalSecondaryIndexes"]
    assert by_made["IndexArn"] == table["TableArn"] + "/index/by-made"
    assert "IndexStatus" not in by_made


def test_a_provisioned_table_keeps_its_throughput(client, tables):
    name = tables.make(ProvisionedThroughput={"ReadCapacityUnits": 4, "WriteCapacityUnits": 3})
    table = describe(client, name)
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 4
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 3
    assert "BillingModeSummary" not in table


def test_throughput_changes(client, tables):
    name = tables.make(ProvisionedThroughput={"ReadCapacityUnits": 4, "WriteCapacityUnits": 3})
    client.update_table(TableName=name, ProvisionedThroughput={
        "ReadCapacityUnits": 2, "WriteCapacityUnits": 5})
    tables.until_active(name)
    throughput = describe(client, name)["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (2, 5)
    assert throughput["NumberOfDecreasesToday"] == 1


def test_exceptions_are_classes_of_the_client(client, tables):
    name = tables.make()
    with pytest.raises(client.exceptions.ResourceInUseException) as caught:
        tables.make(TableName=name)
    assert caught.value.response["Error"]["Message"] == f"Table already exists: {name}"
    absent = tables.fresh_name("absent")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.describe_table(TableName=absent)
    error = caught.value.response
    assert error["Error"]["Message"] == f"Requested resource not found: Table: {absent} not found"
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert re.fullmatch(r"[0-9A-Z]{52}", error["ResponseMetadata"]["RequestId"])


def test_tables_are_listed_in_pages(client, tables):
    prefix = tables.fresh_name("list")
    names = [tables.make(TableName=f"{prefix}_{end}") for end in "cab"]
    pages = client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1})
    listed = [name for page in pages for name in page["TableNames"]]
    assert [name for name in listed if name.startswith(prefix)] == sorted(names)


def test_a_table_goes_and_the_waiter_sees_it(client, tables):
    name = tables.make()
    gone = client.delete_table(TableName=name)["TableDescription"]
    assert gone["TableStatus"] == "DELETING"
    client.get_waiter("table_not_exists").wait(
        TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 100})


def test_an_index_is_added_and_dropped(client, tables, eventually):
    name = tables.make()
    client.put_item(TableName=name, Item={"pk": {"S": "a"}, "colour": {"S": "red"}})
    client.update_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "colour", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index("by-colour", "colour")}])
    eventually(lambda: describe(client, name)["GlobalSecondaryIndexes"][0]["IndexStatus"],
               lambda status: status == "ACTIVE")

    def count():
        return client.query(TableName=name, IndexName="by-colour",
                            KeyConditionExpression="colour = :c",
                            ExpressionAttributeValues={":c": {"S": "red"}})["Count"]

    assert eventually(count, lambda found: found == 1) == 1
    client.update_table(TableName=name, GlobalSecondaryIndexUpdates=[
        {"Delete": {"IndexName": "by-colour"}}])
    left = eventually(lambda: describe(client, name).get("GlobalSecondaryIndexes"),
                      lambda indexes: indexes is None)
    assert left is None


def test_tags_are_added_and_taken_off(client, tables, eventually):
    name = tables.make(Tags=[{"Key": "team", "Value": "a"}])
    arn = describe(client, name)["TableArn"]

    def tags():
        shown = client.list_tags_of_resource(ResourceArn=arn)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in shown}

    assert tags() == {"team": "a"}
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "c 1/2"}])
    both = {"team": "a", "cost": "c 1/2"}
    assert eventually(tags, lambda seen: seen == both) == both
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert eventually(tags, lambda seen: "team" not in seen) == {"cost": "c 1/2"}


def test_deletion_protection(client, tables):
    if not knows(client, "UpdateTable", "DeletionProtectionEnabled"):
        pytest.skip("this botocore does not know DeletionProtectionEnabled")
    name = tables.make(DeletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="currently protected against deletion"):
        client.delete_table(TableName=name)
    client.update_table(TableName=name, DeletionProtectionEnabled=False)
    tables.until_active(name)
    client.delete_table(TableName=name)


def test_limits_and_endpoints_are_described(client):
    limits = client.describe_limits()
    assert limits["TableMaxReadCapacityUnits"] > 0
    address = client.describe_endpoints()["Endpoints"][0]
    assert address["CachePeriodInMinutes"] == 1440


@pytest.mark.parametrize("more, message", [
    ({"LocalSecondaryIndexes": [index("local", "pk", "other")]},
     "Table KeySchema does not have a range key, which is required when specifying a "
     "LocalSecondaryIndex"),
    ({"GlobalSecondaryIndexes": [index("one", "other"), index("one", "other")]},
     "Duplicate index name: one"),
    ({}, "Number of attributes in KeySchema does not exactly match number of attributes defined "
         "in AttributeDefinitions"),
])
def test_a_definition_that_makes_no_sense_is_refused(client, tables, more, message):
    with pytest.raises(ClientError) as caught:
        tables.make({"pk": "S"}, {"other": "S"}, **more)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "One or more parameter values were invalid: " + message
