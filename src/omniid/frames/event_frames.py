"""Event tables as they came: numbers and times keep their types, as millions of them need not become text and numbers again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
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
from omniid.hashing import hash_strings, mix
from omniid.tables import Column
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["EventFrame", "coded", "hash_rows", "plain_column", "read_event_frames", "some_rows"]

LONE = "events"
SOURCE_COLUMN = "source"
CODED_BYTES = 6  # a row of a column that is written as codes takes fewer


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
    if not pa.types.is_dictionary(whole.type):
        return column_of(encode(_flat(column_text(whole))), len(whole))
    # Chunks of a file have dictionaries of their own. Arrow brings them together one by one, which takes a minute per million
    # values; all at once it takes a second.
    apart, number = _dictionaries(whole.chunks)
    values = pa.chunked_array([column_text(one) for one in apart], pa.large_string())
    held = column_of(encode(_flat(values.combine_chunks() if apart else pa.array([], pa.large_string()))), len(values))
    starts = np.cumsum([0, *map(len, apart)])
    codes = [np.zeros(0, np.int32)]
    for chunk, i in zip(whole.chunks, number, strict=True):
        mine = np.append(held.codes[starts[i] : starts[i + 1]], np.int32(-1))
        codes.append(mine.take(numpy_array(chunk.indices.cast(pa.int32()), null=-1)))
    return Column(np.concatenate(codes), held.vocabulary)


def _dictionaries(chunks: Sequence[pa.DictionaryArray]) -> tuple[list[pa.Array], list[int]]:
    """The different dictionaries of some chunks, and which each chunk has; one like that of the chunk before is the same."""
    apart: list[pa.Array] = []
    number = []
    for chunk in chunks:
        if not apart or not chunk.dictionary.equals(apart[-1]):
            apart.append(chunk.dictionary)
        number.append(len(apart) - 1)
    return apart, number


def plain_column(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array, codes written out.

    Examples
    --------
    >>> plain_column(pa.chunked_array([pa.array(["a", "b"]).dictionary_encode()])).to_pylist()
    ['a', 'b']
    """
    if pa.types.is_dictionary(column.type):
        chunks = [chunk.dictionary_decode() for chunk in column.chunks]
        column = pa.chunked_array(chunks, column.type.value_type)
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.nulls(0, column.type)


def some_rows(column: pa.ChunkedArray, rows: npt.NDArray[np.signedinteger]) -> pa.Array:
    """Some rows of a column, ascending, codes written out.

    Examples
    --------
    >>> some_rows(pa.chunked_array([["a"], ["b", "c"]]), np.array([0, 2])).to_pylist()
    ['a', 'c']
    """
    ends = np.cumsum([0, *(len(chunk) for chunk in column.chunks)])
    cuts = np.searchsorted(rows, ends)
    taken = [
        chunk.take(arrow_array(rows[i:j] - start))
        for chunk, start, i, j in zip(column.chunks, ends, cuts, cuts[1:], strict=False)
    ]
    return plain_column(pa.chunked_array(taken, column.type))


def hash_rows(column: pa.ChunkedArray, seed: int) -> npt.NDArray[np.uint64]:
    """A hash of the value in every row of a column of text, codes, whole numbers or times.

    Examples
    --------
    >>> hashes = hash_rows(pa.chunked_array([["a", "b"], ["a"]]), 0)
    >>> bool(hashes[0] == hashes[2] != hashes[1])
    True
    """
    parts = [np.zeros(0, np.uint64)]
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            words = np.append(hash_strings(_flat(column_text(chunk.dictionary)), seed), np.uint64(seed))
            parts.append(words.take(numpy_array(chunk.indices.cast(pa.int32()), null=-1)))
        elif pa.types.is_temporal(chunk.type) or pa.types.is_integer(chunk.type):
            wide = chunk.type.bit_width == 64 or pa.types.is_integer(chunk.type)
            whole = numpy_array(pc.cast(chunk, pa.int64() if wide else pa.int32(), safe=False)).astype(np.int64)
            parts.append(mix(whole.view(np.uint64) + np.uint64(seed)))
        else:
            parts.append(hash_strings(_flat(column_text(chunk)), seed))
    return np.concatenate(parts)


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
        text = _repeated_text(path)
        table = pq.read_table(path, read_dictionary=text, memory_map=True)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path} is not Parquet that can be read ({reason}); write it anew, or correct its ending") from error
    return _renamed(table.select([name for name in table.column_names if not PANDAS_INDEX.fullmatch(name)]), str(path))


def _repeated_text(path: Path) -> list[str]:
    """The columns of text that repeat values, as the bytes of their first row group tell: those are read as codes at once."""
    with pq.ParquetFile(path) as file:
        schema, group = file.schema_arrow, file.metadata.row_group(0) if file.metadata.num_row_groups else None
    if group is None or group.num_columns != len(schema):
        return []
    sizes = [group.column(i).total_uncompressed_size for i in range(group.num_columns)]
    return [
        one.name
        for one, size in zip(schema, sizes, strict=True)
        if (pa.types.is_string(one.type) or pa.types.is_large_string(one.type)) and size < CODED_BYTES * group.num_rows
    ]


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
