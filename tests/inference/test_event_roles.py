"""What the columns of event tables are taken for, by header and by values."""

import pyarrow as pa

from omniid.event_columns import EventColumns
from omniid.inference import guess_event_columns


def guessed(declared: EventColumns | None = None, **columns: list[str | None]) -> EventColumns:
    table = pa.table({name: pa.array(values, pa.large_string()) for name, values in columns.items()})
    return guess_event_columns("web", "web events", table, declared).columns


TIMES: list[str | None] = ["2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z"]


def test_values_veto_what_headers_say() -> None:
    found = guessed(ts=TIMES, event=["visit", "order"], total=["many", "few"], value=["10", "20"], currency=["PLN", "EUR"])
    assert found.roles() == {"time": "ts", "type": "event", "amount": "value", "currency": "currency"}


def test_a_type_is_known_by_its_values() -> None:
    assert guessed(ts=TIMES, c7=["add_to_cart", "purchase"]).type == "c7"


def test_a_loyalty_card_is_the_account_of_points() -> None:
    found = guessed(ts=TIMES, points=["5", "6"], card_no=["29400001", "29400002"])
    assert (found.account, found.points) == ("card_no", "points")


def test_what_is_declared_stands_and_nothing_else_is_guessed() -> None:
    found = guessed(EventColumns(type="c7"), ts=TIMES, c7=["a", "b"], order_id=["1", "2"])
    assert found.roles() == {"time": "ts", "type": "c7"}


def test_a_header_that_says_time_or_amount_is_believed_where_half_of_its_values_are() -> None:
    cells = {"when": ["2024-05-01", "rubbish", "2024-05-03"], "event": ["sale"] * 3, "total": ["5", "free", "7"]}
    table = pa.table({name: pa.array(values, pa.large_string()) for name, values in cells.items()})
    assert guess_event_columns("till", "till events", table).columns.roles() == {
        "time": "when",
        "type": "event",
        "amount": "total",
    }
    table = table.set_column(0, "when", pa.array(["soon", "rubbish", "2024-05-03"], pa.large_string()))
    assert guess_event_columns("till", "till events", table).columns.time is None
