// ConsumedCapacity in all its forms, and item collection metrics.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { client, errorOf, freshTable, index, keys, put } from "./support/world.js";

const plain = await freshTable();
const indexed = await freshTable({
  ...keys({ pk: "S", sk: "S" }, { kind: "S", at: "S" }),
  GlobalSecondaryIndexes: [index("by-kind", "kind", undefined, { ProjectionType: "KEYS_ONLY" })],
  LocalSecondaryIndexes: [index("by-at", "pk", "at")],
});

// An item of exactly `size` bytes: names and values count.
const sized = (pk, size) => ({
  pk: { S: pk },
  v: { S: "x".repeat(size - 2 - pk.length - 1) },
});
const capacity = async (command) => (await client.send(command)).ConsumedCapacity;

test("no capacity is shown unless it is asked for", async () => {
  const command = new PutItemCommand({ TableName: plain, Item: { pk: { S: "a" } } });
  assert.equal(await capacity(command), undefined);
});

for (const [size, units] of [
  [100, 1],
  [1024, 1],
  [1025, 2],
  [10_240, 10],
]) {
  test(`a put of ${size} bytes costs ${units}`, async () => {
    const used = await capacity(
      new PutItemCommand({
        TableName: plain,
        Item: sized(`put ${size}`, size),
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    assert.deepEqual(used, { TableName: plain, CapacityUnits: units });
  });
}

for (const [size, strong] of [
  [100, 1],
  [4096, 1],
  [4097, 2],
  [9000, 3],
]) {
  test(`a read of ${size} bytes costs ${strong}, or half of it`, async () => {
    const pk = `get ${size}`;
    await put(plain, sized(pk, size));
    const read = (ConsistentRead) =>
      capacity(
        new GetItemCommand({
          TableName: plain,
          Key: { pk: { S: pk } },
          ConsistentRead,
          ProjectionExpression: "pk",
          ReturnConsumedCapacity: "TOTAL",
        }),
      );
    assert.equal((await read(true)).CapacityUnits, strong);
    assert.equal((await read(false)).CapacityUnits, strong / 2);
  });
}

test("a read of nothing costs as much as a small read", async () => {
  const used = await capacity(
    new GetItemCommand({
      TableName: plain,
      Key: { pk: { S: "absent" } },
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  assert.equal(used.CapacityUnits, 0.5);
});

test("a write costs by the larger of the old and the new item", async () => {
  await put(plain, sized("shrink", 3000));
  const used = await capacity(
    new PutItemCommand({
      TableName: plain,
      Item: sized("shrink", 100),
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  assert.equal(used.CapacityUnits, 3);
  await put(plain, sized("update", 3000));
  const updated = await capacity(
    new UpdateItemCommand({
      TableName: plain,
      Key: { pk: { S: "update" } },
      UpdateExpression: "SET w = :w",
      ExpressionAttributeValues: { ":w": { N: "1" } },
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  assert.equal(updated.CapacityUnits, 3);
});

test("a delete costs by the item deleted, and one for nothing", async () => {
  await put(plain, sized("delete", 2100));
  const drop = new DeleteItemCommand({
    TableName: plain,
    Key: { pk: { S: "delete" } },
    ReturnConsumedCapacity: "TOTAL",
  });
  assert.equal((await capacity(drop)).CapacityUnits, 3);
  assert.equal((await capacity(drop)).CapacityUnits, 1);
});

test("INDEXES shows the table and each index that was written", async () => {
  const used = await capacity(
    new PutItemCommand({
      TableName: indexed,
      Item: { pk: { S: "p" }, sk: { S: "1" }, kind: { S: "k" }, at: { S: "noon" } },
      ReturnConsumedCapacity: "INDEXES",
    }),
  );
  assert.deepEqual(used, {
    TableName: indexed,
    CapacityUnits: 3,
    Table: { CapacityUnits: 1 },
    GlobalSecondaryIndexes: { "by-kind": { CapacityUnits: 1 } },
    LocalSecondaryIndexes: { "by-at": { CapacityUnits: 1 } },
  });
});

test("an index that does not change costs nothing and is left out", async () => {
  const Item = { pk: { S: "p" }, sk: { S: "2" }, kind: { S: "k" } };
  await put(indexed, Item);
  const used = await capacity(
    new PutItemCommand({
      TableName: indexed,
      Item: { ...Item, other: { S: "not projected" } },
      ReturnConsumedCapacity: "INDEXES",
    }),
  );
  assert.deepEqual(used, {
    TableName: indexed,
    CapacityUnits: 1,
    Table: { CapacityUnits: 1 },
  });
});

test("an index key that changes costs a delete and an insert", async () => {
  const Item = { pk: { S: "p" }, sk: { S: "3" }, kind: { S: "k" } };
  await put(indexed, Item);
  const used = await capacity(
    new PutItemCommand({
      TableName: indexed,
      Item: { ...Item, kind: { S: "other" } },
      ReturnConsumedCapacity: "INDEXES",
    }),
  );
  assert.equal(used.GlobalSecondaryIndexes["by-kind"].CapacityUnits, 2);
  assert.equal(used.CapacityUnits, 3);
});

test("a query costs by the bytes of its page, rounded once", async () => {
  const name = await freshTable(keys({ pk: "S", sk: "S" }));
  for (const sk of ["a", "b", "c", "d"]) await put(name, { ...sized("q", 1500), sk: { S: sk } });
  const query = (ConsistentRead) =>
    capacity(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: "pk = :p",
        ExpressionAttributeValues: { ":p": { S: "q" } },
        ConsistentRead,
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
  assert.equal((await query(true)).CapacityUnits, 2);
  assert.equal((await query(false)).CapacityUnits, 1);
});

test("a query of an index is charged to the index", async () => {
  const used = await capacity(
    new QueryCommand({
      TableName: indexed,
      IndexName: "by-at",
      KeyConditionExpression: "pk = :p",
      ExpressionAttributeValues: { ":p": { S: "p" } },
      ReturnConsumedCapacity: "INDEXES",
    }),
  );
  assert.equal(used.CapacityUnits, 0.5);
  assert.deepEqual(used.LocalSecondaryIndexes, { "by-at": { CapacityUnits: 0.5 } });
});

test("batches show one entry for each table", async () => {
  const other = await freshTable();
  const written = await capacity(
    new BatchWriteItemCommand({
      RequestItems: {
        [plain]: [
          { PutRequest: { Item: sized("batch 1", 1500) } },
          { PutRequest: { Item: sized("batch 2", 100) } },
        ],
        [other]: [{ DeleteRequest: { Key: { pk: { S: "absent" } } } }],
      },
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  const byTable = (used) => Object.fromEntries(used.map((u) => [u.TableName, u.CapacityUnits]));
  assert.deepEqual(byTable(written), { [plain]: 3, [other]: 1 });
  const read = await capacity(
    new BatchGetItemCommand({
      RequestItems: {
        [plain]: { Keys: [{ pk: { S: "batch 1" } }, { pk: { S: "batch 2" } }] },
        [other]: { Keys: [{ pk: { S: "absent" } }], ConsistentRead: true },
      },
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  assert.deepEqual(byTable(read), { [plain]: 1, [other]: 1 });
});

test("a table with local indexes tells the size of an item collection", async () => {
  const answer = await client.send(
    new PutItemCommand({
      TableName: indexed,
      Item: { pk: { S: "collection" }, sk: { S: "1" }, at: { S: "noon" } },
      ReturnItemCollectionMetrics: "SIZE",
    }),
  );
  assert.deepEqual(answer.ItemCollectionMetrics.ItemCollectionKey, { pk: { S: "collection" } });
  const [low, high] = answer.ItemCollectionMetrics.SizeEstimateRangeGB;
  assert.ok(low >= 0 && high >= low && high <= 1);
  const none = await client.send(
    new PutItemCommand({
      TableName: plain,
      Item: { pk: { S: "a" } },
      ReturnItemCollectionMetrics: "SIZE",
    }),
  );
  assert.equal(none.ItemCollectionMetrics, undefined);
});

test("an unknown form is refused", async () => {
  const error = await errorOf(
    client.send(
      new PutItemCommand({
        TableName: plain,
        Item: { pk: { S: "a" } },
        ReturnConsumedCapacity: "SOME",
      }),
    ),
  );
  assert.match(
    error.message,
    /^1 validation error detected: .*Member must satisfy enum value set: \[INDEXES, TOTAL, NONE\]$/,
  );
});
