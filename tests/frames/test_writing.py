"""Tables on their way out: the caller's own kind of frame, and files that read back the same."""

from unittest import mock

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import errors
from omniid.frames import plain_table, read_inputs, to_native, write_table, writing
from omniid.tables import coded_column

TABLE = pa.table(
    {
        "entity_id": ["e1", "e2", None],
        "records": pa.array([2, 1, 3], pa.int64()),
        "city": pa.array(["Łódź", None, "Łódź"]).dictionary_encode(),
        "emails": pa.array([["a@x.com", "b@x.com"], [], None], pa.large_list(pa.large_string())),
        "survived": [True, False, None],
    }
)


@pytest.mark.parametrize("backend", ["pandas", "files"])
def test_pandas_gets_plain_columns_and_no_index(backend):
    frame = to_native(TABLE, backend)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.index) == [0, 1, 2]
    assert frame["city"].dtype == pd.Series(["x"]).dtype or frame["city"].dtype == object
    assert frame["emails"].tolist() == [["a@x.com", "b@x.com"], [], None]
    assert frame["records"].tolist() == [2, 1, 3]
    assert frame["entity_id"].isna().tolist() == [False, False, True]


def test_polars_rows_and_arrow_keep_lists_and_lose_dictionaries():
    frame = to_native(TABLE, "polars")
    assert isinstance(frame, pl.DataFrame)
    assert frame["city"].dtype == pl.String
    assert frame["emails"].to_list() == [["a@x.com", "b@x.com"], [], None]
    assert to_native(TABLE, "rows") == frame.to_dicts() == TABLE.to_pylist()
    assert to_native(TABLE, "pyarrow").schema.field("city").type == pa.string()


def test_empty_tables_keep_their_columns():
    empty = TABLE.slice(0, 0)
    assert list(to_native(empty, "pandas").columns) == TABLE.column_names
    assert to_native(empty, "polars").columns == TABLE.column_names
    assert to_native(empty, "rows") == []


def test_an_unknown_backend_or_format_is_refused(tmp_path):
    with pytest.raises(ValueError, match="backend 'spark' is unknown; use pandas"):
        to_native(TABLE, "spark")
    with pytest.raises(ValueError, match="format 'xlsx' is unknown; use parquet or csv"):
        write_table(TABLE, tmp_path / "x", format="xlsx")


CELLS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5), min_size=1, max_size=6)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_what_is_written_reads_back_the_same(tmp_path, kind):
    path = tmp_path / "deep" / "folder" / f"web.{kind}"

    @given(CELLS)
    def check(cells):
        table = pa.table({"id": [str(i) for i in range(len(cells))], "text": pa.array(cells, pa.string())})
        write_table(table, path, format=kind)
        back = read_inputs(path).frames[0].table
        assert back.column("text").to_pylist() == [cell if cell and cell.strip() else None for cell in cells]
        assert back.column("id").to_pylist() == table.column("id").to_pylist()

    check()


def test_lists_are_lists_in_parquet_and_joined_in_csv(tmp_path):
    write_table(TABLE, tmp_path / "p.parquet")
    write_table(TABLE, tmp_path / "p.csv", format="csv")
    assert read_inputs(tmp_path / "p.parquet").frames[0].table.column("emails").to_pylist() == [
        ["a@x.com", "b@x.com"],
        None,
        None,
    ]
    assert arrow_csv.read_csv(tmp_path / "p.csv").column("emails").to_pylist() == ["a@x.com;b@x.com", "", ""]
    assert arrow_csv.read_csv(tmp_path / "p.csv").column("survived").to_pylist() == [True, False, None]


def test_folders_are_made_and_equal_tables_give_equal_bytes(tmp_path):
    one, other = tmp_path / "a" / "b" / "x.parquet", tmp_path / "y.parquet"
    write_table(TABLE, one)
    write_table(TABLE, str(other))
    assert one.read_bytes() == other.read_bytes()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    path.write_text("old")

    def fail(where, *rest, **options):
        where.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr("pyarrow.parquet.ParquetWriter", fail)
    with pytest.raises(errors.InputError, match=r"x\.parquet cannot be written \(disk full\)"):
        write_table(TABLE, path)
    assert [file.name for file in tmp_path.iterdir()] == ["x.parquet"]
    assert path.read_text() == "old"


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(errors.InputError, match="cannot be written"):
        write_table(TABLE, tmp_path / "out" / "x.csv", format="csv")


@given(
    st.lists(st.lists(st.sampled_from([-1, 0, 1, 2]), max_size=30), min_size=1, max_size=4),
    st.booleans(),
    st.integers(1, 40),
    st.sampled_from([1, 8, 100]),
)
def test_coded_columns_are_read_as_plain_text(tmp_path_factory, chunks, shared, rows, compact) -> None:
    def column() -> pa.ChunkedArray:
        values = pa.array(["ż", "", "b"], pa.large_string())
        parts = [
            coded_column(np.array(chunk, np.int32), values if shared else pa.array(values.to_pylist(), values.type))
            for chunk in chunks
        ]
        return pa.chunked_array(parts, pa.dictionary(pa.int32(), pa.large_string()))

    cells = column()
    codes = np.array([0, 2, 1] * len(cells), np.int32)
    lists = pa.LargeListArray.from_arrays(
        pa.array(np.arange(len(cells) + 1) * 3, pa.int64()), coded_column(codes, pa.array(["x", "y", "z"], pa.large_string()))
    )
    table = pa.table({"one": cells, "several": lists, "number": np.arange(len(cells)), "text": pa.array(["t"] * len(cells))})
    wanted = pa.table(
        {
            "one": pa.array(cells.to_pylist(), pa.large_string()),
            "several": pa.array(lists.to_pylist(), pa.large_list(pa.large_string())),
            "number": table["number"],
            "text": table["text"],
        }
    )
    path = tmp_path_factory.mktemp("coded") / "t.parquet"
    with mock.patch.object(writing, "ROWS", rows), mock.patch.object(writing, "COMPACT", compact):
        write_table(table, path)
    assert pq.read_table(path).equals(wanted)
    assert plain_table(table).equals(wanted)
