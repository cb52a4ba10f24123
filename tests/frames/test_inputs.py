"""Whatever the caller passes becomes one table of text per source."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from omniid import errors
from omniid.frames import read_inputs, to_native

ROWS = [{"id": 1, "mail": "a@x.com"}, {"id": 2, "mail": None}]
TEXT = [{"id": "1", "mail": "a@x.com"}, {"id": "2", "mail": None}]


def sources(data):
    return {frame.name: frame.table.to_pylist() for frame in read_inputs(data).frames}


def test_every_backend_reads_alike_and_gets_its_own_kind_back(backend):
    name, make = backend
    inputs = read_inputs(make(ROWS))
    assert inputs.backend == name
    assert [(frame.name, frame.place, frame.table.to_pylist()) for frame in inputs.frames] == [("records", "frame", TEXT)]
    assert inputs.rejects.num_rows == 0
    own = {"rows": list, "pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}[name]
    assert isinstance(to_native(inputs.frames[0].table, inputs.backend), own)


def test_all_columns_are_text_whatever_they_held(backend):
    _, make = backend
    table = read_inputs(make([{"n": 1.0, "flag": True, "none": None}])).frames[0].table
    assert set(table.schema.types) == {pa.large_string()}
    assert table.to_pylist() == [{"n": "1", "flag": "true", "none": None}]


def test_sources_come_from_the_mapping_first_then_the_column_then_the_default(backend):
    _, make = backend
    rows = [{"source": "web", "id": 1}, {"source": "shop", "id": 2}, {"source": "web", "id": 3}]
    assert sources(make(rows)) == {"shop": [{"id": "2"}], "web": [{"id": "1"}, {"id": "3"}]}
    assert list(sources({"crm": make(rows)})) == ["crm"]
    assert list(sources(make([{"id": 1}]))) == ["records"]


def test_sources_are_sorted_whatever_the_order_of_the_mapping():
    assert [frame.name for frame in read_inputs({"web": ROWS, "app": ROWS}).frames] == ["app", "web"]


def test_a_null_source_is_named_by_its_row():
    with pytest.raises(errors.InputError, match=r"row 2 of the frame names no source; fill the column 'source'"):
        read_inputs([{"source": "web", "id": 1}, {"source": " ", "id": 2}])


def test_files_are_sources_by_their_stem(tmp_path):
    for name in ("web.csv", "shop.csv"):
        (tmp_path / name).write_text("id,mail\n1,a@x.com\n")
    inputs = read_inputs([str(tmp_path / "web.csv"), tmp_path / "shop.csv"])
    assert [frame.name for frame in inputs.frames] == ["shop", "web"]
    assert inputs.backend == "files"
    assert inputs.frames[1].place == str(tmp_path / "web.csv")
    assert [frame.name for frame in read_inputs(tmp_path / "web.csv").frames] == ["web"]


def test_two_files_of_one_stem_are_refused(tmp_path):
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "web.csv").write_text("id\n1\n")
    with pytest.raises(errors.InputError, match=r"source 'web' comes twice.*old.*new|source 'web' comes twice.*new.*old"):
        read_inputs([tmp_path / "old" / "web.csv", tmp_path / "new" / "web.csv"])


def test_frames_and_files_together_give_the_frames_kind_back(tmp_path):
    (tmp_path / "web.csv").write_text("id\n1\n")
    assert read_inputs({"web": tmp_path / "web.csv", "shop": pl.DataFrame(ROWS)}).backend == "polars"
    assert read_inputs({"web": ROWS, "shop": pl.DataFrame(ROWS)}).backend == "pandas"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "list of records is empty"),
        ({}, "mapping of source to data is empty"),
        (pd.DataFrame({"id": []}), "the frame has no rows"),
        ({"web": pd.DataFrame({"id": []})}, "the frame of source 'web' has no rows"),
        (pd.DataFrame(index=[0, 1]), "the frame has no columns"),
        (pl.DataFrame(), "the frame has no columns"),
        ([{}], "the frame has no columns"),
        (pd.DataFrame([[1, 2]], columns=["id", "id"]), r"two columns named 'id' \(columns 1 and 2\)"),
        ({"": ROWS}, "source '' has no name"),
        ({1: ROWS}, "source 1 has no name"),
        ({"email": ["a@x.com"]}, r"source 'email' holds a list of str, not records"),
        ({"web": []}, "source 'web' holds an empty list"),
        ([{"id": 1}, 7], "row 2 of the frame is int 7, not an object"),
        (7, "is a int, which is no frame"),
        (None, "is a NoneType, which is no frame"),
    ],
)
def test_what_is_no_data_is_refused_with_the_way_out(data, message):
    with pytest.raises(errors.InputError, match=message):
        read_inputs(data)


def test_named_index_levels_are_columns_and_unnamed_ones_are_not():
    frame = pd.DataFrame({"mail": ["a@x.com", "b@x.com"]}, index=pd.Index([7, 8], name="rec_id"))
    assert read_inputs(frame).frames[0].table.column_names == ["rec_id", "mail"]
    levels = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["shop", None])
    assert read_inputs(frame.set_axis(levels)).frames[0].table.to_pylist()[1] == {"shop": "y", "mail": "b@x.com"}
    assert read_inputs(frame.reset_index(drop=True)).frames[0].table.column_names == ["mail"]


def test_progress_hears_of_every_input_and_may_cancel():
    heard = []
    read_inputs({"web": ROWS, "app": ROWS}, progress=lambda *step: heard.append(step))
    assert heard == [("read", 1, 2), ("read", 2, 2)]
    with pytest.raises(errors.CancelledError, match="after 1 of 2"):
        read_inputs({"web": ROWS, "app": ROWS}, progress=lambda *step: False)


def test_rows_may_have_different_keys_and_column_order_is_that_of_no_row_in_particular():
    one, two = {"id": 1, "mail": "a@x.com", "city": "Ufa"}, {"mail": "b@x.com", "phone": "7"}
    table = read_inputs([one, two]).frames[0].table
    assert read_inputs([two, one]).frames[0].table.column_names == table.column_names
    assert table.to_pylist()[1] == {"id": None, "mail": "b@x.com", "city": None, "phone": "7"}


@pytest.mark.parametrize("make", [list, lambda rows: pd.DataFrame(rows, dtype=object)])
def test_lone_surrogates_are_replaced_and_counted(make):
    inputs = read_inputs(make([{"name": "Анна"}, {"name": "A\ud800nna"}]))  # polars and Arrow cannot hold one
    assert inputs.frames[0].table.to_pylist() == [{"name": "Анна"}, {"name": "A\ufffdnna"}]
    assert inputs.rejects.to_pylist() == [
        {
            "source": "records",
            "record_id": None,
            "field": "name",
            "value": "A\ufffdnna",
            "reason": "row 2 holds a lone surrogate, which is no character; replaced by U+FFFD",
        }
    ]


def test_control_characters_and_direction_marks_are_kept_as_they_came(backend):
    _, make = backend
    odd = ["nul\x00inside", "bell\x07", "\u200fעברית\u200e", "tab\tinside", "\x00"]
    table = read_inputs(make([{"name": value} for value in odd])).frames[0].table
    assert table.column("name").to_pylist() == odd


def test_ten_megabytes_in_one_cell_pass(backend):
    _, make = backend
    cell = "ż" * 5_000_000
    assert read_inputs(make([{"id": 1, "note": cell}])).frames[0].table.column("note")[0].as_py() == cell
