"""Edited frames: the cells that were named, and nothing else, in every library."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from omniid.frames.cells import cell_texts, replace_cells
from omniid.frames.editing import edit_frame

DAYS = [dt.date(2020, 1, 2), None, dt.date(2021, 3, 4)]
ROWS = {"id": [1, 2, 3], "mail": ["a", None, "c"], "day": DAYS, "n": [1.5, 2.0, None]}


@pytest.mark.parametrize("make", [pa.table, pl.DataFrame, lambda rows: pl.DataFrame(rows).lazy(), pa.RecordBatch.from_pydict])
def test_columns_keep_their_type_where_they_can(make) -> None:
    frame = make(ROWS)
    edits = {1: (np.array([1, 0]), ["x", None]), 2: (np.array([1]), ["2022-05-06"]), 3: (np.array([2]), ["7"])}
    after = edit_frame(frame, edits)
    after = after.to_arrow() if isinstance(after, pl.DataFrame) else after
    assert after.column("mail").to_pylist() == [None, "x", "c"]
    assert after.column("day").to_pylist()[1] == dt.date(2022, 5, 6)
    assert after.column("n").to_pylist() == [1.5, 2.0, 7.0]
    assert after.column("id").to_pylist() == [1, 2, 3]


def test_a_column_becomes_text_where_it_must() -> None:
    after = edit_frame(pa.table(ROWS), {2: (np.array([1]), ["06.05.2022"]), 0: (np.array([0]), ["A1"])})
    assert after.column("day").to_pylist() == ["2020-01-02", "06.05.2022", "2021-03-04"]
    assert after.column("id").to_pylist() == ["A1", "2", "3"]
    kinds = pl.DataFrame({"sex": pl.Series(["f", "m"], dtype=pl.Categorical)})
    assert edit_frame(kinds, {0: (np.array([0]), ["m"])})["sex"].to_list() == ["m", "m"]


def test_pandas_frames_keep_index_types_and_their_way_of_saying_nothing() -> None:
    frame = pd.DataFrame(ROWS).set_index("id").assign(when=pd.to_datetime(["2020-01-02", None, "2021-03-04"]))
    frame["n"] = frame["n"].astype("Float64")
    edits = {1: (np.array([1, 0]), ["x", None]), 3: (np.array([2]), ["7"]), 4: (np.array([1]), ["2022-05-06"])}
    after = edit_frame(frame, edits)
    assert frame["mail"].tolist()[0] == "a"  # the frame itself stays
    assert after.index.tolist() == [1, 2, 3]
    assert after["mail"].tolist()[1:] == ["x", "c"]
    assert pd.isna(after["mail"].iloc[0])
    assert (str(after["n"].dtype), after["n"].tolist()) == ("Float64", [1.5, 2.0, 7.0])
    assert after["when"].iloc[1] == pd.Timestamp("2022-05-06")
    text = edit_frame(frame, {3: (np.array([0]), ["much"])})
    assert text["n"].iloc[0] == "much"


def test_dicts_keep_numbers_and_lists() -> None:
    rows = [{"id": 1, "tags": ["a"]}, {"id": 2, "extra": None}]
    assert edit_frame(rows, {0: (np.array([1]), ["3"]), 1: (np.array([0, 1]), [None, "b"])}) == [
        {"id": 1, "tags": []},
        {"id": 3, "extra": None, "tags": ["b"]},
    ]
    assert edit_frame(rows, {0: (np.array([0]), ["01"])})[0]["id"] == "01"  # a number would lose its zero


def test_cells_of_lists_are_replaced_whole() -> None:
    column = pa.array([["a", "b"], None, ["c"]], pa.large_list(pa.large_string()))
    after = replace_cells(column, np.array([2, 0]), pa.array([None, "x"], pa.large_string()))
    assert after.to_pylist() == [["x"], None, None]
    assert cell_texts(after, np.array([0, 2]))[0].to_pylist() == ["x", None]


@pytest.mark.parametrize("kind", ["Int64", "int64[pyarrow]", "Float64"])
def test_nullable_numbers_of_pandas_stay_numbers(kind: str) -> None:
    frame = pd.DataFrame({"id": [1, 2, 3], "phone": pd.array([9007199254740993, None, 7], dtype=kind)})
    after = edit_frame(frame, {1: (np.array([1, 2]), ["602345678", None])})
    assert after["phone"].dtype == frame["phone"].dtype
    assert after["phone"].iloc[1] == 602345678
    assert after["phone"].isna().tolist() == [False, False, True]
    assert after["phone"].iloc[0] == frame["phone"].iloc[0]
    assert edit_frame(frame, {1: (np.array([1]), ["+48 602"])})["phone"].iloc[1] == "+48 602"
