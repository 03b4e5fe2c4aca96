// The document client of version 3: JavaScript values in, JavaScript values out.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  paginateQuery,
  paginateScan,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { documents, errorOf, freshTable, keys } from "./support/world.js";

const TableName = await freshTable(keys({ tenant: "S", id: "N" }));
const send = (command) => documents.send(command);

test("values of JavaScript come back as they were", async () => {
  const Item = {
    tenant: "t1",
    id: 1,
    text: "hello",
    none: null,
    yes: true,
    price: 12.75,
    list: [1, "two", [3], { four: 4 }],
    nested: { a: { b: { c: [] } } },
    letters: new Set(["x", "y"]),
    digits: new Set([1, 2, 3]),
    gone: undefined,
  };
  await send(new PutCommand({ TableName, Item }));
  const found = await send(
    new GetCommand({ TableName, Key: { tenant: "t1", id: 1 }, ConsistentRead: true }),
  );
  const { gone, ...expected } = Item;
  assert.deepEqual(found.Item, expected);
});

test("binary values come back as bytes", async () => {
  const data = Uint8Array.from([0, 128, 255]);
  await send(new PutCommand({ TableName, Item: { tenant: "t1", id: 2, data } }));
  const found = await send(new GetCommand({ TableName, Key: { tenant: "t1", id: 2 } }));
  assert.deepEqual([...found.Item.data], [0, 128, 255]);
});

test("an update returns JavaScript values", async () => {
  await send(new PutCommand({ TableName, Item: { tenant: "t1", id: 3, visits: 1, tags: ["a"] } }));
  const { Attributes } = await send(
    new UpdateCommand({
      TableName,
      Key: { tenant: "t1", id: 3 },
      UpdateExpression: "SET visits = visits + :one, tags = list_append(tags, :more)",
      ExpressionAttributeValues: { ":one": 1, ":more": ["b", "c"] },
      ReturnValues: "ALL_NEW",
    }),
  );
  assert.deepEqual(Attributes, { tenant: "t1", id: 3, visits: 2, tags: ["a", "b", "c"] });
});

test("an optimistic lock lets one of two writers through", async () => {
  const Key = { tenant: "t1", id: 4 };
  await send(new PutCommand({ TableName, Item: { ...Key, version: 1 } }));
  const save = () =>
    send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: "SET version = version + :one",
        ConditionExpression: "version = :seen",
        ExpressionAttributeValues: { ":one": 1, ":seen": 1 },
      }),
    );
  const results = await Promise.allSettled([save(), save(), save()]);
  assert.equal(results.filter((r) => r.status === "fulfilled").length, 1);
  for (const result of results.filter((r) => r.status === "rejected"))
    assert.equal(result.reason.name, "ConditionalCheckFailedException");
});

test("batches, queries and deletes work in documents", async () => {
  const PutRequests = Array.from({ length: 10 }, (_, id) => ({
    PutRequest: { Item: { tenant: "t2", id, half: id / 2 } },
  }));
  const written = await send(new BatchWriteCommand({ RequestItems: { [TableName]: PutRequests } }));
  assert.deepEqual(written.UnprocessedItems, {});
  const read = await send(
    new BatchGetCommand({
      RequestItems: { [TableName]: { Keys: [{ tenant: "t2", id: 3 }], ConsistentRead: true } },
    }),
  );
  assert.deepEqual(read.Responses[TableName], [{ tenant: "t2", id: 3, half: 1.5 }]);
  await send(new DeleteCommand({ TableName, Key: { tenant: "t2", id: 0 } }));
  const page = await send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "tenant = :t AND id < :max",
      FilterExpression: "half > :half",
      ExpressionAttributeValues: { ":t": "t2", ":max": 5, ":half": 0.5 },
      ConsistentRead: true,
    }),
  );
  assert.deepEqual(
    page.Items.map((item) => item.id),
    [2, 3, 4],
  );
});

test("paginators hand on JavaScript keys", async () => {
  for (let id = 0; id < 7; id++)
    await send(new PutCommand({ TableName, Item: { tenant: "t3", id } }));
  const ids = [];
  for await (const page of paginateQuery(
    { client: documents, pageSize: 3 },
    {
      TableName,
      KeyConditionExpression: "tenant = :t",
      ExpressionAttributeValues: { ":t": "t3" },
      ScanIndexForward: false,
    },
  ))
    ids.push(...page.Items.map((item) => item.id));
  assert.deepEqual(ids, [6, 5, 4, 3, 2, 1, 0]);
  let scanned = 0;
  for await (const page of paginateScan(
    { client: documents, pageSize: 2 },
    { TableName, FilterExpression: "tenant = :t", ExpressionAttributeValues: { ":t": "t3" } },
  ))
    scanned += page.Count;
  assert.equal(scanned, 7);
});

test("an error carries the item it was about", async () => {
  await send(new PutCommand({ TableName, Item: { tenant: "t4", id: 1, state: "done" } }));
  const error = await errorOf(
    send(
      new PutCommand({
        TableName,
        Item: { tenant: "t4", id: 1 },
        ConditionExpression: "attribute_not_exists(tenant)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    ),
  );
  assert.equal(error.name, "ConditionalCheckFailedException");
  assert.deepEqual(error.Item.state, { S: "done" });
});
