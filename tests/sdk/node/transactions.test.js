// Transactions: all or nothing, the reasons as the SDK gives them, idempotency, conflicts.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetItemCommand,
  IdempotentParameterMismatchException,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { TransactGetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { client, documents, endpoint, errorOf, freshTable, onAws, put } from "./support/world.js";

const TableName = await freshTable();

const write = (items, more = {}) =>
  client.send(new TransactWriteItemsCommand({ TransactItems: items, ...more }));

const get = async (pk) =>
  (
    await client.send(
      new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true }),
    )
  ).Item;

const addOne = (pk) => ({
  Update: {
    TableName,
    Key: { pk: { S: pk } },
    UpdateExpression: "ADD n :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  },
});

test("money moves from one account to the other, or not at all", async () => {
  await put(TableName, { pk: { S: "from" }, n: { N: "100" } }, { pk: { S: "to" }, n: { N: "0" } });
  const move = (amount) => [
    {
      Update: {
        TableName,
        Key: { pk: { S: "from" } },
        UpdateExpression: "SET n = n - :amount",
        ConditionExpression: "n >= :amount",
        ExpressionAttributeValues: { ":amount": { N: amount } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    {
      Update: {
        TableName,
        Key: { pk: { S: "to" } },
        UpdateExpression: "SET n = n + :amount",
        ExpressionAttributeValues: { ":amount": { N: amount } },
      },
    },
  ];
  await write(move("70"));
  const error = await errorOf(write(move("70")));
  assert.ok(error instanceof TransactionCanceledException);
  assert.equal(
    error.message,
    "Transaction cancelled, please refer cancellation reasons for specific reasons " +
      "[ConditionalCheckFailed, None]",
  );
  assert.deepEqual(error.CancellationReasons, [
    {
      Code: "ConditionalCheckFailed",
      Item: { n: { N: "30" }, pk: { S: "from" } },
      Message: "The conditional request failed",
    },
    { Code: "None" },
  ]);
  assert.equal((await get("from")).n.N, "30");
  assert.equal((await get("to")).n.N, "70");
});

test("a key that does not fit the table is a reason", async () => {
  const error = await errorOf(
    write([
      { Put: { TableName, Item: { pk: { S: "unwritten" } } } },
      { Delete: { TableName, Key: { wrong: { S: "x" } } } },
    ]),
  );
  assert.equal(error.name, "TransactionCanceledException");
  assert.deepEqual(
    error.CancellationReasons.map((reason) => reason.Code),
    ["None", "ValidationError"],
  );
  assert.equal(await get("unwritten"), undefined);
});

test("the same token again changes nothing and costs reads", async () => {
  const request = {
    ClientRequestToken: `once-${process.pid}-${Date.now()}`,
    ReturnConsumedCapacity: "TOTAL",
  };
  const first = await write([addOne("counter")], request);
  assert.equal(first.ConsumedCapacity[0].WriteCapacityUnits, 2);
  const again = await write([addOne("counter")], request);
  assert.equal(again.ConsumedCapacity[0].ReadCapacityUnits, 2);
  assert.equal(again.ConsumedCapacity[0].WriteCapacityUnits, undefined);
  assert.equal((await get("counter")).n.N, "1");
  const error = await errorOf(write([addOne("other")], request));
  assert.ok(error instanceof IdempotentParameterMismatchException);
  assert.equal(await get("other"), undefined);
});

test("requests without a token of their own are each carried out", async () => {
  for (let i = 0; i < 3; i++) await write([addOne("each")]);
  assert.equal((await get("each")).n.N, "3");
});

test("items are read in the order asked for", async () => {
  await put(TableName, { pk: { S: "x" }, v: { S: "1" } }, { pk: { S: "y" }, v: { S: "2" } });
  const { Responses, ConsumedCapacity } = await client.send(
    new TransactGetItemsCommand({
      TransactItems: ["y", "none", "x"].map((pk) => ({
        Get: { TableName, Key: { pk: { S: pk } }, ProjectionExpression: "v" },
      })),
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  assert.deepEqual(Responses, [{ Item: { v: { S: "2" } } }, {}, { Item: { v: { S: "1" } } }]);
  assert.equal(ConsumedCapacity[0].ReadCapacityUnits, 6);
});

test("the document client writes and reads transactions", async () => {
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: { pk: "doc-1", list: [1, "two", { three: null }] } } },
        {
          ConditionCheck: {
            TableName,
            Key: { pk: "doc-2" },
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
      ],
    }),
  );
  const { Responses } = await documents.send(
    new TransactGetCommand({ TransactItems: [{ Get: { TableName, Key: { pk: "doc-1" } } }] }),
  );
  assert.deepEqual(Responses[0].Item, { pk: "doc-1", list: [1, "two", { three: null }] });
});

test("a hundred items in one transaction", async () => {
  const items = Array.from({ length: 100 }, (_, i) => ({
    Put: { TableName, Item: { pk: { S: `many-${i}` } } },
  }));
  await write(items);
  assert.ok(await get("many-99"));
  assert.equal((await errorOf(write([...items, addOne("more")]))).name, "ValidationException");
});

test("writes that meet a transaction on its way", { skip: onAws }, async () => {
  const behave = (order) =>
    fetch(`${endpoint}/_stator/behaviour`, { method: "PUT", body: JSON.stringify(order) });
  assert.equal((await behave({ transaction_hold_ms: 800 })).status, 200);
  try {
    const held = write([addOne("busy")]);
    await new Promise((wake) => setTimeout(wake, 300));
    const single = await errorOf(
      client.send(new PutItemCommand({ TableName, Item: { pk: { S: "busy" } } })),
    );
    assert.equal(single.name, "TransactionConflictException");
    const other = await errorOf(write([addOne("free"), addOne("busy")]));
    assert.deepEqual(other.CancellationReasons, [
      { Code: "None" },
      { Code: "TransactionConflict", Message: "Transaction is ongoing for the item." },
    ]);
    assert.equal(await get("busy"), undefined);
    await held;
    assert.equal((await get("busy")).n.N, "1");
  } finally {
    await behave({ transaction_hold_ms: 0 });
  }
});
