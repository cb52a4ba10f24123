"""Reading frames: which columns count, and what ids look like as text."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from omniid.errors import InputError
from omniid.evaluation.memberships import read_memberships


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([1, 2], ["1", "2"]),
        (["1", "02"], ["1", "02"]),
        (pd.Categorical(["x", "y"]), ["x", "y"]),
        (np.array([7.0, 1e15]), ["7", "1000000000000000"]),
        (pd.Series([1, "b"], dtype=object), ["1", "b"]),
        (pd.Series([True, False]), ["true", "false"]),
        (np.array([1, 2**63], np.uint64), ["1", "9223372036854775808"]),
        ([0.5, 1.5], ["0.5", "1.5"]),
    ],
)
def test_ids_become_text(values, text):
    members = read_memberships(pd.DataFrame({"record_id": values, "entity_id": ["x", "x"]}), "truth")
    assert members.record_id.to_pylist() == text


@pytest.mark.parametrize(
    "values",
    [
        [None, 3],
        [float("nan"), 3],
        pd.Series([pd.NA, 3], dtype="Int64"),
        ["", "3"],
        pd.Series([None, "3"]),
        pd.Series([pd.NA, 3], dtype=object),
    ],
    ids=["None", "NaN", "NA", "empty", "null text", "object"],
)
def test_what_is_missing_is_left_out_and_counted(values):
    members = read_memberships(pd.DataFrame({"record_id": values, "entity_id": ["x", "y"]}), "truth")
    assert (members.record_id.to_pylist(), members.entity.to_pylist(), members.incomplete) == (["3"], ["y"], 1)


def test_mixed_python_objects_become_text():
    members = read_memberships(
        pd.DataFrame({"id": pd.Series([1, "b", None, 2.0], dtype=object), "cluster": list("xxxx")}), "truth"
    )
    assert (members.record_id.to_pylist(), members.incomplete) == (["1", "b", "2"], 1)


def test_of_several_columns_the_first_in_the_documented_order_counts():
    table = pl.DataFrame({"id": ["wrong"], "record_id": ["1"], "cluster": ["wrong"], "entity_id": ["x"], "source": ["web"]})
    members = read_memberships(table, "crosswalk")
    assert [array.to_pylist() for array in (members.source, members.record_id, members.entity)] == [["web"], ["1"], ["x"]]


def test_chunks_and_arrow_dictionaries_are_read():
    column = pa.chunked_array([pa.array(["a"]).dictionary_encode(), pa.array(["b"]).dictionary_encode()])
    members = read_memberships(pa.table({"record_id": column, "entity_id": column}), "truth")
    assert members.record_id.to_pylist() == ["a", "b"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            pa.table({"key": ["1"], "entity_id": ["x"]}),
            "truth has no record column; name it 'record_id' .* Available: key, entity_id",
        ),
        (
            pa.table({"record_id": ["1"], "label": ["x"]}),
            "truth has no entity column; name it 'entity_id' .* Available: record_id, label",
        ),
        (7, "truth is a int; pass a pandas, polars or pyarrow frame"),
    ],
)
def test_what_cannot_be_read_is_named(frame, message):
    with pytest.raises(InputError, match=message):
        read_memberships(frame, "truth")
