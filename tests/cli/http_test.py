"""The server's HTTP: what each kind of request, well formed or not, is answered with."""
import gzip
import socket
import struct
import threading
import time
import zlib

import pytest

from wire import JSON, SIGNED, Client, Server, request, wait_for

UNKNOWN = b'{"__type":"com.amazon.coral.service#UnknownOperationException"}'
NO_JSON = b'{"__type":"com.amazon.coral.service#SerializationException"}'
NOT_FOUND = b"<UnknownOperationException/>\n"
MB = 1 << 20


@pytest.fixture(scope="module", name="server")
def shared_server():
    with Server() as server:
        yield server
        # Whatever the tests did to it, it lives and answers.
        assert server.ask().body == UNKNOWN


def big_error():
    """A call that is answered with a text of some 12 KB, and that text's start."""
    header = "AWS4-" + "x" * 12000
    return {"target": "ListTables", "authorization": header}


# ---- kinds of request --------------------------------------------------------------------------


def test_get_root_is_healthy(server):
    with server.client() as client:
        client.send("GET / HTTP/1.1\r\nHost: dynamodb.eu-west-1.amazonaws.com\r\n\r\n")
        answer = client.answer().check()
    assert (answer.status, answer.body) == (200, b"healthy: dynamodb.eu-west-1.amazonaws.com ")
    assert answer.connection == "keep-alive"


@pytest.mark.parametrize("how", [
    {"method": "GET", "path": "/x"},
    {"method": "PUT"},
    {"method": "DELETE"},
    {"method": "OPTIONS"},
    {"content_type": None},
    {"content_type": "text/plain"},
    {"content_type": "application/x-amz-json-1.1"},
    {"content_type": "application/jsonx"},
])
def test_other_methods_and_types_are_404(server, how):
    answer = server.ask(**how)
    assert (answer.status, answer.body) == (404, NOT_FOUND)
    assert answer.x_amz_crc32 == "3552371480"
    assert answer.content_type is None


def test_head_has_headers_alone(server):
    with server.client() as client:
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = client.answer(has_body=False)
        assert (answer.status, answer.content_length) == (404, "29")
        assert client.ask().body == UNKNOWN


@pytest.mark.parametrize("sent, echoed", [
    (JSON, JSON),
    ("application/json", "application/json"),
    ("Application/JSON; charset=utf-8", "application/json"),
    (JSON + ";charset=utf-8", JSON),
])
def test_the_content_type_is_echoed(server, sent, echoed):
    answer = server.ask(content_type=sent)
    assert (answer.status, answer.body, answer.content_type) == (400, UNKNOWN, echoed)


@pytest.mark.parametrize("target", ["", "Nope", "getItem", "Get Item", "."])
def test_an_unknown_operation_has_no_message(server, target):
    answer = server.ask(x_amz_target="DynamoDB_20120810." + target)
    assert (answer.status, answer.body) == (400, UNKNOWN)


@pytest.mark.parametrize("target", [None, "", "GetItem", "DynamoDB_20111205.GetItem",
                                    "DynamoDBStreams_20120810.PutItem", "x" * 8000])
def test_a_target_of_another_form_is_an_unknown_operation(server, target):
    answer = server.ask(x_amz_target=target)
    assert (answer.status, answer.body) == (400, UNKNOWN)


WHOLE = b'{"TableName":"T","Key":{"k":{"S":"\xc3\xa4\\u00e4"}},"N":[-1.5e3,true,null]}'


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_json_cut_anywhere_is_no_json(server, cut):
    answer = server.ask(WHOLE[:cut], authorization=None)
    assert (answer.status, answer.body) == (400, NO_JSON)


@pytest.mark.parametrize("body", [
    b"\xff\xfe", b'{"a":"\xc3"}', b"{}{}", b"{'a':1}", b'{"a":01}', b'{"a":1,}', b"nul", b"\0",
    b'{"a":"\x01"}', b'{"a":"\\ud800"}', b"[" * 100000, b'{"a":' * 100000, b"NaN", b"// {}",
    b"1" * 1000000 + b"x",
])
def test_bytes_that_are_no_json(server, body):
    answer = server.ask(body)
    assert (answer.status, answer.body) == (400, NO_JSON)


def test_json_wins_over_target_over_signature(server):
    assert server.ask("{", authorization=None).body == NO_JSON
    assert server.ask("{}", authorization=None).body == UNKNOWN
    answer = server.ask("{}", "ListTables", authorization=None)
    assert answer.body == (b'{"__type":"com.amazon.coral.service#'
                           b'MissingAuthenticationTokenException",'
                           b'"message":"Request is missing Authentication Token"}')


def test_a_presigned_call_needs_no_header(server):
    query = ("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k%2F20260101%2Feu-west-1%2F"
             "dynamodb%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&"
             "X-Amz-Signature=00")
    answer = server.ask("{}", "ListTables", path=query, authorization=None, x_amz_date=None)
    assert (answer.status, answer.body) == (200, b'{"TableNames":[]}')
    both = server.ask("{}", "ListTables", path=query)
    assert b"Found both 'X-Amz-Algorithm'" in both.body


# ---- framing -----------------------------------------------------------------------------------


def test_pipelined_requests_are_answered_in_order(server):
    with server.client() as client:
        count = 2000
        for i in range(0, count, 100):
            client.send(b"".join(f"GET / HTTP/1.1\r\nHost: h{j}\r\n\r\n".encode()
                                 for j in range(i, i + 100)))
        for i in range(count):
            assert client.answer().body == f"healthy: h{i} ".encode()


def test_a_request_may_come_byte_by_byte(server):
    with server.client() as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request("{}", user_agent="slow"):
            client.send(bytes([byte]))
        assert client.answer().check().body == UNKNOWN


def test_a_request_may_be_cut_in_two_anywhere(server):
    whole = request("{}")
    with server.client() as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for cut in range(1, len(whole), 7):
            client.send(whole[:cut])
            time.sleep(0.0005)
            client.send(whole[cut:])
            assert client.answer().check().body == UNKNOWN


def test_a_chunked_body_with_extension_and_trailer(server):
    head = request("", content_length=None, transfer_encoding="chunked")
    with server.client() as client:
        client.send(head, "1\r\n{\r\n1;a=b\r\n}\r\n0\r\nTrailer: x\r\n\r\n")
        assert client.answer().check().body == UNKNOWN
        client.send(head, "1\r\n{\r\n0\r\n\r\n")
        assert client.answer().check().body == NO_JSON


def test_continue_is_said_before_a_body_that_waits(server):
    with server.client() as client:
        whole = request("{}", expect="100-continue")
        client.send(whole[:-2])
        assert client.answer().status == 100
        client.send(whole[-2:])
        assert client.answer().body == UNKNOWN


def test_continue_is_not_said_once_the_body_is_there(server):
    with server.client() as client:
        client.send(request("{}", expect="100-continue"))
        assert client.answer().status == 400


def test_continue_comes_after_the_answers_before_it(server):
    with server.client() as client:
        whole = request("{}", expect="100-continue")
        client.send(request("{"), whole[:-2])
        assert client.answer().body == NO_JSON
        assert client.answer().status == 100
        client.send(whole[-2:])
        assert client.answer().body == UNKNOWN


def test_connection_close_is_honoured(server):
    with server.client() as client:
        client.send(request(connection="close"))
        answer = client.answer().check()
        assert answer.connection == "close"
        assert client.is_closed()


def test_http_1_0_closes_unless_asked(server):
    with server.client() as client:
        client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n")
        assert client.answer().connection == "close"
        assert client.is_closed()
    with server.client() as client:
        client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")
        assert client.answer().connection == "keep-alive"
        assert client.ask().body == UNKNOWN


def test_an_offer_to_upgrade_is_passed_over(server):
    with server.client() as client:
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")
        assert client.answer().body == b"healthy: a "
        assert client.ask().body == UNKNOWN
        answer = client.ask(connection="Upgrade", upgrade="websocket")
        assert answer.body == UNKNOWN
        assert client.ask().body == UNKNOWN


def test_a_proxys_absolute_target(server):
    with server.client() as client:
        client.send("GET http://example.com HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.answer().body == b"healthy: a "
        client.send(request(path="http://example.com:80/?x=1"))
        assert client.answer().body == UNKNOWN


MALFORMED = [
    b"\r\n\r\n\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    b"FROB / HTTP/1.1\r\n\r\n", b"get / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    b"GET / HTTP/1.1\r\n: a\r\n\r\n", b"GET / HTTP/1.1\r\nA b: c\r\n\r\n",
    b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\n\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, x\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"{}\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n",
]


@pytest.mark.parametrize("sent", MALFORMED)
def test_malformed_http_is_400_and_closed(server, sent):
    with server.client() as client:
        client.send(sent)
        answer = client.answer().check()
        assert (answer.status, answer.body, answer.connection) == (400, b"", "close")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.is_closed()


def test_what_was_asked_before_the_malformed_part_is_answered(server):
    with server.client() as client:
        client.send(request() + request("{") + b"nonsense\r\n\r\n")
        assert client.answer().body == UNKNOWN
        assert client.answer().body == NO_JSON
        assert client.answer().status == 400
        client.socket.shutdown(socket.SHUT_WR)
        assert client.is_closed()


# ---- limits ------------------------------------------------------------------------------------


def test_headers_to_the_limit_pass_and_past_it_are_400(server):
    assert server.ask(a="x" * 15000).body == UNKNOWN
    with server.client() as client:
        client.send(request(a="x" * 17000))
        assert client.answer().check().status == 400
    with server.client() as client:
        client.send(request(**{f"a{i}": "x" for i in range(200)}))
        assert client.answer().check().status == 400
    with server.client() as client:
        client.send(request(path="/?" + "x" * 17000))
        assert client.answer().check().status == 400


def test_endless_headers_are_cut_off(server):
    with server.client() as client:
        client.send("GET / HTTP/1.1\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError, TimeoutError, AssertionError)):
            for i in range(100000):
                client.send(f"Header-{i}: {'x' * 1000}\r\n")
                assert i < 50000
    assert server.ask().body == UNKNOWN


def test_endless_trailers_are_cut_off(server):
    with server.client() as client:
        client.send(request("", content_length=None, transfer_encoding="chunked"), "0\r\n")
        for i in range(20):
            client.send(f"Trailer-{i}: {'x' * 1000}\r\n")
        assert client.answer().status == 400


def test_a_body_of_16_mb_passes_and_more_is_413(server):
    body = b'{"a":"' + b"x" * (16 * MB - 8) + b'"}'
    assert len(body) == 16 * MB
    assert server.ask(body).body == UNKNOWN
    with server.client() as client:
        client.send(request("", content_length=str(16 * MB + 1)))
        answer = client.answer().check()
        assert (answer.status, answer.body, answer.transfer_encoding) == (413, b"", "chunked")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.is_closed()


def test_a_client_that_goes_on_sending_still_reads_its_413(server):
    with server.client() as client:
        client.send(request("", content_length=str(20 * MB)))
        client.send(b"x" * (20 * MB))
        assert client.answer().status == 413


def test_a_chunked_body_over_the_limit_is_413(server):
    with server.client() as client:
        client.send(request("", content_length=None, transfer_encoding="chunked"))
        chunk = b"100000\r\n" + b"x" * MB + b"\r\n"
        for _ in range(17):
            client.send(chunk)
        assert client.answer().status == 413


# ---- compression -------------------------------------------------------------------------------


@pytest.mark.parametrize("name, encode", [("gzip", gzip.compress), ("GZIP", gzip.compress),
                                          ("deflate", zlib.compress), ("identity", bytes)])
def test_a_compressed_body_is_read(server, name, encode):
    assert server.ask(encode(b"{}"), content_encoding=name).body == UNKNOWN
    assert server.ask(encode(b"{"), content_encoding=name).body == NO_JSON


def test_a_broken_compressed_body_is_500_and_an_unknown_coding_refused(server):
    whole = gzip.compress(b'{"a":1}')
    for broken in (whole[:-1], whole[:12], b"", b"{}", whole + b"x", whole[:-4] + b"0000"):
        answer = server.ask(broken, content_encoding="gzip")
        assert answer.status == 500
        assert b"#InternalServerError" in answer.body
    assert server.ask(b"{}", content_encoding="br").status == 400


@pytest.mark.parametrize("name, encode", [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_bomb_is_413(server, name, encode):
    before = server.resident_kb()
    bomb = encode(b'{"a":"' + b" " * (100 * MB) + b'"}')
    assert len(bomb) < MB
    with server.client() as client:
        client.send(request(bomb, content_encoding=name))
        assert client.answer().status == 413
    assert server.resident_kb() - before < 50 * 1024


def test_a_large_answer_is_compressed_when_asked(server):
    plain = server.ask(**big_error())
    assert len(plain.body) > 4096 and plain.content_encoding is None
    for accept, name, decode in (("gzip, deflate", "gzip", gzip.decompress),
                                 ("deflate", "deflate", zlib.decompress),
                                 ("gzip;q=0, deflate;q=0.5", "deflate", zlib.decompress)):
        answer = server.ask(accept_encoding=accept, **big_error())
        assert answer.content_encoding == name
        assert decode(answer.body) == plain.body
    for accept in ("identity", "br", "gzip;q=0", ""):
        assert server.ask(accept_encoding=accept, **big_error()).content_encoding is None
    assert server.ask(accept_encoding="gzip").content_encoding is None  # too small


# ---- CORS --------------------------------------------------------------------------------------


def test_cors_headers_come_with_an_origin_alone(server):
    assert server.ask().access_control_allow_origin is None
    answer = server.ask(origin="https://example.com")
    assert answer.access_control_allow_origin == "*"


def test_a_preflight_is_allowed(server):
    with server.client() as client:
        client.send("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://example.com\r\n"
                    "Access-Control-Request-Method: PUT\r\n"
                    "Access-Control-Request-Headers: x-amz-target, x\r\n\r\n")
        answer = client.answer().check()
    assert (answer.status, answer.body) == (200, b"")
    assert answer.access_control_allow_origin == "*"
    assert answer.access_control_allow_methods == "PUT"
    assert answer.access_control_allow_headers == "x-amz-target, x"
    assert answer.access_control_max_age == "172800"


def test_cors_may_be_limited_to_a_list():
    with Server("--cors", "https://a.example,https://b.example") as server:
        answer = server.ask(origin="https://b.example")
        assert (answer.access_control_allow_origin, answer.vary) == ("https://b.example", "Origin")
        answer = server.ask(origin="https://c.example")
        assert (answer.access_control_allow_origin, answer.vary) == (None, None)
        assert answer.body == UNKNOWN


# ---- connections -------------------------------------------------------------------------------


def test_a_client_that_closes_its_side_is_still_answered(server):
    with server.client() as client:
        client.send(request() * 3)
        client.socket.shutdown(socket.SHUT_WR)
        for _ in range(3):
            assert client.answer().body == UNKNOWN
        assert client.is_closed()


def test_a_client_that_ends_within_a_request_is_let_go(server):
    for cut in (1, 20, 100, len(request()) - 1):
        with server.client() as client:
            client.send(request()[:cut])
            client.socket.shutdown(socket.SHUT_WR)
            assert client.is_closed()


def test_reset_connections_do_no_harm(server):
    for i in range(200):
        with server.client() as client:
            client.send(request() * (i % 5), request()[:i])
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert server.ask().body == UNKNOWN


def test_a_thousand_idle_connections_cost_little_and_close_at_once():
    with Server() as server:
        assert server.ask().body == UNKNOWN
        before = server.resident_kb()
        clients = [server.client() for _ in range(1000)]
        for client in clients[::10]:
            client.send(request()[:60])
        assert all(client.ask().body == UNKNOWN for client in clients[1::10])
        grown = server.resident_kb() - before
        start = time.monotonic()
        server.stop()
        assert time.monotonic() - start < 5
        assert grown < 40 * 1024, f"{grown} KB for 1000 connections"
        for client in clients:
            client.socket.close()


def test_a_slow_reader_makes_nothing_grow():
    with Server() as server:
        with server.client() as client, server.client() as other:
            call = request(**big_error())
            client.socket.setblocking(False)
            sent = 0
            before = server.resident_kb()
            try:
                while sent < 400 * MB:
                    sent += client.socket.send(call * 100)
                    other.ask()
            except BlockingIOError:
                pass
            assert sent < 100 * MB
            assert server.resident_kb() - before < 64 * 1024
            # It loses nothing: once it reads, its answers come, each whole.
            client.socket.setblocking(True)
            client.socket.settimeout(20)
            client.socket.shutdown(socket.SHUT_WR)
            whole = sent // len(call)
            for _ in range(min(whole, 200)):
                assert client.answer().status == 400


def test_every_answer_arrives_however_slowly_it_is_read(server):
    count = 3000
    with server.client() as client:
        call = request(**big_error())
        sender = threading.Thread(target=client.send, args=(call * count,))
        sender.start()
        for i in range(count):
            answer = client.answer()
            assert answer.status == 400 and len(answer.body) > 12000
            if i % 500 == 0:
                time.sleep(0.05)
        sender.join()


def test_idle_and_slow_clients_time_out():
    with Server("--idle-timeout", "1", "--request-timeout", "1") as server:
        with server.client() as idle, server.client() as slow_head, server.client() as slow_body:
            assert idle.ask().body == UNKNOWN
            slow_head.send("POST / HTTP/1.1\r\n")
            slow_body.send(request("{}")[:-1])
            start = time.monotonic()
            for client in (idle, slow_head, slow_body):
                assert client.is_closed()
            assert time.monotonic() - start < 10
        with server.client() as dripping:  # a byte now and then does not help
            start = time.monotonic()
            for byte in request():
                try:
                    dripping.send(bytes([byte]))
                except (BrokenPipeError, ConnectionResetError):
                    break
                if time.monotonic() - start > 10:
                    pytest.fail("still open")
                time.sleep(0.1)


def test_connections_over_the_limit_are_closed_and_room_is_made_again():
    with Server("--max-connections", "3") as server:
        clients = [server.client() for _ in range(3)]
        assert all(client.ask().body == UNKNOWN for client in clients)
        with server.client() as fourth:
            assert fourth.is_closed()
        clients[0].socket.close()

        def answers():
            try:
                return server.ask().body == UNKNOWN
            except (EOFError, ConnectionResetError, BrokenPipeError):
                return False
        assert wait_for(answers)
        for client in clients:
            client.socket.close()


def test_many_threads_serve_one_port():
    with Server("--threads", "3") as server:
        clients = [server.client() for _ in range(60)]
        for _ in range(5):
            for client in clients:
                client.send(request() * 3)
            for client in clients:
                assert [client.answer().body for _ in range(3)] == [UNKNOWN] * 3
        for client in clients:
            client.socket.close()


def test_sockets_are_reached_by_ipv6_too():
    if not socket.has_ipv6:
        pytest.skip("no IPv6")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 loopback address")
    with Server("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        with Client("::1", server.port) as client:
            assert client.ask().body == UNKNOWN


def test_the_access_key_is_not_logged():
    with Server("--log-level", "debug") as server:
        server.ask("{}", "ListTables")
        server.ask("{", authorization=SIGNED)
    assert "Signature" not in server.errors and "Credential" not in server.errors
