"""A judged table: what a value of each type is as text, from Arrow, from pandas and from plain Python."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.frames.text import column_text
from omniid.frames.values import objects_to_text

NAIVE = datetime(1990, 5, 17)  # noqa: DTZ001  # data often come without a zone
HOUR = timezone(timedelta(hours=2))
JUDGED = [
    (17, "17"),
    (-3, "-3"),
    (17.0, "17"),
    (-0.0, "0"),
    (0.1, "0.1"),
    (48600123456.0, "48600123456"),
    (2.5, "2.5"),
    (True, "true"),
    (False, "false"),
    (date(1990, 5, 17), "1990-05-17"),
    (NAIVE, "1990-05-17"),
    (NAIVE.replace(hour=10, minute=30), "1990-05-17T10:30:00"),
    (NAIVE.replace(second=10), "1990-05-17T00:00:10"),
    (NAIVE.replace(hour=10, minute=30, microsecond=500000), "1990-05-17T10:30:00.5"),
    (datetime(1990, 5, 17, 1, 30, tzinfo=HOUR), "1990-05-16T23:30:00Z"),
    (datetime(1990, 5, 17, tzinfo=UTC), "1990-05-17T00:00:00Z"),
    (time(10, 30), "10:30:00"),
    (Decimal("17.50"), "17.50"),
    (b"\xc5\xbb", "Ż"),
    ({"b": 1, "a": ["ż"]}, '{"a": ["ż"], "b": 1}'),
    ("N/A", "N/A"),
    (" x ", " x "),
    ("", None),
    (" \t\u00a0\u3000", None),
    (float("nan"), None),
    (None, None),
]


@pytest.mark.parametrize(("value", "text"), JUDGED, ids=repr)
def test_typed_arrow_columns_and_python_objects_read_alike(value, text):
    assert column_text(pa.array([value], from_pandas=True)).to_pylist() == [text]
    assert objects_to_text([value], "x", []).to_pylist() == [text]
    mixed = objects_to_text([value, "text", 1], "x", [])  # no single type: the slow road
    assert mixed.to_pylist() == [text, "text", "1"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_read_alike_in_every_unit(unit):
    moments = pa.array([NAIVE.replace(hour=10, minute=20, second=30), NAIVE, None], pa.timestamp(unit))
    assert column_text(moments).to_pylist() == ["1990-05-17T10:20:30", "1990-05-17", None]
    assert column_text(moments.cast(pa.timestamp(unit, "UTC")))[1].as_py() == "1990-05-17T00:00:00Z"


def test_missing_values_of_pandas_are_missing():
    values = pd.Series(["x", pd.NA, pd.NaT, np.nan, None, 1], dtype=object)
    assert objects_to_text(values.tolist(), "x", []).to_pylist() == ["x", None, None, None, None, "1"]
    for dtype in ("Int64", "float64", "string", "boolean"):
        assert column_text(pa.array(pd.Series([None, None], dtype=dtype), from_pandas=True)).null_count == 2


def test_categories_are_their_values():
    column = pa.array(["b", None, "", "b"]).dictionary_encode()
    assert column_text(column).to_pylist() == ["b", None, None, "b"]
    assert column_text(pa.array(pd.Series([1.0, None, 1.0]).astype("category"), from_pandas=True)).to_pylist() == [
        "1",
        None,
        "1",
    ]


def test_lists_keep_their_entries_and_lose_missing_ones():
    kinds = [pa.list_(pa.int64()), pa.large_list(pa.int64()), pa.list_(pa.int64(), 2)]
    for kind in kinds:
        assert column_text(pa.array([[1, None], None, [3, 4]], kind)).to_pylist() == [["1"], None, ["3", "4"]]
    assert column_text(pa.array([[["a"], ["b", "c"]]])).to_pylist() == [['["a"]', '["b", "c"]']]
    assert objects_to_text([["a", " "], "b", None, (), {"d", "c"}], "x", []).to_pylist() == [
        ["a"],
        ["b"],
        None,
        None,
        ["c", "d"],
    ]
    assert objects_to_text([np.array([1, 2])], "x", []).to_pylist() == [["1", "2"]]


def test_slices_and_chunks_are_read_where_they_stand():
    array = pa.array([" ", "a", "", "b ", None, "c"], pa.large_string())
    assert column_text(array.slice(1, 4)).to_pylist() == ["a", None, "b ", None]
    assert column_text(pa.chunked_array([array, array.slice(3)])).to_pylist() == [
        None,
        "a",
        None,
        "b ",
        None,
        "c",
        "b ",
        None,
        "c",
    ]
    assert column_text(pa.chunked_array([], pa.int32())).to_pylist() == []


def test_a_null_with_bytes_behind_it_stays_null():
    hidden = column_text(pa.array([float("nan")], pa.float64(), from_pandas=False))  # "nan", marked as null
    assert hidden.buffers()[2].to_pybytes() == b"nan"
    whole = pa.concat_arrays([hidden, pa.array([" ", "x"], pa.large_string())])
    assert column_text(whole).to_pylist() == [None, None, "x"]


def test_broken_bytes_are_replaced_and_noted():
    notes = []
    assert objects_to_text([b"ok", b"\xff"], "blob", notes).to_pylist() == ["ok", "\ufffd"]
    assert notes == [("blob", "\ufffd", "row 2 holds bytes that are not UTF-8; replaced by U+FFFD")]


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=6), st.sampled_from([" ", "\u2003", "\u2028", "\x1f", "\x00", "\u200b"])))
)
def test_blank_cells_are_those_that_python_strips_to_nothing(cells):
    expected = [cell if cell is not None and cell.strip() else None for cell in cells]
    array = pa.array([None, *cells], pa.large_string())
    assert column_text(array).to_pylist() == [None, *expected]
    assert column_text(array.slice(1)).to_pylist() == expected
    assert column_text(array.slice(0, len(cells))).to_pylist() == [None, *expected][: len(cells)]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53).map(float)))
def test_floats_come_back_from_their_text(values):
    texts = column_text(pa.array(values, pa.float64())).to_pylist()
    assert [float(text) for text in texts] == values
    assert not any(text.endswith(".0") for text in texts)
