"""A running `stator serve` and raw sockets to it, for tests of what goes over the wire."""
import os
import re
import select
import signal
import socket
import subprocess
import time
import zlib

STATOR = os.path.abspath(os.environ.get("STATOR", "build/stator"))
JSON = "application/x-amz-json-1.0"
SIGNED = ("AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/dynamodb/aws4_request, "
          "SignedHeaders=host;x-amz-date, Signature=00")
WAIT_SECONDS = 20  # sanitized builds on a busy machine


class Server:
    """A server on a free port, in memory unless told otherwise."""

    def __init__(self, *options, memory=True, **how):
        command = [STATOR, "serve", "--port", "0", *(["--memory"] if memory else []), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, **how)
        self.line = self.process.stdout.readline()
        found = re.fullmatch(r"stator: listening on (http://(.*):(\d+))\n", self.line)
        if not found:
            self.process.kill()
            raise AssertionError(f"ready line {self.line!r}, {self.process.communicate()[1]}")
        self.url, self.host, self.port = found[1], found[2].strip("[]"), int(found[3])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        status = self.stop()
        assert status == 0, f"exit {status}: {self.errors}"

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, self.errors = self.process.communicate(timeout=WAIT_SECONDS)
        return self.process.returncode

    def client(self):
        return Client(self.host, self.port)

    def ask(self, *how, **more):
        with self.client() as client:
            return client.ask(*how, **more)

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


class Answer:
    """One HTTP answer as it came."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __getattr__(self, name):  # answer.content_type
        return self.headers.get(name.replace("_", "-"))

    def check(self):
        """What every answer must have."""
        assert self.server == "Server"
        assert re.fullmatch(r"[0-9A-Z]{52}", self.x_amzn_requestid)
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", self.date)
        if self.x_amz_crc32 is not None:
            assert int(self.x_amz_crc32) == zlib.crc32(self.body)
        return self


class Client:
    """One connection."""

    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), WAIT_SECONDS)
        self.unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *pieces):
        for piece in pieces:
            self.socket.sendall(piece if isinstance(piece, bytes) else piece.encode("latin-1"))
        return self

    def more(self):
        """Reads on; False at the end of the stream."""
        piece = self.socket.recv(1 << 16)
        self.unread += piece
        return bool(piece)

    def until(self, mark):
        while mark not in self.unread:
            if not self.more():
                raise EOFError(f"closed after {self.unread[:200]!r}")
        before, _, self.unread = self.unread.partition(mark)
        return before

    def exactly(self, count):
        while len(self.unread) < count:
            if not self.more():
                raise EOFError(f"closed {count - len(self.unread)} bytes early")
        taken, self.unread = self.unread[:count], self.unread[count:]
        return taken

    def answer(self, has_body=True):
        first, *lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(re.fullmatch(r"HTTP/1\.1 (\d{3}) .*", first)[1])
        headers = {}
        for line in lines:
            name, value = line.split(": ", 1)
            assert name.lower() not in headers, f"{name} twice"
            headers[name.lower()] = value
        body = b""
        if headers.get("transfer-encoding") == "chunked":
            while (size := int(self.until(b"\r\n"), 16)) > 0:
                body += self.exactly(size)
                self.until(b"\r\n")
            self.until(b"\r\n")
        elif has_body and status != 100:
            body = self.exactly(int(headers["content-length"]))
        return Answer(status, headers, body)

    def ask(self, body="{}", target="Nope", **headers):
        return self.send(request(body, target, **headers)).answer().check()

    def is_closed(self, seconds=WAIT_SECONDS):
        """Whether the server closes within the time, having sent nothing more."""
        ready, _, _ = select.select([self.socket], [], [], seconds)
        if not ready:
            return False
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def request(body="{}", target="Nope", method="POST", path="/", **headers):
    """A signed call; a header given as None is left out, x_y stands for X-Y."""
    body = body if isinstance(body, bytes) else body.encode()
    all_headers = {"host": "localhost", "content-type": JSON, "content-length": str(len(body)),
                   "x-amz-target": "DynamoDB_20120810." + target if target else None,
                   "authorization": SIGNED, "x-amz-date": "20260101T000000Z"}
    all_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in all_headers.items() if value is not None]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


TABLE = ('{"TableName":"Orders","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],'
         '"AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],'
         '"BillingMode":"PAY_PER_REQUEST"}')


def put(key, value="", **headers):
    """A PutItem into the table that TABLE makes."""
    return request(f'{{"TableName":"Orders","Item":{{"k":{{"S":"{key}"}},"v":{{"S":"{value}"}}}}}}',
                   "PutItem", **headers)


def get(key, **headers):
    return request(f'{{"TableName":"Orders","Key":{{"k":{{"S":"{key}"}}}}}}', "GetItem", **headers)


def wait_for(claim, seconds=WAIT_SECONDS):
    """Whether the claim becomes true in time."""
    end = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
