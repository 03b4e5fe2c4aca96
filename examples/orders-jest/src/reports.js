// The nightly report, not yet moved off version 2 of the SDK.
require("aws-sdk/lib/maintenance_mode_message").suppress = true;
const AWS = require("aws-sdk");

const TableName = process.env.TABLE_NAME_ORDERS;

// Version 2 does not know AWS_ENDPOINT_URL_DYNAMODB: undefined is AWS itself.
const documents = new AWS.DynamoDB.DocumentClient({
  region: process.env.AWS_REGION,
  endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB,
});

// Number and value of a tenant's orders by state.
async function byState(tenantId) {
  const report = {};
  let ExclusiveStartKey;
  do {
    const page = await documents
      .query({
        TableName,
        KeyConditionExpression: "tenantId = :tenant",
        ProjectionExpression: "#state, #total",
        ExpressionAttributeNames: { "#state": "state", "#total": "total" },
        ExpressionAttributeValues: { ":tenant": tenantId },
        ConsistentRead: true,
        Limit: 10,
        ExclusiveStartKey,
      })
      .promise();
    for (const { state, total } of page.Items) {
      const line = (report[state] ??= { count: 0, total: 0 });
      line.count += 1;
      line.total += total;
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return report;
}

// Marks an order as reported once; false when it was before.
async function mark(tenantId, orderId, day) {
  try {
    await documents
      .update({
        TableName,
        Key: { tenantId, orderId },
        UpdateExpression: "ADD reportedOn :day",
        ConditionExpression: "attribute_exists(orderId) AND NOT contains(reportedOn, :text)",
        ExpressionAttributeValues: { ":day": documents.createSet([day]), ":text": day },
      })
      .promise();
    return true;
  } catch (error) {
    if (error.code === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

module.exports = { byState, mark };
