// BatchGetItem and BatchWriteItem: several tables, sizes, what is left over.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  ResourceNotFoundException,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { client, errorOf, freshName, freshTable, keys } from "./support/world.js";

const first = await freshTable();
const second = await freshTable(keys({ pk: "S", sk: "N" }));

const putOf = (Item) => ({ PutRequest: { Item } });
const deleteOf = (Key) => ({ DeleteRequest: { Key } });
const write = (RequestItems, more) =>
  client.send(new BatchWriteItemCommand({ RequestItems, ...more }));
const read = (RequestItems, more) =>
  client.send(new BatchGetItemCommand({ RequestItems, ...more }));

/** Sends what a batch left over again, as every program must. */
async function writeAll(RequestItems) {
  let calls = 0;
  for (let left = RequestItems; Object.keys(left).length; calls++)
    left = (await write(left)).UnprocessedItems;
  return calls;
}

test("a batch puts and deletes in several tables", async () => {
  await writeAll({
    [first]: [putOf({ pk: { S: "a" }, v: { N: "1" } }), putOf({ pk: { S: "b" } })],
    [second]: [putOf({ pk: { S: "a" }, sk: { N: "1" }, v: { BOOL: true } })],
  });
  const answer = await write({
    [first]: [deleteOf({ pk: { S: "b" } }), deleteOf({ pk: { S: "never there" } })],
    [second]: [putOf({ pk: { S: "a" }, sk: { N: "2" } })],
  });
  assert.deepEqual(answer.UnprocessedItems, {});
  const found = await read({
    [first]: { Keys: [{ pk: { S: "a" } }, { pk: { S: "b" } }], ConsistentRead: true },
    [second]: {
      Keys: [
        { pk: { S: "a" }, sk: { N: "1" } },
        { pk: { S: "a" }, sk: { N: "2" } },
      ],
      ConsistentRead: true,
      ProjectionExpression: "#v, sk",
      ExpressionAttributeNames: { "#v": "v" },
    },
  });
  assert.deepEqual(found.UnprocessedKeys, {});
  assert.deepEqual(found.Responses[first], [{ pk: { S: "a" }, v: { N: "1" } }]);
  const byKey = found.Responses[second].sort((x, y) => x.sk.N - y.sk.N);
  assert.deepEqual(byKey, [{ v: { BOOL: true }, sk: { N: "1" } }, { sk: { N: "2" } }]);
});

test("a batch of 25 writes and of 100 reads is taken", async () => {
  const table = await freshTable();
  for (let i = 0; i < 100; i += 25)
    await writeAll({
      [table]: Array.from({ length: 25 }, (_, j) => putOf({ pk: { S: `k${i + j}` } })),
    });
  const found = await read({
    [table]: { Keys: Array.from({ length: 100 }, (_, i) => ({ pk: { S: `k${i}` } })) },
  });
  assert.equal(found.Responses[table].length, 100);
});

test("a read of more than 16 MB leaves keys over, and a loop gets them all", async () => {
  const table = await freshTable();
  const v = { S: "x".repeat(300 * 1024) };
  for (let i = 0; i < 60; i += 10)
    await writeAll({
      [table]: Array.from({ length: 10 }, (_, j) => putOf({ pk: { S: `k${i + j}` }, v })),
    });
  const seen = new Set();
  let calls = 0;
  let left = {
    [table]: {
      Keys: Array.from({ length: 60 }, (_, i) => ({ pk: { S: `k${i}` } })),
      ConsistentRead: true,
    },
  };
  for (; Object.keys(left).length; calls++) {
    const answer = await read(left);
    for (const item of answer.Responses[table] ?? []) {
      assert.ok(!seen.has(item.pk.S), "an item comes once");
      seen.add(item.pk.S);
    }
    left = answer.UnprocessedKeys;
    if (Object.keys(left).length) assert.equal(left[table].ConsistentRead, true);
    assert.ok(calls < 60, "each call gives something");
  }
  assert.equal(seen.size, 60);
  assert.ok(calls >= 2);
});

test("items that a batch left alone stay as they were", async () => {
  const table = await freshTable();
  await writeAll({ [table]: [putOf({ pk: { S: "a" }, v: { N: "1" } })] });
  const error = await errorOf(
    write({
      [table]: [putOf({ pk: { S: "a" }, v: { N: "2" } }), putOf({ wrong: { S: "key" } })],
    }),
  );
  assert.equal(error.name, "ValidationException");
  assert.equal(error.message, "The provided key element does not match the schema");
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: "a" } }, ConsistentRead: true }),
  );
  assert.equal(Item.v.N, "1");
});

test("an unknown table fails the whole batch", async () => {
  const table = await freshTable();
  const error = await errorOf(
    write({
      [table]: [putOf({ pk: { S: "a" } })],
      [freshName("absent")]: [putOf({ pk: { S: "a" } })],
    }),
  );
  assert.ok(error instanceof ResourceNotFoundException);
  assert.equal(error.message, "Requested resource not found");
  const { Count } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  assert.equal(Count, 0);
});

const twice = { pk: { S: "twice" } };
const refusals = [
  [
    "a write of one key twice",
    () => write({ [first]: [putOf(twice), deleteOf(twice)] }),
    /^Provided list of item keys contains duplicates$/,
  ],
  [
    "a read of one key twice",
    () => read({ [first]: { Keys: [twice, twice] } }),
    /^Provided list of item keys contains duplicates$/,
  ],
  [
    "no table to read from",
    () => read({}),
    /^1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
  ],
  [
    "no table to write to",
    () => write({}),
    /^The requestItems parameter is required for BatchWriteItem$/,
  ],
  [
    "no keys",
    () => read({ [first]: { Keys: [] } }),
    new RegExp(
      `^1 validation error detected: Value at 'RequestItems\\.${first}\\.member\\.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1$`,
    ),
  ],
  [
    "26 writes",
    () => write({ [first]: Array.from({ length: 26 }, (_, i) => putOf({ pk: { S: `${i}` } })) }),
    /Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/,
  ],
  [
    "101 reads",
    () =>
      read({ [first]: { Keys: Array.from({ length: 101 }, (_, i) => ({ pk: { S: `${i}` } })) } }),
    new RegExp(
      `^1 validation error detected: Value at 'RequestItems\\.${first}\\.member\\.Keys' failed to satisfy constraint: Member must have length less than or equal to 100$`,
    ),
  ],
  [
    "101 reads over two tables",
    () =>
      read({
        [first]: { Keys: Array.from({ length: 51 }, (_, i) => ({ pk: { S: `${i}` } })) },
        [second]: {
          Keys: Array.from({ length: 50 }, (_, i) => ({ pk: { S: "a" }, sk: { N: `${i}` } })),
        },
      }),
    /^Too many items requested for the BatchGetItem call$/,
  ],
];

for (const [claim, call, message] of refusals) {
  test(`refused: ${claim}`, async () => {
    const error = await errorOf(call());
    assert.equal(error.name, "ValidationException");
    assert.match(error.message, message);
  });
}
