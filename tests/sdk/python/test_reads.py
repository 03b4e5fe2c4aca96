"""Query and Scan through boto3: builders, paginators, indexes, segments, capacity."""
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from conftest import index

COUNT = 30


@pytest.fixture(scope="module")
def table(resource, tables):
    """Thirty readings of three sensors; every third has an alarm."""
    made = resource.Table(tables.make(
        {"sensor": "S", "at": "N"}, {"alarm": "S", "heat": "N"},
        GlobalSecondaryIndexes=[index("by-alarm", "alarm", "at", {
            "ProjectionType": "INCLUDE", "NonKeyAttributes": ["heat"]})],
        LocalSecondaryIndexes=[index("by-heat", "sensor", "heat")]))
    with made.batch_writer() as batch:
        for i in range(COUNT):
            item = {"sensor": f"s{i % 3}", "at": i, "heat": (i * 11) % COUNT, "text": f"r{i}"}
            if i % 3 == 0:
                item["alarm"] = "high" if i % 2 else "low"
            batch.put_item(Item=item)
    return made


def ats(answer):
    return [int(item["at"]) for item in answer["Items"]]


S1 = list(range(1, COUNT, 3))


@pytest.mark.parametrize("condition, expected", [
    (Key("at").eq(4), [4]),
    (Key("at").lt(7), [1, 4]),
    (Key("at").lte(7), [1, 4, 7]),
    (Key("at").gt(22), [25, 28]),
    (Key("at").gte(22), [22, 25, 28]),
    (Key("at").between(5, 12), [7, 10]),
])
def test_key_condition_builders(table, condition, expected):
    answer = table.query(KeyConditionExpression=Key("sensor").eq("s1") & condition)
    assert ats(answer) == expected
    answer = table.query(KeyConditionExpression=Key("sensor").eq("s1") & condition,
                         ScanIndexForward=False)
    assert ats(answer) == expected[::-1]


def test_begins_with_on_a_sort_key(resource, tables):
    words = resource.Table(tables.make({"pk": "S", "sk": "S"}))
    for word in ("b", "ab", "a", "abc", "B"):
        words.put_item(Item={"pk": "w", "sk": word})
    answer = words.query(KeyConditionExpression=Key("pk").eq("w") & Key("sk").begins_with("ab"))
    assert [item["sk"] for item in answer["Items"]] == ["ab", "abc"]


def test_a_paginator_walks_a_partition(client, table):
    pages = list(client.get_paginator("query").paginate(
        TableName=table.name, KeyConditionExpression="sensor = :s",
        ExpressionAttributeValues={":s": {"S": "s1"}}, PaginationConfig={"PageSize": 4}))
    assert [int(item["at"]["N"]) for page in pages for item in page["Items"]] == S1
    assert [page["Count"] for page in pages] == [4, 4, 2]


def test_last_evaluated_key_resumes_in_both_directions(table):
    for forward in (True, False):
        seen, more = [], {}
        while True:
            answer = table.query(KeyConditionExpression=Key("sensor").eq("s1"), Limit=3,
                                 ScanIndexForward=forward, **more)
            seen += ats(answer)
            if "LastEvaluatedKey" not in answer:
                break
            more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        assert seen == (S1 if forward else S1[::-1])


def test_filters_count_after_the_limit(table):
    answer = table.query(KeyConditionExpression=Key("sensor").eq("s0"), Limit=4,
                         FilterExpression=Attr("alarm").eq("high"))
    assert ats(answer) == [3, 9]
    assert answer["ScannedCount"] == 4
    assert answer["LastEvaluatedKey"] == {"sensor": "s0", "at": 9}


def test_a_global_index_is_sparse_and_projects(table, eventually):
    def query():
        return table.query(IndexName="by-alarm", KeyConditionExpression=Key("alarm").eq("low"))

    answer = eventually(query, lambda found: found["Count"] == 5)
    assert ats(answer) == [0, 6, 12, 18, 24]
    assert answer["Items"][1] == {"alarm": "low", "at": 6, "sensor": "s0", "heat": 6}


def test_pages_of_a_global_index(client, table):
    pages = list(client.get_paginator("query").paginate(
        TableName=table.name, IndexName="by-alarm", KeyConditionExpression="alarm = :a",
        ExpressionAttributeValues={":a": {"S": "high"}}, ScanIndexForward=False,
        PaginationConfig={"PageSize": 2}))
    assert [int(item["at"]["N"]) for page in pages for item in page["Items"]] == [27, 21, 15, 9, 3]
    assert set(pages[0]["LastEvaluatedKey"]) == {"alarm", "at", "sensor"}


def test_a_local_index_reads_consistently(table):
    answer = table.query(IndexName="by-heat", ConsistentRead=True,
                         KeyConditionExpression=Key("sensor").eq("s2") & Key("heat").lt(10))
    assert [int(item["heat"]) for item in answer["Items"]] == [1, 4, 7]
    assert all("text" in item for item in answer["Items"])


def test_select_count(table):
    answer = table.query(KeyConditionExpression=Key("sensor").eq("s2"), Select="COUNT")
    assert answer["Count"] == 10
    assert "Items" not in answer


def test_a_scan_in_pages_and_segments_sees_all_once(client, table):
    pages = client.get_paginator("scan").paginate(TableName=table.name,
                                                  PaginationConfig={"PageSize": 7})
    paged = [int(item["at"]["N"]) for page in pages for item in page["Items"]]
    assert sorted(paged) == list(range(COUNT))
    parts = [ats(table.scan(Segment=segment, TotalSegments=5)) for segment in range(5)]
    assert sorted(at for part in parts for at in part) == list(range(COUNT))


def test_a_scan_filters_and_projects(table):
    answer = table.scan(FilterExpression=Attr("heat").gte(28) | Attr("text").eq("r3"),
                        ProjectionExpression="#a, #t",
                        ExpressionAttributeNames={"#a": "at", "#t": "text"})
    found = sorted(((int(item["at"]), item["text"]) for item in answer["Items"]))
    expected = sorted((i, f"r{i}") for i in range(COUNT) if (i * 11) % COUNT >= 28 or i == 3)
    assert found == expected
    assert answer["ScannedCount"] == COUNT


def test_capacity_in_all_forms(table):
    def query(form):
        return table.query(IndexName="by-heat", KeyConditionExpression=Key("sensor").eq("s0"),
                           ReturnConsumedCapacity=form).get("ConsumedCapacity")

    assert query("NONE") is None
    assert query("TOTAL") == {"TableName": table.name, "CapacityUnits": 0.5}
    indexes = query("INDEXES")
    assert indexes["CapacityUnits"] == 0.5
    assert indexes["LocalSecondaryIndexes"] == {"by-heat": {"CapacityUnits": 0.5}}


def test_capacity_of_writes_counts_indexes(resource, tables):
    made = resource.Table(tables.make({"pk": "S"}, {"g": "S"},
                                      GlobalSecondaryIndexes=[index("by-g", "g")]))
    used = made.put_item(Item={"pk": "a", "g": "x", "v": "y" * 2000},
                         ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert used == {"TableName": made.name, "CapacityUnits": 4.0, "Table": {"CapacityUnits": 2.0},
                    "GlobalSecondaryIndexes": {"by-g": {"CapacityUnits": 2.0}}}


@pytest.mark.parametrize("more, message", [
    ({"IndexName": "absent"}, "The table does not have the specified index: absent"),
    ({"IndexName": "by-alarm", "ConsistentRead": True},
     "Consistent reads are not supported on global secondary indexes"),
    ({"KeyConditionExpression": Key("text").eq("r1")},
     "Query condition missed key schema element: sensor"),
    ({"KeyConditionExpression": Key("sensor").eq("s1") & Key("at").eq("text")},
     "One or more parameter values were invalid: Condition parameter type does not match schema "
     "type"),
    ({"FilterExpression": Attr("at").eq(1)},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: at"),
])
def test_queries_that_cannot_be(table, more, message):
    if more.get("IndexName") == "by-alarm":
        more = {**more, "KeyConditionExpression": Key("alarm").eq("low")}
    with pytest.raises(ClientError) as caught:
        table.query(**{"KeyConditionExpression": Key("sensor").eq("s1"), **more})
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"].replace("1 validation error detected: ", "", 1) == message
