"""The endpoints under /_stator/: what they do, and for whom."""
import json
import socket
import time

import pytest

from wire import SIGNED, TABLE, Client, Server, get, put


def control(server, method, path, body=None, host="localhost:8000", **headers):
    body = json.dumps(body) if body is not None else ""
    lines = [f"{method} /_stator/{path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with server.client() as client:
        client.send("\r\n".join(lines) + "\r\n\r\n" + body)
        return client.answer().check()


@pytest.fixture(scope="module", name="server")
def shared_server():
    with Server() as server:
        yield server


def test_health(server):
    answer = control(server, "GET", "health")
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert json.loads(answer.body)["status"] == "ok"


def test_metrics_count_what_was_asked():
    with Server() as server:
        for _ in range(3):
            server.ask("{}", "ListTables")
        server.ask("{")
        with server.client() as client:
            client.send("nonsense\r\n\r\n").answer()
        answer = control(server, "GET", "metrics")
    assert answer.content_type.startswith("text/plain")
    lines = dict(line.rsplit(" ", 1) for line in answer.body.decode().splitlines()
                 if not line.startswith("#"))
    assert lines['stator_requests_total{operation="ListTables",status="200",worker="0"}'] == "3"
    assert lines['stator_requests_total{operation="none",status="400",worker="0"}'] == "1"
    assert lines["stator_requests_malformed_total"] == "1"
    assert int(lines["stator_connections_total"]) == 6
    assert int(lines["stator_commits_total"]) >= 4
    assert int(lines["stator_received_bytes_total"]) > 500
    assert int(lines["stator_sent_bytes_total"]) > 500


def test_the_clock_is_stopped_moved_and_started():
    with Server() as server:
        def clock(order=None):
            answer = control(server, "POST" if order else "GET", "clock", order)
            assert answer.status == 200
            return json.loads(answer.body)
        assert abs(clock()["now"] - time.time() * 1000) < 5000
        stopped = clock({"freeze": True})
        assert stopped["frozen"] and clock() == stopped
        assert clock({"advance_ms": 3600000})["now"] == stopped["now"] + 3600000
        assert not clock({"resume": True})["frozen"]
        assert 0 <= clock()["now"] - stopped["now"] - 3600000 < 5000


@pytest.mark.parametrize("order", [None, [], {}, {"advance_ms": "1"}, {"advance_ms": -1},
                                   {"advance_ms": 10 ** 18}, {"freeze": False}, {"stop": True},
                                   {"freeze": True, "advance_ms": 1}])
def test_an_order_the_clock_does_not_know_is_400(server, order):
    answer = control(server, "POST", "clock", order)
    assert answer.status == 400 and b'"message"' in answer.body


def is_there(server, key, **headers):
    with server.client() as client:
        return client.send(get(key, **headers)).answer().body != b"{}"


def test_reset_empties_all_tables_and_keeps_them():
    with Server() as server:
        assert server.ask(TABLE, "CreateTable").status == 200
        with server.client() as client:
            for i in range(1000):
                client.send(put(f"k{i}", "x" * 100))
                assert client.answer().status == 200
        assert is_there(server, "k7")
        answer = control(server, "POST", "reset")
        assert (answer.status, answer.body) == (200, b'{"emptied":1}')
        assert not is_there(server, "k7")
        shown = json.loads(server.ask('{"TableName":"Orders"}', "DescribeTable").body)["Table"]
        assert (shown["ItemCount"], shown["TableSizeBytes"]) == (0, 0)
        with server.client() as client:
            assert client.send(put("k7")).answer().status == 200
        assert is_there(server, "k7")


def test_reset_takes_the_names_of_namespaces():
    def region(name):
        return {"authorization": SIGNED.replace("eu-west-1", name)}

    with Server("--namespace-by", "region") as server:
        for name in "eu-west-1", "us-east-1":
            assert server.ask(TABLE, "CreateTable", **region(name)).status == 200
            with server.client() as client:
                assert client.send(put("k", **region(name))).answer().status == 200
        answer = control(server, "POST", "reset", {"namespaces": ["us-east-1"]})
        assert answer.body == b'{"emptied":1}'
        assert is_there(server, "k", **region("eu-west-1"))
        assert not is_there(server, "k", **region("us-east-1"))
        for order in [], {"namespaces": "x"}, {"namespaces": [1]}, {"tables": []}:
            assert control(server, "POST", "reset", order).status == 400


def test_unknown_endpoints_and_methods(server):
    assert control(server, "GET", "frob").status == 404
    assert control(server, "GET", "").status == 404
    assert control(server, "POST", "health").status == 405
    assert control(server, "GET", "reset").status == 405


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3:80",
                                  "[::1]:8000"])
def test_names_of_this_machine_may_ask(server, host):
    assert control(server, "GET", "health", host=host).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]",
                                  "localhost.evil.example", "10.0.0.1", "127.evil.example:80"])
def test_other_names_may_not(server, host):
    assert control(server, "GET", "health", host=host).status == 403


def test_web_pages_from_elsewhere_may_not(server):
    for origin in "https://evil.example", "null", "http://localhost.evil.example", "":
        assert control(server, "POST", "reset", Origin=origin).status == 403
    assert control(server, "GET", "health", Origin="http://localhost:3000").status == 200


def test_a_token_opens_and_its_lack_closes(tmp_path):
    file = tmp_path / "token"
    file.write_text("s3cret\n")
    with Server("--control-token", str(file)) as server:
        assert control(server, "GET", "health").status == 403
        assert control(server, "GET", "health", Authorization="Bearer wrong").status == 403
        assert control(server, "GET", "health", Authorization="s3cret").status == 403
        answer = control(server, "GET", "health", host="db.test", Authorization="Bearer s3cret")
        assert answer.status == 200


def test_other_machines_may_not():
    address = socket.gethostbyname(socket.gethostname())
    if address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    with Server("--host", "0.0.0.0") as server:
        with Client(address, server.port) as client:
            client.send("GET /_stator/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.answer().status == 403
