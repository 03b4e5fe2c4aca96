// Version 2 of the SDK (`aws-sdk`), which many code bases still use.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alsoDrop,
  errorOf,
  freshName,
  freshTable,
  index,
  keys,
  v2,
  v2Documents,
} from "./support/world.js";

const TableName = await freshTable({
  ...keys({ tenant: "S", id: "N" }, { state: "S" }),
  GlobalSecondaryIndexes: [index("by-state", "state", "id")],
});

test("version 2 creates, waits for, describes and drops a table", async () => {
  const name = freshName("v2");
  alsoDrop(name);
  const { TableDescription } = await v2
    .createTable({ TableName: name, BillingMode: "PAY_PER_REQUEST", ...keys({ pk: "S" }) })
    .promise();
  assert.equal(TableDescription.TableName, name);
  const { Table } = await v2.waitFor("tableExists", { TableName: name }).promise();
  assert.equal(Table.TableStatus, "ACTIVE");
  assert.ok(Table.CreationDateTime instanceof Date);
  await v2.deleteTable({ TableName: name }).promise();
  await v2.waitFor("tableNotExists", { TableName: name }).promise();
});

test("version 2 puts and gets attribute values", async () => {
  const Item = {
    tenant: { S: "a" },
    id: { N: "1" },
    data: { B: Buffer.from([1, 2, 255]) },
    tags: { SS: ["x", "y"] },
    map: { M: { list: { L: [{ BOOL: true }, { NULL: true }] } } },
  };
  await v2.putItem({ TableName, Item }).promise();
  const found = await v2
    .getItem({ TableName, Key: { tenant: Item.tenant, id: Item.id }, ConsistentRead: true })
    .promise();
  assert.deepEqual([...found.Item.data.B], [1, 2, 255]);
  assert.deepEqual([...found.Item.tags.SS].sort(), ["x", "y"]);
  assert.deepEqual(found.Item.map, Item.map);
});

test("version 2's document client puts, updates, queries and deletes", async () => {
  const Key = { tenant: "b", id: 7 };
  await v2Documents
    .put({ TableName, Item: { ...Key, state: "open", parts: [{ sku: "x", count: 2 }] } })
    .promise();
  const { Attributes } = await v2Documents
    .update({
      TableName,
      Key,
      UpdateExpression: "SET #s = :s, parts[0].#c = parts[0].#c + :one",
      ExpressionAttributeNames: { "#s": "state", "#c": "count" },
      ExpressionAttributeValues: { ":s": "paid", ":one": 1 },
      ReturnValues: "ALL_NEW",
    })
    .promise();
  assert.deepEqual(Attributes, { ...Key, state: "paid", parts: [{ sku: "x", count: 3 }] });
  const page = await v2Documents
    .query({
      TableName,
      KeyConditionExpression: "tenant = :t AND id BETWEEN :a AND :z",
      ExpressionAttributeValues: { ":t": "b", ":a": 5, ":z": 9 },
    })
    .promise();
  assert.deepEqual(
    page.Items.map((item) => item.id),
    [7],
  );
  const gone = await v2Documents.delete({ TableName, Key, ReturnValues: "ALL_OLD" }).promise();
  assert.equal(gone.Attributes.state, "paid");
  const found = await v2Documents.get({ TableName, Key, ConsistentRead: true }).promise();
  assert.deepEqual(found, {});
});

test("version 2 makes sets and reads them back", async () => {
  const Key = { tenant: "sets", id: 1 };
  await v2Documents
    .put({ TableName, Item: { ...Key, numbers: v2Documents.createSet([3, 1, 2]) } })
    .promise();
  const { Item } = await v2Documents.get({ TableName, Key, ConsistentRead: true }).promise();
  assert.equal(Item.numbers.type, "Number");
  assert.deepEqual([...Item.numbers.values].sort(), [1, 2, 3]);
});

test("version 2 walks pages and batches", async () => {
  const requests = Array.from({ length: 9 }, (_, id) => ({
    PutRequest: { Item: { tenant: "pages", id } },
  }));
  const { UnprocessedItems } = await v2Documents
    .batchWrite({ RequestItems: { [TableName]: requests } })
    .promise();
  assert.deepEqual(UnprocessedItems, {});
  const ids = [];
  let pages = 0;
  await new Promise((resolve, reject) => {
    v2.query({
      TableName,
      KeyConditionExpression: "tenant = :t",
      ExpressionAttributeValues: { ":t": { S: "pages" } },
      Limit: 4,
    }).eachPage((error, page, done) => {
      if (error) return reject(error);
      if (!page) return resolve();
      pages++;
      ids.push(...page.Items.map((item) => Number(item.id.N)));
      done();
    });
  });
  assert.deepEqual(ids, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(pages, 3);
});

test("version 2's errors carry code, status and request id", async () => {
  const error = await errorOf(
    v2Documents
      .put({
        TableName,
        Item: { tenant: "a", id: 1 },
        ConditionExpression: "attribute_not_exists(tenant)",
      })
      .promise(),
  );
  assert.equal(error.code, "ConditionalCheckFailedException");
  assert.equal(error.message, "The conditional request failed");
  assert.equal(error.statusCode, 400);
  assert.match(error.requestId, /^[0-9A-Z]{52}$/);
});

test("an error that version 2 cannot retry is raised at once", async () => {
  const error = await errorOf(v2.describeTable({ TableName: freshName("absent") }).promise());
  assert.equal(error.code, "ResourceNotFoundException");
  assert.equal(error.retryable, false);
});
