const { randomUUID } = require("node:crypto");
const orders = require("../src/orders");
const { eventually } = require("../src/eventually");
const { freshTenant, order } = require("./fresh");

let tenantId;
beforeEach(() => {
  tenantId = freshTenant();
});

test("an order that was placed is found", async () => {
  await orders.place(order(tenantId, 1, { lines: [{ sku: "a-1", count: 2 }], gift: null }));
  const found = await eventually(() => orders.find(tenantId, "order-0001"), Boolean);
  expect(found).toEqual({
    ...order(tenantId, 1),
    lines: [{ sku: "a-1", count: 2 }],
    gift: null,
    state: "placed",
    version: 1,
  });
});

test("an order is placed once", async () => {
  await orders.place(order(tenantId, 1));
  await expect(orders.place(order(tenantId, 1))).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    message: "The conditional request failed",
  });
});

test("an order goes through its states and keeps its history", async () => {
  await orders.place(order(tenantId, 1));
  let current = await orders.find(tenantId, "order-0001", { consistent: true });
  for (const state of ["paid", "packed", "sent"]) current = await orders.advance(current, state);
  expect(current).toMatchObject({ state: "sent", version: 4 });
  expect(current.history.map(({ to }) => to)).toEqual(["paid", "packed", "sent"]);
});

test("of two who advance the same order one is refused", async () => {
  await orders.place(order(tenantId, 1));
  const seen = await orders.find(tenantId, "order-0001", { consistent: true });
  const outcomes = await Promise.allSettled([
    orders.advance(seen, "paid"),
    orders.advance(seen, "cancelled"),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("an order that was removed is gone, and shown once more", async () => {
  await orders.place(order(tenantId, 1));
  expect(await orders.remove(tenantId, "order-0001")).toMatchObject({ total: 10 });
  expect(await orders.remove(tenantId, "order-0001")).toBeUndefined();
  expect(await orders.find(tenantId, "order-0001", { consistent: true })).toBeUndefined();
});

test("an order without its key is refused in DynamoDB's words", async () => {
  const { orderId, ...rest } = order(tenantId, 1);
  await expect(orders.place({ ...rest, note: randomUUID() })).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining("Missing the key orderId in the item"),
  });
  expect(orderId).toBe("order-0001");
});
