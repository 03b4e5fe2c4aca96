"""Each test has a tenant of its own; reads that may be stale are repeated with back-off."""
import random
import time
import uuid
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

import shop

DAY = "2026-03-{:02}"


@pytest.fixture
def tenant():
    return f"tenant-{uuid.uuid4()}"


def eventually(read, holds, seconds=10):
    until = time.monotonic() + seconds
    pause = 0.02
    while True:
        value = read()
        if holds(value) or time.monotonic() > until:
            return value
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(2 * pause, 1)


def test_an_order_costs_what_its_products_cost(tenant):
    assert shop.place(tenant, "o1", DAY.format(1), "ada", {"apple": 4, "bread": 1}) == \
        Decimal("4.10")
    order = eventually(lambda: shop.find(tenant, "o1"), bool)
    assert order["total"] == Decimal("4.1")
    assert order["lines"] == [{"sku": "apple", "count": 4}, {"sku": "bread", "count": 1}]


def test_an_order_is_placed_once(tenant):
    shop.place(tenant, "o1", DAY.format(1), "ada", {"apple": 1})
    with pytest.raises(shop.AlreadyPlaced):
        shop.place(tenant, "o1", DAY.format(2), "ada", {"apple": 2})
    assert shop.find(tenant, "o1", consistent=True)["placedAt"] == DAY.format(1)


def test_a_cancelled_order_leaves_the_customer_s_list(tenant):
    customer = f"{tenant}/ada"
    shop.place(tenant, "o1", DAY.format(1), customer, {"apple": 1})
    shop.place(tenant, "o2", DAY.format(2), customer, {"apple": 1})
    assert shop.cancel(tenant, "o1")["state"] == "cancelled"
    left = eventually(lambda: shop.of_customer(customer), lambda found: len(found) == 1)
    assert [order["orderId"] for order in left] == ["o2"]
    assert "lines" not in left[0], "the index does not project them"


def test_an_order_that_is_not_there_cannot_be_cancelled(tenant):
    with pytest.raises(ClientError) as refused:
        shop.cancel(tenant, "o1")
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"


def test_the_orders_of_some_days_come_in_order_over_several_pages(tenant):
    for number in range(1, 29):
        shop.place(tenant, f"o{number}", DAY.format(number), "ada", {"cherry": number})
    found = eventually(lambda: shop.between(tenant, DAY.format(5), DAY.format(24)),
                       lambda orders: len(orders) == 20)
    assert [order["placedAt"] for order in found] == [DAY.format(day) for day in range(5, 25)]


@pytest.mark.parametrize("order_id", ["", None])
def test_an_order_without_an_id_is_refused(tenant, order_id):
    with pytest.raises(ClientError) as refused:
        shop.place(tenant, order_id, DAY.format(1), "ada", {"apple": 1})
    assert refused.value.response["Error"]["Code"] == "ValidationException"
