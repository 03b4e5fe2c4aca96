// Every test has a tenant of its own, so that tests, workers and runs share a table in peace.
const { randomUUID } = require("node:crypto");

const freshTenant = () => `tenant-${randomUUID()}`;

function order(tenantId, number, more = {}) {
  return {
    tenantId,
    orderId: `order-${String(number).padStart(4, "0")}`,
    placedAt: `2026-03-${String(1 + (number % 28)).padStart(2, "0")}T12:00:00Z`,
    customer: `${tenantId}/ada`,
    total: 10 * number,
    ...more,
  };
}

module.exports = { freshTenant, order };
