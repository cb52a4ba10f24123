"""One customer's events, small enough to reckon by hand."""

from functools import cache

import omniid
from omniid import Events, RollUp, Spec

CRM = [{"id": "1", "email": "ann@example.com", "name": "Ann Lee", "card_no": "29400000001"}]
HEADER = (
    "at",
    "channel",
    "event",
    "email",
    "cart_id",
    "product",
    "order_id",
    "total",
    "points",
    "balance",
    "ticket",
    "loyalty_card",
)
ROWS = [
    ("2024-05-01T10:00:00Z", "app", "add_to_cart", "B1", "mug", None, 12.5, None, None, None),
    ("2024-05-01T10:20:00Z", "app", "add_to_cart", "B1", "pan", None, 40, None, None, None),
    ("2024-05-01T10:21:00Z", "app", "remove_from_cart", "B1", "mug", None, 12.5, None, None, None),
    ("2024-05-02T08:00:00Z", "email", "email_sent", None, None, None, None, None, None, None),
    ("2024-05-02T09:00:00Z", "email", "replied", None, None, None, None, None, None, None),
    ("2024-05-03T09:00:00Z", "phone", "complaint", None, None, None, None, None, None, "C9"),
    ("2024-05-04T09:00:00Z", "shop", "purchase", None, "kettle", "N1", 99, 10, 110, None),
    ("2024-05-05T09:00:00Z", "shop", "refund", None, "kettle", "N1", 9, None, None, None),
    ("2024-05-06T09:00:00Z", "shop", "points_redeemed", None, None, None, None, 30, None, None),
]
EVENTS = [dict(zip(HEADER, (*row[:3], "ann@example.com", *row[3:], "29400000001"), strict=True)) for row in ROWS]
ROLL_UPS = {
    "spent": RollUp("sum", "amount", type="order"),
    "last_app": RollUp("last", "time", channel="app"),
    "touches": RollUp("count", per="channel"),
    "first_item": RollUp("first", "item", type="add"),
}


@cache
def found() -> omniid.Resolution:
    """Her record, resolved with her events."""
    return omniid.resolve({"crm": CRM}, Spec(events=Events(roll_ups=ROLL_UPS)), events=EVENTS)
