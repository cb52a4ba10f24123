"""Rows compared as text, whatever the types."""

import numpy as np
import pyarrow as pa

from omniid.changed_rows import differing_rows


def test_types_lists_and_missing_columns_are_compared_as_text() -> None:
    one = pa.table({"id": ["a", "b", "c"], "n": [1.0, None, 3.0], "all": [["x", "y"], [], None], "new": [None, None, "z"]})
    other = pa.table(
        {"all": ["x;y", None, None], "id": ["a", "b", "c"], "n": ["1", None, "3"], "gone": pa.nulls(3, pa.string())}
    )
    rows = np.arange(3)
    assert differing_rows(one, rows, other, rows, name="id").tolist() == [False, False, True]
    assert differing_rows(other, rows, one, rows, name="id").tolist() == [False, False, True]


def test_rows_are_found_by_name() -> None:
    one = pa.table({"id": ["a", "b", "c"], "n": [1, 2, 3]})
    names = pa.array(["c", "a", "nobody"], pa.large_string())
    assert differing_rows(one, np.array([2, 1, 0]), one, names, name="id").tolist() == [False, True, True]
