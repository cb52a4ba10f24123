"""Judged pairs: tests/golden/levels.csv is a table that anyone can extend."""

import csv
from pathlib import Path

import numpy as np
import pytest

from omniid import comparison as c
from omniid.tables import RecordTable

COMPARISONS = {
    made.name: made
    for made in (
        c.person_first_name("first_name"),
        c.person_last_name("last_name"),
        c.middle_name("middle_name"),
        c.birth_date("birth_date"),
        c.email("email"),
        c.phone("phone"),
        c.identifier("identifier"),
        c.street("street"),
        c.postcode("postcode"),
        c.city("city"),
        c.category("category"),
        c.text("text"),
        c.number("number"),
        c.device("device"),
    )
}
PATH = Path(__file__).parents[1] / "golden" / "levels.csv"
with PATH.open(encoding="utf-8", newline="") as lines:
    JUDGED = [tuple(row.values()) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(("name", "left", "right", "level"), JUDGED)
def test_judged_pair(name, left, right, level):
    table = RecordTable.of([{"record_id": "1", name: left}, {"record_id": "2", name: right}])
    rows = np.array([0, 1], np.int32)
    found = c.compare_rows(table, rows, rows[::-1], [COMPARISONS[name]])[:, 0]
    assert [level, level] == [COMPARISONS[name].traits.levels[number] for number in found]


def test_enough_pairs_are_judged_and_every_level_has_one():
    assert len(JUDGED) >= 120
    for name, comparison in COMPARISONS.items():
        seen = {level for kind, _, _, level in JUDGED if kind == name}
        assert set(comparison.traits.levels) == seen, name
