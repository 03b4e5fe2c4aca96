"""Several clients count in the same items at once: nothing is lost, nothing is counted twice."""
import json
import threading

import pytest

from wire import Server, request

CLIENTS = 8
ROUNDS = 150
PLACES = [("memory", 1), ("memory", 2), ("file", 2)]

TABLE = {
    "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t}
                             for n, t in (("pk", "S"), ("sk", "S"), ("n", "N"))],
    "GlobalSecondaryIndexes": [{"IndexName": "byN", "Projection": {"ProjectionType": "ALL"},
                                "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}]}],
    "LocalSecondaryIndexes": [{"IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
                               "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                                             {"AttributeName": "n", "KeyType": "RANGE"}]}],
}


def call(client, operation, **members):
    answer = client.ask(json.dumps(members), operation)
    return answer.status, json.loads(answer.body)


def key(name):
    return {"pk": {"S": "p"}, "sk": {"S": name}}


def add(name, **more):
    return {"TableName": "Tab", "Key": key(name), "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}}, **more}


def count_blindly(client, problems):
    """ADD, several requests on their way at once."""
    for _ in range(ROUNDS // 10):
        client.send(*[request(json.dumps(add("blind")), "UpdateItem") for _ in range(10)])
        for _ in range(10):
            answer = client.answer().check()
            if answer.status != 200:
                problems.append(answer.body)


def count_by_condition(client, problems):
    """Read, then write if nobody has written in between; again until it goes through."""
    for _ in range(ROUNDS // 5):
        while True:
            _, found = call(client, "GetItem", TableName="Tab", Key=key("careful"),
                            ConsistentRead=True)
            old = found["Item"]["n"]
            status, answer = call(client, "PutItem", TableName="Tab",
                                  Item={**key("careful"), "n": {"N": str(int(old["N"]) + 1)}},
                                  ConditionExpression="n = :old",
                                  ExpressionAttributeValues={":old": old})
            if status == 200:
                break
            if "ConditionalCheckFailedException" not in answer["__type"]:
                problems.append(answer)
                return


def make_and_drop(client, which, problems):
    """Tables and indexes come and go while the others count."""
    name = f"Other{which}"
    for _ in range(5):
        for operation, members in (
                ("CreateTable", {**TABLE, "TableName": name}),
                ("PutItem", {"TableName": name, "Item": {**key("x"), "n": {"N": "1"}}}),
                ("DeleteTable", {"TableName": name})):
            status, answer = call(client, operation, **members)
            if status != 200:
                problems.append((operation, answer))
                return


def work(server, which, problems):
    try:
        with server.client() as client:
            count_blindly(client, problems)
            if which % 2 == 0:
                make_and_drop(client, which, problems)
            count_by_condition(client, problems)
    except Exception as problem:  # told by the test, not by the thread
        problems.append(repr(problem))


def check_indexes(client, blind, careful):
    for name in (None, "byN", "local"):
        _, answer = call(client, "Scan", TableName="Tab", **({"IndexName": name} if name else {}))
        assert {i["sk"]["S"]: int(i["n"]["N"]) for i in answer["Items"]} == {
            "blind": blind, "careful": careful}


@pytest.mark.parametrize("place,threads", PLACES)
def test_no_increment_is_lost(tmp_path, place, threads):
    options = ["--threads", str(threads)]
    options += ["--db", str(tmp_path / "x.db")] if place == "file" else []
    problems = []
    with Server(*options, memory=place == "memory") as server, server.client() as client:
        assert call(client, "CreateTable", **TABLE)[0] == 200
        assert call(client, "PutItem", TableName="Tab",
                    Item={**key("careful"), "n": {"N": "0"}})[0] == 200
        workers = [threading.Thread(target=work, args=(server, i, problems))
                   for i in range(CLIENTS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert not problems, problems[:5]
        check_indexes(client, CLIENTS * (ROUNDS // 10) * 10, CLIENTS * (ROUNDS // 5))
        assert call(client, "ListTables")[1]["TableNames"] == ["Tab"]
