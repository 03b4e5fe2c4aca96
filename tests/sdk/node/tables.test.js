// Tables: created, described, listed, changed, dropped.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  paginateListTables,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import {
  alsoDrop,
  client,
  errorOf,
  eventually,
  freshName,
  freshTable,
  index,
  keys,
  onAws,
  put,
  region,
  untilActive,
} from "./support/world.js";

const describe = async (TableName) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;

test("an on-demand table with indexes describes itself in full", async () => {
  const name = await freshTable({
    ...keys({ pk: "S", sk: "N" }, { owner: "S", made: "N" }),
    GlobalSecondaryIndexes: [
      index("by-owner", "owner", "made", { ProjectionType: "INCLUDE", NonKeyAttributes: ["size"] }),
    ],
    LocalSecondaryIndexes: [index("by-made", "pk", "made", { ProjectionType: "KEYS_ONLY" })],
  });
  const table = await describe(name);

  assert.equal(table.TableName, name);
  assert.equal(table.TableStatus, "ACTIVE");
  assert.match(table.TableArn, new RegExp(`^arn:aws:dynamodb:${region}:\\d{12}:table/${name}$`));
  assert.match(table.TableId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(Date.now() - table.CreationDateTime.getTime()) < 300_000);
  assert.equal(table.ItemCount, 0);
  assert.equal(table.TableSizeBytes, 0);
  assert.equal(table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
  assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 0);
  assert.equal(table.ProvisionedThroughput.NumberOfDecreasesToday, 0);
  assert.equal(table.DeletionProtectionEnabled, false);
  assert.equal(table.WarmThroughput.ReadUnitsPerSecond, 12_000);
  assert.equal(table.WarmThroughput.WriteUnitsPerSecond, 4_000);
  assert.deepEqual(table.KeySchema, [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ]);
  assert.deepEqual(
    Object.fromEntries(table.AttributeDefinitions.map((a) => [a.AttributeName, a.AttributeType])),
    { pk: "S", sk: "N", owner: "S", made: "N" },
  );

  const [global] = table.GlobalSecondaryIndexes;
  assert.equal(global.IndexName, "by-owner");
  assert.equal(global.IndexStatus, "ACTIVE");
  assert.equal(global.IndexArn, `${table.TableArn}/index/by-owner`);
  assert.deepEqual(global.Projection, { ProjectionType: "INCLUDE", NonKeyAttributes: ["size"] });
  assert.equal(global.ItemCount, 0);
  const [local] = table.LocalSecondaryIndexes;
  assert.equal(local.IndexArn, `${table.TableArn}/index/by-made`);
  assert.deepEqual(local.Projection, { ProjectionType: "KEYS_ONLY" });
  assert.equal(local.IndexStatus, undefined, "local indexes have no state of their own");
});

test("a provisioned table shows its throughput and no billing mode summary", async () => {
  const name = await freshTable({
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 },
  });
  const table = await describe(name);
  assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 3);
  assert.equal(table.ProvisionedThroughput.WriteCapacityUnits, 2);
  assert.equal(table.BillingModeSummary, undefined);
});

test("a second table of one name is refused", async () => {
  const name = await freshTable();
  const error = await errorOf(
    client.send(
      new CreateTableCommand({
        TableName: name,
        ...keys({ a: "N" }),
        BillingMode: "PAY_PER_REQUEST",
      }),
    ),
  );
  assert.ok(error instanceof ResourceInUseException);
  assert.equal(error.message, `Table already exists: ${name}`);
});

test("names that differ in case are different tables", async () => {
  const lower = await freshTable({ TableName: freshName("case") });
  const upper = await freshTable({ TableName: lower.toUpperCase() });
  assert.notEqual((await describe(lower)).TableId, (await describe(upper)).TableId);
});

test("an unknown table is named when it is described or dropped", async () => {
  const TableName = freshName("absent");
  for (const command of [DescribeTableCommand, DeleteTableCommand]) {
    const error = await errorOf(client.send(new command({ TableName })));
    assert.ok(error instanceof ResourceNotFoundException);
    assert.equal(error.message, `Requested resource not found: Table: ${TableName} not found`);
  }
});

test("a table answers to its ARN", async () => {
  const name = await freshTable();
  const { TableArn } = await describe(name);
  assert.equal((await describe(TableArn)).TableName, name);
});

test("the list of tables is sorted and comes in pages", async () => {
  const prefix = freshName("list");
  for (const end of ["c", "a", "b"]) await freshTable({ TableName: `${prefix}_${end}` });
  const { TableNames } = await client.send(
    new ListTablesCommand({ ExclusiveStartTableName: prefix, Limit: 2 }),
  );
  assert.deepEqual(TableNames, [`${prefix}_a`, `${prefix}_b`]);

  const seen = [];
  for await (const page of paginateListTables({ client, pageSize: 1 }, {}))
    seen.push(...page.TableNames);
  const ours = seen.filter((name) => name.startsWith(prefix));
  assert.deepEqual(ours, [`${prefix}_a`, `${prefix}_b`, `${prefix}_c`]);
  assert.deepEqual(seen, [...seen].sort());
});

test("a dropped table shows DELETING, then is gone", async () => {
  const TableName = await freshTable();
  const { TableDescription } = await client.send(new DeleteTableCommand({ TableName }));
  assert.equal(TableDescription.TableStatus, "DELETING");
  const done = await waitUntilTableNotExists(
    { client, maxWaitTime: 300, minDelay: 1, maxDelay: 5 },
    { TableName },
  );
  assert.equal(done.state, "SUCCESS");
});

test("a new table of an old name shares nothing with the old one", async () => {
  const TableName = await freshTable();
  await put(TableName, { pk: { S: "a" } });
  await client.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client, maxWaitTime: 300, minDelay: 1 }, { TableName });
  await freshTable({ TableName });
  const found = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :a",
      ExpressionAttributeValues: { ":a": { S: "a" } },
    }),
  );
  assert.equal(found.Count, 0);
});

test("deletion protection keeps a table until it is taken off", async () => {
  const TableName = await freshTable({ DeletionProtectionEnabled: true });
  const error = await errorOf(client.send(new DeleteTableCommand({ TableName })));
  assert.equal(error.name, "ValidationException");
  assert.equal(
    error.message,
    "Resource cannot be deleted as it is currently protected against deletion. " +
      "Disable deletion protection first.",
  );
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await untilActive(TableName);
  await client.send(new DeleteTableCommand({ TableName }));
});

test("throughput changes, and the same throughput again is refused", async () => {
  const TableName = await freshTable({
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  });
  const ProvisionedThroughput = { ReadCapacityUnits: 7, WriteCapacityUnits: 6 };
  await client.send(new UpdateTableCommand({ TableName, ProvisionedThroughput }));
  await untilActive(TableName);
  const { ProvisionedThroughput: now } = await describe(TableName);
  assert.equal(now.ReadCapacityUnits, 7);
  assert.equal(now.WriteCapacityUnits, 6);

  const error = await errorOf(
    client.send(new UpdateTableCommand({ TableName, ProvisionedThroughput })),
  );
  assert.equal(
    error.message,
    "The provisioned throughput for the table will not change. The requested value equals the " +
      "current value. Current ReadCapacityUnits provisioned for the table: 7. Requested " +
      "ReadCapacityUnits: 7. Current WriteCapacityUnits provisioned for the table: 6. Requested " +
      "WriteCapacityUnits: 6. Refer to the Amazon DynamoDB Developer Guide for current limits and " +
      "how to request higher limits.",
  );
});

test("a provisioned table turns on-demand", async () => {
  const TableName = await freshTable({
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  });
  await client.send(new UpdateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST" }));
  await untilActive(TableName);
  const table = await describe(TableName);
  assert.equal(table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
  assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 0);
});

test("an index made later is filled from the items there, and can be dropped", async () => {
  const TableName = await freshTable();
  await put(
    TableName,
    { pk: { S: "1" }, colour: { S: "red" } },
    { pk: { S: "2" }, colour: { S: "blue" } },
    { pk: { S: "3" } },
    { pk: { S: "4" }, colour: { S: "red" } },
  );
  await client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "colour", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [{ Create: index("by-colour", "colour") }],
    }),
  );
  const state = await eventually(
    async () => (await describe(TableName)).GlobalSecondaryIndexes?.[0].IndexStatus,
    (status) => status === "ACTIVE",
    onAws ? 900_000 : 5_000,
  );
  assert.equal(state, "ACTIVE");
  const query = {
    TableName,
    IndexName: "by-colour",
    KeyConditionExpression: "colour = :c",
    ExpressionAttributeValues: { ":c": { S: "red" } },
  };
  const found = await eventually(
    () => client.send(new QueryCommand(query)),
    (page) => page.Count === 2,
  );
  assert.deepEqual(found.Items.map((item) => item.pk.S).sort(), ["1", "4"]);

  await client.send(
    new UpdateTableCommand({
      TableName,
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-colour" } }],
    }),
  );
  const left = await eventually(
    async () => (await describe(TableName)).GlobalSecondaryIndexes,
    (indexes) => indexes === undefined,
    onAws ? 900_000 : 5_000,
  );
  assert.equal(left, undefined);
  const error = await errorOf(client.send(new QueryCommand(query)));
  assert.equal(error.message, "The table does not have the specified index: by-colour");
});

test("a stream that is switched on has a label and an ARN", async () => {
  const TableName = await freshTable();
  await client.send(
    new UpdateTableCommand({
      TableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await untilActive(TableName);
  const table = await describe(TableName);
  assert.deepEqual(table.StreamSpecification, {
    StreamEnabled: true,
    StreamViewType: "NEW_AND_OLD_IMAGES",
  });
  assert.equal(table.LatestStreamArn, `${table.TableArn}/stream/${table.LatestStreamLabel}`);
  assert.match(table.LatestStreamLabel, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
});

const refusals = [
  {
    claim: "an attribute definition without a use",
    definition: keys({ pk: "S" }, { other: "S" }),
    message:
      "One or more parameter values were invalid: Number of attributes in KeySchema does not " +
      "exactly match number of attributes defined in AttributeDefinitions",
  },
  {
    claim: "a local index on a table without a sort key",
    definition: {
      ...keys({ pk: "S" }, { other: "S" }),
      LocalSecondaryIndexes: [index("local", "pk", "other")],
    },
    message:
      "One or more parameter values were invalid: Table KeySchema does not have a range key, " +
      "which is required when specifying a LocalSecondaryIndex",
  },
  {
    claim: "two indexes of one name",
    definition: {
      ...keys({ pk: "S", sk: "S" }, { other: "S" }),
      LocalSecondaryIndexes: [index("same", "pk", "other")],
      GlobalSecondaryIndexes: [index("same", "other")],
    },
    message: "One or more parameter values were invalid: Duplicate index name: same",
  },
  {
    claim: "throughput on an on-demand table",
    definition: {
      ...keys({ pk: "S" }),
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
    message:
      "One or more parameter values were invalid: Neither ReadCapacityUnits nor " +
      "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
  },
  {
    claim: "an illegal name",
    definition: { ...keys({ pk: "S" }), TableName: "no spaces!" },
    message:
      "1 validation error detected: Value 'no spaces!' at 'tableName' failed to satisfy " +
      "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  },
  {
    claim: "an unknown attribute type",
    definition: {
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "X" }],
    },
    message:
      "1 validation error detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' " +
      "failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
  },
];

for (const { claim, definition, message } of refusals) {
  test(`no table is made with ${claim}`, async () => {
    const TableName = freshName("refused");
    alsoDrop(TableName);
    const error = await errorOf(
      client.send(
        new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", ...definition }),
      ),
    );
    assert.equal(error.name, "ValidationException");
    assert.equal(error.message, message);
    assert.equal(error.$metadata.httpStatusCode, 400);
  });
}

test("tags are set with the table, added, replaced and taken off", async () => {
  const name = await freshTable({ Tags: [{ Key: "team", Value: "a" }] });
  const { TableArn: ResourceArn } = await describe(name);
  const tags = async () =>
    Object.fromEntries(
      (await client.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags.map((tag) => [
        tag.Key,
        tag.Value,
      ]),
    );
  assert.deepEqual(await tags(), { team: "a" });
  await client.send(
    new TagResourceCommand({
      ResourceArn,
      Tags: [
        { Key: "team", Value: "b" },
        { Key: "cost", Value: "" },
      ],
    }),
  );
  assert.deepEqual(await eventually(tags, (seen) => "cost" in seen), { team: "b", cost: "" });
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team", "absent"] }));
  assert.deepEqual(await eventually(tags, (seen) => !("team" in seen)), { cost: "" });
});

test("tags are refused on a table that is not there", async () => {
  const name = await freshTable();
  const ResourceArn = `${(await describe(name)).TableArn}x`;
  const error = await errorOf(
    client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "a", Value: "b" }] })),
  );
  assert.ok(error instanceof ResourceNotFoundException);
  assert.equal(error.message, `Requested resource not found: ResourcArn: ${ResourceArn} not found`);
});

test("the account's limits are known", async () => {
  const limits = await client.send(new DescribeLimitsCommand({}));
  for (const name of [
    "AccountMaxReadCapacityUnits",
    "AccountMaxWriteCapacityUnits",
    "TableMaxReadCapacityUnits",
    "TableMaxWriteCapacityUnits",
  ])
    assert.ok(Number.isInteger(limits[name]) && limits[name] > 0, name);
});
