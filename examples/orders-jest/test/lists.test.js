const orders = require("../src/orders");
const { eventually } = require("../src/eventually");
const { freshTenant, order } = require("./fresh");

let tenantId;
beforeEach(async () => {
  tenantId = freshTenant();
  await orders.importAll(Array.from({ length: 60 }, (_, i) => order(tenantId, i)));
});

test("a tenant's orders of some days come latest first, over several pages", async () => {
  const found = await eventually(
    () => orders.between(tenantId, "2026-03-05", "2026-03-21"),
    (list) => list.length === 32,
  );
  const days = found.map(({ placedAt }) => placedAt);
  expect(days).toEqual([...days].sort().reverse());
  expect(new Set(found.map(({ orderId }) => orderId)).size).toBe(32);
});

test("a customer's large orders come from the global index with what it projects", async () => {
  const found = await eventually(
    () => orders.ofCustomer(`${tenantId}/ada`, { minimum: 550 }),
    (list) => list.length === 5,
  );
  expect(found.map(({ total }) => total).sort()).toEqual([550, 560, 570, 580, 590]);
  expect(Object.keys(found[0]).sort()).toEqual(
    ["customer", "orderId", "placedAt", "state", "tenantId", "total"],
  );
});

test("an order without a customer is not in the global index", async () => {
  await orders.place(order(tenantId, 100, { customer: undefined, total: 5000 }));
  await orders.place(order(tenantId, 101, { total: 5000 }));
  const found = await eventually(
    () => orders.ofCustomer(`${tenantId}/ada`, { minimum: 5000 }),
    (list) => list.length >= 1,
  );
  expect(found.map(({ orderId }) => orderId)).toEqual(["order-0101"]);
});

test("another tenant's orders are not seen", async () => {
  expect(await orders.between(freshTenant(), "2026-03-01", "2026-03-31")).toEqual([]);
});
