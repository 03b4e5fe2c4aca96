"""An endpoint that behaves as a test tells it to: slow, throttled, forgetful, cut off.

It knows the few operations that the harness calls and checks that each is signed.
"""
import contextlib
import hashlib
import hmac
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "a secret/with+signs"


def sign(secret, date, region, text):
    key = ("AWS4" + secret).encode()
    for part in (date, region, "dynamodb", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Refused(Exception):
    """An error of the service: its name, its message, the HTTP status."""

    def __init__(self, name, message="", status=400):
        super().__init__(name)
        self.name, self.message, self.status = name, message, status


class Standin:
    """What a test sets says how it behaves; `calls` holds what it was asked."""

    def __init__(self):
        self.active_after = 0.0   # seconds until a new table is ACTIVE
        self.index_after = 0.0    # seconds until its indexes are
        self.gone_after = 0.0     # seconds until a deleted table is gone
        self.hidden_reads = 0     # reads that don't find a table that is ACTIVE
        self.passing = {}         # operation: [Refused, ...], one for each of the next calls
        self.denied = {}          # operation: Refused, for every call
        self.lost = {}            # operation: calls that are carried out, but not answered
        self.unprocessed = 0      # batches of which only the first item is taken
        self.secret = None        # when set, signatures are checked against it
        self.calls = []
        self.items = {}           # table: items
        self.tables = {}          # table: description
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def names(self, operation):
        """The tables that this operation was called for, in order."""
        return [body.get("TableName") for name, body in self.calls if name == operation]

    # ---- the service -------------------------------------------------------------------------

    def refresh(self):
        now = time.monotonic()
        for name, table in list(self.tables.items()):
            if table["TableStatus"] == "DELETING" and now >= table["_gone"]:
                del self.tables[name]
            elif table["TableStatus"] == "CREATING" and now >= table["_active"]:
                table["TableStatus"] = "ACTIVE"
            for index in table.get("GlobalSecondaryIndexes", []):
                index["IndexStatus"] = "ACTIVE" if now >= table["_indexes"] else "CREATING"

    def find(self, body):
        table = self.tables.get(body["TableName"])
        if not table:
            raise Refused("ResourceNotFoundException",
                          f"Requested resource not found: Table: {body['TableName']} not found")
        return table

    @staticmethod
    def shown(table):
        return {name: value for name, value in table.items() if not name.startswith("_")}

    def create_table(self, body):
        if body["TableName"] in self.tables:
            raise Refused("ResourceInUseException", f"Table already exists: {body['TableName']}")
        now = time.monotonic()
        table = {**body, "TableStatus": "CREATING", "ItemCount": 0, "TableSizeBytes": 0,
                 "CreationDateTime": time.time(), "TableArn": "arn:" + body["TableName"],
                 "_active": now + self.active_after, "_indexes": now + self.index_after}
        if table.pop("BillingMode", None) == "PAY_PER_REQUEST":
            table["BillingModeSummary"] = {"BillingMode": "PAY_PER_REQUEST"}
        table = json.loads(json.dumps(table))
        self.tables[body["TableName"]] = table
        self.items[body["TableName"]] = []
        self.refresh()
        return {"TableDescription": self.shown(table)}

    def describe_table(self, body):
        return {"Table": self.shown(self.find(body))}

    def update_table(self, body):
        table = self.find(body)
        table["DeletionProtectionEnabled"] = body["DeletionProtectionEnabled"]
        return {"TableDescription": self.shown(table)}

    def delete_table(self, body):
        table = self.find(body)
        if table.get("DeletionProtectionEnabled"):
            raise Refused("ValidationException",
                          "Resource cannot be deleted as it is currently protected against "
                          "deletion. Disable deletion protection first.")
        if table["TableStatus"] == "CREATING":
            raise Refused("ResourceInUseException",
                          f"Attempt to change a resource which is still in use: Table is being "
                          f"created: {body['TableName']}")
        table["TableStatus"] = "DELETING"
        table["_gone"] = time.monotonic() + self.gone_after
        return {"TableDescription": self.shown(table)}

    def list_tables(self, body):
        names = sorted(self.tables)
        after = body.get("ExclusiveStartTableName", "")
        page = [name for name in names if name > after][:2]
        answer = {"TableNames": page}
        if page and page[-1] != names[-1]:
            answer["LastEvaluatedTableName"] = page[-1]
        return answer

    def scan(self, body):
        table = self.find(body)
        if table["TableStatus"] != "ACTIVE" or self.hidden_reads > 0:
            self.hidden_reads -= 1
            raise Refused("ResourceNotFoundException", "Requested resource not found")
        return {"Items": [], "Count": 0, "ScannedCount": 0}

    def batch_write_item(self, body):
        left = {}
        for name, requests in body["RequestItems"].items():
            if len(requests) > 25:
                raise Refused("ValidationException", "Too many items")
            taken = requests
            if self.unprocessed > 0:
                self.unprocessed -= 1
                taken, left[name] = requests[:1], requests[1:]
            self.items[name] += [request["PutRequest"]["Item"] for request in taken]
        return {"UnprocessedItems": {name: rest for name, rest in left.items() if rest}}

    def answer(self, operation, body):
        if self.denied.get(operation):
            raise self.denied[operation]
        if self.passing.get(operation):
            raise self.passing[operation].pop(0)
        words = "".join("_" + c.lower() if c.isupper() else c for c in operation).strip("_")
        return getattr(self, words)(body)

    # ---- the wire ----------------------------------------------------------------------------

    def check_signature(self, request, payload):
        given = request.headers.get("Authorization", "")
        if not given.startswith("AWS4-HMAC-SHA256 Credential="):
            raise Refused("MissingAuthenticationTokenException", "not signed")
        if self.secret is None:
            return
        parts = dict(part.split("=", 1) for part in given.split(" ", 1)[1].replace(" ", "")
                     .split(","))
        scope = parts["Credential"].split("/", 1)[1]
        date, region = scope.split("/")[:2]
        names = parts["SignedHeaders"].split(";")
        headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
        canonical = "\n".join([request.command, "/", "", headers, ";".join(names),
                               hashlib.sha256(payload).hexdigest()])
        text = "\n".join(["AWS4-HMAC-SHA256", request.headers["X-Amz-Date"], scope,
                          hashlib.sha256(canonical.encode()).hexdigest()])
        if sign(self.secret, date, region, text) != parts["Signature"]:
            raise Refused("InvalidSignatureException", "the signature does not match")

    def handler(self):
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def log_message(self, *_):
                pass

            def do_POST(self):
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                operation = self.headers["X-Amz-Target"].removeprefix("DynamoDB_20120810.")
                body = json.loads(payload)
                with standin.lock:
                    standin.refresh()
                    standin.calls.append((operation, body))
                    try:
                        standin.check_signature(self, payload)
                        status, answer = 200, standin.answer(operation, body)
                    except Refused as refused:
                        status = refused.status
                        answer = {"__type": "com.amazonaws.dynamodb.v20120810#" + refused.name,
                                  "message": refused.message}
                    is_lost = standin.lost.get(operation, 0) > 0
                    if is_lost:
                        standin.lost[operation] -= 1
                if is_lost:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        return Handler


@contextlib.contextmanager
def standin(**behaviour):
    made = Standin()
    for name, value in behaviour.items():
        setattr(made, name, value)
    try:
        yield made
    finally:
        made.close()
