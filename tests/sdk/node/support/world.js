// A server for the tests of one file, clients of it, and tables that go away with it.
//
// STATOR_TEST_ENDPOINT=http://... runs the tests against that server instead of a Stator of their
// own; STATOR_TEST_ENDPOINT=aws runs them against AWS with the SDK's own credentials.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

const binary =
  process.env.STATOR ?? fileURLToPath(new URL("../../../../build/stator", import.meta.url));
const READY_MS = 10_000;

export const onAws = process.env.STATOR_TEST_ENDPOINT === "aws";
export const endpoint = onAws ? undefined : await reachServer();
export const region = process.env.AWS_REGION ?? "eu-west-1";
const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "example" };
const settings = onAws ? { region } : { endpoint, region, credentials };

export const client = new DynamoDBClient({ ...settings, maxAttempts: onAws ? 5 : 1 });
export const streams = new DynamoDBStreamsClient({ ...settings, maxAttempts: onAws ? 5 : 1 });
export const documents = DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true },
});

// Version 2 of the SDK.
const AWS = createRequire(import.meta.url)("aws-sdk");
AWS.config.logger = undefined;
export const v2 = new AWS.DynamoDB({ ...settings, maxRetries: onAws ? 5 : 0 });
export const v2Documents = new AWS.DynamoDB.DocumentClient({ service: v2 });

function reachServer() {
  if (process.env.STATOR_TEST_ENDPOINT) return process.env.STATOR_TEST_ENDPOINT;
  const server = spawn(binary, ["serve", "--memory", "--port", "0", "--die-with-parent"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => server.kill());
  return new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(
      () => reject(new Error(`${binary}: not listening after ${READY_MS} ms`)),
      READY_MS,
    );
    server.on("error", reject);
    server.on("exit", (code, signal) =>
      reject(new Error(`${binary}: ended with ${signal ?? code} before it listened`)),
    );
    server.stdout.setEncoding("utf8");
    server.stdout.on("data", (text) => {
      said += text;
      const line = /^stator: listening on (\S+)\n/.exec(said);
      if (!line) return;
      clearTimeout(late);
      server.unref();
      server.stdout.unref();
      resolve(line[1]);
    });
  });
}

const made = [];

export function freshName(base = "things") {
  return `sdk_node_${base}_${randomBytes(5).toString("hex")}`;
}

/** Sees to it that a table is gone when the file's tests are done. */
export function alsoDrop(name) {
  made.push(name);
}

/**
 * Makes a table that is ACTIVE and gone after the tests; gives its name. By default it has a
 * string partition key `pk` and is on-demand.
 */
export async function freshTable(definition = {}) {
  const name = definition.TableName ?? freshName();
  alsoDrop(name);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: definition.ProvisionedThroughput ? undefined : "PAY_PER_REQUEST",
      ...keys({ pk: "S" }),
      ...definition,
    }),
  );
  await untilActive(name);
  return name;
}

export async function untilActive(name) {
  const wait = { client, maxWaitTime: 300, minDelay: 1, maxDelay: 5 };
  await waitUntilTableExists(wait, { TableName: name });
}

/** `keys({ pk: "S", sk: "N" }, { other: "S" })`: schema and attribute definitions. */
export function keys(schema, others = {}) {
  const names = Object.keys(schema);
  return {
    KeySchema: keySchema(...names),
    AttributeDefinitions: Object.entries({ ...schema, ...others }).map(([name, type]) => ({
      AttributeName: name,
      AttributeType: type,
    })),
  };
}

export function keySchema(partition, sort) {
  const schema = [{ AttributeName: partition, KeyType: "HASH" }];
  if (sort) schema.push({ AttributeName: sort, KeyType: "RANGE" });
  return schema;
}

/** An index over all attributes, or over what the projection says. */
export function index(name, partition, sort, projection = { ProjectionType: "ALL" }) {
  return { IndexName: name, KeySchema: keySchema(partition, sort), Projection: projection };
}

export async function put(TableName, ...items) {
  for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
}

/** What a global index shows may be late: looks again until the claim holds or time is up. */
export async function eventually(look, holds, ms = onAws ? 20_000 : 2_000) {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (holds(seen) || Date.now() > end) return seen;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** The error that a call is rejected with; a call that succeeds is a failure. */
export async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the call succeeds, but was to be refused");
}

after(async () => {
  for (const TableName of made) {
    await client.send(new DeleteTableCommand({ TableName })).catch((error) => {
      if (error.name !== "ResourceNotFoundException") throw error;
    });
  }
  client.destroy();
  streams.destroy();
});
