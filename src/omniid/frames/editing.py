"""Frames with some cells changed, as the same kind of frame: what write-back hands to those who keep files."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.frames.cells import replace_cells
from omniid.frames.text import column_text, is_list
from omniid.tables.arrays import text_array

__all__ = ["Edits", "edit_frame"]

Edits = Mapping[int, tuple[npt.NDArray[np.int64], list[str | None]]]  # position of a column → rows, and their new texts


def edit_frame(frame: Any, edits: Edits) -> Any:
    """Return a copy of a frame with other values in some cells; the frame itself stays as it is.

    A column keeps its type where it can hold what is written; else it becomes text (in pandas: objects).

    Parameters
    ----------
    frame
        pandas, polars, pyarrow, anything narwhals reads (which comes back as pyarrow), or a list of dicts.
    edits
        Position of a column, as `read_frame` counts them, → rows and new texts, None to empty a cell.

    Examples
    --------
    >>> edit_frame([{"id": 1, "mail": None}], {1: (np.array([0]), ["a@x.com"])})
    [{'id': 1, 'mail': 'a@x.com'}]
    >>> edit_frame(pa.table({"year": [1980, 1990]}), {0: (np.array([1]), ["1991"])}).to_pydict()
    {'year': [1980, 1991]}
    """
    if isinstance(frame, list | tuple):
        return _edit_rows(list(frame), edits)
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    if isinstance(frame, pa.Table):
        return _edit_arrow(frame, edits)
    import narwhals as nw  # here, as lists of dicts and Arrow tables are edited without it

    if nw.dependencies.is_pandas_dataframe(frame):
        return _edit_pandas(frame, edits)
    is_polars = nw.dependencies.is_polars_dataframe(frame) or nw.dependencies.is_polars_lazyframe(frame)
    wide = nw.from_native(frame)
    eager = wide.collect() if isinstance(wide, nw.LazyFrame) else wide
    if not is_polars:
        return _edit_arrow(eager.to_arrow(), edits)
    import polars as pl  # only its users have it

    native, edited = eager.to_native(), _edit_arrow(eager.to_arrow(), edits)
    changed = [pl.Series(native.columns[place], edited.column(place)) for place in edits]
    return native.with_columns(
        [one.cast(pl.Categorical) if native[one.name].dtype == pl.Categorical else one for one in changed]
    )


def _edit_rows(rows: list[dict[str, Any]], edits: Edits) -> list[dict[str, Any]]:
    """Copies of the dicts; a number stays a number where the column held numbers only."""
    out = [dict(row) for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    for place, (at, texts) in edits.items():
        name = names[place]
        kinds = {type(row[name]) for row in rows if row.get(name) not in (None, "")}
        for row, text in zip(at.tolist(), texts, strict=True):
            value = _as_kind(text, kinds)
            out[row][name] = [] if value is None and kinds == {list} else [value] if kinds == {list} else value
    return out


def _as_kind(text: str | None, kinds: set[type]) -> Any:
    if text is not None and kinds in ({int}, {float}):
        kind = next(iter(kinds))
        try:
            return kind(text) if _says(kind(text)) == text else text
        except ValueError:
            return text
    return text


def _says(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _edit_arrow(table: pa.Table, edits: Edits) -> pa.Table:
    for place, (rows, texts) in edits.items():
        table = table.set_column(place, table.column_names[place], _edited(table.column(place), rows, texts))
    return table


def _edited(column: pa.ChunkedArray, rows: npt.NDArray[np.int64], texts: list[str | None]) -> pa.Array:
    """The column with other values, of its own type if that can say what is written."""
    kind = column.type
    written = text_array(texts)
    if is_list(kind) or pa.types.is_large_string(kind) or pa.types.is_string(kind):
        made = replace_cells(column if is_list(kind) else column.cast(pa.large_string()), rows, written)
        return made.cast(kind)
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    try:
        values = written.cast(plain)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        values = None
    if values is None or pc.all(pc.equal(column_text(values), written)).as_py() not in (True, None):
        return replace_cells(column_text(column), rows, written)
    whole = column.combine_chunks()
    whole = whole.dictionary_decode() if pa.types.is_dictionary(kind) else whole
    mask = np.zeros(len(whole), bool)
    mask[rows] = True
    order = np.argsort(rows)
    made = pc.replace_with_mask(whole, pa.array(mask), values.take(pa.array(order)))
    return made.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else made


def _edit_pandas(frame: Any, edits: Edits) -> Any:
    """A copy; named index levels come first among the columns that were read, and are never edited."""
    import pandas as pd  # pandas is slow to import and not always wanted

    levels = sum(name is not None for name in frame.index.names)
    out = frame.copy()
    for place, (rows, texts) in edits.items():
        series = frame.iloc[:, place - levels]
        objects = series.astype(object).to_numpy(copy=True)
        missing = next(iter(objects[pd.isna(objects)]), None)  # as the column says it: None or NaN
        lists = {type(value) for value in objects if isinstance(value, list)}
        for row, text in zip(rows.tolist(), texts, strict=True):
            objects[row] = missing if text is None else [text] if lists else text
        made = pd.Series(objects, index=series.index, dtype=object)
        out.isetitem(place - levels, _as_before(made, series, rows, texts))
    return out


def _as_before(made: Any, series: Any, rows: npt.NDArray[np.int64], texts: list[str | None]) -> Any:
    """The series in its former type, where that says what is written."""
    if series.dtype == object:
        return made
    import pandas as pd  # as above

    try:
        typed = pd.to_datetime(made) if series.dtype.kind == "M" else made.astype(series.dtype)
        said = column_text(pa.array(typed.iloc[rows], from_pandas=True)).to_pylist()
    except (TypeError, ValueError, pa.ArrowException):
        return _nullable(made, series, rows, texts)
    return typed.astype(series.dtype) if said == texts else made


def _nullable(made: Any, series: Any, rows: npt.NDArray[np.int64], texts: list[str | None]) -> Any:
    """The same for nullable numbers, which can be read from text but not from text beside numbers."""
    import pandas as pd  # as above

    if not pd.api.types.is_extension_array_dtype(series.dtype) or series.dtype.kind not in "iuf":
        return made
    try:
        typed = series.copy()
        typed.iloc[rows] = pd.array(texts, dtype=series.dtype)
        said = column_text(pa.array(typed.iloc[rows], from_pandas=True)).to_pylist()
    except (TypeError, ValueError, pa.ArrowException):
        return made
    return typed if said == texts else made
