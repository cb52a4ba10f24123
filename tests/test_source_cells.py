"""Cells that hold what was written are read as their sources had them."""

import pyarrow as pa
import pytest

from omniid.frames import read_inputs
from omniid.ledgers import read_changes
from omniid.source_cells import without_written_cells


def change(record_id: str, column: str, old: str | None, new: str | None, key: str) -> dict[str, str | None]:
    return {"source": "crm", "record_id": record_id, "column": column, "old": old, "new": new, "idempotency_key": key}


@pytest.mark.parametrize(
    ("cell", "own", "stands"),
    [
        ("c", "a", [False, True]),  # both were made
        ("b", "a", [True, False]),  # only the first was
        ("a", "a", [False, False]),  # none was
        ("z", "z", [False, False]),  # the source wrote something else since
    ],
)
def test_a_cell_gives_what_its_source_had(cell: str, own: str, stands: list[bool]) -> None:
    inputs = read_inputs({"crm": [{"id": "1", "mail": cell}, {"id": "2", "mail": "b"}], "web": [{"id": "1", "mail": "b"}]})
    made = [change("1", "mail", "a", "b", "k1"), change("1", "mail", "b", "c", "k2")]
    gone = [change("9", "mail", "a", "b", "k3"), change("2", "post", "a", "b", "k4")]
    restored, noted = without_written_cells(inputs, None, read_changes([*made, *gone]))
    assert [frame.table.column("mail").to_pylist() for frame in restored.frames] == [[own, "b"], ["b"]]
    assert noted.column("stands").to_pylist() == [*stands, False, False]
    assert noted.column("own").to_pylist()[:2] == ["a" if stood else None for stood in stands]


def test_cells_of_lists_hold_one_value_or_none() -> None:
    table = pa.table({"id": ["1", "2", "3"], "mail": [["b"], ["b", "x"], None]})
    made = [change(str(i), "mail", None, "b", f"k{i}") for i in (1, 2, 3)]
    restored, noted = without_written_cells(read_inputs({"crm": table}), None, read_changes(made))
    assert restored.frames[0].table.column("mail").to_pylist() == [None, ["b", "x"], None]
    assert noted.column("stands").to_pylist() == [True, False, False]
