"""stator serve as a process: options, ready line, signals, exit statuses."""
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from wire import STATOR, WAIT_SECONDS, Server, wait_for


def run(*arguments, **how):
    return subprocess.run([STATOR, *arguments], capture_output=True, text=True, check=False,
                          timeout=WAIT_SECONDS, **how)


def test_help_is_one_screen_and_starts_with_examples():
    for arguments in (("--help",), ("serve", "--help"), ("serve", "-help")):
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert lines[0].startswith("  stator serve")
        assert len(lines) <= 45 and max(map(len, lines)) <= 100


def test_version():
    for arguments in (("version",), ("--version",), ("serve", "-version")):
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("stator ")


@pytest.mark.parametrize("arguments", [
    (), ("frob",), ("version", "x"), ("serve", "x"), ("serve", "--frob"), ("serve", "--port"),
    ("serve", "--port", "65536"), ("serve", "--port", "-1"), ("serve", "--port", "8000x"),
    ("serve", "--port="), ("serve", "--memory=1"), ("serve", "--memory", "--db", "x.db"),
    ("serve", "-inMemory", "-dbPath", "."), ("serve", "--threads", "0"),
    ("serve", "--threads", "65"),
    ("serve", "--seed", "x"), ("serve", "--seed", "18446744073709551616"),
    ("serve", "--sync", "none"), ("serve", "--namespace-by", "x"), ("serve", "--validator", "old"),
    ("serve", "--like", "x"), ("serve", "--like", "aws"), ("serve", "--log-level", "loud"),
    ("serve", "--idle-timeout", "0"), ("serve", "--db", ""), ("serve", "-port=1"),
])
def test_wrong_usage_is_2_and_says_why(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("stator: ") or not arguments
    assert len(done.stderr.splitlines()) == 1 or not arguments


def test_like_aws_says_that_it_is_not_there_yet():
    assert "isn't there yet" in run("serve", "--like", "aws").stderr


def test_a_taken_port_is_named_and_no_file_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for threads in "1", "3":
            done = run("serve", "--port", str(port), "--threads", threads, cwd=tmp_path)
            assert (done.returncode, done.stdout) == (1, "")
            assert done.stderr == (f"stator: cannot listen on 127.0.0.1:{port}: address already in "
                                   "use: choose another with --port\n")
    assert not os.listdir(tmp_path)


def test_a_port_of_a_server_with_threads_is_taken_too():
    with Server("--threads", "2") as server:
        done = run("serve", "--memory", "--threads", "2", "--port", str(server.port))
        assert done.returncode == 1 and "already in use" in done.stderr


def test_an_address_of_another_machine_is_refused():
    done = run("serve", "--memory", "--host", "192.0.2.1")
    assert done.returncode == 1
    assert done.stderr == ("stator: cannot listen on 192.0.2.1:8000: this machine has no such "
                           "address: choose another with --host\n")


def test_a_port_is_free_again_at_once():
    with Server() as server:
        with server.client() as client:
            client.ask()
            server.stop()
        again = run("serve", "--memory", "--port", str(server.port), "--ready-file", "/")
        assert "cannot listen" not in again.stderr


def test_the_ready_file_holds_the_url(tmp_path):
    ready = tmp_path / "url"
    with Server("--ready-file", str(ready)) as server:
        assert wait_for(ready.exists)
        assert ready.read_text() == server.url + "\n"
        assert os.listdir(tmp_path) == ["url"]
    done = run("serve", "--memory", "--port", "0", "--ready-file", str(tmp_path / "no" / "url"))
    assert done.returncode == 1 and "choose another --ready-file" in done.stderr


def test_stdout_holds_the_ready_line_alone():
    with Server() as server:
        server.ask()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.stdout.read() == ""


def test_the_seed_is_printed_unless_given():
    with Server("--seed", "7") as server:
        pass
    assert server.errors == ""
    with Server() as server:
        pass
    assert server.errors.startswith("stator: seed ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_a_signal_ends_it_within_a_second(number, threads):
    server = Server("--threads", threads)
    idle = server.client()
    idle.ask()
    half = server.client().send("POST / HTTP/1.1\r\n")
    start = time.monotonic()
    assert server.stop(number) == 0
    assert time.monotonic() - start < (1 if "build/" in STATOR else 5)
    assert idle.is_closed() and half.is_closed()


def test_more_signals_do_not_cut_the_end_short():
    server = Server()
    half = server.client().send("POST / HTTP/1.1\r\n")
    server.process.send_signal(signal.SIGTERM)
    assert half.is_closed()
    server.process.send_signal(signal.SIGINT)
    assert server.stop() == 0


def test_it_ends_with_its_parent(tmp_path):
    script = ("import subprocess, sys, time\n"
              f"child = subprocess.Popen([{STATOR!r}, 'serve', '--memory', '--port', '0', "
              "'--die-with-parent'], stdout=subprocess.PIPE, text=True)\n"
              "print(child.pid, child.stdout.readline(), end='', flush=True)\n"
              "time.sleep(60)\n")
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                              cwd=tmp_path if os.path.isabs(STATOR) else None)
    pid = int(parent.stdout.readline().split()[0])
    os.kill(pid, 0)
    parent.kill()
    parent.wait()

    def is_gone():
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                return stat.read().rsplit(")", 1)[1].split()[0] == "Z"
        except FileNotFoundError:
            return True
    assert wait_for(is_gone)


def test_a_database_file_is_made_where_it_is_asked_for(tmp_path):
    with Server("--db", str(tmp_path / "x.db"), memory=False):
        assert (tmp_path / "x.db").exists()
    with Server("-dbPath", str(tmp_path), memory=False):
        assert (tmp_path / "stator.db").exists()


def test_a_file_that_is_no_database_is_refused_and_left(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("shopping list\n" * 100)
    done = run("serve", "--port", "0", "--db", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("stator: ") and "notes.txt" in done.stderr
    assert file.read_text() == "shopping list\n" * 100


def test_local_flags_start_a_server(tmp_path):
    with Server("-inMemory", "-sharedDb", "-cors", "*", "-disableTelemetry",
                "-delayTransientStatuses", memory=False) as server:
        assert server.ask("{}", "ListTables").body == b'{"TableNames":[]}'
    with Server("-dbPath", str(tmp_path), "-optimizeDbBeforeStartup", memory=False) as server:
        assert server.ask("{}", "ListTables").body == b'{"TableNames":[]}'


def test_files_that_cannot_be_read_are_named(tmp_path):
    for option in "--credentials", "--control-token", "--config":
        done = run("serve", "--memory", option, str(tmp_path / "none"))
        assert done.returncode == 1
        assert done.stderr.startswith("stator: ") and f"{tmp_path}/none" in done.stderr
        assert "no such file" in done.stderr.lower() and len(done.stderr.splitlines()) == 1


def test_a_config_that_is_wrong_is_refused(tmp_path):
    file = tmp_path / "stator.yaml"
    file.write_text("frob: 1\n")
    done = run("serve", "--memory", "--config", str(file))
    assert done.returncode == 1 and "frob" in done.stderr
    file.write_text("region: eu-west-1\n")
    with Server("--config", str(file)) as server:
        assert server.ask().status == 400


def test_credentials_are_checked_when_given(tmp_path):
    pytest.importorskip("botocore")
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    file = tmp_path / "keys.json"
    file.write_text(json.dumps([
        {"AccessKeyId": "AK", "SecretAccessKey": "secret"},
        {"AccessKeyId": "TK", "SecretAccessKey": "s", "SessionToken": "t"}]))

    def ask(server, *credentials, service="dynamodb", body="{}"):
        call = AWSRequest("POST", server.url + "/", data="{}", headers={
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "DynamoDB_20120810.ListTables"})
        SigV4Auth(Credentials(*credentials), service, "eu-west-1").add_auth(call)
        call.headers["host"] = f"{server.host}:{server.port}"
        headers = {name.lower().replace("-", "_"): value for name, value in call.headers.items()}
        headers.pop("x_amz_target")
        answer = server.ask(body, "ListTables", **headers)
        return answer.status, json.loads(answer.body).get("message", "")

    with Server("--credentials", str(file)) as server:
        for _ in range(2):  # the signing key is kept from the second on
            assert ask(server, "AK", "secret") == (200, "")
            assert ask(server, "TK", "s", "t") == (200, "")
        assert ask(server, "AK", "wrong")[1].startswith("The request signature we calculated")
        assert ask(server, "AK", "secret", body="[]")[1].startswith("The request signature we")
        assert ask(server, "XX", "secret") == \
            (400, "The security token included in the request is invalid.")
        assert ask(server, "TK", "s", "u") == \
            (400, "The security token included in the request is invalid")
        assert ask(server, "AK", "secret", service="s3")[1] == \
            "Credential should be scoped to correct service: 'dynamodb'. "
        assert b"Signature expired: 20260101T000000Z is now earlier than" in \
            server.ask("{}", "ListTables").body
