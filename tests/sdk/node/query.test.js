// Query and Scan: key conditions, order, pages, indexes, filters, segments.
import assert from "node:assert/strict";
import { test } from "node:test";
import { paginateQuery, paginateScan, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { client, errorOf, eventually, freshTable, index, keys, put } from "./support/world.js";

// Twelve orders of two customers; three have no courier.
const TableName = await freshTable({
  ...keys({ customer: "S", number: "N" }, { courier: "S", sum: "N" }),
  GlobalSecondaryIndexes: [
    index("by-courier", "courier", "sum"),
    index("by-courier-lean", "courier", "number", {
      ProjectionType: "INCLUDE",
      NonKeyAttributes: ["sum"],
    }),
  ],
  LocalSecondaryIndexes: [index("by-sum", "customer", "sum", { ProjectionType: "KEYS_ONLY" })],
});
const orders = [];
for (let i = 0; i < 12; i++) {
  const order = {
    customer: { S: i < 9 ? "ann" : "bob" },
    number: { N: String(i) },
    sum: { N: String((i * 7) % 12) },
    note: { S: `note ${i}` },
  };
  if (i % 4 !== 3) order.courier = { S: i % 2 ? "odd" : "even" };
  orders.push(order);
}
await put(TableName, ...orders);

const query = (KeyConditionExpression, values, more = {}) =>
  client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression,
      ExpressionAttributeValues: values,
      ...more,
    }),
  );
const n = { ExpressionAttributeNames: { "#n": "number" } };
const s = { ExpressionAttributeNames: { "#s": "sum" } };
const ann = { ":c": { S: "ann" } };
const numbers = (page) => page.Items.map((item) => Number(item.number.N));

test("a query gives one partition in the order of the sort key", async () => {
  const page = await query("customer = :c", ann, { ConsistentRead: true });
  assert.deepEqual(numbers(page), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(page.Items[3], orders[3]);
  assert.equal(page.Count, 9);
  assert.equal(page.ScannedCount, 9);
  assert.equal(page.LastEvaluatedKey, undefined);
});

const conditions = [
  ["#n = :a", { ":a": { N: "4" } }, [4]],
  ["#n < :a", { ":a": { N: "2" } }, [0, 1]],
  ["#n <= :a", { ":a": { N: "2" } }, [0, 1, 2]],
  ["#n > :a", { ":a": { N: "6" } }, [7, 8]],
  ["#n >= :a", { ":a": { N: "6.5" } }, [7, 8]],
  ["#n BETWEEN :a AND :b", { ":a": { N: "3" }, ":b": { N: "5" } }, [3, 4, 5]],
];

for (const [condition, values, expected] of conditions) {
  test(`a query with ${condition} ${JSON.stringify(values)}`, async () => {
    const page = await query(`customer = :c AND ${condition}`, { ...ann, ...values }, n);
    assert.deepEqual(numbers(page), expected);
    const backward = await query(
      `(${condition}) AND (customer = :c)`,
      { ...ann, ...values },
      { ...n, ScanIndexForward: false },
    );
    assert.deepEqual(numbers(backward), [...expected].reverse());
  });
}

test("strings sort by their bytes, and begins_with finds a prefix", async () => {
  const name = await freshTable(keys({ pk: "S", sk: "S" }));
  const words = ["", "\u{1f980}", "\uffee", "\u00e9", "a", "aa", "Z", "ab", "b"];
  for (const word of words.slice(1)) await put(name, { pk: { S: "w" }, sk: { S: word } });
  const all = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: "pk = :p",
      ExpressionAttributeValues: { ":p": { S: "w" } },
    }),
  );
  assert.deepEqual(
    all.Items.map((item) => item.sk.S),
    ["Z", "a", "aa", "ab", "b", "\u00e9", "\uffee", "\u{1f980}"],
  );
  const some = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: "pk = :p AND begins_with(sk, :a)",
      ExpressionAttributeValues: { ":p": { S: "w" }, ":a": { S: "a" } },
    }),
  );
  assert.deepEqual(
    some.Items.map((item) => item.sk.S),
    ["a", "aa", "ab"],
  );
});

test("numbers sort by value across the whole range", async () => {
  const name = await freshTable(keys({ pk: "S", sk: "N" }));
  const sent = ["1E-130", "-1E125", "10", "9", "0", "-0.5", "1E125", "-2", "100", "0.5"];
  for (const value of sent) await put(name, { pk: { S: "n" }, sk: { N: value } });
  const page = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: "pk = :p",
      ExpressionAttributeValues: { ":p": { S: "n" } },
    }),
  );
  assert.deepEqual(
    page.Items.map((item) => Number(item.sk.N)),
    [-1e125, -2, -0.5, 0, 1e-130, 0.5, 9, 10, 100, 1e125],
  );
});

test("pages of a query follow one another without gap or repeat", async () => {
  for (const ScanIndexForward of [true, false]) {
    const seen = [];
    let pages = 0;
    for await (const page of paginateQuery(
      { client, pageSize: 2 },
      {
        TableName,
        KeyConditionExpression: "customer = :c",
        ExpressionAttributeValues: ann,
        ScanIndexForward,
      },
    )) {
      seen.push(...numbers(page));
      pages++;
    }
    const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    assert.deepEqual(seen, ScanIndexForward ? expected : expected.reverse());
    assert.equal(pages, 5);
  }
});

test("a limit that ends on the last item still gives a key", async () => {
  const page = await query("customer = :c", { ":c": { S: "bob" } }, { Limit: 3 });
  assert.deepEqual(numbers(page), [9, 10, 11]);
  assert.deepEqual(page.LastEvaluatedKey, { customer: { S: "bob" }, number: { N: "11" } });
  const rest = await query(
    "customer = :c",
    { ":c": { S: "bob" } },
    {
      Limit: 3,
      ExclusiveStartKey: page.LastEvaluatedKey,
    },
  );
  assert.equal(rest.Count, 0);
  assert.equal(rest.LastEvaluatedKey, undefined);
});

test("a page ends at one megabyte, counted before the filter", async () => {
  const name = await freshTable(keys({ pk: "S", sk: "N" }));
  const Item = { pk: { S: "p" }, v: { S: "x".repeat(300 * 1024) } };
  for (let i = 0; i < 5; i++) await put(name, { ...Item, sk: { N: String(i) } });
  const request = {
    TableName: name,
    KeyConditionExpression: "pk = :p",
    FilterExpression: "attribute_not_exists(v)",
    ExpressionAttributeValues: { ":p": { S: "p" } },
  };
  const first = await client.send(new QueryCommand(request));
  assert.equal(first.Count, 0);
  assert.ok(first.ScannedCount >= 3 && first.ScannedCount < 5, `${first.ScannedCount} in a page`);
  assert.equal(first.LastEvaluatedKey.sk.N, String(first.ScannedCount - 1));
  const second = await client.send(
    new QueryCommand({ ...request, ExclusiveStartKey: first.LastEvaluatedKey }),
  );
  assert.equal(second.ScannedCount, 5 - first.ScannedCount);
  assert.equal(second.LastEvaluatedKey, undefined);
});

test("a filter drops items after they are counted", async () => {
  const page = await query(
    "customer = :c",
    { ...ann, ":x": { S: "even" } },
    { FilterExpression: "courier = :x" },
  );
  assert.deepEqual(numbers(page), [0, 2, 4, 6, 8]);
  assert.equal(page.ScannedCount, 9);
});

test("a limit counts items before the filter", async () => {
  const page = await query(
    "customer = :c",
    { ...ann, ":x": { S: "odd" } },
    { FilterExpression: "courier = :x", Limit: 3 },
  );
  assert.deepEqual(numbers(page), [1]);
  assert.equal(page.ScannedCount, 3);
  assert.equal(page.LastEvaluatedKey.number.N, "2");
});

test("a count gives numbers and no items", async () => {
  const page = await query("customer = :c", ann, { Select: "COUNT" });
  assert.equal(page.Count, 9);
  assert.equal(page.Items, undefined);
});

test("a query projects", async () => {
  const page = await query(
    "customer = :c AND #n = :n",
    { ...ann, ":n": { N: "1" } },
    {
      ProjectionExpression: "note, #n",
      ...n,
    },
  );
  assert.deepEqual(page.Items, [{ note: { S: "note 1" }, number: { N: "1" } }]);
});

test("a global index holds the items that have its keys, in its order", async () => {
  const page = await eventually(
    () => query("courier = :c", { ":c": { S: "odd" } }, { IndexName: "by-courier" }),
    (found) => found.Count === 3,
  );
  assert.deepEqual(
    page.Items.map((item) => [Number(item.sum.N), Number(item.number.N)]),
    [
      [3, 9],
      [7, 1],
      [11, 5],
    ],
  );
  assert.deepEqual(page.Items[1], orders[1]);
});

test("pages of an index carry the keys of table and index", async () => {
  const request = (more) =>
    query("courier = :c", { ":c": { S: "even" } }, { IndexName: "by-courier", Limit: 2, ...more });
  const first = await eventually(
    () => request({}),
    (found) => found.Count === 2,
  );
  assert.deepEqual(Object.keys(first.LastEvaluatedKey).sort(), [
    "courier",
    "customer",
    "number",
    "sum",
  ]);
  const seen = numbers(first);
  for (let page = first; page.LastEvaluatedKey;) {
    page = await request({ ExclusiveStartKey: page.LastEvaluatedKey });
    seen.push(...numbers(page));
  }
  assert.deepEqual(seen, [0, 2, 4, 6, 8, 10]);
});

test("index entries with equal keys all come back, page by page", async () => {
  const name = await freshTable({
    ...keys({ pk: "S" }, { kind: "S" }),
    GlobalSecondaryIndexes: [index("by-kind", "kind")],
  });
  for (let i = 0; i < 5; i++) await put(name, { pk: { S: `p${i}` }, kind: { S: "same" } });
  const request = {
    TableName: name,
    IndexName: "by-kind",
    KeyConditionExpression: "kind = :k",
    ExpressionAttributeValues: { ":k": { S: "same" } },
  };
  await eventually(
    () => client.send(new QueryCommand(request)),
    (found) => found.Count === 5,
  );
  const seen = [];
  for await (const page of paginateQuery({ client, pageSize: 1 }, request))
    seen.push(...page.Items.map((item) => item.pk.S));
  assert.deepEqual(seen.sort(), ["p0", "p1", "p2", "p3", "p4"]);
});

test("an index shows what it projects and refuses the rest", async () => {
  const request = { IndexName: "by-courier-lean" };
  const page = await eventually(
    () => query("courier = :c", { ":c": { S: "odd" } }, request),
    (found) => found.Count === 3,
  );
  assert.deepEqual(page.Items[0], {
    courier: { S: "odd" },
    number: { N: "1" },
    customer: { S: "ann" },
    sum: { N: "7" },
  });
  const error = await errorOf(
    query("courier = :c", { ":c": { S: "odd" } }, { ...request, Select: "ALL_ATTRIBUTES" }),
  );
  assert.match(
    error.message,
    /Select type ALL_ATTRIBUTES is not supported for global secondary index by-courier-lean because its projection type is not ALL$/,
  );
});

test("a local index reads consistently, and fetches what it does not project", async () => {
  const page = await query(
    "customer = :c AND #s < :s",
    { ...ann, ":s": { N: "4" } },
    {
      IndexName: "by-sum",
      ConsistentRead: true,
      ...s,
    },
  );
  assert.deepEqual(page.Items, [
    { customer: { S: "ann" }, number: { N: "0" }, sum: { N: "0" } },
    { customer: { S: "ann" }, number: { N: "7" }, sum: { N: "1" } },
    { customer: { S: "ann" }, number: { N: "2" }, sum: { N: "2" } },
  ]);
  const whole = await query(
    "customer = :c AND #s = :s",
    { ...ann, ":s": { N: "1" } },
    {
      IndexName: "by-sum",
      Select: "ALL_ATTRIBUTES",
      ...s,
    },
  );
  assert.deepEqual(whole.Items, [orders[7]]);
});

test("an index follows changes of its keys", async () => {
  const name = await freshTable({
    ...keys({ pk: "S" }, { kind: "S" }),
    GlobalSecondaryIndexes: [index("by-kind", "kind")],
  });
  const count = async (kind) => {
    const page = await client.send(
      new QueryCommand({
        TableName: name,
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": { S: kind } },
      }),
    );
    return page.Count;
  };
  await put(name, { pk: { S: "a" }, kind: { S: "one" } });
  assert.equal(
    await eventually(
      () => count("one"),
      (c) => c === 1,
    ),
    1,
  );
  await put(name, { pk: { S: "a" }, kind: { S: "two" } });
  assert.equal(
    await eventually(
      () => count("one"),
      (c) => c === 0,
    ),
    0,
  );
  assert.equal(
    await eventually(
      () => count("two"),
      (c) => c === 1,
    ),
    1,
  );
  await put(name, { pk: { S: "a" } });
  assert.equal(
    await eventually(
      () => count("two"),
      (c) => c === 0,
    ),
    0,
  );
});

test("a scan sees every item once, in pages and in segments", async () => {
  const name = await freshTable(keys({ pk: "S", sk: "N" }));
  for (let i = 0; i < 60; i++) await put(name, { pk: { S: `p${i % 20}` }, sk: { N: String(i) } });
  const ids = (items) => items.map((item) => Number(item.sk.N)).sort((a, b) => a - b);
  const all = Array.from({ length: 60 }, (_, i) => i);

  const paged = [];
  for await (const page of paginateScan({ client, pageSize: 7 }, { TableName: name }))
    paged.push(...page.Items);
  assert.deepEqual(ids(paged), all);

  const segments = await Promise.all(
    [0, 1, 2, 3].map(async (Segment) => {
      const items = [];
      for await (const page of paginateScan(
        { client, pageSize: 5 },
        { TableName: name, Segment, TotalSegments: 4, ConsistentRead: true },
      ))
        items.push(...page.Items);
      return items;
    }),
  );
  assert.deepEqual(ids(segments.flat()), all);
  const partitions = segments.map((items) => new Set(items.map((item) => item.pk.S)));
  assert.equal(
    partitions.reduce((sum, set) => sum + set.size, 0),
    20,
    "no partition is split",
  );
});

test("a scan filters, counts and reads an index", async () => {
  const filtered = await client.send(
    new ScanCommand({
      TableName,
      FilterExpression: "#s > :s AND contains(note, :t)",
      ExpressionAttributeNames: { "#s": "sum" },
      ExpressionAttributeValues: { ":s": { N: "8" }, ":t": { S: "note" } },
      ConsistentRead: true,
    }),
  );
  assert.deepEqual(
    numbers(filtered).sort((a, b) => a - b),
    [3, 5, 10],
  );
  assert.equal(filtered.ScannedCount, 12);
  const counted = await client.send(
    new ScanCommand({ TableName, IndexName: "by-courier", Select: "COUNT" }),
  );
  assert.equal(counted.Count, 9);
});

const refusals = [
  [
    { KeyConditionExpression: undefined },
    /^Either the KeyConditions or KeyConditionExpression parameter must be specified in the request\.$/,
  ],
  [{ KeyConditionExpression: "note = :c" }, /Query condition missed key schema element: customer$/],
  [{ KeyConditionExpression: "customer > :c" }, /Query key condition not supported$/],
  [
    { KeyConditionExpression: "customer = :c OR note = :c" },
    /Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR$/,
  ],
  [{ IndexName: "no-such" }, /^The table does not have the specified index: no-such$/],
  [
    { FilterExpression: "customer = :c" },
    /Filter Expression can only contain non-primary key attributes: Primary key attribute: customer$/,
  ],
  [
    { ExpressionAttributeValues: { ":c": { N: "1" } } },
    /One or more parameter values were invalid: Condition parameter type does not match schema type$/,
  ],
  [
    { Limit: 0 },
    /^1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1$/,
  ],
  [
    { Select: "EVERYTHING" },
    /^1 validation error detected: .*Member must satisfy enum value set: \[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES\]$/,
  ],
  [{ ExclusiveStartKey: { customer: { S: "ann" } } }, /The provided starting key is invalid/],
  [
    { ExclusiveStartKey: { customer: { S: "bob" }, number: { N: "9" } } },
    /The provided starting key is outside query boundaries based on provided conditions$/,
  ],
  [
    { ProjectionExpression: "note, note" },
    /Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: \[note\], path two: \[note\]$/,
  ],
];

for (const [change, message] of refusals) {
  test(`no query with ${JSON.stringify(change)}`, async () => {
    const error = await errorOf(
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "customer = :c",
          ExpressionAttributeValues:
            "KeyConditionExpression" in change && !change.KeyConditionExpression ? undefined : ann,
          ...change,
        }),
      ),
    );
    assert.equal(error.name, "ValidationException");
    assert.match(error.message, message);
  });
}

test("a global index has no consistent read", async () => {
  const error = await errorOf(
    query(
      "courier = :c",
      { ":c": { S: "odd" } },
      { IndexName: "by-courier", ConsistentRead: true },
    ),
  );
  assert.match(error.message, /Consistent reads are not supported on global secondary indexes$/);
});

test("a segment needs a number of segments above it", async () => {
  const refusal = async (more) =>
    (await errorOf(client.send(new ScanCommand({ TableName, ...more })))).message;
  assert.equal(
    await refusal({ Segment: 0 }),
    "The TotalSegments parameter is required but was not present in the request when Segment " +
      "parameter is present",
  );
  assert.equal(
    await refusal({ TotalSegments: 2 }),
    "The Segment parameter is required but was not present in the request when parameter " +
      "TotalSegments is present",
  );
  assert.equal(
    await refusal({ Segment: 5, TotalSegments: 5 }),
    "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
      "5 is not less than TotalSegments: 5",
  );
});
