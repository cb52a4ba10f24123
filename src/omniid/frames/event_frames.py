"""Event tables as they came: numbers and times keep their types, as millions of them need not become text and numbers again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from omniid.errors import InputError
from omniid.frames.encoded import column_of, encode
from omniid.frames.files import PANDAS_INDEX, PARQUET_MAGIC, read_file, source_stem
from omniid.frames.naming import name_columns
from omniid.frames.natives import read_frame
from omniid.frames.text import column_text, is_list
from omniid.frames.values import Notes
from omniid.tables import Column
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["EventFrame", "coded", "read_event_frames"]

LONE = "events"
SOURCE_COLUMN = "source"


@dataclass(frozen=True, eq=False)
class EventFrame:
    """The events of one table, as they came.

    Parameters
    ----------
    name
        The table's name.
    table
        Its columns, each of the type it came in; text as text or as codes.
    place
        Where it came from, for messages.
    notes
        (field, value, reason) of what could not be read as it is.

    Examples
    --------
    >>> EventFrame("web", pa.table({"type": ["visit"]}), "frame").table.num_rows
    1
    """

    name: str
    table: pa.Table
    place: str
    notes: tuple[tuple[str | None, str | None, str], ...] = ()


def read_event_frames(events: Any) -> list[EventFrame]:
    """Read event tables: one frame or path, or a mapping of name to frame or path.

    Parameters
    ----------
    events
        Frames: pandas, polars, pyarrow, anything narwhals reads, a list of dicts. Paths: as records. A mapping's keys name the
        tables; else a column `source` says it, row by row; else a file's stem, and a lone frame is called ``events``.

    Returns
    -------
    list of EventFrame
        Sorted by name.

    Raises
    ------
    InputError
        If something can't be read; the message names it, its place and the way out.

    Examples
    --------
    >>> [frame.name for frame in read_event_frames([{"at": "2024-05-01", "type": "visit"}])]
    ['events']
    """
    frames: list[EventFrame] = []
    for name, part in _named(events):
        is_path = isinstance(part, str | Path)
        place = str(part) if is_path else "the frame of events" if name is None else f"the frame of events {name!r}"
        notes: Notes = []
        table = _file(Path(part).expanduser(), notes) if is_path else _frame(part, place, notes)
        if table.num_rows == 0:
            raise InputError(f"{place} has no rows; pass at least one event, or leave it out")
        stem = source_stem(Path(part)) if is_path else LONE
        frames += [EventFrame(name, table, place, tuple(notes))] if name is not None else _split(table, stem, place, notes)
    frames.sort(key=lambda frame: frame.name)
    for one, other in pairwise(frames):
        if one.name == other.name:
            raise InputError(
                f"events {one.name!r} come twice, from {one.place} and from {other.place}; name the tables yourself, for "
                f"example events={{'{one.name}': first, '{one.name}2': second}}"
            )
    return frames


def coded(column: pa.Array | pa.ChunkedArray) -> Column:
    """A column as codes into its sorted distinct values, as text; of several values in a cell one text, joined by ";".

    Examples
    --------
    >>> column = coded(pa.array([20, None, 3]))
    >>> column.codes.tolist(), column.vocabulary.to_pylist()
    ([0, -1, 1], ['20', '3'])
    """
    whole = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    if pa.types.is_dictionary(whole.type):
        chunks = whole.unify_dictionaries().chunks
        if not chunks:
            return column_of(encode(pa.array([], pa.large_string())), 0)
        codes = np.concatenate([numpy_array(chunk.indices.cast(pa.int32()), null=-1) for chunk in chunks])
        values = column_of(encode(_flat(column_text(chunks[0].dictionary))), len(chunks[0].dictionary))
        return Column(np.append(values.codes, np.int32(-1)).take(codes), values.vocabulary)
    return column_of(encode(_flat(column_text(whole))), len(whole))


def _flat(text: pa.Array) -> pa.Array:
    return pc.binary_join(text, text_scalar(";")) if is_list(text.type) else text


def _named(events: Any) -> list[tuple[str | None, Any]]:
    if isinstance(events, Mapping):
        for name in events:
            if not isinstance(name, str) or not name.strip():
                raise InputError(f"events {name!r} have no name; use text that is not empty as the mapping's keys")
        if not events:
            raise InputError("the mapping of events is empty; pass at least one table, or leave events= out")
        return list(events.items())
    if isinstance(events, Sequence) and not isinstance(events, str):
        if not len(events):
            raise InputError("the list of events is empty; pass at least one event, or leave events= out")
        if all(isinstance(part, str | Path) for part in events):
            return [(None, part) for part in events]
    return [(None, events)]


def _file(path: Path, notes: Notes) -> pa.Table:
    """A Parquet file with its types, repeated text as codes; any other file as text."""
    if not path.is_file():
        return read_file(path, notes)  # which says what is wrong
    with path.open("rb") as opened:
        if opened.read(4) != PARQUET_MAGIC:
            return read_file(path, notes)
    try:
        schema = pq.read_schema(path)
        text = [one.name for one in schema if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)]
        table = pq.read_table(path, read_dictionary=text, memory_map=True)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path} is not Parquet that can be read ({reason}); write it anew, or correct its ending") from error
    return _renamed(table.select([name for name in table.column_names if not PANDAS_INDEX.fullmatch(name)]), str(path))


def _frame(frame: Any, place: str, notes: Notes) -> pa.Table:
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    if isinstance(frame, pa.Table):
        return _renamed(frame, place)
    if isinstance(frame, list | tuple):
        return read_frame(frame, place, notes)[0]
    import narwhals as nw  # here, as paths and lists of dicts are read without it

    if nw.dependencies.is_pandas_dataframe(frame) and any(dtype.kind == "O" for dtype in frame.dtypes):
        plain = [name for name in frame.columns if frame[name].dtype.kind != "O"]
        rest = read_frame(frame, place, notes)[0]
        for name in plain:  # what has a type keeps it
            at = rest.column_names.index(str(name).strip())
            rest = rest.set_column(at, rest.column_names[at], pa.array(frame[name], from_pandas=True))
        return rest
    try:
        wide = nw.from_native(frame)
        table = (wide.collect() if isinstance(wide, nw.LazyFrame) else wide).to_arrow()
    except (TypeError, ValueError, pa.ArrowException):
        return read_frame(frame, place, notes)[0]  # which reads odd types one by one, or says what is wrong
    return _renamed(table.select([name for name in table.column_names if not PANDAS_INDEX.fullmatch(name)]), place)


def _renamed(table: pa.Table, place: str) -> pa.Table:
    return table.rename_columns(name_columns(table.column_names, place))


def _split(table: pa.Table, stem: str, place: str, notes: Notes) -> list[EventFrame]:
    """One frame per value of the column `source`, if there is one."""
    if SOURCE_COLUMN not in table.column_names:
        return [EventFrame(stem, table, place, tuple(notes))]
    column = coded(table.column(SOURCE_COLUMN))
    if (column.codes < 0).any():
        row = int(np.argmax(column.codes < 0)) + 1
        raise InputError(f"row {row} of {place} names no source; fill the column {SOURCE_COLUMN!r} in every row, or rename it")
    rest = table.drop_columns([SOURCE_COLUMN])
    return [
        EventFrame(name, rest.take(arrow_array(np.flatnonzero(column.codes == code))), place, tuple(notes))
        for code, name in enumerate(column.vocabulary.to_pylist())
    ]
