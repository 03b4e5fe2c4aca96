"""Transactions that the engine holds: others go on, answers stay in order, nothing is lost."""
import json
import time

import pytest

from control_test import control
from wire import TABLE, Server, get, put, request, wait_for

CONFLICT = b"TransactionConflictException"


def transact(*keys, **headers):
    puts = [{"Put": {"TableName": "Orders", "Item": {"k": {"S": key}}}} for key in keys]
    return request(json.dumps({"TransactItems": puts}), "TransactWriteItems", **headers)


def hold(server, ms):
    answer = control(server, "PUT", "behaviour", {"transaction_hold_ms": ms})
    assert answer.status == 200 and json.loads(answer.body)["transaction_hold_ms"] == ms


def is_there(server, key):
    with server.client() as client:
        return client.send(get(key)).answer().body != b"{}"


def status_of(server, call):
    with server.client() as client:
        return client.send(call).answer()


@pytest.fixture(name="server", params=["1", "2"])
def server_with_table(request):
    with Server("--threads", request.param) as server:
        assert server.ask(TABLE, "CreateTable").status == 200
        yield server


def delete(key):
    return request(json.dumps({"TableName": "Orders", "Key": {"k": {"S": key}}}), "DeleteItem")


def begin(server, client, *keys):
    """Sends a transaction and waits until it is held; asking too early changes nothing."""
    client.send(transact(*keys))
    assert wait_for(lambda: CONFLICT in status_of(server, delete(keys[0])).body)


def test_a_held_transaction_does_not_stop_the_others(server):
    hold(server, 3000)
    with server.client() as client:
        began = time.monotonic()
        begin(server, client, "a", "b")
        assert status_of(server, put("c")).status == 200
        refused = status_of(server, put("b"))
        assert refused.status == 400 and CONFLICT in refused.body
        cancelled = status_of(server, transact("c", "a"))
        assert b"[None, TransactionConflict]" in cancelled.body
        assert not is_there(server, "a") and not is_there(server, "b")
        assert time.monotonic() - began < 2.9
        assert client.answer().check().status == 200
        assert time.monotonic() - began >= 2.9
    assert is_there(server, "a") and is_there(server, "b")
    assert status_of(server, put("a")).status == 200


def test_answers_of_a_connection_stay_in_order(server):
    hold(server, 300)
    with server.client() as client:
        client.send(get("first") + transact("a") + get("a") + transact("b") + get("b"))
        bodies = [client.answer().check().body for _ in range(5)]
    assert bodies == [b"{}", b"{}", b'{"Item":{"k":{"S":"a"}}}', b"{}",
                      b'{"Item":{"k":{"S":"b"}}}']


def test_many_held_transactions_end_together(server):
    hold(server, 400)
    began = time.monotonic()
    clients = [server.client() for _ in range(20)]
    for number, client in enumerate(clients):
        client.send(transact(f"key-{number}"))
    for client in clients:
        assert client.answer().check().status == 200
        client.socket.close()
    assert 0.4 <= time.monotonic() - began < 4
    assert all(is_there(server, f"key-{number}") for number in range(20))


def test_a_connection_is_closed_after_the_answer_to_a_held_last_request(server):
    hold(server, 200)
    with server.client() as client:
        client.send(transact("a", connection="close"))
        assert client.answer().check().status == 200
        assert client.is_closed()


def test_a_client_that_leaves_locks_nothing_for_longer(server):
    hold(server, 300)
    with server.client() as client:
        begin(server, client, "a")
    assert wait_for(lambda: status_of(server, put("a")).status == 200)


def test_stopping_ends_held_transactions_at_once_and_keeps_them(tmp_path):
    file = str(tmp_path / "held.db")
    with Server("--db", file, memory=False) as server:
        assert server.ask(TABLE, "CreateTable").status == 200
        hold(server, 60000)
        with server.client() as client:
            begin(server, client, "a")
            began = time.monotonic()
            server.process.terminate()
            assert client.answer().check().status == 200
            assert server.stop() == 0
            assert time.monotonic() - began < 5
    with Server("--db", file, memory=False) as server:
        assert is_there(server, "a")


@pytest.mark.parametrize("order", [None, {}, {"transaction_hold_ms": -1}, {"hold": 1}, [],
                                   {"transaction_hold_ms": "1"}, {"transaction_hold_ms": 60001}])
def test_a_behaviour_that_is_not_known_is_400(order):
    with Server() as server:
        answer = control(server, "PUT", "behaviour", order)
        assert answer.status == 400 and b'"message"' in answer.body
        assert json.loads(control(server, "GET", "behaviour").body)["transaction_hold_ms"] == 0
