"""Eventually consistent reads that lag behind: by how much, of what, and who is told."""
import json

import pytest

from control_test import control
from wire import TABLE, Server, get, put, request

INDEXED = json.dumps({
    "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"},
                             {"AttributeName": "v", "AttributeType": "S"}],
    "GlobalSecondaryIndexes": [{"IndexName": "by-v", "Projection": {"ProjectionType": "ALL"},
                                "KeySchema": [{"AttributeName": "v", "KeyType": "HASH"}]}]})
OFF = {"transaction_hold_ms": 0, "lag": "none", "index_lag": "none", "tables": {}}


def started(*options, table=INDEXED):
    server = Server(*options)
    assert server.ask(table, "CreateTable").status == 200
    assert control(server, "POST", "clock", {"freeze": True}).status == 200
    return server


def call(server, message):
    with server.client() as client:
        answer = client.send(message).answer().check()
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def advance(server, ms):
    assert control(server, "POST", "clock", {"advance_ms": ms}).status == 200


def value(server, key, strong=False):
    read = {"TableName": "Orders", "Key": {"k": {"S": key}}, "ConsistentRead": strong}
    return call(server, request(json.dumps(read), "GetItem")).get("Item", {}).get("v", {}).get("S")


def by_value(server, wanted):
    read = {"TableName": "Orders", "IndexName": "by-v", "KeyConditionExpression": "v = :v",
            "ExpressionAttributeValues": {":v": {"S": wanted}}}
    return [item["k"]["S"] for item in call(server, request(json.dumps(read), "Query"))["Items"]]


def report(server):
    return json.loads(control(server, "GET", "report").body)


def test_worst_shows_the_oldest_state_until_the_lag_is_over():
    with started("--lag", "worst:500") as server:
        call(server, put("a", "one"))
        assert value(server, "a") is None and value(server, "a", strong=True) == "one"
        advance(server, 300)
        call(server, put("a", "two"))
        assert value(server, "a") is None
        advance(server, 200)
        assert value(server, "a") == "one" and value(server, "a", strong=True) == "two"
        advance(server, 299)
        assert value(server, "a") == "one"
        advance(server, 1)
        assert value(server, "a") == "two"


def test_without_options_every_read_is_current():
    with started() as server:
        call(server, put("a", "one"))
        assert value(server, "a") == "one" and by_value(server, "one") == ["a"]
        assert report(server) == {"stale_read_count": 0, "stale_reads": []}
        assert json.loads(control(server, "GET", "behaviour").body) == OFF


def test_an_index_lags_by_its_own_amount():
    with started("--index-lag", "worst:2000") as server:
        call(server, put("a", "one"))
        assert value(server, "a") == "one" and by_value(server, "one") == []
        advance(server, 1999)
        assert by_value(server, "one") == []
        advance(server, 1)
        assert by_value(server, "one") == ["a"]
        call(server, put("a", "two"))
        assert by_value(server, "one") == ["a"] and by_value(server, "two") == []


def test_the_report_names_reader_key_and_the_write_it_missed():
    with started("--lag", "worst", "--index-lag", "worst") as server:
        call(server, put("a", "one"))
        advance(server, 250)
        call(server, get("a", user_agent="tests/1", x_stator_test="reads its own write"))
        by_value(server, "one")
        value(server, "a", strong=True)
        value(server, "b")
        answer = report(server)
    now = answer["stale_reads"][0].pop("at")
    assert answer["stale_reads"][1].pop("at") == now
    missed = {"operation": "PutItem", "change": "insert", "age_ms": 250}
    assert answer == {"stale_read_count": 2, "stale_reads": [
        {"operation": "GetItem", "table": "Orders", "key": {"k": {"S": "a"}}, "missed": missed,
         "user_agent": "tests/1", "test": "reads its own write", "mend": "ConsistentRead"},
        {"operation": "Query", "table": "Orders", "index": "by-v", "missed": missed,
         "key": {"k": {"S": "a"}, "v": {"S": "one"}},
         "mend": "an index: strong reads are not possible"}]}


def test_a_read_whose_answer_is_the_same_is_not_reported():
    with started("--lag", "worst") as server:
        call(server, put("a", "one"))
        advance(server, 1000)
        call(server, put("a", "two"))
        read = {"TableName": "Orders", "Key": {"k": {"S": "a"}}, "ProjectionExpression": "k"}
        assert call(server, request(json.dumps(read), "GetItem"))["Item"] == {"k": {"S": "a"}}
        scan = {"TableName": "Orders", "FilterExpression": "v = :v",
                "ExpressionAttributeValues": {":v": {"S": "three"}}}
        assert call(server, request(json.dumps(scan), "Scan"))["Count"] == 0
        assert report(server)["stale_read_count"] == 0
        scan["ExpressionAttributeValues"][":v"]["S"] = "two"
        assert call(server, request(json.dumps(scan), "Scan"))["Count"] == 0
        assert report(server)["stale_read_count"] == 1


def test_the_report_keeps_the_last_thousand():
    with started("--lag", "worst") as server, server.client() as client:
        client.send(put("a", "one")).answer()
        for _ in range(11):
            client.send(*[get("a")] * 100)
            assert all(client.answer().body == b"{}" for _ in range(100))
        answer = report(server)
        assert answer["stale_read_count"] == 1100 and len(answer["stale_reads"]) == 1000


def test_lag_changes_while_running_and_per_table():
    with started() as server:
        set_to = {"lag": "worst:700", "tables": {"Orders": {"lag": "none", "index_lag": "worst"}}}
        answer = control(server, "PUT", "behaviour", set_to)
        assert answer.status == 200
        assert json.loads(answer.body) == {
            "transaction_hold_ms": 0, "lag": "worst:700", "index_lag": "none",
            "tables": {"Orders": {"lag": "none", "index_lag": "worst:2000"}}}
        call(server, put("a", "one"))
        assert value(server, "a") == "one" and by_value(server, "one") == []
        answer = control(server, "PUT", "behaviour", {"tables": {}})
        assert json.loads(answer.body)["lag"] == "worst:700"
        assert value(server, "a") is None and by_value(server, "one") == ["a"]
        assert control(server, "PUT", "behaviour", {"lag": "none"}).status == 200
        assert value(server, "a") == "one"
        assert json.loads(control(server, "GET", "behaviour").body) == OFF


@pytest.mark.parametrize("order", [
    {"lag": "wurst"}, {"lag": "worst:"}, {"lag": "worst:0"}, {"lag": "none:1"}, {"lag": 5},
    {"index_lag": "random:3600001"}, {"lag": "random:-1"}, {"lag": ""}, {"tables": []},
    {"tables": {"Orders": "worst"}}, {"tables": {"Orders": {"log": "worst"}}},
    {"lag": "worst", "transaction_hold_ms": -1}])
def test_a_lag_that_is_not_known_is_400_and_changes_nothing(order):
    with Server() as server:
        answer = control(server, "PUT", "behaviour", order)
        assert answer.status == 400 and b'"message"' in answer.body
        assert json.loads(control(server, "GET", "behaviour").body) == OFF


def random_answers(seed):
    """What one worker answers to the same requests, byte for byte."""
    with started("--lag", "random:400", "--index-lag", "random", "--seed", seed) as server:
        bodies = []
        for step in range(150):
            call(server, put(f"k{step % 7}", f"v{step % 3}"))
            advance(server, 37)
            with server.client() as client:
                bodies.append(client.send(get(f"k{step % 5}")).answer().body)
            bodies.append(tuple(by_value(server, f"v{step % 3}")))
        return bodies


def test_one_seed_gives_the_same_answers_again():
    assert random_answers("7") == random_answers("7")
    assert random_answers("7") != random_answers("8")


def test_pipelined_requests_are_as_stale_as_single_ones():
    with started("--lag", "worst", table=TABLE) as server, server.client() as client:
        client.send(put("a", "one") + get("a") + put("a", "two") + get("a"))
        assert [client.answer().check().body for _ in range(4)] == [b"{}"] * 4
        advance(server, 1000)
        client.send(put("a", "three") + get("a"))
        assert [client.answer().check().body for _ in range(2)] == [
            b"{}", b'{"Item":{"k":{"S":"a"},"v":{"S":"two"}}}']
