// Items: every type there and back, projections, return values, conditions.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { client, errorOf, freshName, freshTable, keys, put } from "./support/world.js";

const TableName = await freshTable();

const get = async (pk, more = {}) =>
  (
    await client.send(
      new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true, ...more }),
    )
  ).Item;

const bytes = (...values) => Uint8Array.from(values);
const plain = (array) => [...array];

test("every type comes back as it was put", async () => {
  const item = {
    pk: { S: "types" },
    string: { S: 'caf\u00e9 \u{1f980} "quoted" \\ \n\t\u0001' },
    empty: { S: "" },
    number: { N: "-12.5" },
    binary: { B: bytes(0, 1, 254, 255) },
    emptyBinary: { B: bytes() },
    yes: { BOOL: true },
    no: { BOOL: false },
    nothing: { NULL: true },
    list: { L: [{ S: "a" }, { N: "1" }, { L: [] }, { M: {} }] },
    map: { M: { core: { M: { deep: { BOOL: false } } }, "dots.and spaces": { S: "" } } },
  };
  await put(TableName, item);
  const found = await get("types");
  assert.deepEqual(plain(found.binary.B), [0, 1, 254, 255]);
  assert.equal(found.emptyBinary.B.length, 0);
  const { binary, emptyBinary, ...rest } = found;
  const { binary: _1, emptyBinary: _2, ...expected } = item;
  assert.deepEqual(rest, expected);
});

test("sets come back with the same members", async () => {
  await put(TableName, {
    pk: { S: "sets" },
    strings: { SS: ["b", "a", ""] },
    numbers: { NS: ["3", "1.0", "-2e1"] },
    binaries: { BS: [bytes(2), bytes(1)] },
  });
  const found = await get("sets");
  assert.deepEqual([...found.strings.SS].sort(), ["", "a", "b"]);
  assert.deepEqual([...found.numbers.NS].sort(), ["-20", "1", "3"]);
  assert.deepEqual(found.binaries.BS.map((b) => plain(b)).sort(), [[1], [2]]);
});

const numbers = [
  ["0", "0"],
  ["-0", "0"],
  ["1.50", "1.5"],
  ["+007", "7"],
  ["1E3", "1000"],
  ["1e-3", "0.001"],
  ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
  ["0.12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678"],
  ["1E125", "1" + "0".repeat(125)],
  ["-9.9999999999999999999999999999999999999E+125", "-" + "9".repeat(38) + "0".repeat(88)],
  ["1E-130", "0." + "0".repeat(129) + "1"],
];

for (const [sent, answered] of numbers) {
  test(`the number ${sent} comes back as ${answered.slice(0, 44)}`, async () => {
    await put(TableName, { pk: { S: "number" }, n: { N: sent } });
    assert.equal((await get("number")).n.N, answered);
  });
}

const badNumbers = [
  ["abc", "The parameter cannot be converted to a numeric value: abc"],
  ["NaN", "The parameter cannot be converted to a numeric value: NaN"],
  [
    "123456789012345678901234567890123456789",
    "Attempting to store more than 38 significant digits in a Number",
  ],
  [
    "1E126",
    "Number overflow. Attempting to store a number with magnitude larger than supported range",
  ],
  [
    "1E-131",
    "Number underflow. Attempting to store a number with magnitude smaller than supported range",
  ],
];

for (const [sent, message] of badNumbers) {
  test(`the number ${sent} is refused`, async () => {
    const error = await errorOf(put(TableName, { pk: { S: "number" }, n: { N: sent } }));
    assert.equal(error.name, "ValidationException");
    assert.equal(error.message, `1 validation error detected: ${message}`);
  });
}

const badItems = [
  ["an empty set", { a: { SS: [] } }, /An string set  may not be empty$/],
  [
    "a set with a member twice",
    { a: { NS: ["1", "1.0"] } },
    /Input collection contains duplicates/,
  ],
  [
    "NULL: false",
    { a: { NULL: false } },
    /Null attribute value types must have the value of true$/,
  ],
];

for (const [claim, attributes, message] of badItems) {
  test(`${claim} is refused`, async () => {
    const error = await errorOf(put(TableName, { pk: { S: "bad" }, ...attributes }));
    assert.equal(error.name, "ValidationException");
    assert.match(error.message, message);
  });
}

const badKeys = [
  [{ a: { S: "x" } }, "One or more parameter values were invalid: Missing the key pk in the item"],
  [
    { pk: { N: "1" } },
    "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
  ],
  [
    { pk: { S: "" } },
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot " +
      "contain an empty string value. Key: pk",
  ],
  [
    { pk: { S: "k".repeat(2049) } },
    "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size " +
      "limit of2048 bytes",
  ],
];

for (const [item, message] of badKeys) {
  test(`no item is put with the key ${JSON.stringify(item).slice(0, 30)}`, async () => {
    const error = await errorOf(put(TableName, item));
    assert.equal(error.message, message);
  });
}

test("keys may be numbers and binaries, and compare by value", async () => {
  const name = await freshTable(keys({ pk: "N", sk: "B" }));
  await put(name, { pk: { N: "1.0" }, sk: { B: bytes(7) }, v: { S: "here" } });
  const found = await client.send(
    new GetItemCommand({
      TableName: name,
      Key: { pk: { N: "1" }, sk: { B: bytes(7) } },
      ConsistentRead: true,
    }),
  );
  assert.equal(found.Item.v.S, "here");
});

test("a key must be whole and have nothing else", async () => {
  for (const Key of [{}, { pk: { S: "a" }, other: { S: "b" } }, { other: { S: "a" } }]) {
    const error = await errorOf(client.send(new GetItemCommand({ TableName, Key })));
    assert.equal(error.message, "The provided key element does not match the schema");
  }
});

test("an item that is not there is no error and no item", async () => {
  const found = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: "absent" } } }));
  assert.equal(found.Item, undefined);
});

test("an item of 400 KB is stored, one byte more is refused", async () => {
  // Names and values count: 2 + 3 for the key, 1 for the other name.
  const fits = 400 * 1024 - 2 - 3 - 1;
  await put(TableName, { pk: { S: "big" }, v: { S: "x".repeat(fits) } });
  assert.equal((await get("big")).v.S.length, fits);
  const error = await errorOf(put(TableName, { pk: { S: "big" }, v: { S: "x".repeat(fits + 1) } }));
  assert.match(error.message, /Item size has exceeded the maximum allowed size$/);
});

test("31 levels of wrapping are stored, 32 are refused", async () => {
  const wrapped = (levels) => {
    let value = { S: "core" };
    for (let i = 0; i < levels; i++) value = i % 2 ? { L: [value] } : { M: { a: value } };
    return value;
  };
  await put(TableName, { pk: { S: "deep" }, v: wrapped(31) });
  assert.deepEqual((await get("deep")).v, wrapped(31));
  const error = await errorOf(put(TableName, { pk: { S: "deep" }, v: wrapped(32) }));
  assert.match(error.message, /Nesting Levels have exceeded supported limits/);
});

test("a projection picks paths out of maps and lists", async () => {
  await put(TableName, {
    pk: { S: "project" },
    a: { M: { b: { L: [{ S: "0" }, { S: "1" }, { M: { c: { N: "2" } } }] }, d: { S: "no" } } },
    size: { N: "9" },
    other: { S: "no" },
  });
  const found = await get("project", {
    ProjectionExpression: "a.b[2].c, a.b[0], #s, absent.part",
    ExpressionAttributeNames: { "#s": "size" },
  });
  assert.deepEqual(found, {
    a: { M: { b: { L: [{ S: "0" }, { M: { c: { N: "2" } } }] } } },
    size: { N: "9" },
  });
});

test("put and delete give the old item when asked", async () => {
  const Key = { pk: { S: "old" } };
  const first = await client.send(
    new PutItemCommand({
      TableName,
      Item: { ...Key, v: { N: "1" } },
      ReturnValues: "ALL_OLD",
    }),
  );
  assert.equal(first.Attributes, undefined);
  const second = await client.send(
    new PutItemCommand({ TableName, Item: { ...Key, w: { N: "2" } }, ReturnValues: "ALL_OLD" }),
  );
  assert.deepEqual(second.Attributes, { ...Key, v: { N: "1" } });
  const gone = await client.send(
    new DeleteItemCommand({ TableName, Key, ReturnValues: "ALL_OLD" }),
  );
  assert.deepEqual(gone.Attributes, { ...Key, w: { N: "2" } });
  const again = await client.send(
    new DeleteItemCommand({ TableName, Key, ReturnValues: "ALL_OLD" }),
  );
  assert.equal(again.Attributes, undefined);
});

const stored = {
  pk: { S: "conditions" },
  n: { N: "5" },
  s: { S: "hello" },
  b: { B: bytes(1, 2, 3) },
  list: { L: [{ N: "1" }, { S: "two" }] },
  map: { M: { core: { N: "7" } } },
  tags: { SS: ["red", "blue"] },
  flag: { BOOL: true },
  nothing: { NULL: true },
};

// expression, values, whether it holds of the item above
const conditions = [
  ["attribute_exists(n)", {}, true],
  ["attribute_not_exists(n)", {}, false],
  ["attribute_exists(map.core)", {}, true],
  ["attribute_exists(list[1])", {}, true],
  ["attribute_exists(list[2])", {}, false],
  ["attribute_type(n, :t)", { ":t": { S: "N" } }, true],
  ["attribute_type(nothing, :t)", { ":t": { S: "NULL" } }, true],
  ["attribute_type(tags, :t)", { ":t": { S: "NS" } }, false],
  ["n = :v", { ":v": { N: "5.0" } }, true],
  ["n <> :v", { ":v": { N: "5" } }, false],
  ["n <> :v", { ":v": { S: "5" } }, true],
  ["absent <> :v", { ":v": { S: "5" } }, true],
  ["absent = :v", { ":v": { S: "5" } }, false],
  ["n < :v", { ":v": { N: "10" } }, true],
  ["n < :v", { ":v": { S: "9" } }, false],
  ["s <= :v", { ":v": { S: "hello" } }, true],
  ["b > :v", { ":v": { B: bytes(1, 2) } }, true],
  ["n >= :v", { ":v": { N: "5.1" } }, false],
  ["n BETWEEN :a AND :b", { ":a": { N: "5" }, ":b": { N: "6" } }, true],
  ["n IN (:a, :b)", { ":a": { N: "4" }, ":b": { N: "5" } }, true],
  ["s IN (:a)", { ":a": { S: "x" } }, false],
  ["begins_with(s, :v)", { ":v": { S: "hel" } }, true],
  ["contains(s, :v)", { ":v": { S: "ell" } }, true],
  ["contains(tags, :v)", { ":v": { S: "red" } }, true],
  ["contains(list, :v)", { ":v": { S: "two" } }, true],
  ["contains(list, :v)", { ":v": { S: "three" } }, false],
  ["size(s) = :v", { ":v": { N: "5" } }, true],
  ["size(list) > :v", { ":v": { N: "2" } }, false],
  ["size(tags) = size(list)", {}, true],
  ["size(b) = :v", { ":v": { N: "3" } }, true],
  ["flag = :v", { ":v": { BOOL: true } }, true],
  ["tags = :v", { ":v": { SS: ["blue", "red"] } }, true],
  ["map = :v", { ":v": { M: { core: { N: "7.0" } } } }, true],
  ["NOT n = :v", { ":v": { N: "5" } }, false],
  ["n = :v AND flag = :f", { ":v": { N: "5" }, ":f": { BOOL: true } }, true],
  ["n = :v OR flag = :f", { ":v": { N: "6" }, ":f": { BOOL: true } }, true],
  [
    "n = :v OR n = :w AND flag = :f",
    { ":v": { N: "5" }, ":w": { N: "0" }, ":f": { BOOL: false } },
    true,
  ],
  [
    "(n = :v OR n = :w) AND flag = :f",
    { ":v": { N: "5" }, ":w": { N: "0" }, ":f": { BOOL: false } },
    false,
  ],
  ["n < size(s) OR list[0] < map.core", {}, true],
];

await put(TableName, stored);

for (const [expression, values, holds] of conditions) {
  test(`${expression} ${JSON.stringify(values)} is ${holds}`, async () => {
    const names = {};
    const ConditionExpression = expression.replace(/\b(list|map|size(?!\())\b/g, (word) => {
      names[`#${word}`] = word;
      return `#${word}`;
    });
    const call = client.send(
      new PutItemCommand({
        TableName,
        Item: stored,
        ConditionExpression,
        ExpressionAttributeNames: Object.keys(names).length ? names : undefined,
        ExpressionAttributeValues: Object.keys(values).length ? values : undefined,
      }),
    );
    if (holds) {
      await call;
    } else {
      const error = await errorOf(call);
      assert.ok(error instanceof ConditionalCheckFailedException, error.message);
      assert.equal(error.message, "The conditional request failed");
    }
  });
}

test("a failed condition shows the item only when asked to", async () => {
  const request = {
    TableName,
    Item: { pk: stored.pk },
    ConditionExpression: "attribute_not_exists(pk)",
  };
  const bare = await errorOf(client.send(new PutItemCommand(request)));
  assert.equal(bare.Item, undefined);
  const full = await errorOf(
    client.send(new PutItemCommand({ ...request, ReturnValuesOnConditionCheckFailure: "ALL_OLD" })),
  );
  assert.equal(full.Item.s.S, "hello");
  assert.deepEqual(full.Item.map, stored.map);
  assert.equal(full.$metadata.httpStatusCode, 400);
});

test("a delete under a condition keeps the item when it fails", async () => {
  await put(TableName, { pk: { S: "kept" }, v: { N: "1" } });
  const error = await errorOf(
    client.send(
      new DeleteItemCommand({
        TableName,
        Key: { pk: { S: "kept" } },
        ConditionExpression: "v = :v",
        ExpressionAttributeValues: { ":v": { N: "2" } },
      }),
    ),
  );
  assert.ok(error instanceof ConditionalCheckFailedException);
  assert.equal((await get("kept")).v.N, "1");
});

const badExpressions = [
  [{ ConditionExpression: "" }, "Invalid ConditionExpression: The expression can not be empty;"],
  [
    { ConditionExpression: "status = :v", ExpressionAttributeValues: { ":v": { N: "1" } } },
    "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status",
  ],
  [
    { ConditionExpression: "#a = :v", ExpressionAttributeValues: { ":v": { N: "1" } } },
    "Invalid ConditionExpression: An expression attribute name used in the document path is not " +
      "defined; attribute name: #a",
  ],
  [
    { ConditionExpression: "a = :v" },
    "Invalid ConditionExpression: An expression attribute value used in expression is not " +
      "defined; attribute value: :v",
  ],
  [
    {
      ConditionExpression: "a = :v",
      ExpressionAttributeValues: { ":v": { N: "1" }, ":w": { N: "2" } },
    },
    "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
  ],
  [
    { ConditionExpression: "attribute_exists(a)", ExpressionAttributeNames: { "#b": "b" } },
    "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
  ],
  [
    { ConditionExpression: "((a = a2))" },
    "Invalid ConditionExpression: The expression has redundant parentheses;",
  ],
  [
    { ConditionExpression: "twist(a)" },
    "Invalid ConditionExpression: Invalid function name; function: twist",
  ],
  [
    { ConditionExpression: "begins_with(a)" },
    "Invalid ConditionExpression: Incorrect number of operands for operator or function; " +
      "operator or function: begins_with, number of operands: 1",
  ],
  [
    { ConditionExpression: "a = a" },
    "Invalid ConditionExpression: The first operand must be distinct from the remaining operands " +
      "for this operator or function; operator: =, first operand: [a]",
  ],
  [
    { ExpressionAttributeNames: { "#a": "a" } },
    "ExpressionAttributeNames can only be specified when using expressions",
  ],
  [
    { ConditionExpression: "attribute_exists(a)", Expected: { a: { Exists: false } } },
    "Can not use both expression and non-expression parameters in the same request: " +
      "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}",
  ],
];

for (const [parameters, message] of badExpressions) {
  test(`refused: ${message.slice(0, 90)}`, async () => {
    const error = await errorOf(
      client.send(new PutItemCommand({ TableName, Item: stored, ...parameters })),
    );
    assert.equal(error.name, "ValidationException");
    assert.equal(error.message.replace(/^1 validation error detected: /, ""), message);
  });
}

test("the data plane does not name a table that is not there", async () => {
  const error = await errorOf(
    client.send(new GetItemCommand({ TableName: freshName("absent"), Key: { pk: { S: "a" } } })),
  );
  assert.ok(error instanceof ResourceNotFoundException);
  assert.equal(error.message, "Requested resource not found");
  assert.match(error.$metadata.requestId, /^[0-9A-Z]{52}$/);
});
