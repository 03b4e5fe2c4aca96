// The parameters from before expressions, which old code still sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { client, errorOf, freshTable, keys, put } from "./support/world.js";

const TableName = await freshTable(keys({ pk: "S", sk: "N" }));
const key = (sk) => ({ pk: { S: "p" }, sk: { N: String(sk) } });
for (let i = 0; i < 6; i++)
  await put(TableName, { ...key(i), n: { N: String(i * 10) }, s: { S: i < 3 ? "low" : "high" } });

const condition = (ComparisonOperator, ...AttributeValueList) => ({
  ComparisonOperator,
  AttributeValueList: AttributeValueList.length ? AttributeValueList : undefined,
});
const n = (value) => ({ N: String(value) });
const sks = (page) => page.Items.map((item) => Number(item.sk.N));

test("AttributesToGet picks attributes", async () => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: key(2), AttributesToGet: ["n", "absent"] }),
  );
  assert.deepEqual(Item, { n: { N: "20" } });
});

const pk = condition("EQ", { S: "p" });
const keyConditions = [
  ["no sort condition", {}, [0, 1, 2, 3, 4, 5]],
  ["EQ", { sk: condition("EQ", n(3)) }, [3]],
  ["LT", { sk: condition("LT", n(2)) }, [0, 1]],
  ["LE", { sk: condition("LE", n(2)) }, [0, 1, 2]],
  ["GT", { sk: condition("GT", n(3)) }, [4, 5]],
  ["GE", { sk: condition("GE", n(3)) }, [3, 4, 5]],
  ["BETWEEN", { sk: condition("BETWEEN", n(1), n(3)) }, [1, 2, 3]],
];
for (const [claim, KeyConditions, expected] of keyConditions) {
  test(`KeyConditions with ${claim}`, async () => {
    const page = await client.send(
      new QueryCommand({ TableName, KeyConditions: { pk, ...KeyConditions } }),
    );
    assert.deepEqual(sks(page), expected);
  });
}

const filters = [
  ["EQ", { n: condition("EQ", n(20)) }, [2]],
  ["NE", { n: condition("NE", n(20)) }, [0, 1, 3, 4, 5]],
  ["IN", { n: condition("IN", n(10), n(30)) }, [1, 3]],
  ["BEGINS_WITH", { s: condition("BEGINS_WITH", { S: "lo" }) }, [0, 1, 2]],
  ["CONTAINS", { s: condition("CONTAINS", { S: "ig" }) }, [3, 4, 5]],
  ["NOT_CONTAINS", { s: condition("NOT_CONTAINS", { S: "ig" }) }, [0, 1, 2]],
  ["NULL", { s: condition("NULL") }, []],
  ["NOT_NULL", { s: condition("NOT_NULL") }, [0, 1, 2, 3, 4, 5]],
  ["two conditions", { s: condition("EQ", { S: "low" }), n: condition("GT", n(5)) }, [1, 2]],
];
for (const [claim, filter, expected] of filters) {
  test(`QueryFilter and ScanFilter with ${claim}`, async () => {
    const query = await client.send(
      new QueryCommand({ TableName, KeyConditions: { pk }, QueryFilter: filter }),
    );
    assert.deepEqual(sks(query), expected);
    const scan = await client.send(new ScanCommand({ TableName, ScanFilter: filter }));
    assert.deepEqual(sks(scan), expected);
  });
}

test("ConditionalOperator OR joins filters", async () => {
  const scan = await client.send(
    new ScanCommand({
      TableName,
      ScanFilter: { n: condition("EQ", n(0)), s: condition("EQ", { S: "high" }) },
      ConditionalOperator: "OR",
    }),
  );
  assert.deepEqual(sks(scan), [0, 3, 4, 5]);
});

test("Expected guards puts and deletes", async () => {
  const Key = key(100);
  const Item = { ...Key, v: n(1) };
  const absent = { pk: { Exists: false } };
  await client.send(new PutItemCommand({ TableName, Item, Expected: absent }));
  const again = await errorOf(
    client.send(new PutItemCommand({ TableName, Item, Expected: absent })),
  );
  assert.ok(again instanceof ConditionalCheckFailedException);
  const wrong = await errorOf(
    client.send(new DeleteItemCommand({ TableName, Key, Expected: { v: { Value: n(2) } } })),
  );
  assert.ok(wrong instanceof ConditionalCheckFailedException);
  await client.send(
    new DeleteItemCommand({ TableName, Key, Expected: { v: condition("BETWEEN", n(0), n(1)) } }),
  );
});

test("AttributeUpdates put, add and delete", async () => {
  const Key = key(200);
  await put(TableName, { ...Key, a: n(1), b: n(2), c: { SS: ["x", "y"] }, d: { S: "gone" } });
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      AttributeUpdates: {
        a: { Action: "PUT", Value: { S: "text" } },
        b: { Action: "ADD", Value: n(5) },
        c: { Action: "DELETE", Value: { SS: ["x"] } },
        d: { Action: "DELETE" },
        e: { Value: n(9) },
        f: { Action: "ADD", Value: { NS: ["1"] } },
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  assert.deepEqual(Attributes, {
    ...Key,
    a: { S: "text" },
    b: n(7),
    c: { SS: ["y"] },
    e: n(9),
    f: { NS: ["1"] },
  });
});

const refusals = [
  [
    new QueryCommand({ TableName, KeyConditions: { pk: condition("NE", { S: "p" }) } }),
    /Attempted conditional constraint is not an indexable operation$/,
  ],
  [
    new ScanCommand({ TableName, ScanFilter: { n: condition("EQ", n(1), n(2)) } }),
    /One or more parameter values were invalid: Invalid number of argument\(s\) for the EQ ComparisonOperator$/,
  ],
  [
    new PutItemCommand({ TableName, Item: key(1), Expected: { a: { Exists: true } } }),
    /One or more parameter values were invalid: Value must be provided when Exists is true for Attribute: a$/,
  ],
  [
    new UpdateItemCommand({ TableName, Key: key(1), AttributeUpdates: { a: { Action: "PUT" } } }),
    /One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified$/,
  ],
];
for (const [command, message] of refusals) {
  test(`refused: ${message.source.slice(0, 90)}`, async () => {
    const error = await errorOf(client.send(command));
    assert.equal(error.name, "ValidationException");
    assert.match(error.message, message);
  });
}
