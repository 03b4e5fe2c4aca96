const orders = require("../src/orders");
const reports = require("../src/reports");
const { freshTenant, order } = require("./fresh");

let tenantId;
beforeEach(() => {
  tenantId = freshTenant();
});

test("version 2 of the SDK reports what version 3 wrote", async () => {
  await orders.importAll(Array.from({ length: 30 }, (_, i) => order(tenantId, i)));
  const paid = await orders.find(tenantId, "order-0007", { consistent: true });
  await orders.advance(paid, "paid");
  expect(await reports.byState(tenantId)).toEqual({
    placed: { count: 29, total: 4350 - 70 },
    paid: { count: 1, total: 70 },
  });
});

test("an order is reported once a day", async () => {
  await orders.place(order(tenantId, 1));
  expect(await reports.mark(tenantId, "order-0001", "2026-03-01")).toBe(true);
  expect(await reports.mark(tenantId, "order-0001", "2026-03-01")).toBe(false);
  expect(await reports.mark(tenantId, "order-0001", "2026-03-02")).toBe(true);
  const { reportedOn } = await orders.find(tenantId, "order-0001", { consistent: true });
  expect([...reportedOn].sort()).toEqual(["2026-03-01", "2026-03-02"]);
});

test("an order that is not there is not reported", async () => {
  expect(await reports.mark(tenantId, "order-0001", "2026-03-01")).toBe(false);
});
