"""The arrays behind journeys."""

from typing import Any

import numpy as np

import omniid
from omniid import Email, Events, RollUp, Spec
from omniid.event_results import Journeys
from oracle.shopper import found


def test_a_channel_without_a_name_is_its_table_and_consent_bars_a_channel() -> None:
    journeys = found().journeys
    assert journeys.channel_names.to_pylist() == ["app", "email", "events", "phone", "shop"]
    barred = Journeys(found().parts, lambda use, names: np.array([names[int(code)].as_py() != "email" for code in use.channel]))
    preferred, wished = (barred.channel_names[int(barred.use.channel[line[0]])].as_py() for line in barred.preferred)
    assert (preferred, wished) == ("app", "email")


def test_one_entity_alone_is_the_same() -> None:
    whole, alone = found().journeys, found().journeys.of_entity(0)
    assert alone.sessions.tolist() == whole.sessions.tolist()
    assert alone.baskets.basket.tolist() == whole.baskets.basket.tolist()


def _told(**cells: Any) -> dict[str, Any]:
    blank = dict.fromkeys(("email", "order_id", "total", "currency", "ticket_id", "status"))
    return {"at": "2024-05-01T10:00:00Z", **blank, "email": "ann@example.com", **cells}


def test_money_is_counted_once_however_it_is_written() -> None:
    """One order in two spellings of its id and currency, one cancelled, one returned twice without saying how much."""
    web = [
        _told(event="purchase", order_id="O1", total="10", currency="eur"),
        _told(event="purchase", order_id="O2", total="20", currency="EUR"),
        _told(event="purchase", order_id="O3", total="40", currency="EUR"),
        _told(event="order cancelled", order_id="O3"),
        _told(event="purchase", order_id="O4", total="80", currency="EUR"),
        _told(event="refund", order_id="O4", at="2024-05-02T10:00:00Z"),
        _told(event="refund", order_id="O4", at="2024-05-03T10:00:00Z"),
    ]
    till = [_told(event="sale", order_id="o1 ", total="10", currency="EUR", at="2024-05-04T10:00:00Z")]
    spent = RollUp("sum", "amount", type="order")
    spec = Spec(fields=[Email("email")], events=Events(roll_ups={"spent": spent, "orders_made": RollUp("count", type="order")}))
    crm = [{"id": "1", "email": "ann@example.com"}]
    found = omniid.resolve({"crm": crm}, spec, events={"web": web, "till": till})
    (row,) = found.activity
    assert (row["orders"], row["revenue"]) == (3, ["30.00 EUR"])
    assert (row["spent"], row["orders_made"]) == (110.0, 3)


def test_a_complaint_that_is_told_once_with_its_end_is_closed() -> None:
    tickets = [_told(type="complaint", ticket_id="T1", status="closed"), _told(type="complaint", ticket_id="T2", status="open")]
    found = omniid.resolve([{"id": "1", "email": "ann@example.com"}], events={"tickets": tickets})
    assert [row["case"] for row in found.open_cases] == ["T2"]


def test_a_table_without_types_is_told_of() -> None:
    sales = [{"at": "2024-05-01T10:00:00Z", "email": "ann@example.com", "order_id": "O1", "total": "5"}]
    found = omniid.resolve([{"id": "1", "email": "ann@example.com"}], events={"sales": sales})
    assert any("'sales' have no column of types" in note for note in found.summary.notes)
