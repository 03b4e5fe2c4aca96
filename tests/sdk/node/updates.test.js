// UpdateItem: every clause, function and operator, and what it gives back.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { client, errorOf, freshTable, put } from "./support/world.js";

const TableName = await freshTable();
const start = {
  n: { N: "10" },
  s: { S: "text" },
  items: { L: [{ S: "a" }, { S: "b" }, { S: "c" }] },
  doc: { M: { x: { N: "1" }, y: { M: { z: { S: "deep" } } } } },
  tags: { SS: ["blue", "red"] },
  nums: { NS: ["1", "2"] },
};
let count = 0;

async function updated(UpdateExpression, values, more = {}, item = start) {
  const Key = { pk: { S: `item ${++count}` } };
  if (item) await put(TableName, { ...Key, ...item });
  const names = {};
  const expression = UpdateExpression.replace(/\bitems\b/g, () => {
    names["#items"] = "items";
    return "#items";
  });
  const answer = await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: expression,
      ExpressionAttributeNames: Object.keys(names).length ? names : undefined,
      ExpressionAttributeValues: values,
      ...more,
    }),
  );
  const found = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const { pk, ...attributes } = found.Item ?? {};
  return { answer, attributes };
}

const sorted = (attributes) => {
  const copy = structuredClone(attributes);
  for (const value of Object.values(copy)) {
    value.SS?.sort();
    value.NS?.sort();
  }
  return copy;
};

// claim, expression, values, what becomes of the item above
const changes = [
  ["SET makes an attribute", "SET new_one = :v", { ":v": { S: "v" } }, { new_one: { S: "v" } }],
  ["SET copies", "SET twin = doc.y", undefined, { twin: { M: { z: { S: "deep" } } } }],
  ["SET adds", "SET n = n + :v", { ":v": { N: "2.5" } }, { n: { N: "12.5" } }],
  ["SET subtracts", "SET n = :v - n", { ":v": { N: "1" } }, { n: { N: "-9" } }],
  [
    "if_not_exists keeps what is there",
    "SET n = if_not_exists(n, :v), m = if_not_exists(m, :v)",
    { ":v": { N: "0" } },
    { m: { N: "0" } },
  ],
  [
    "a counter starts at zero",
    "SET hits = if_not_exists(hits, :zero) + :one",
    { ":zero": { N: "0" }, ":one": { N: "1" } },
    { hits: { N: "1" } },
  ],
  [
    "list_append works on both ends",
    "SET items = list_append(list_append(:v, items), :v)",
    { ":v": { L: [{ S: "x" }] } },
    { items: { L: [{ S: "x" }, { S: "a" }, { S: "b" }, { S: "c" }, { S: "x" }] } },
  ],
  [
    "SET past the end of a list appends",
    "SET items[9] = :v",
    { ":v": { S: "x" } },
    { items: { L: [{ S: "a" }, { S: "b" }, { S: "c" }, { S: "x" }] } },
  ],
  [
    "SET in a document",
    "SET doc.y.z = :v, doc.w = :v, items[1] = :v",
    { ":v": { N: "3" } },
    {
      doc: { M: { x: { N: "1" }, y: { M: { z: { N: "3" } } }, w: { N: "3" } } },
      items: { L: [{ S: "a" }, { N: "3" }, { S: "c" }] },
    },
  ],
  [
    "REMOVE of list elements moves the rest up",
    "REMOVE items[0], items[2], absent",
    undefined,
    { items: { L: [{ S: "b" }] } },
  ],
  ["REMOVE in a document", "REMOVE doc.y", undefined, { doc: { M: { x: { N: "1" } } } }],
  ["ADD to a number", "ADD n :v", { ":v": { N: "-4" } }, { n: { N: "6" } }],
  ["ADD makes a number", "ADD fresh :v", { ":v": { N: "4" } }, { fresh: { N: "4" } }],
  [
    "ADD to a set",
    "ADD tags :v",
    { ":v": { SS: ["green", "red"] } },
    { tags: { SS: ["blue", "green", "red"] } },
  ],
  ["DELETE from a set", "DELETE nums :v", { ":v": { NS: ["2.0", "9"] } }, { nums: { NS: ["1"] } }],
  [
    "the right side is read before anything is written",
    "SET n = doc.x, doc.x = n",
    undefined,
    { n: { N: "1" }, doc: { M: { x: { N: "10" }, y: { M: { z: { S: "deep" } } } } } },
  ],
];

for (const [claim, expression, values, change] of changes) {
  test(claim, async () => {
    const { attributes } = await updated(expression, values);
    assert.deepEqual(sorted(attributes), sorted({ ...start, ...change }));
  });
}

test("REMOVE takes an attribute away", async () => {
  const { attributes } = await updated("REMOVE s, n");
  assert.deepEqual(Object.keys(attributes).sort(), ["doc", "items", "nums", "tags"]);
});

test("a set that loses its last member goes with it", async () => {
  const { attributes } = await updated("DELETE nums :v", { ":v": { NS: ["1", "2"] } });
  assert.equal(attributes.nums, undefined);
});

test("all clauses work in one expression", async () => {
  const { attributes } = await updated("SET s = :s REMOVE doc ADD n :n DELETE tags :t", {
    ":s": { S: "new" },
    ":n": { N: "1" },
    ":t": { SS: ["red"] },
  });
  const { doc, ...rest } = start;
  assert.deepEqual(sorted(attributes), {
    ...rest,
    s: { S: "new" },
    n: { N: "11" },
    tags: { SS: ["blue"] },
  });
});

test("an update of an item that is not there makes it", async () => {
  const { attributes } = await updated("SET a = :v", { ":v": { N: "1" } }, {}, null);
  assert.deepEqual(attributes, { a: { N: "1" } });
});

test("an update without an expression makes an item of its key", async () => {
  const Key = { pk: { S: "only a key" } };
  await client.send(new UpdateItemCommand({ TableName, Key }));
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  assert.deepEqual(Item, Key);
});

test("return values are the old or the new, whole or what was updated", async () => {
  const give = async (ReturnValues) =>
    (await updated("SET n = :v, doc.x = :v", { ":v": { N: "2" } }, { ReturnValues })).answer
      .Attributes;
  assert.equal(await give("NONE"), undefined);
  assert.deepEqual(await give("UPDATED_NEW"), { n: { N: "2" }, doc: { M: { x: { N: "2" } } } });
  assert.deepEqual(await give("UPDATED_OLD"), { n: { N: "10" }, doc: { M: { x: { N: "1" } } } });
  const { pk: oldKey, ...old } = await give("ALL_OLD");
  assert.deepEqual(sorted(old), sorted(start));
  const { pk: newKey, ...now } = await give("ALL_NEW");
  assert.match(newKey.S, /^item /);
  assert.deepEqual(now.n, { N: "2" });
  assert.deepEqual(now.doc.M.y, start.doc.M.y);
});

test("a condition guards an update", async () => {
  const error = await errorOf(
    updated(
      "SET n = :v",
      { ":v": { N: "2" }, ":old": { N: "11" } },
      { ConditionExpression: "n = :old", ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
    ),
  );
  assert.ok(error instanceof ConditionalCheckFailedException);
  assert.equal(error.Item.n.N, "10");
});

const refusals = [
  [
    "SET pk = :v",
    { ":v": { S: "x" } },
    /Cannot update attribute pk. This attribute is part of the key$/,
  ],
  [
    "SET n = s + :v",
    { ":v": { N: "1" } },
    /An operand in the update expression has an incorrect data type$/,
  ],
  [
    "SET a = absent",
    undefined,
    /The provided expression refers to an attribute that does not exist in the item$/,
  ],
  [
    "SET absent.x = :v",
    { ":v": { N: "1" } },
    /The document path provided in the update expression is invalid for update$/,
  ],
  [
    "ADD s :v",
    { ":v": { N: "1" } },
    /An operand in the update expression has an incorrect data type$/,
  ],
  [
    "ADD s :v",
    { ":v": { S: "1" } },
    /Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING/,
  ],
  [
    "DELETE n :v",
    { ":v": { N: "1" } },
    /Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER/,
  ],
  [
    "SET a = :v, a = :v",
    { ":v": { N: "1" } },
    /Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: \[a\], path two: \[a\]$/,
  ],
  [
    "SET a = :v SET b = :v",
    { ":v": { N: "1" } },
    /Invalid UpdateExpression: The "SET" section can only be used once in an update expression;$/,
  ],
  [
    "INVALID SYNTAX",
    undefined,
    /Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"$/,
  ],
  [
    "SET a = list_append(:v, :v)",
    { ":v": { S: "x" } },
    /Incorrect operand type for operator or function; operator or function: list_append, operand type: S$/,
  ],
];

for (const [expression, values, message] of refusals) {
  test(`refused: ${expression} ${JSON.stringify(values ?? {})}`, async () => {
    const error = await errorOf(updated(expression, values));
    assert.equal(error.name, "ValidationException");
    assert.match(error.message, message);
  });
}

test("concurrent counters lose nothing", async () => {
  const Key = { pk: { S: "counter" } };
  await Promise.all(
    Array.from({ length: 40 }, () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: "ADD hits :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      ),
    ),
  );
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  assert.equal(Item.hits.N, "40");
});
