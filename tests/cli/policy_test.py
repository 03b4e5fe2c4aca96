"""stator serve --credentials with principals: who may do what, over signed requests."""
import json
import subprocess
import time

import pytest

from wire import STATOR, WAIT_SECONDS, Server

boto3 = pytest.importorskip("boto3")
from botocore.config import Config  # noqa: E402  pylint: disable=wrong-import-position
from botocore.exceptions import ClientError  # noqa: E402  pylint: disable=wrong-import-position

REGION = "eu-west-1"
ACCOUNT = "123456789012"
OTHER = "999999999999"
USER = f"arn:aws:iam::{ACCOUNT}:user/"
TABLES = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"


def allow(*actions, resource="*", effect="Allow", **condition):
    statement = {"Effect": effect, "Action": ["dynamodb:" + action for action in actions],
                 "Resource": resource}
    if condition:
        statement["Condition"] = condition["condition"]
    return {"Version": "2012-10-17", "Statement": [statement]}


def principal(name, *policies, arn=None, **more):
    return {"Arn": arn or USER + name, "Policies": list(policies),
            "AccessKeys": [{"AccessKeyId": name, "SecretAccessKey": "secret"}], **more}


OWN_ITEMS = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}
ALL_DATA = ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchGetItem",
            "BatchWriteItem", "ConditionCheckItem"]
PRINCIPALS = [
    principal("admin", allow("*")),
    principal("nobody"),
    principal("alice", allow(*ALL_DATA, resource=TABLES + "Tab", condition=OWN_ITEMS)),
    principal("reader", allow("GetItem", "DescribeTable", "Scan"),
              PermissionsBoundary=allow("GetItem", "DescribeTable")),
    principal("indexer", allow("Query", "Scan", resource=TABLES + "Tab/index/*")),
    principal("columns", allow("GetItem", "Query", "UpdateItem", condition={
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "open"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES",
                                 "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"]}})),
    principal("transactor", allow("PutItem", "GetItem", "ConditionCheckItem", condition={
        "ForAnyValue:StringEquals": {
            "dynamodb:EnclosingOperation": ["TransactWriteItems", "TransactGetItems"]}})),
    principal("tagged", allow("*", condition={
        "StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}),
              allow("CreateTable", "ListTables"),
              allow("TagResource", condition={"ForAllValues:StringEquals":
                                              {"aws:TagKeys": ["team"]}}), Tags={"team": "blue"}),
    principal("away", allow("*", condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),
    principal("here", allow("*", condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}})),
    principal("mfa", allow("*", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
              Context={"aws:MultiFactorAuthPresent": True}),
    principal("session", allow("*"), arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/tests/run-7",
              SessionPolicies=[allow("GetItem")]),
    principal("denied", allow("*"), allow("DeleteTable", effect="Deny")),
    principal("other", allow("*"), arn=f"arn:aws:iam::{OTHER}:user/other"),
]
TABLE = {"TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
         "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                       {"AttributeName": "sk", "KeyType": "RANGE"}],
         "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"}
                                  for name in ("pk", "sk", "owner")],
         "GlobalSecondaryIndexes": [{"IndexName": "byOwner",
                                     "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                                     "Projection": {"ProjectionType": "ALL"}}]}


def item(key, **more):
    return {"pk": {"S": key}, "sk": {"S": "1"}, **more}


def key(name):
    return {"pk": {"S": name}, "sk": {"S": "1"}}


@pytest.fixture(scope="module", name="server")
def running_server(tmp_path_factory):
    file = tmp_path_factory.mktemp("policy") / "credentials.json"
    file.write_text(json.dumps({"Principals": PRINCIPALS}))
    with Server("--credentials", str(file)) as server:
        client(server, "admin").create_table(**TABLE)
        for name in "alice", "bob":
            client(server, "admin").put_item(TableName="Tab", Item=item(
                name, owner={"S": name}, open={"S": "x"}, secret={"S": "y"}))
        yield server


def client(server, name, secret="secret", token=None):
    return boto3.client("dynamodb", endpoint_url=server.url, region_name=REGION,
                        aws_access_key_id=name, aws_secret_access_key=secret,
                        aws_session_token=token, config=Config(retries={"max_attempts": 0}))


def denial(call, **members):
    """The text of an AccessDeniedException."""
    with pytest.raises(ClientError) as raised:
        call(**members)
    assert raised.value.response["Error"]["Code"] == "AccessDeniedException", raised.value
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return raised.value.response["Error"]["Message"]


def implicit(who, action, resource, what="identity-based policy"):
    return (f"User: {who} is not authorized to perform: dynamodb:{action} on resource: {resource} "
            f"because no {what} allows the dynamodb:{action} action")


def test_without_policies_nothing_is_allowed_and_missing_tables_stay_unseen(server):
    nobody = client(server, "nobody")
    for name in "Tab", "Missing":
        assert denial(nobody.get_item, TableName=name, Key=key("a")) == \
            implicit(USER + "nobody", "GetItem", TABLES + name)
        assert denial(nobody.describe_table, TableName=name) == \
            implicit(USER + "nobody", "DescribeTable", TABLES + name)
    assert denial(nobody.list_tables) == implicit(USER + "nobody", "ListTables", TABLES + "*")
    assert denial(nobody.describe_limits) == implicit(USER + "nobody", "DescribeLimits", "*")
    assert denial(nobody.create_table, **TABLE) == \
        implicit(USER + "nobody", "CreateTable", TABLES + "Tab")
    assert denial(nobody.delete_table, TableName="Tab")
    assert denial(nobody.tag_resource, ResourceArn=TABLES + "Tab", Tags=[]) == \
        implicit(USER + "nobody", "TagResource", TABLES + "Tab")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client(server, "admin").get_item(TableName="Missing", Key=key("a"))


def test_leading_keys_keep_everyone_to_their_own_items(server):
    alice = client(server, "alice")
    text = implicit(USER + "alice", "GetItem", TABLES + "Tab")
    assert alice.get_item(TableName="Tab", Key=key("alice"))["Item"]["secret"] == {"S": "y"}
    assert denial(alice.get_item, TableName="Tab", Key=key("bob")) == text
    query = {"TableName": "Tab", "KeyConditionExpression": "pk = :p"}
    assert alice.query(ExpressionAttributeValues={":p": {"S": "alice"}}, **query)["Count"] == 1
    assert denial(alice.query, ExpressionAttributeValues={":p": {"S": "bob"}}, **query)
    assert denial(alice.scan, TableName="Tab")
    assert denial(alice.put_item, TableName="Tab", Item=item("bob"))
    assert denial(alice.update_item, TableName="Tab", Key=key("bob"))
    assert denial(alice.delete_item, TableName="Tab", Key=key("bob"))
    assert denial(alice.query, IndexName="byOwner", KeyConditionExpression="#o = :o",
                  TableName="Tab", ExpressionAttributeNames={"#o": "owner"},
                  ExpressionAttributeValues={":o": {"S": "alice"}}) == \
        implicit(USER + "alice", "Query", TABLES + "Tab/index/byOwner")


def test_batches_and_transactions_are_refused_whole(server):
    alice, admin = client(server, "alice"), client(server, "admin")
    assert denial(alice.batch_get_item, RequestItems={
        "Tab": {"Keys": [key("alice"), key("bob")]}}) == \
        implicit(USER + "alice", "BatchGetItem", TABLES + "Tab")
    assert denial(alice.batch_write_item, RequestItems={"Tab": [
        {"PutRequest": {"Item": item("alice", n={"S": "new"})}},
        {"DeleteRequest": {"Key": key("bob")}}]}) == \
        implicit(USER + "alice", "BatchWriteItem", TABLES + "Tab")
    put = {"Put": {"TableName": "Tab", "Item": item("alice", n={"S": "new"})}}
    assert denial(alice.transact_write_items, TransactItems=[
        put, {"Delete": {"TableName": "Tab", "Key": key("bob")}}]) == \
        implicit(USER + "alice", "DeleteItem", TABLES + "Tab")
    assert denial(alice.transact_write_items, TransactItems=[
        put, {"Put": {"TableName": "Missing", "Item": item("alice")}}]) == \
        implicit(USER + "alice", "PutItem", TABLES + "Missing")
    assert denial(alice.transact_get_items, TransactItems=[
        {"Get": {"TableName": "Tab", "Key": key(name)}} for name in ("alice", "bob")]) == \
        implicit(USER + "alice", "GetItem", TABLES + "Tab")
    assert "n" not in admin.get_item(TableName="Tab", Key=key("alice"))["Item"]
    assert "Item" in admin.get_item(TableName="Tab", Key=key("bob"))
    assert alice.batch_get_item(RequestItems={"Tab": {"Keys": [key("alice")]}})["Responses"]["Tab"]
    alice.transact_write_items(TransactItems=[{"ConditionCheck": {
        "TableName": "Tab", "Key": key("alice"), "ConditionExpression": "attribute_exists(pk)"}}])


def test_boundaries_sessions_and_denials_name_themselves(server):
    reader = client(server, "reader")
    assert reader.get_item(TableName="Tab", Key=key("alice"))["Item"]
    assert denial(reader.scan, TableName="Tab") == \
        implicit(USER + "reader", "Scan", TABLES + "Tab", "permissions boundary")
    session = client(server, "session")
    assert session.get_item(TableName="Tab", Key=key("alice"))["Item"]
    assert denial(session.put_item, TableName="Tab", Item=item("x")) == implicit(
        f"arn:aws:sts::{ACCOUNT}:assumed-role/tests/run-7", "PutItem", TABLES + "Tab",
        "session policy")
    assert denial(client(server, "denied").delete_table, TableName="Tab") == (
        f"User: {USER}denied is not authorized to perform: dynamodb:DeleteTable on resource: "
        f"{TABLES}Tab with an explicit deny in an identity-based policy")


def test_indexes_have_permissions_of_their_own(server):
    indexer = client(server, "indexer")
    assert indexer.scan(TableName="Tab", IndexName="byOwner")["Count"] == 2
    assert denial(indexer.scan, TableName="Tab") == \
        implicit(USER + "indexer", "Scan", TABLES + "Tab")
    assert denial(indexer.get_item, TableName="Tab", Key=key("alice"))
    with pytest.raises(ClientError, match="does not have the specified index"):
        indexer.scan(TableName="Tab", IndexName="none")


def test_attributes_that_are_mentioned_must_be_allowed(server):
    columns = client(server, "columns")
    get = {"TableName": "Tab", "Key": key("alice")}
    assert columns.get_item(ProjectionExpression="pk, #o", ExpressionAttributeNames={"#o": "open"},
                            **get)["Item"] == {"pk": {"S": "alice"}, "open": {"S": "x"}}
    assert denial(columns.get_item, **get)
    assert denial(columns.get_item, ProjectionExpression="secret", **get)
    query = {"TableName": "Tab", "KeyConditionExpression": "pk = :p", "ProjectionExpression": "pk"}
    values = {":p": {"S": "alice"}}
    assert columns.query(ExpressionAttributeValues=values, **query)["Count"] == 1
    assert denial(columns.query, FilterExpression="attribute_exists(secret.deep[0])",
                  ExpressionAttributeValues=values, **query)
    update = {"UpdateExpression": "SET #o = :o", "ExpressionAttributeNames": {"#o": "open"},
              "ExpressionAttributeValues": {":o": {"S": "x"}}, **get}
    columns.update_item(ReturnValues="UPDATED_NEW", **update)
    assert denial(columns.update_item, ReturnValues="ALL_NEW", **update)
    assert denial(columns.update_item, ConditionExpression="secret = :o", **update)
    update["UpdateExpression"] = "SET #o = if_not_exists(secret, :o)"
    assert denial(columns.update_item, **update)


def test_an_enclosing_operation_can_be_required(server):
    transactor = client(server, "transactor")
    put = {"TableName": "Tab", "Item": item("t")}
    assert denial(transactor.put_item, **put)
    transactor.transact_write_items(TransactItems=[{"Put": put}])
    assert denial(transactor.get_item, TableName="Tab", Key=key("t"))
    assert transactor.transact_get_items(
        TransactItems=[{"Get": {"TableName": "Tab", "Key": key("t")}}])["Responses"][0]["Item"]
    client(server, "admin").delete_item(TableName="Tab", Key=key("t"))


def test_tags_of_tables_and_requests_count(server):
    tagged = client(server, "tagged")
    blue = {**TABLE, "TableName": "Blue", "Tags": [{"Key": "team", "Value": "blue"}]}
    assert denial(tagged.describe_table, TableName="Tab")
    assert denial(tagged.create_table, **{**blue, "Tags": [{"Key": "cost", "Value": "1"}]}) == \
        implicit(USER + "tagged", "TagResource", TABLES + "Blue")
    tagged.create_table(**blue)
    assert tagged.describe_table(TableName="Blue")["Table"]["TableArn"] == TABLES + "Blue"
    tagged.put_item(TableName="Blue", Item=item("a"))
    client(server, "admin").tag_resource(ResourceArn=TABLES + "Blue",
                                         Tags=[{"Key": "team", "Value": "red"}])
    assert denial(tagged.put_item, TableName="Blue", Item=item("a"))
    client(server, "admin").delete_table(TableName="Blue")


def test_addresses_and_the_files_context_count(server):
    assert denial(client(server, "away").list_tables)
    assert "Tab" in client(server, "here").list_tables()["TableNames"]
    assert "Tab" in client(server, "mfa").list_tables()["TableNames"]


def test_accounts_share_nothing(server):
    other = client(server, "other")
    assert other.list_tables()["TableNames"] == []
    assert denial(other.get_item, TableName=TABLES + "Tab", Key=key("alice")) == implicit(
        f"arn:aws:iam::{OTHER}:user/other", "GetItem", TABLES + "Tab", "resource-based policy")
    assert denial(other.list_tags_of_resource, ResourceArn=TABLES + "Tab")
    arn = other.create_table(**TABLE)["TableDescription"]["TableArn"]
    assert arn == f"arn:aws:dynamodb:{REGION}:{OTHER}:table/Tab"
    other.put_item(TableName=arn, Item=item("o"))
    assert other.scan(TableName="Tab")["Count"] == 1
    assert client(server, "admin").scan(TableName="Tab")["Count"] == 2
    other.delete_table(TableName="Tab")


def test_tokens_expire_and_yaml_is_read(tmp_path):
    file = tmp_path / "credentials.yaml"
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    file.write_text(f"""# two keys of one session
Principals:
  - Arn: arn:aws:sts::{ACCOUNT}:assumed-role/tests/run
    AccessKeys:
      - {{AccessKeyId: old, SecretAccessKey: secret, SessionToken: t,
          Expiration: 2026-01-01T00:00:00Z}}
      - AccessKeyId: new
        SecretAccessKey: secret
        SessionToken: t
        Expiration: {later}
    Policies:
      - Version: 2012-10-17
        Statement:
          - {{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}}
""")
    with Server("--credentials", str(file)) as server:
        assert client(server, "new", token="t").list_tables()["TableNames"] == []
        with pytest.raises(ClientError) as raised:
            client(server, "old", token="t").list_tables()
        assert raised.value.response["Error"] == {
            "Code": "ExpiredTokenException",
            "Message": "The security token included in the request is expired"}
        for token in None, "u":
            with pytest.raises(ClientError, match="UnrecognizedClientException"):
                client(server, "new", token=token).list_tables()
        server.ask(json.dumps({"advance_ms": 7200_000}), target=None, method="POST",
                   path="/_stator/clock")
        with pytest.raises(ClientError, match="ExpiredTokenException"):
            client(server, "new", token="t").list_tables()


YAML = f"""Principals:
  - Arn: {USER}app
    AccessKeys:
      - AccessKeyId: app
        SecretAccessKey: secret
    Policies:
      - Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: [dynamodb:GetItem,
                     dynamodb:PutItem]
            Resource: {TABLES}Tab
            Condition:
              StringEquals:
                dynamodb:LeadingKeys: a
"""


@pytest.mark.parametrize("old, new, problem", [
    ("PutItem", "PutItms", "11:22: DynamoDB has no action PutItms: did you mean PutItem?"),
    ("2012-10-17", "2012-10-16", "7:8: there is no such version of the policy language: write "
                                 '"2012-10-17"'),
    ("LeadingKeys", "LeadKeys", "15:16: unknown condition key dynamodb:LeadKeys: did you mean "
                                "dynamodb:LeadingKeys?"),
    ("StringEquals", "StringIs", "14:14: unknown condition operator StringIs: did you mean "
                                 "StringLike?"),
    (":table/", ":tables/", "12:23: DynamoDB has no resources tables/...: write table/NAME, "
                            "table/NAME/index/INDEX, table/NAME/stream/LABEL or *"),
    ("user/app", "group/app", "2:10: Arn is no principal: write arn:aws:iam::ACCOUNT:user/NAME, "
                              "arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION, "
                              "arn:aws:sts::ACCOUNT:federated-user/NAME or "
                              "arn:aws:iam::ACCOUNT:root"),
    ("    Policies", "    Polices", "6:4: unknown element Polices: did you mean Policies?"),
    ("SecretAccessKey", "Secret", "5:8: an access key has AccessKeyId, SecretAccessKey, "
                                  "SessionToken and Expiration: take this member out"),
])
def test_what_is_wrong_is_said_with_its_place(tmp_path, old, new, problem):
    file = tmp_path / "who.yaml"
    assert old in YAML
    file.write_text(YAML.replace(old, new))
    done = subprocess.run([STATOR, "serve", "--memory", "--port", "0", "--credentials", str(file)],
                          capture_output=True, text=True, check=False, timeout=WAIT_SECONDS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"stator: {file}:{problem}\n"


def test_a_file_that_is_not_there_or_not_readable_is_named(tmp_path):
    for name, text in ("missing.json", None), ("broken.json", "{"), ("broken.yaml", "a: ["):
        file = tmp_path / name
        if text:
            file.write_text(text)
        done = subprocess.run([STATOR, "serve", "--memory", "--credentials", str(file)],
                              capture_output=True, text=True, check=False, timeout=WAIT_SECONDS)
        assert done.returncode == 1 and str(file) in done.stderr
        assert len(done.stderr.splitlines()) == 1
