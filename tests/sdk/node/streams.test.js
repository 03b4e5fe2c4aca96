// Streams: a follower of a table under load, which learns of every change once and in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb-streams";
import {
  client,
  endpoint,
  errorOf,
  eventually,
  freshTable,
  keys,
  onAws,
  region,
  streams,
} from "./support/world.js";

const FOUR_HOURS_MS = 4 * 3600 * 1000;
const ITEMS = 40;
const ROUNDS = 40;

const streamed = (StreamViewType) => ({
  ...keys({ pk: "S", sk: "S" }),
  StreamSpecification: { StreamEnabled: true, StreamViewType },
});

async function streamArnOf(TableName) {
  return (await client.send(new DescribeTableCommand({ TableName }))).Table.LatestStreamArn;
}

async function shardsOf(StreamArn, Limit) {
  const shards = [];
  let ExclusiveStartShardId;
  do {
    const page = await streams.send(
      new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId, Limit }),
    );
    shards.push(...page.StreamDescription.Shards);
    ExclusiveStartShardId = page.StreamDescription.LastEvaluatedShardId;
  } while (ExclusiveStartShardId);
  return shards;
}

/** Reads a stream as the Kinesis client library does: parents to their end, then their children. */
class Follower {
  records = [];
  #places = new Map(); // shard -> { iterator, last }; the iterator is null at the shard's end

  constructor(arn) {
    this.arn = arn;
  }

  /** Behind the last record read, or from the first there is. */
  async #iteratorOf(ShardId, last) {
    const place = last
      ? { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: last }
      : { ShardIteratorType: "TRIM_HORIZON" };
    const command = new GetShardIteratorCommand({ StreamArn: this.arn, ShardId, ...place });
    return (await streams.send(command)).ShardIterator;
  }

  async #begin() {
    for (const { ShardId, ParentShardId } of await shardsOf(this.arn, 3)) {
      const isParentOpen = this.#places.get(ParentShardId)?.iterator;
      if (this.#places.has(ShardId) || isParentOpen) continue;
      this.#places.set(ShardId, { iterator: await this.#iteratorOf(ShardId) });
    }
  }

  async #read(ShardId, place) {
    const Limit = 100;
    const page = await streams
      .send(new GetRecordsCommand({ ShardIterator: place.iterator, Limit }))
      .catch(async (error) => {
        if (!(error instanceof ExpiredIteratorException)) throw error;
        const ShardIterator = await this.#iteratorOf(ShardId, place.last);
        return streams.send(new GetRecordsCommand({ ShardIterator, Limit }));
      });
    this.records.push(...page.Records);
    place.last = page.Records.at(-1)?.dynamodb.SequenceNumber ?? place.last;
    place.iterator = page.NextShardIterator ?? null;
  }

  /** One look at every shard; the number of records that were new. */
  async look() {
    const before = this.records.length;
    await this.#begin();
    for (const [shard, place] of this.#places)
      if (place.iterator !== null) await this.#read(shard, place);
    return this.records.length - before;
  }

  async lookUntil(count) {
    const end = Date.now() + (onAws ? 120_000 : 20_000);
    while (this.records.length < count && Date.now() < end) await this.look();
    while ((await this.look()) > 0);
  }
}

async function advanceClock(ms) {
  const answer = await fetch(`${endpoint}/_stator/clock`, {
    method: "POST",
    body: JSON.stringify({ advance_ms: ms }),
  });
  assert.equal(answer.status, 200);
}

const key = (item) => ({ pk: { S: `item ${item}` }, sk: { S: "x" } });

/** Change number `round` of an item, each time by another operation. */
function change(TableName, item, round) {
  const Item = { ...key(item), n: { N: String(round) } };
  switch ((item + round) % 4) {
    case 0:
      return new PutItemCommand({ TableName, Item });
    case 1:
      return new UpdateItemCommand({
        TableName,
        Key: key(item),
        UpdateExpression: "SET n = :n",
        ExpressionAttributeValues: { ":n": { N: String(round) } },
      });
    case 2:
      return new BatchWriteItemCommand({
        RequestItems: { [TableName]: [{ PutRequest: { Item } }] },
      });
    default:
      return new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] });
  }
}

async function write(table, item) {
  for (let round = 1; round <= ROUNDS; round++) await client.send(change(table, item, round));
}

test("a follower of a table under load misses nothing and repeats nothing", async () => {
  const table = await freshTable(streamed("NEW_AND_OLD_IMAGES"));
  const follower = new Follower(await streamArnOf(table));
  const writers = Array.from({ length: ITEMS }, (_, item) => write(table, item));
  let isOver = false;
  const load = Promise.all(writers).finally(() => (isOver = true));

  for (let looks = 1; !isOver; looks++) {
    await follower.look();
    // The shards roll while the load goes on; a few times only, for records live a day.
    if (!onAws && looks % 3 === 0 && looks <= 12) await advanceClock(FOUR_HOURS_MS);
  }
  await load;
  await follower.lookUntil(ITEMS * ROUNDS);
  if (!onAws) assert.ok((await shardsOf(follower.arn)).length >= 8, "no shard has rolled");
  assert.equal(follower.records.length, ITEMS * ROUNDS);
  assert.equal(new Set(follower.records.map((r) => r.eventID)).size, ITEMS * ROUNDS);
  const last = new Map();
  for (const { dynamodb, eventName } of follower.records) {
    const item = dynamodb.Keys.pk.S;
    const before = last.get(item) ?? 0;
    assert.equal(Number(dynamodb.NewImage.n.N), before + 1, item);
    assert.equal(Number(dynamodb.OldImage?.n.N ?? 0), before, item);
    assert.equal(eventName, before === 0 ? "INSERT" : "MODIFY");
    last.set(item, before + 1);
  }
});

test("shards that roll have children that go on where they ended", { skip: onAws }, async () => {
  const table = await freshTable(streamed("KEYS_ONLY"));
  const follower = new Follower(await streamArnOf(table));

  for (let round = 1; round <= 3; round++) {
    for (let item = 0; item < 10; item++)
      await client.send(
        new PutItemCommand({ TableName: table, Item: { ...key(item), n: { N: String(round) } } }),
      );
    await advanceClock(FOUR_HOURS_MS);
    const seen = await eventually(
      () => shardsOf(follower.arn),
      (shards) => shards.length === 4 * (round + 1),
    );
    assert.equal(seen.length, 4 * (round + 1));
    assert.equal(seen.filter((s) => !s.SequenceNumberRange.EndingSequenceNumber).length, 4);
    assert.equal(new Set(seen.map((s) => s.ParentShardId)).size, 4 * round + 1);
  }
  await follower.lookUntil(30);
  assert.equal(follower.records.length, 30);
});

test("a record has the members that the documentation names", async () => {
  const table = await freshTable(streamed("OLD_IMAGE"));
  const follower = new Follower(await streamArnOf(table));

  const Item = { ...key(1), b: { BOOL: true } };

  await client.send(new PutItemCommand({ TableName: table, Item }));
  await client.send(new DeleteItemCommand({ TableName: table, Key: key(1) }));
  await follower.lookUntil(2);
  const [, record] = follower.records;
  assert.deepEqual(Object.keys(record).sort(), [
    "awsRegion",
    "dynamodb",
    "eventID",
    "eventName",
    "eventSource",
    "eventVersion",
  ]);
  assert.equal(record.awsRegion, region);
  assert.equal(record.eventVersion, "1.1");
  assert.equal(record.eventName, "REMOVE");
  assert.deepEqual(record.dynamodb.Keys, key(1));
  assert.deepEqual(record.dynamodb.OldImage, Item);
  assert.equal(record.dynamodb.NewImage, undefined);
  assert.equal(record.dynamodb.ApproximateCreationDateTime.getTime() % 1000, 0);
  assert.match(record.dynamodb.SequenceNumber, /^\d{21,40}$/);
  assert.ok(record.dynamodb.SizeBytes > 0);
});

test("a disabled stream can be read, and a new one begins empty", async () => {
  const table = await freshTable(streamed("NEW_IMAGE"));
  const first = await streamArnOf(table);

  await client.send(new PutItemCommand({ TableName: table, Item: key(1) }));
  await client.send(
    new UpdateTableCommand({ TableName: table, StreamSpecification: { StreamEnabled: false } }),
  );
  const described = await eventually(
    async () =>
      (await streams.send(new DescribeStreamCommand({ StreamArn: first }))).StreamDescription,
    (stream) => stream.StreamStatus === "DISABLED",
  );
  assert.equal(described.StreamStatus, "DISABLED");
  const follower = new Follower(first);
  await follower.lookUntil(1);
  assert.equal(follower.records.length, 1);
  const listed = await streams.send(new ListStreamsCommand({ TableName: table }));
  assert.deepEqual(listed.Streams.map((s) => s.StreamArn), [first]);
  const error = await errorOf(
    streams.send(new DescribeStreamCommand({ StreamArn: `${first.slice(0, -1)}x` })),
  );
  assert.ok(error instanceof ResourceNotFoundException, error.name);
});

test("an expired item goes, and its record names the service", { skip: onAws }, async () => {
  const table = await freshTable(streamed("NEW_AND_OLD_IMAGES"));
  const follower = new Follower(await streamArnOf(table));
  const specification = { Enabled: true, AttributeName: "ttl" };
  const { TimeToLiveSpecification } = await client.send(
    new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: specification }),
  );
  assert.deepEqual(TimeToLiveSpecification, specification);
  const { TimeToLiveDescription } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: table }),
  );
  assert.deepEqual(TimeToLiveDescription, { TimeToLiveStatus: "ENABLED", AttributeName: "ttl" });
  const now = Math.floor((await (await fetch(`${endpoint}/_stator/clock`)).json()).now / 1000);
  await client.send(
    new PutItemCommand({ TableName: table, Item: { ...key(1), ttl: { N: String(now - 60) } } }),
  );
  await client.send(
    new PutItemCommand({ TableName: table, Item: { ...key(2), ttl: { N: String(now + 3600) } } }),
  );
  await follower.lookUntil(3);
  const removed = follower.records.filter((r) => r.eventName === "REMOVE");
  assert.equal(removed.length, 1);
  assert.deepEqual(removed[0].dynamodb.Keys, key(1));
  assert.deepEqual(removed[0].userIdentity, {
    Type: "Service",
    PrincipalId: "dynamodb.amazonaws.com",
  });
});
