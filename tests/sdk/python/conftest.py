"""A server for the whole run, clients of it, and tables that go away with their tests.

STATOR_TEST_ENDPOINT=http://... runs the tests against that server instead of a Stator of their own;
STATOR_TEST_ENDPOINT=aws runs them against AWS with boto3's own credentials.
"""
import os
import re
import secrets
import selectors
import subprocess
import time

import boto3
import pytest
from botocore.config import Config

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
READY_SECONDS = 10
LAG_SECONDS = 2
LAG_SECONDS_ON_AWS = 20


def wait_for_line(server, pattern, seconds):
    """The match in the server's first line; an error when none comes in time."""
    with selectors.DefaultSelector() as selector:
        selector.register(server.stdout, selectors.EVENT_READ)
        if not selector.select(seconds):
            raise RuntimeError(f"{server.args[0]}: not listening after {seconds} s")
    line = server.stdout.readline()
    match = re.match(pattern, line)
    if not match:
        raise RuntimeError(f"{server.args[0]}: said {line!r} instead of where it listens")
    return match


@pytest.fixture(scope="session")
def endpoint():
    """Where the server listens; None means AWS."""
    given = os.environ.get("STATOR_TEST_ENDPOINT")
    if given:
        yield None if given == "aws" else given
        return
    binary = os.environ.get("STATOR", os.path.join(ROOT, "build", "stator"))
    server = subprocess.Popen([binary, "serve", "--memory", "--port", "0", "--die-with-parent"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        yield wait_for_line(server, r"stator: listening on (\S+)\n", READY_SECONDS).group(1)
    finally:
        server.terminate()
        assert server.wait(5) == 0, "the server ends with 0 on SIGTERM"


@pytest.fixture(scope="session")
def settings(endpoint):
    region = os.environ.get("AWS_REGION", "eu-west-1")
    if endpoint is None:
        return {"region_name": region}
    return {"endpoint_url": endpoint, "region_name": region,
            "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "example",
            "config": Config(retries={"total_max_attempts": 1})}


@pytest.fixture(scope="session")
def client(settings):
    return boto3.client("dynamodb", **settings)


@pytest.fixture(scope="session")
def resource(settings):
    return boto3.resource("dynamodb", **settings)


class Tables:
    """Makes tables of fresh names and drops them at the end."""

    def __init__(self, client):
        self.client = client
        self.made = []

    def fresh_name(self, base="things"):
        return f"sdk_python_{base}_{secrets.token_hex(5)}"

    def make(self, schema=None, others=None, **more):
        """A table that is ACTIVE; `schema` is {"pk": "S", "sk": "N"}, `others` types more names."""
        schema = schema or {"pk": "S"}
        name = more.pop("TableName", None) or self.fresh_name()
        self.made.append(name)
        if "ProvisionedThroughput" not in more:
            more.setdefault("BillingMode", "PAY_PER_REQUEST")
        self.client.create_table(
            TableName=name, KeySchema=key_schema(*schema),
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind}
                                  for key, kind in {**schema, **(others or {})}.items()], **more)
        self.until_active(name)
        return name

    def until_active(self, name):
        self.client.get_waiter("table_exists").wait(
            TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 300})

    def drop_all(self):
        for name in self.made:
            try:
                self.client.delete_table(TableName=name)
            except self.client.exceptions.ResourceNotFoundException:
                pass


def key_schema(partition, sort=None):
    schema = [{"AttributeName": partition, "KeyType": "HASH"}]
    if sort:
        schema.append({"AttributeName": sort, "KeyType": "RANGE"})
    return schema


def index(name, partition, sort=None, projection=None):
    """An index over all attributes, or over what the projection says."""
    return {"IndexName": name, "KeySchema": key_schema(partition, sort),
            "Projection": projection or {"ProjectionType": "ALL"}}


@pytest.fixture(scope="module")
def tables(client):
    made = Tables(client)
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def eventually(endpoint):
    """What a global index shows may be late: looks again until the claim holds or time is up."""
    limit = LAG_SECONDS_ON_AWS if endpoint is None else LAG_SECONDS

    def look_until(look, holds):
        end = time.monotonic() + limit
        while True:
            seen = look()
            if holds(seen) or time.monotonic() > end:
                return seen
            time.sleep(0.05)

    return look_until


def knows(client, operation, member):
    """Whether this release of botocore has the member in the operation's input."""
    return member in client.meta.service_model.operation_model(operation).input_shape.members
