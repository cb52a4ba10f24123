"""The judged tables of name pairs: how often the comparisons of names agree with a careful reader."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from omniid.names import same_names

DATA = Path(__file__).parents[1] / "data"
ROWS = [
    row
    for path in sorted(DATA.glob("name_pairs*.csv"))
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
]


@pytest.fixture(scope="module")
def right():
    """Culture → whether each of its pairs is judged as the table judges it."""
    verdicts = same_names([row["left"] for row in ROWS], [row["right"] for row in ROWS])
    found = defaultdict(list)
    for row, verdict in zip(ROWS, verdicts.tolist(), strict=True):
        found[row["culture"]].append(verdict == (row["same"] == "1"))
    return found


def test_the_table_is_broad_and_balanced():
    same = sum(row["same"] == "1" for row in ROWS)
    assert len(ROWS) >= 600
    assert 0.4 <= same / len(ROWS) <= 0.6
    assert len({row["culture"] for row in ROWS}) >= 15
    assert {row["same"] for row in ROWS} == {"0", "1"}
    pairs = {frozenset((row["left"], row["right"])) for row in ROWS}
    assert len(pairs) >= len(ROWS) - 1  # both tables have one pair


def test_nearly_all_pairs_are_judged_right(right):
    every = [verdict for verdicts in right.values() for verdict in verdicts]
    assert sum(every) / len(every) >= 0.97


def test_no_culture_falls_behind(right):
    shares = {culture: sum(found) / len(found) for culture, found in right.items() if len(found) >= 14}
    assert len(shares) >= 40
    assert {culture: share for culture, share in shares.items() if share < 0.93} == {}


def test_cultures_of_few_pairs_have_one_miss_at_most(right):
    misses = {culture: len(found) - sum(found) for culture, found in right.items() if len(found) < 14}
    assert {culture: missed for culture, missed in misses.items() if missed > 1} == {}


def test_the_side_does_not_matter():
    some = ROWS[::7]
    left, other = [row["left"] for row in some], [row["right"] for row in some]
    assert same_names(left, other).tolist() == same_names(other, left).tolist()
