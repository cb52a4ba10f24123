"""Event tables come in with their types, from frames of any kind and from files."""

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from omniid import InputError
from omniid.frames import coded, read_event_frames

ROWS = {"at": ["2024-05-01", "2024-05-02"], "n": [1, 2], "type": ["visit", None]}


def test_any_frame_gives_the_same_columns(tmp_path: Path) -> None:
    table = pa.table(ROWS)
    pq.write_table(table, tmp_path / "web.parquet")
    (tmp_path / "web.csv").write_text("at,n,type\n2024-05-01,1,visit\n2024-05-02,2,\n")
    frames = [table, pd.DataFrame(ROWS), pl.DataFrame(ROWS), table.to_pylist(), tmp_path / "web.parquet", tmp_path / "web.csv"]
    for frame in frames:
        (one,) = read_event_frames({"web": frame})
        assert {name: coded(one.table.column(name)).entries_of(0) for name in ROWS} == {
            "at": ["2024-05-01"],
            "n": ["1"],
            "type": ["visit"],
        }
        assert coded(one.table.column("type")).codes.tolist() == [0, -1]
    assert pa.types.is_integer(read_event_frames(pd.DataFrame(ROWS))[0].table.schema.field("n").type)


def test_names_come_from_the_mapping_the_column_or_the_file(tmp_path: Path) -> None:
    pq.write_table(pa.table(ROWS), tmp_path / "calls.parquet")
    assert [one.name for one in read_event_frames(tmp_path / "calls.parquet")] == ["calls"]
    assert [one.name for one in read_event_frames(pa.table({**ROWS, "source": ["web", "app"]}))] == ["app", "web"]
    with pytest.raises(InputError, match="come twice"):
        read_event_frames([tmp_path / "calls.parquet", tmp_path / "calls.parquet"])
    for wrong, said in (({}, "mapping of events is empty"), ([], "list of events is empty"), (pa.table({"at": []}), "no rows")):
        with pytest.raises(InputError, match=said):
            read_event_frames(wrong)
