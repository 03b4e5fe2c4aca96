"""What is answered is kept, and what can't be kept is not answered with success."""
import json
import resource
import signal
import threading

import pytest

from wire import TABLE, Server, get, put

FILE_BYTES_MAX = 2 << 20


def value_of(server, key):
    with server.client() as client:
        return json.loads(client.send(get(key)).answer().check().body)


@pytest.mark.parametrize("options", [(), ("--threads", "2"), ("--sync", "full")])
def test_an_answered_write_survives_a_kill(tmp_path, options):
    options = ("--db", str(tmp_path / "x.db"), *options)
    server = Server(*options, memory=False)
    assert server.ask(TABLE, "CreateTable").status == 200
    answered = [0] * 4

    def write(which):
        with server.client() as client:
            try:
                for i in range(1, 100000):
                    client.send(put(f"w{which}", str(i)))
                    if client.answer().status == 200:
                        answered[which] = i
            except (EOFError, OSError):
                pass

    writers = [threading.Thread(target=write, args=(i,)) for i in range(len(answered))]
    for writer in writers:
        writer.start()
    while min(answered) < 50:
        pass
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    for writer in writers:
        writer.join()
    with Server(*options, memory=False) as again:
        for which, least in enumerate(answered):
            kept = int(value_of(again, f"w{which}")["Item"]["v"]["S"])
            assert least <= kept <= least + 1


@pytest.mark.parametrize("place", ["memory", "file"])
def test_every_thread_sees_what_any_thread_has_answered(tmp_path, place):
    options = ("--threads", "3") + (("--db", str(tmp_path / "x.db")) if place == "file" else ())
    wrong = []

    def work(server, which):
        for value in "1", "2":
            with server.client() as writer, server.client() as reader:
                for i in range(40):
                    done = writer.send(put(f"w{which}-{i}", value)).answer()
                    seen = reader.send(get(f"w{which}-{i}")).answer()
                    if done.status != 200 or json.loads(seen.body)["Item"]["v"]["S"] != value:
                        wrong.append((done.body, seen.body))
            made = server.ask(TABLE.replace("Orders", f"T{which}-{value}"), "CreateTable")
            if made.status != 200:
                wrong.append(made.body)

    with Server(*options, memory=place == "memory") as server:
        assert server.ask(TABLE, "CreateTable").status == 200
        workers = [threading.Thread(target=work, args=(server, i)) for i in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert not wrong
        for _ in range(6):  # whichever thread answers
            assert len(json.loads(server.ask("{}", "ListTables").body)["TableNames"]) == 13


def test_answered_writes_survive_a_signal_under_load(tmp_path):
    options = ("--db", str(tmp_path / "x.db"))
    server = Server(*options, memory=False)
    assert server.ask(TABLE, "CreateTable").status == 200
    client = server.client()
    client.send(b"".join(put(f"k{i}") for i in range(500)))
    server.process.send_signal(signal.SIGTERM)
    answered = 0
    try:
        while True:
            assert client.answer().status == 200
            answered += 1
    except (EOFError, ConnectionResetError):
        pass
    assert server.stop() == 0
    with Server(*options, memory=False) as again:
        for i in range(answered):
            assert value_of(again, f"k{i}")["Item"]["k"]["S"] == f"k{i}"


def limit_file_size():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, FILE_BYTES_MAX))


def test_a_full_disk_is_500_for_every_answer_of_the_turn_and_nothing_worse(tmp_path):
    options = ("--db", str(tmp_path / "x.db"))
    written = []
    with Server(*options, memory=False, preexec_fn=limit_file_size) as server:
        assert server.ask(TABLE, "CreateTable").status == 200
        with server.client() as client:
            while len(written) < 10000:
                keys = [f"k{len(written) + i}" for i in range(20)]
                client.send(b"".join(put(key, "x" * 2000) for key in keys))
                answers = [client.answer().check() for _ in keys]
                written += [key for key, a in zip(keys, answers) if a.status == 200]
                if answers[-1].status != 200:
                    break
            assert answers[-1].status == 500 and len(written) > 100
            assert json.loads(answers[-1].body)["__type"] == \
                "com.amazonaws.dynamodb.v20120810#InternalServerError"
            # It goes on: what was answered is there, and reads are served.
            for key in written[::50] + written[-1:]:
                client.send(get(key))
                assert client.answer().status == 200
    assert "error" in server.errors
    with Server(*options, memory=False) as again:
        for key in written:
            assert "Item" in value_of(again, key)
        with again.client() as client:
            assert client.send(put("more")).answer().status == 200
