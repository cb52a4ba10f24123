"""Whatever columns come: nothing breaks, nobody is lost, and neither order of columns nor of rows changes who is who.

Columns that rival for one field are the exception, and none of these tables shows it: of two that say it equally
well the first speaks.
"""

import csv
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import omniid
from omniid import InputError

GOLDEN = Path(__file__).parents[1] / "golden" / "headers.csv"
HEADERS = sorted({row["header"] for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())})
CELLS = (
    lambda draw: None,
    lambda draw: draw.choice(["", "N/A", "-", "null", "test"]),
    lambda draw: draw.choice(["Anna Lee", "Пётр Иванов", "محمد رضایی", "王芳", "O'Brien, Pat", "Łukasz Żak", "x" * 300]),
    lambda draw: draw.choice(
        ["Alpine Foods GmbH", "ООО Ромашка", "https://www.alpine.de/en", "@anna_k", "b2b; vip", "18 Main St, Leeds"]
    ),
    lambda draw: f"a{draw.randint(0, 9)}@x{draw.randint(0, 1)}.com",
    lambda draw: f"+4850{draw.randint(1000000, 1000009)}",
    lambda draw: draw.choice([draw.randint(-5, 10**12), draw.random(), draw.random() < 0.5, str(draw.randint(0, 30))]),
    lambda draw: f"{draw.randint(1930, 2020)}-{draw.randint(1, 13):02d}-{draw.randint(1, 31):02d}",
    lambda draw: [f"a{draw.randint(0, 9)}@x.com", "c@d.com"],
    lambda draw: "\u202e\x00weird",
)


def table(seed: int) -> list[dict[str, Any]]:
    """Rows with a few headers that people use, and cells that need not fit them."""
    draw = random.Random(seed)
    size, heads = draw.choice([1, 2, 6, 25]), draw.sample(HEADERS, draw.randint(1, 8))
    kinds = {head: draw.sample(CELLS, draw.randint(1, 3)) for head in heads}
    return [{head: draw.choice(kinds[head])(draw) for head in heads} for _ in range(size)]


def who(found: omniid.Resolution) -> set[frozenset[int]]:
    """The partition, by the number that each row was given."""
    people: dict[str, set[int]] = {}
    for row in found.table("crosswalk").to_pylist():
        people.setdefault(row["entity_id"], set()).add(int(row["record_id"]))
    return {frozenset(rows) for rows in people.values()}


@pytest.mark.filterwarnings("ignore::omniid.ConvergenceWarning")  # said of columns that tell hardly anything
@settings(max_examples=settings().max_examples // 2)
@given(st.integers(0, 10**6))
@example(3)
def test_any_table_is_resolved(seed: int) -> None:
    rows = [{"row number": str(number), **row} for number, row in enumerate(table(seed))]
    source = omniid.Source(record_id="row number")
    try:
        found = omniid.resolve({"all": rows}, omniid.Spec(sources={"all": source}))
    except InputError as error:
        assert str(error)  # noqa: PT017  # a refusal is fine where it says why: cells of several types in one column
        return
    assert all(map(str, (found.summary, found.spec, found.model)))
    assert sum(map(len, who(found))) == len(rows)
    assert sum(one["records"] for one in found.profiles) == len(rows)
    turned = [dict(reversed(row.items())) for row in reversed(rows)]
    again = omniid.resolve({"all": turned}, omniid.Spec(sources={"all": source}))
    assert who(again) == who(found)
    assert again.model == found.model
