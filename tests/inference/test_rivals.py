"""Which of several columns speaks for a field."""

import pyarrow as pa
import pytest

from omniid.inference import guess_columns

FULL, HALF, NONE = "yyyyyyyyyy", "yyyyy.....", "y........."


def fields(columns: dict[str, str]) -> dict[str, str | None]:
    """Fields guessed for columns whose cells are filled where the pattern has a "y"."""
    cells = {
        name: [f"Old Town {i}" if mark == "y" else None for i, mark in enumerate(marks)] for name, marks in columns.items()
    }
    letters = {
        name: [cell.rstrip("0123456789 ") + "abcdefghij"[i] if cell else None for i, cell in enumerate(row)]
        for name, row in cells.items()
    }
    table = pa.table({name: pa.array(row, pa.large_string()) for name, row in letters.items()})
    return {guess.column: guess.field for guess in guess_columns("s", table)}


@pytest.mark.parametrize(
    ("columns", "winners"),
    [
        ({"billing_city": FULL, "shipping_city": FULL}, {"billing_city"}),
        ({"billing_city": NONE, "shipping_city": FULL}, {"shipping_city"}),
        ({"shipping_city": FULL, "city": FULL}, {"city"}),
        ({"city": HALF, "town": FULL}, {"town"}),
        ({"city": FULL, "town": FULL}, {"city"}),
        ({"zebra city": FULL, "town": HALF}, {"town"}),
        ({"billing_city": FULL, "billing_street": FULL, "shipping_country": FULL}, {"billing_city", "billing_street"}),
        ({"billing_city": FULL, "country": FULL}, {"billing_city", "country"}),
        ({"city": NONE, "street": NONE, "billing_city": FULL, "billing_street": FULL}, {"billing_city", "billing_street"}),
        ({"home_city": FULL, "work_city": FULL}, {"home_city"}),
        ({"billing_name": FULL, "shipping_name": FULL}, {"billing_name"}),
    ],
)
def test_who_wins(columns, winners):
    found = fields(columns)
    assert {name for name, field in found.items() if field in {"city", "street", "country", "full_name"}} == winners


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ("created_at", "updated_at", "updated_at"),
        ("last_modified", "updated_at", "updated_at"),
        ("event_time", "last_modified", "last_modified"),
        ("created_at", "timestamp", "timestamp"),
        ("date", "created_at", "created_at"),
        ("order_date", "last_seen", "order_date"),
    ],
)
def test_one_time_per_record(first, second, winner):
    table = pa.table({name: pa.array(["2024-01-02"], pa.large_string()) for name in (first, second)})
    guesses = guess_columns("s", table)
    assert [guess.column for guess in guesses if guess.kind == "time"] == [winner]
    (loser,) = [guess for guess in guesses if guess.kind != "time"]
    assert loser.kind == "attribute"
    assert winner in loser.reason
