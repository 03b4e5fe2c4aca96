"""Backups through boto3: made while writes go on, listed by its paginator, restored, deleted."""
import datetime
import re
import threading

import boto3
import pytest
from conftest import index


@pytest.fixture
def backups(client):
    """The ARNs of backups that go away with the test."""
    made = []
    yield made
    for arn in made:
        try:
            client.delete_backup(BackupArn=arn)
        except client.exceptions.BackupNotFoundException:
            pass


def back_up(client, backups, table, name):
    arn = client.create_backup(TableName=table, BackupName=name)["BackupDetails"]["BackupArn"]
    backups.append(arn)
    return arn


def restore(client, tables, arn, **more):
    name = tables.fresh_name("restored")
    client.restore_table_from_backup(TargetTableName=name, BackupArn=arn, **more)
    tables.made.append(name)
    tables.until_active(name)
    return name


def scan(client, table):
    pages = client.get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


def test_a_table_is_restored_as_it_was(client, tables, backups):
    name = tables.make({"pk": "S", "sk": "N"}, {"owner": "S"},
                       GlobalSecondaryIndexes=[index("by-owner", "owner", "sk")])
    items = [{"pk": {"S": "a"}, "sk": {"N": str(n)}, "owner": {"S": f"o{n % 3}"},
              "blob": {"B": bytes([n])}} for n in range(20)]
    for item in items:
        client.put_item(TableName=name, Item=item)
    arn = back_up(client, backups, name, "before")
    assert re.fullmatch(rf"arn:aws:dynamodb:[a-z0-9-]+:\d{{12}}:table/{name}/backup/"
                        r"\d{14}-[0-9a-f]{8}", arn)
    client.delete_item(TableName=name, Key={"pk": {"S": "a"}, "sk": {"N": "3"}})
    client.put_item(TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": "4"}})

    description = client.describe_backup(BackupArn=arn)["BackupDescription"]
    assert description["BackupDetails"]["BackupStatus"] == "AVAILABLE"
    assert description["SourceTableDetails"]["ItemCount"] == len(items)
    copy = restore(client, tables, arn)
    assert scan(client, copy) == items
    assert client.query(
        TableName=copy, IndexName="by-owner", KeyConditionExpression="#o = :o",
        ExpressionAttributeNames={"#o": "owner"},
        ExpressionAttributeValues={":o": {"S": "o1"}})["Items"] == items[1::3]
    summary = client.describe_table(TableName=copy)["Table"]["RestoreSummary"]
    assert summary["SourceBackupArn"] == arn and summary["RestoreInProgress"] is False


def test_a_backup_is_one_moment_of_a_table_that_is_written_to(client, settings, tables, backups):
    """A transaction moves both counters, so that every moment has them equal."""
    name = tables.make()
    stop = threading.Event()

    def count():
        writer = boto3.client("dynamodb", **settings)
        while not stop.is_set():
            writer.transact_write_items(TransactItems=[{"Update": {
                "TableName": name, "Key": {"pk": {"S": key}}, "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}}}} for key in ("left", "right")])

    thread = threading.Thread(target=count)
    thread.start()
    try:
        arns = [back_up(client, backups, name, f"moment{n}") for n in range(5)]
    finally:
        stop.set()
        thread.join()
    for arn in arns:
        counters = [item["n"]["N"] for item in scan(client, restore(client, tables, arn))]
        assert counters in ([], counters[:1] * 2)


def test_backups_are_paged_and_filtered(client, tables, backups):
    name = tables.make()
    arns = [back_up(client, backups, name, f"page{n}") for n in range(5)]
    pages = list(client.get_paginator("list_backups").paginate(
        TableName=name, PaginationConfig={"PageSize": 2}))
    assert [len(page["BackupSummaries"]) for page in pages] == [2, 2, 1]
    summaries = [summary for page in pages for summary in page["BackupSummaries"]]
    assert sorted(summary["BackupArn"] for summary in summaries) == sorted(arns)
    first = min(summary["BackupCreationDateTime"] for summary in summaries)
    hour = datetime.timedelta(hours=1)
    for bounds, count in (({"TimeRangeLowerBound": first - hour}, 5),
                          ({"TimeRangeLowerBound": first + hour}, 0),
                          ({"TimeRangeUpperBound": first - hour}, 0),
                          ({"TimeRangeUpperBound": first + hour}, 5)):
        assert len(client.list_backups(TableName=name, **bounds)["BackupSummaries"]) == count
    assert client.list_backups(TableName=name, BackupType="SYSTEM")["BackupSummaries"] == []


def test_exceptions_of_backups_are_classes_of_the_client(client, tables, backups):
    name = tables.make()
    arn = back_up(client, backups, name, "once")
    with pytest.raises(client.exceptions.TableAlreadyExistsException):
        client.restore_table_from_backup(TargetTableName=name, BackupArn=arn)
    deleted = client.delete_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]
    assert deleted["BackupStatus"] == "DELETED"
    with pytest.raises(client.exceptions.BackupNotFoundException):
        client.delete_backup(BackupArn=arn)
    absent = tables.fresh_name("absent")
    with pytest.raises(client.exceptions.TableNotFoundException) as caught:
        client.create_backup(TableName=absent, BackupName="never")
    assert caught.value.response["Error"]["Message"] == f"Table not found: {absent}"


def test_point_in_time_recovery_is_turned_on_and_off(client, tables):
    name = tables.make()
    described = client.describe_continuous_backups(
        TableName=name)["ContinuousBackupsDescription"]
    assert described["ContinuousBackupsStatus"] == "ENABLED"
    assert described["PointInTimeRecoveryDescription"] == {"PointInTimeRecoveryStatus": "DISABLED"}
    recovery = client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})[
            "ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert recovery["EarliestRestorableDateTime"] <= recovery["LatestRestorableDateTime"]
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})
    assert client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"][
        "PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
