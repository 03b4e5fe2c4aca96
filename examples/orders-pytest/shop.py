"""Orders of all tenants in one table, prices in another, with boto3's resource interface."""
import os
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

# boto3 finds AWS_ENDPOINT_URL_DYNAMODB by itself since 1.28; it is handed over for older ones.
# None is AWS itself.
dynamodb = boto3.resource("dynamodb", region_name=os.environ["AWS_REGION"],
                          endpoint_url=os.environ.get("AWS_ENDPOINT_URL_DYNAMODB"))
orders = dynamodb.Table(os.environ["ORDERS_TABLE"])
products = dynamodb.Table(os.environ["PRODUCTS_TABLE"])


class AlreadyPlaced(Exception):
    pass


def place(tenant, order_id, placed_at, customer, lines):
    """Prices the lines ({sku: count}) and stores the order, once."""
    total = sum((price(sku) * count for sku, count in lines.items()), Decimal(0))
    try:
        orders.put_item(
            Item={"tenantId": tenant, "orderId": order_id, "placedAt": placed_at,
                  "customer": customer, "total": total, "state": "placed",
                  "lines": [{"sku": sku, "count": count} for sku, count in lines.items()]},
            ConditionExpression=Attr("orderId").not_exists())
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise AlreadyPlaced(order_id) from error
        raise
    return total


def price(sku):
    return products.get_item(Key={"sku": sku})["Item"]["price"]


def find(tenant, order_id, consistent=False):
    answer = orders.get_item(Key={"tenantId": tenant, "orderId": order_id},
                             ConsistentRead=consistent)
    return answer.get("Item")


def cancel(tenant, order_id):
    """The order as it is now; an order that was sent can't be cancelled any more."""
    answer = orders.update_item(
        Key={"tenantId": tenant, "orderId": order_id},
        UpdateExpression="SET #state = :cancelled REMOVE customer",
        ConditionExpression="attribute_exists(orderId) AND #state IN (:placed, :paid)",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":cancelled": "cancelled", ":placed": "placed",
                                   ":paid": "paid"},
        ReturnValues="ALL_NEW")
    return answer["Attributes"]


def _all(**query):
    while True:
        page = orders.query(**query)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def between(tenant, first, last):
    return list(_all(IndexName="byDate", Limit=7,
                     KeyConditionExpression=Key("tenantId").eq(tenant)
                     & Key("placedAt").between(first, last)))


def of_customer(customer):
    """Behind by a moment, as every global index is."""
    return list(_all(IndexName="byCustomer",
                     KeyConditionExpression=Key("customer").eq(customer)))
