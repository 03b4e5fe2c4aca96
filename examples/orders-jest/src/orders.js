// The orders of all tenants in one table, with version 3 of the SDK.
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} = require("@aws-sdk/lib-dynamodb");

const TableName = process.env.TABLE_NAME_ORDERS;
const PAGE_SIZE = 25;

// Region, credentials and endpoint come from the environment.
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

// Fails with ConditionalCheckFailedException when the order is there already.
async function place(order) {
  await documents.send(
    new PutCommand({
      TableName,
      Item: { ...order, state: "placed", version: 1 },
      ConditionExpression: "attribute_not_exists(orderId)",
    }),
  );
}

async function find(tenantId, orderId, { consistent = false } = {}) {
  const { Item } = await documents.send(
    new GetCommand({ TableName, Key: { tenantId, orderId }, ConsistentRead: consistent }),
  );
  return Item;
}

// One step of an order's life; fails when somebody else took one since the order was read.
async function advance(order, state) {
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName,
      Key: { tenantId: order.tenantId, orderId: order.orderId },
      UpdateExpression: "SET #state = :state, version = version + :one, history = " +
        "list_append(if_not_exists(history, :none), :entry)",
      ConditionExpression: "version = :seen",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: {
        ":state": state,
        ":one": 1,
        ":seen": order.version,
        ":none": [],
        ":entry": [{ from: order.state, to: state }],
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  return Attributes;
}

async function remove(tenantId, orderId) {
  const { Attributes } = await documents.send(
    new DeleteCommand({ TableName, Key: { tenantId, orderId }, ReturnValues: "ALL_OLD" }),
  );
  return Attributes;
}

async function importAll(orders) {
  for (let i = 0; i < orders.length; i += PAGE_SIZE) {
    let requests = orders
      .slice(i, i + PAGE_SIZE)
      .map((Item) => ({ PutRequest: { Item: { state: "placed", version: 1, ...Item } } }));
    while (requests?.length) {
      const { UnprocessedItems } = await documents.send(
        new BatchWriteCommand({ RequestItems: { [TableName]: requests } }),
      );
      requests = UnprocessedItems?.[TableName];
    }
  }
}

async function queryAll(input) {
  const found = [];
  let ExclusiveStartKey;
  do {
    const page = await documents.send(
      new QueryCommand({ TableName, Limit: PAGE_SIZE, ...input, ExclusiveStartKey }),
    );
    found.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

// A tenant's orders of some days, the latest first.
function between(tenantId, from, to) {
  return queryAll({
    IndexName: "byDate",
    KeyConditionExpression: "tenantId = :tenant AND placedAt BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":tenant": tenantId, ":from": from, ":to": to },
    ScanIndexForward: false,
  });
}

// A customer's orders over all tenants; behind by a moment, as every global index is.
function ofCustomer(customer, { minimum = 0 } = {}) {
  return queryAll({
    IndexName: "byCustomer",
    KeyConditionExpression: "customer = :customer",
    FilterExpression: "#total >= :minimum",
    ExpressionAttributeNames: { "#total": "total" },
    ExpressionAttributeValues: { ":customer": customer, ":minimum": minimum },
  });
}

module.exports = { place, find, advance, remove, importAll, between, ofCustomer };
