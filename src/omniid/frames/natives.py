"""Frames of any library as tables of text, and which library each came from."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from omniid.errors import InputError
from omniid.frames.json_text import rows_to_table
from omniid.frames.naming import name_columns
from omniid.frames.text import column_text
from omniid.frames.values import Notes, objects_to_text

__all__ = ["read_frame"]


def read_frame(frame: Any, place: str, notes: Notes) -> tuple[pa.Table, str]:
    """Read a frame as text columns.

    Parameters
    ----------
    frame
        pandas, polars (eager or lazy), pyarrow, whatever narwhals reads, or a list of dicts.
    place
        How to name it in messages.
    notes
        Takes one line per value that could not be kept as it came.

    Returns
    -------
    table, backend
        large_string or large_list<large_string> columns; "pandas", "polars", "pyarrow" or "rows".

    Raises
    ------
    InputError
        If it is no frame, or a column has a type that cannot be text.

    Examples
    --------
    >>> table, backend = read_frame([{"id": 1, "mail": "a@x.com"}], "frame", [])
    >>> backend, table.to_pylist()
    ('rows', [{'id': '1', 'mail': 'a@x.com'}])
    """
    if isinstance(frame, list | tuple):
        return rows_to_table(list(frame), place, notes), "rows"
    if isinstance(frame, pa.Table | pa.RecordBatch):
        return _arrow_text(frame, place, notes), "pyarrow"
    if isinstance(frame, pa.RecordBatchReader):
        return _arrow_text(frame.read_all(), place, notes), "pyarrow"
    import narwhals as nw  # here, as paths and lists of dicts are read without it

    if nw.dependencies.is_pandas_dataframe(frame):
        return _pandas_text(frame, place, notes), "pandas"
    polars = nw.dependencies.is_polars_dataframe(frame) or nw.dependencies.is_polars_lazyframe(frame)
    if not polars and hasattr(frame, "__arrow_c_stream__"):
        return _arrow_text(pa.table(frame), place, notes), "pyarrow"
    try:
        wide = nw.from_native(frame)
        eager = wide.collect() if isinstance(wide, nw.LazyFrame) else wide
        table = eager.to_arrow()
    except TypeError as error:
        raise InputError(
            f"{place} is a {type(frame).__name__}, which is no frame; pass a pandas, polars or pyarrow frame, a list of dicts, "
            "a path, or a mapping of source to one of these"
        ) from error
    return _arrow_text(table, place, notes), "polars" if polars else "pyarrow"


def _arrow_text(table: pa.Table | pa.RecordBatch, place: str, notes: Notes) -> pa.Table:
    names = name_columns(table.schema.names, place)
    columns = [
        _column(table.column(i), lambda i=i: table.column(i).to_pylist(), name, notes)  # type: ignore[misc]  # bound at once
        for i, name in enumerate(names)
    ]
    return pa.table(columns, names)


def _column(column: Any, values: Callable[[], list[Any]], name: str, notes: Notes) -> pa.Array:
    """A typed column as text; by its Python values where Arrow cannot say it (broken bytes, exotic types)."""
    try:
        return column_text(column)
    except pa.ArrowException:
        return objects_to_text(values(), name, notes)


def _pandas_text(frame: Any, place: str, notes: Notes) -> pa.Table:
    """Columns and named index levels; an index without a name only counts rows."""
    index = frame.index
    levels = [(name, index.get_level_values(i)) for i, name in enumerate(index.names) if name is not None]
    labels = [(name, frame.iloc[:, i]) for i, name in enumerate(frame.columns)]
    names = name_columns([name for name, _ in levels + labels], place)
    columns = [_series_text(series, name, notes) for name, (_, series) in zip(names, levels + labels, strict=True)]
    return pa.table(columns, names)


def _series_text(series: Any, name: str, notes: Notes) -> pa.Array:
    if series.dtype == object:
        return objects_to_text(series.tolist(), name, notes)
    try:
        return column_text(pa.array(series, from_pandas=True))
    except (pa.ArrowException, UnicodeEncodeError, TypeError, ValueError):
        return objects_to_text(series.tolist(), name, notes)
