"""Items through the boto3 resource: types, conditions, updates, batches."""
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError
from conftest import knows


@pytest.fixture(scope="module")
def table(resource, tables):
    return resource.Table(tables.make({"pk": "S", "sk": "N"}))


def get(table, pk, sk=1, **more):
    return table.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True, **more).get("Item")


def refusal(call, *arguments, **more):
    with pytest.raises(ClientError) as caught:
        call(*arguments, **more)
    return caught.value.response["Error"]


def test_every_type_comes_back(table):
    item = {
        "pk": "types", "sk": 1, "text": "caf\u00e9 \U0001f980 \x01", "empty": "",
        "price": Decimal("12.50"), "big": Decimal("9" * 38),
        "small": Decimal("1E-130"), "yes": True, "nothing": None,
        "bytes": Binary(b"\x00\xff"), "list": [1, "two", [None, {"deep": False}]],
        "map": {"a": {"b": {}}}, "words": {"x", "y"}, "numbers": {1, Decimal("2.5")},
        "blobs": {Binary(b"1"), Binary(b"2")},
    }
    table.put_item(Item=item)
    assert get(table, "types") == item


@pytest.mark.parametrize("sent, answered", [
    ("100", "100"), ("1E2", "100"), ("0.0010", "0.001"), ("-0", "0"), ("00012", "12"),
    ("1" * 38, "1" * 38), ("-1E-130", "-0." + "0" * 129 + "1"),
])
def test_numbers_come_back_plain(client, table, sent, answered):
    client.put_item(TableName=table.name,
                    Item={"pk": {"S": "n"}, "sk": {"N": "1"}, "v": {"N": sent}})
    found = client.get_item(TableName=table.name, ConsistentRead=True,
                            Key={"pk": {"S": "n"}, "sk": {"N": "1"}})
    assert found["Item"]["v"]["N"] == answered


def test_a_number_of_39_digits_is_refused(client, table):
    error = refusal(client.put_item, TableName=table.name, Item={
        "pk": {"S": "n"}, "sk": {"N": "1"}, "v": {"N": "1" * 39}})
    assert error["Code"] == "ValidationException"
    assert error["Message"].endswith(
        "Attempting to store more than 38 significant digits in a Number")


STORED = {"pk": "c", "sk": 1, "n": 5, "s": "hello", "list": [1, "two"], "tags": {"red", "blue"},
          "map": {"core": 7}, "flag": True, "nothing": None}


@pytest.mark.parametrize("condition, holds", [
    (Attr("n").eq(5), True), (Attr("n").ne(5), False), (Attr("n").lt(5), False),
    (Attr("n").lte(5), True), (Attr("n").gt(4), True), (Attr("n").gte(6), False),
    (Attr("n").between(4, 6), True), (Attr("n").is_in([1, 5]), True),
    (Attr("s").begins_with("he"), True), (Attr("s").contains("lo"), True),
    (Attr("tags").contains("red"), True), (Attr("list").contains("three"), False),
    (Attr("map.core").eq(7), True), (Attr("list[1]").eq("two"), True),
    (Attr("absent").exists(), False), (Attr("absent").not_exists(), True),
    (Attr("s").size().eq(5), True), (Attr("nothing").attribute_type("NULL"), True),
    (Attr("n").eq(5) & Attr("flag").eq(True), True), (Attr("n").eq(4) | Attr("n").eq(5), True),
    (~Attr("n").eq(5), False), (Attr("n").eq(5) & ~(Attr("s").eq("a") | Attr("s").eq("b")), True),
])
def test_condition_builders(table, condition, holds):
    table.put_item(Item=STORED)
    if holds:
        table.put_item(Item=STORED, ConditionExpression=condition)
        return
    error = refusal(table.put_item, Item=STORED, ConditionExpression=condition)
    assert error["Code"] == "ConditionalCheckFailedException"
    assert error["Message"] == "The conditional request failed"


def test_a_failed_condition_shows_the_item_when_asked(client, table):
    if not knows(client, "PutItem", "ReturnValuesOnConditionCheckFailure"):
        pytest.skip("this botocore does not know ReturnValuesOnConditionCheckFailure")
    table.put_item(Item=STORED)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(TableName=table.name, Item={"pk": {"S": "c"}, "sk": {"N": "1"}},
                        ConditionExpression="attribute_not_exists(pk)",
                        ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.value.response["Item"]["s"] == {"S": "hello"}


def test_projection(table):
    table.put_item(Item=STORED)
    found = get(table, "c", ProjectionExpression="#l[1], #m.core, absent",
                ExpressionAttributeNames={"#l": "list", "#m": "map"})
    assert found == {"list": ["two"], "map": {"core": 7}}


UPDATES = [
    ("SET n = n + :v", {":v": 3}, {"n": 8}),
    ("SET n = n - :v", {":v": Decimal("0.5")}, {"n": Decimal("4.5")}),
    ("SET fresh = if_not_exists(fresh, :v), n = if_not_exists(n, :v)", {":v": 1}, {"fresh": 1}),
    ("SET #l = list_append(#l, :v)", {":v": ["end"]}, {"list": [1, "two", "end"]}),
    ("SET #m.more = :v, #l[0] = :v", {":v": "x"},
     {"map": {"core": 7, "more": "x"}, "list": ["x", "two"]}),
    ("REMOVE #l[0], s", None, {"list": ["two"], "s": None}),
    ("ADD n :v, tags :t", {":v": 1, ":t": {"green"}}, {"n": 6, "tags": {"red", "blue", "green"}}),
    ("DELETE tags :t", {":t": {"red"}}, {"tags": {"blue"}}),
    ("SET a1 = :v REMOVE flag ADD hits :v DELETE tags :t", {":v": 1, ":t": {"red", "blue"}},
     {"a1": 1, "flag": None, "hits": 1, "tags": None}),
]


@pytest.mark.parametrize("expression, values, change", UPDATES, ids=[u[0] for u in UPDATES])
def test_update_expressions(table, expression, values, change):
    start = {**STORED, "pk": "u"}
    table.put_item(Item=start)
    names = {name: full for name, full in {"#l": "list", "#m": "map"}.items() if name in expression}
    more = {"ExpressionAttributeNames": names} if names else {}
    if values:
        more["ExpressionAttributeValues"] = values
    updated = table.update_item(Key={"pk": "u", "sk": 1}, UpdateExpression=expression,
                                ReturnValues="ALL_NEW", **more)["Attributes"]
    expected = {**start, **change}
    for name, value in change.items():
        if value is None:
            del expected[name]
    assert updated == expected
    assert get(table, "u") == expected


def test_return_values_of_updates(table):
    def update(return_values):
        table.put_item(Item={"pk": "r", "sk": 1, "n": 1, "other": "x"})
        return table.update_item(
            Key={"pk": "r", "sk": 1}, UpdateExpression="SET n = :v, m = :v",
            ExpressionAttributeValues={":v": 2}, ReturnValues=return_values).get("Attributes")

    assert update("NONE") is None
    assert update("UPDATED_OLD") == {"n": 1}
    assert update("UPDATED_NEW") == {"n": 2, "m": 2}
    assert update("ALL_OLD") == {"pk": "r", "sk": 1, "n": 1, "other": "x"}
    assert update("ALL_NEW") == {"pk": "r", "sk": 1, "n": 2, "m": 2, "other": "x"}


def test_put_and_delete_return_the_old_item(table):
    item = {"pk": "old", "sk": 1, "v": "first"}
    assert "Attributes" not in table.put_item(Item=item, ReturnValues="ALL_OLD")
    again = table.put_item(Item={**item, "v": "second"}, ReturnValues="ALL_OLD")
    assert again["Attributes"] == item
    gone = table.delete_item(Key={"pk": "old", "sk": 1}, ReturnValues="ALL_OLD",
                             ConditionExpression=Attr("v").eq("second"))
    assert gone["Attributes"]["v"] == "second"
    assert get(table, "old") is None


def test_counters_from_many_threads(settings, table):
    import boto3

    client = boto3.client("dynamodb", **settings)

    def hit(_):
        client.update_item(TableName=table.name, Key={"pk": {"S": "hits"}, "sk": {"N": "1"}},
                           UpdateExpression="ADD hits :one",
                           ExpressionAttributeValues={":one": {"N": "1"}})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hit, range(64)))
    assert get(table, "hits")["hits"] == 64


def test_the_batch_writer_writes_all(table):
    with table.batch_writer() as batch:
        for sk in range(60):
            batch.put_item(Item={"pk": "batch", "sk": sk})
        for sk in range(0, 60, 2):
            batch.delete_item(Key={"pk": "batch", "sk": sk})
    for sk in (1, 58, 59):
        assert (get(table, "batch", sk) is not None) == (sk % 2 == 1)


def test_the_batch_writer_takes_the_last_of_equal_keys(table):
    with table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
        for version in range(3):
            batch.put_item(Item={"pk": "same", "sk": 1, "version": version})
    assert get(table, "same")["version"] == 2


def test_batch_get_over_two_tables(resource, table, tables):
    other = resource.Table(tables.make())
    other.put_item(Item={"pk": "x", "v": 1})
    table.put_item(Item={"pk": "x", "sk": 1, "v": 2})
    answer = resource.batch_get_item(RequestItems={
        table.name: {"Keys": [{"pk": "x", "sk": 1}, {"pk": "absent", "sk": 1}],
                     "ConsistentRead": True},
        other.name: {"Keys": [{"pk": "x"}], "ConsistentRead": True}})
    assert answer["Responses"] == {table.name: [{"pk": "x", "sk": 1, "v": 2}],
                                   other.name: [{"pk": "x", "v": 1}]}
    assert answer["UnprocessedKeys"] == {}


def test_a_read_over_16_mb_leaves_keys_for_later(resource, tables):
    table = resource.Table(tables.make())
    text = "x" * (390 * 1024)
    with table.batch_writer() as batch:
        for i in range(50):
            batch.put_item(Item={"pk": f"k{i}", "v": text})
    wanted = {table.name: {"Keys": [{"pk": f"k{i}"} for i in range(50)], "ConsistentRead": True}}
    seen, calls = [], 0
    while wanted:
        answer = resource.batch_get_item(RequestItems=wanted)
        seen += [item["pk"] for item in answer["Responses"].get(table.name, [])]
        wanted = answer["UnprocessedKeys"]
        calls += 1
        assert calls <= 50
    assert calls > 1
    assert sorted(seen) == sorted(f"k{i}" for i in range(50))


@pytest.mark.parametrize("more, message", [
    ({"ConditionExpression": "name = :v", "ExpressionAttributeValues": {":v": 1}},
     "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name"),
    ({"ConditionExpression": "a = :v"},
     "Invalid ConditionExpression: An expression attribute value used in expression is not "
     "defined; attribute value: :v"),
    ({"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#x": "x"}},
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}"),
    ({"ConditionExpression": ""}, "Invalid ConditionExpression: The expression can not be empty;"),
])
def test_bad_expressions_are_refused(table, more, message):
    error = refusal(table.put_item, Item=STORED, **more)
    assert error["Code"] == "ValidationException"
    assert error["Message"].replace("1 validation error detected: ", "", 1) == message


@pytest.mark.parametrize("key", [{"pk": "a"}, {"pk": "a", "sk": "1"},
                                 {"pk": "a", "sk": 1, "more": 1}])
def test_a_key_that_is_not_the_tables_is_refused(table, key):
    error = refusal(table.get_item, Key=key)
    assert error["Message"] == "The provided key element does not match the schema"
